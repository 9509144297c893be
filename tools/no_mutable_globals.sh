#!/bin/sh
# Fails if a library holds writable data: every bit of state must be reachable
# from a parameter. Const tables of pointers are allowed: the linker makes them
# read-only after relocation (.data.rel.ro), which an array of pointers to
# const is only when the array is const too.
# Usage: no_mutable_globals.sh ARCHIVE...
# Run on a plain build: sanitizers and coverage add data of their own.
set -eu
[ $# -gt 0 ] || { echo "usage: $0 ARCHIVE..." >&2; exit 2; }
listing=$(objdump -w -h -t "$@")
# The sizes of the sections are the judge, the symbols only name the culprits.
echo "$listing" | awk '
    /file format/ { file = $1 }
    $2 ~ /^\.(data|bss|tdata|tbss)/ && $2 !~ /^\.data\.rel\.ro/ &&
        $3 ~ /[1-9a-f]/ && $1 ~ /^[0-9]+$/ {
        print file " holds writable data in " $2
        bad = 1
    }
    / O (\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && !/ \.data\.rel\.ro/ {
        print file " holds writable data: " $NF
        bad = 1
    }
    END { exit bad }'

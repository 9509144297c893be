#!/bin/bash
# The programs are built so that a fault in them is hard to use: at no fixed
# address, with tables that nobody can write to, and with guarded stacks.
# Usage: test_hardened.sh PROGRAM...
set -u
export LC_ALL=C
command -v readelf >/dev/null || {
    echo "skipped: readelf is not there"
    exit 77
}
bad=0
for program; do
    # need WHAT OPTION PATTERN
    need() {
        readelf -W "$2" "$program" | grep -q "$3" || {
            echo "FAIL: $program: no $1" >&2
            bad=1
        }
    }
    need 'position independence' -h 'Type: *DYN'
    need 'binding at start' -d 'BIND_NOW'
    need 'read-only relocations' -l 'GNU_RELRO'
    need 'stack protector' -s '__stack_chk_fail'
    need 'checked functions' -s '__[a-z]*_chk@'
    need 'stack without code' -l 'GNU_STACK.* RW '
done
exit $bad

#!/bin/sh
# test_trial.sh IKSIM IMAGE - runs guest_trial.c and compares its console.
set -u
iksim=$1
image=$2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
bad=0

# try ARGS EXPECTED...: each EXPECTED a line of the console.
try() {
    args=$1
    shift
    printf 'vms: [{name: vm, image: "%s", memory: 1MiB, args: "%s"}]\n' \
        "$image" "$args" >"$folder/trial.yaml"
    printf 'vm: %s\n' "$@" >"$folder/expected"
    "$iksim" run "$folder/trial.yaml" 2>&1 |
        sed -n 's/0x[0-9a-f]*/ADDRESS/; s/^vm[^ ]*: /vm: /p' >"$folder/console"
    diff -u "$folder/expected" "$folder/console" || bad=1
}

try 'try=0' 'worker 1 after 10 ms: 1' 'worker 2 after 20 ms: 3' \
    'worker 3 after 30 ms: 6' 'worker 1 after 10 ms: 7' \
    'worker 2 after 20 ms: 9' 'worker 3 after 30 ms: 12' \
    'worker 1 after 10 ms: 13' 'worker 2 after 20 ms: 15' \
    'worker 3 after 30 ms: 18' 'packet: 0 after 5 ms' 'signal: 0 after 7 ms'
try 'try=1' \
    'panic: deadlock: all threads wait for each other ("other" the last)'
try 'try=2' 'panic: the stack of thread "deep" has overflowed'
try 'try=3' '1' 'panic: free of ADDRESS, which is not allocated'
try 'try=4' '960 of 1024 KiB'
try 'try=5' '3 after 4'
try 'try=6' '1 0 1' '333333333333333312 4'
try '  size=8KiB   wait=5ms way=down list=1,9 try=04  ' '960 of 1024 KiB'

# The guest refuses what the host refuses, in the same words: of an image without
# the table the host knows no words, so the guest alone reads the line.
objcopy --remove-section .iksim.args "$image" "$folder/bare.elf" || exit 2
alike() {
    printf 'vms: [{name: vm, image: "%s", memory: 1MiB, args: "%s"}]\n' \
        "$image" "$1" >"$folder/host.yaml"
    sed "s#$image#$folder/bare.elf#" "$folder/host.yaml" >"$folder/guest.yaml"
    "$iksim" scenario check "$folder/host.yaml" 2>&1 >/dev/null |
        sed 's/^.*\.args: //; s/, perhaps .*//' >"$folder/expected"
    "$iksim" run "$folder/guest.yaml" 2>&1 |
        sed -n 's/^vm[^ ]*: panic: //p' >"$folder/console"
    diff -u "$folder/expected" "$folder/console" || bad=1
    [ -s "$folder/expected" ] || {
        echo "the host takes what it should not: $1"
        bad=1
    }
}
while IFS= read -r line; do
    alike "$line"
done <<'END'
try=9
try=
try=0x1
try=1 tries=2
try=1 try=1
try
size=1023
size=9KiB
size=2k
size=99999999999999999999
wait=6ms
wait=1m
way=
way=Up
list=1,,2
list=0
list=3 way=up size=2KiB list=3
END
exit $bad

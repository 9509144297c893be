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
try 'try=9' 'panic: try=9 is not a number from 0 to 4'
try 'try=1 tries=2' 'panic: what is "tries=2" on the command line?'
exit $bad

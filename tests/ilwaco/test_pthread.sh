#!/bin/sh
# test_pthread.sh IKSIM IMAGE - runs guest_pthread.c and compares its console.
# What is wrong in one VM is said by that one, while another goes on.
set -u
iksim=$1
image=$2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
bad=0

# try N EXPECTED...: each EXPECTED a line of the console.
try() {
    number=$1
    shift
    printf 'vms: [{name: vm, image: "%s", args: "try=%s"},
        {name: other, image: "%s", args: "try=8"}]\n' \
        "$image" "$number" "$image" >"$folder/trial.yaml"
    printf '%s\n' "$@" >"$folder/expected"
    "$iksim" run "$folder/trial.yaml" >"$folder/out" 2>&1
    sed -n 's/^vm[^ ]*: //p' "$folder/out" >"$folder/console"
    diff -u "$folder/expected" "$folder/console" || bad=1
    grep -q '^other[^ ]*: the last one ends' "$folder/out" || {
        echo "beside try $number the other VM does not end well"
        bad=1
    }
}

try 0 'sum 15, joined 1, room 1, try -1 1'
try 1 once 'one: one, errno kept 1' 'destroyed one' \
    'two: two, errno kept 1' 'destroyed two' \
    'three: three, errno kept 1' 'destroyed three' \
    'timed out 1, not early 1, within 1 ms 1' 'joins itself: 1'
try 2 '0 1 1 0 1' '0 0 0 0 1'
try 3 'deadlock: thread "second" waits in pthread_mutex_lock for thread "main"' \
    'deadlock: thread "main" waits in pthread_mutex_lock for thread "second"' \
    'panic: deadlock: all threads (2) wait for each other'
try 4 'panic: thread "main" unlocks a mutex that is not locked'
try 5 'panic: thread "main" unlocks a mutex that thread "holder" holds'
try 6 'panic: the stack of thread "diver" has overflowed'
try 7 'deadlock: thread "main" waits in sem_wait' \
    'panic: deadlock: all threads (1) wait for each other'
try 8 'the last one ends'
try 9 'panic: thread "main" unlocks a mutex that is not locked'
exit $bad

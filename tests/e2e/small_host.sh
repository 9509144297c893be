#!/bin/bash
# A host that gives little address space: what a run takes follows from its
# scenario, so that ulimit -v, containers, and tools that keep a shadow of all
# memory leave it room.
. "${0%/*}/lib.sh"

# The sanitizers reserve terabytes for themselves.
[ -z "${E2E_SLOW-}" ] || skip "the sanitizers take address space by terabytes"

# fits KIBIBYTES NAME ARGUMENT...: a run in so much, with the report of one in
# all there is.
fits() {
    local limit=$1 name=$2
    shift 2
    simulate "$name-free" "$@"
    (ulimit -v "$limit" && simulate "$name" "$@") || exit 1
    same "$name-free" "$name" "$name in $limit KiB of address space"
}

thousand=("$first" --set "vms[0].count=1000" "${window[@]}")
fits 2000000 first "$first" "${window[@]}"
fits 4000000 thousand "${thousand[@]}"
fits 1500000 hello "$scenarios/hello.yaml"
# Memory is short, and the disks hold what it does not.
fits 2000000 thrash "$scenarios/thrash.yaml" --set run.warmup=5s \
    --set run.duration=200ms

# What cannot fit is refused by a sentence.
(ulimit -v 1000000 && "$iksim" run "$first") >"$work/out" 2>"$work/err"
expect "a run of 1 GiB of RAM in 1 GB: exit" 2 $?
grep -qx "iksim: the host has no room for 1024 MiB of simulated RAM" \
    "$work/err" || fail "a run of 1 GiB in 1 GB says: $(cat "$work/err")"

# What outgrows the host while the run goes on fails, and is counted; the program
# ends by itself, with a sentence.
cat >"$work/crowd.yaml" <<END
run: {warmup: 10ms, duration: 1s, drain: 1s}
machine: {ram: 64MiB}
load: [{kind: http, target: web, rate: 1000000, timeout: 3s}]
vms: [{name: web, image: httpd, memory: 4MiB}]
END
(ulimit -v 500000 && "$iksim" run "$work/crowd.yaml") >"$work/out" 2>"$work/err"
expect "a million connections in 500 MB: exit" 1 $?
grep -q '^iksim: [0-9]* requests failed$' "$work/err" ||
    fail "a million connections in 500 MB says: $(cat "$work/err")"

needs valgrind
fingerprint=$("$iksim" run "$scenarios/hello.yaml" | grep ^Fingerprint)
# under OPTION...: hello.yaml under valgrind.
under() {
    valgrind -q --log-file="$work/log" "$@" \
        "$iksim" run "$scenarios/hello.yaml" >"$work/out" ||
        fail "valgrind $*: exit $?: $(head -n 20 "$work/log")"
    expect "the fingerprint under valgrind $*" "$fingerprint" \
        "$(grep ^Fingerprint "$work/out")"
}
under --error-exitcode=9
under --tool=callgrind --callgrind-out-file=/dev/null

#!/bin/bash
# An assembly guest has the fingerprints that are kept in data/golden.txt, in
# every build and on every machine. Who changes what a run does changes them
# too: the message says what to keep instead, once it is clear why.
# Usage: golden.sh IKSIM GOLDEN.elf
. "${0%/*}/lib.sh"

# run NAME ARGUMENT...: adds a line like those of golden.txt.
run() {
    local name=$1
    shift
    simulate "$name" "$tests/data/golden.yaml" --set "vms[0].image=$elf" \
        --set "vms[1].image=$elf" --check "$@"
    expect "$name: VMs that terminated" 6 "$(value "$name" .vms.terminated)"
    expect "$name: VMs that faulted" 0 "$(value "$name" .vms.faulted)"
    echo "$name $(value "$name" .fingerprint)" >>"$work/found"
}
elf=$(readlink -f "$2") || exit 2
run plain
run private --set kernel.text=private
run slow --set kernel.quantum=20us
run modern --set machine.profile=modern
run ideal --set machine.profile=ideal
run pentium --set machine.costs=pentium

diff "$tests/data/golden.txt" "$work/found" >"$work/difference" ||
    fail "not the fingerprints of data/golden.txt (kept <, found >):" \
        "$(cat "$work/difference")"
value plain '.net.local_packets > 0 and .virq.deliveries > 0 and
    .sched.idles > 0 and .memory.page_ins > 0 and .disk.reads > 0' |
    grep -qx true || fail "the golden run leaves something out:" \
    "$(value plain 'del(.fingerprints) | tostring')"
[ "$(value slow .sched.preemptions)" -gt 0 ] || fail "nobody was preempted"

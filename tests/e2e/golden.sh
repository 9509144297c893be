#!/bin/bash
# Guests in assembly, which no compiler can change, have the
# fingerprints and figures that are kept in data/golden.txt, in every build.
# Who changes what a run does, or what a report counts, changes them too: once
# it is clear why each line differs,
#
#     tests/e2e/golden.sh build/iksim build/tests/e2e --keep
#
# Usage: golden.sh IKSIM FOLDER-OF-THE-GUESTS [--keep]
. "${0%/*}/lib.sh"
guests=$(readlink -f "$2") || exit 2
cd "$work" || exit 2

# Of an object: what is not 0 in it, by its place. The sum is for jq 1.7, which
# else would show 1.0 where jq 1.6 shows 1.
lines='def text: if type == "number" then . + 0 else . end | tostring;
    del(.host, .schema, .scenario, .seed, .guests) | to_entries[] | .key as $key |
    .value |
    if type == "object" then
        [paths(numbers, strings) as $path | getpath($path) as $value |
            select($value != 0) |
            "\($path | map(tostring) | join(".")) \($value | text)"]
    elif type == "array" then [.[] | [.[]] | map(text) | join(" ")]
    else [text] end |
    select(length > 0) | "\($name) \($key): \(join(", "))"'

# run NAME SCENARIO ARGUMENT...: adds what came out, a line for each part of
# the report, without what is 0 there. A run in which requests fail ends with 1.
run() {
    local name=$1 scenario=$tests/data/$2.yaml image
    shift 2
    local images=()
    # Images stand in the order of the groups.
    while read -r image; do
        images+=(--set "vms[$((${#images[@]} / 2))].image=$guests/$image.elf")
    done < <(sed -n 's/.*image: \([a-z_]*\).*/\1/p' "$scenario")
    "$iksim" run --json "$scenario" "${images[@]}" --check "$@" \
        >"$name.json" 2>err
    between "$name: exit code; $(tail -n 3 err)" 0 1 $?
    holds "$name"
    jq -r --arg name "$name" "$lines" "$name.json" >>found
}

# The pairs alone: all of them end.
pairs() {
    run "$1" golden "${@:2}"
    expect "$1: VMs that terminated" 6 "$(value "$1" .vms.terminated)"
    expect "$1: VMs that faulted" 0 "$(value "$1" .vms.faulted)"
}
pairs plain
pairs private --set kernel.text=private
pairs slow --set kernel.quantum=20us
pairs modern --set machine.profile=modern
pairs ideal --set machine.profile=ideal
pairs pentium --set machine.costs=pentium

# The gate is blocked, and who computes must go back when its lease is over.
run leases golden --set machine.ram=2340KiB --set kernel.min_free=64KiB \
    --set kernel.rx_pool=16 --set kernel.quantum=20us \
    --set kernel.lease=100us --set run.boot=modelled --set run.duration=600ms \
    --set kernel.page_tables=on-demand

# Web servers: every scheduler, batched and at once; interrupts that nest.
for scheduler in round-robin round-robin-no-boost virtual-round-robin lottery \
    stride mlfq fair fifo; do
    run $scheduler golden_web --set kernel.scheduler=$scheduler
    run $scheduler-at-once golden_web --set kernel.scheduler=$scheduler \
        --set kernel.interrupts=synchronous
done
run nested golden_web --set kernel.interrupts=nested
run classes golden_web --set machine.costs=pentium
run vmm golden_web --set kernel.preset=vmm
run closed golden_web --set 'load[0].rate=' --set 'load[0].clients=4' \
    --set 'load[0].keep_alive=true' --set 'load[0].think=2ms'
run each golden_web --set 'load[0].kind=each' --set 'load[0].rate=' \
    --set 'load[0].zipf=' --set 'load[0].spacing=7ms'
run bursts golden_web --set 'load[0].arrivals=on-off' \
    --set 'load[0].burst_time=10ms' --set 'load[0].idle_time=20ms'
run crowd golden_web --set 'load[0].arrivals=flash' --set 'load[0].rate=200' \
    --set 'load[0].onset=60ms' --set 'load[0].hold=30ms'

# Packets are lost, late, twice there, or find no room.
long=(--set 'vms[0].args=size=7000 pages=0 disk=0' --set run.drain=4s
    --set 'load[0].timeout=3s')
run lossy golden_web "${long[@]}" --set link.loss=0.02 \
    --set link.reorder=0.02 --set link.duplicate=0.02
run late golden_web "${long[@]}" --set link.reorder=0.1
run full golden_web --set kernel.rx_queue=1 --set run.drain=4s \
    --set 'load[0].timeout=3s'
run pool golden_web --set kernel.rx_pool=10 --set 'load[0].rate=2000'

run narrow golden_web --set link.bandwidth=4Mbit --set kernel.tx_queue=4 \
    --set 'load[0].rate=3000' --set 'load[0].timeout=3s' --set run.drain=4s

# Memory is short: each replacement policy and gate, and more.
memory=(--set machine.ram=3MiB --set kernel.min_free=64KiB
    --set kernel.rx_pool=32 --set 'vms[0].args=size=2258 pages=150 disk=0'
    --set run.warmup=300ms --set run.duration=500ms --set 'load[0].rate=200')
run wsclock golden_web "${memory[@]}"
run clock golden_web "${memory[@]}" --set kernel.replacement=clock \
    --set kernel.interrupts=synchronous --set kernel.page_tables=on-demand
run lru golden_web "${memory[@]}" --set kernel.replacement=lru \
    --set kernel.gatekeeper=open --set kernel.paging_block=16KiB
run random golden_web "${memory[@]}" --set kernel.replacement=random \
    --set kernel.gatekeeper=working-set
run page-fifo golden_web "${memory[@]}" --set kernel.replacement=fifo \
    --set kernel.gatekeeper=working-set --set kernel.disk_queue=fcfs \
    --set kernel.interrupts=synchronous
run fair-short golden_web "${memory[@]}" --set kernel.scheduler=fair \
    --set kernel.gatekeeper=open --set 'vms[0].count=12' --set kernel.rx_pool=64
run limit golden_web "${memory[@]}" --set 'vms[0].frames=8'

# So short that all wait for a frame at once, five times: one goes back.
run deadlock golden_web "${memory[@]}" --set machine.ram=2332KiB \
    --set kernel.min_free=0 --set kernel.replacement=fifo \
    --set kernel.gatekeeper=open --set kernel.page_tables=on-demand \
    --set run.warmup=30ms --set run.duration=600ms --set run.drain=100ms \
    --set 'load[0].rate=300'

# Disks, and VMs that come and go.
disks=(--set 'vms[0].args=size=500 pages=20 disk=1' --set 'disks[0].vms=web'
    --set 'disks[0].size=64KiB' --set run.duration=300ms
    --set 'load[0].rate=60')
run disks golden_web "${disks[@]}"
run modelled golden_web "${disks[@]}" --set run.boot=modelled \
    --set kernel.interrupts=synchronous --set kernel.disk_queue=fcfs
run events golden_web "${disks[@]}" --set 'events[0].at=100ms' \
    --set 'events[0].destroy=web' --set 'events[0].count=3' \
    --set 'events[1].at=100ms' --set 'events[1].create=web' \
    --set 'events[2].at=60ms' --set 'events[2].destroy=pairs'

run open golden_web "${disks[@]}" --set run.drain=0s --set 'load[0].rate=300'
run faulted golden_web --set 'vms[0].args=size=2258 pages=400 disk=0' \
    --set 'vms[0].memory=128KiB'

# Games; and one with two players where there is room for one.
run game golden_game
run game-at-once golden_game --set kernel.interrupts=synchronous \
    --set machine.profile=modern
run game-lossy golden_game --set link.loss=0.03 --set link.reorder=0.03 \
    --set link.duplicate=0.03
run wrong golden_game --set 'load[0].players=2'

if [ "${3-}" = --keep ]; then
    cp found "$tests/data/golden.txt"
    exit
fi
diff "$tests/data/golden.txt" found >difference ||
    fail "not what is kept in data/golden.txt (kept <, found >;" \
        "$(grep -c '^<' difference) lines):" "$(head -n 60 difference)"
exit 0

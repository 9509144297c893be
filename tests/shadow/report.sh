#!/bin/bash
# Every figure of a report, of the table of VMs, and of the groups in a page is
# what the events of the run's trace come to by docs/report.md. Runs of all kinds
# are held to it, and together they move every figure there is.
# Usage: report.sh IKSIM SHADOW GOLDEN.elf
. "${0%/*}/../e2e/lib.sh"
shadow=$(readlink -f "$2") || exit 2
golden=$(readlink -f "$3") || exit 2
cd "$work" || exit 2

# hold NAME SCENARIO ARGUMENT...: runs it; the shadow judges what comes out. A
# run in which requests fail ends with 1.
hold() {
    local name=$1 code
    shift
    "$iksim" run --json --trace run.ikt --vms vms.csv \
        --report run.html --pcap run.pcap "$@" >"$name.json" 2>err
    code=$?
    [ $code -le 1 ] || fail "$name: exit $code: $(cat err)"
    judge "$name" run.ikt "$name.json" vms.csv run.html run.pcap
}

# judge NAME TRACE REPORT [VMS PAGE PCAP]: its figures go to the end of `seen`.
judge() {
    local name=$1
    shift
    "$shadow" "$@" >judged || fail "$name: $(cat judged)"
    cat judged >>seen
}

# ---- Runs ------------------------------------------------------------------

mix=$scenarios/mix.yaml
short=(--set run.warmup=50ms --set run.duration=100ms --set run.drain=100ms)

hold first "$first" "${window[@]}"
for machine in modern ideal; do
    hold $machine "$first" "${short[@]}" --set machine.profile=$machine
done
hold private "$first" "${short[@]}" --set kernel.text=private \
    --set kernel.page_tables=on-demand --set run.boot=modelled \
    --set 'vms[0].count=12'
for scheduler in round-robin round-robin-no-boost virtual-round-robin fair lottery stride mlfq \
    fifo; do
    for how in batched synchronous; do
        hold $scheduler-$how "$mix" "${short[@]}" \
            --set kernel.scheduler=$scheduler --set kernel.interrupts=$how
    done
done
hold nested "$mix" "${short[@]}" --set kernel.interrupts=nested
hold vmm "$mix" "${short[@]}" --set kernel.preset=vmm
hold isolated "$mix" "${short[@]}" --set kernel.preset=isolated
hold datagrams "$scenarios/datagrams.yaml" --set run.warmup=100ms \
    --set run.duration=1s --set run.drain=100ms --set kernel.nic=pcnet32
hold closed "$first" "${short[@]}" --set 'load[0].rate=' \
    --set 'load[0].clients=20' --set 'load[0].keep_alive=true'
hold each "$first" "${short[@]}" --set 'load[0].kind=each' \
    --set 'load[0].zipf=' --set 'load[0].rate=' --set 'load[0].spacing=2ms'

# Windows long enough for what one run says of its percentiles, p99.9 too, and one
# that begins with a cold start.
hold whole "$first"
hold many "$first" --set run.warmup=300ms --set run.duration=4s \
    --set 'load[0].rate=7000' --set 'load[0].prime=1' \
    --set 'vms[0].count=4' --set machine.profile=ideal
hold cold "$scenarios/cold.yaml"

# Memory is short: with each gate and replacement policy, and large blocks.
thrash=("$scenarios/thrash.yaml" --set run.warmup=500ms --set run.duration=2s
    --set run.drain=500ms)
for gate in open fifo working-set; do
    hold thrash-$gate "${thrash[@]}" --set kernel.gatekeeper=$gate
done
for policy in clock lru fifo random; do
    hold thrash-$policy "${thrash[@]}" --set kernel.replacement=$policy \
        --set kernel.paging_block=16KiB --set kernel.page_tables=on-demand \
        --set kernel.interrupts=synchronous
done
hold leases "${thrash[@]}" --set kernel.gatekeeper=fifo --set kernel.lease=50ms
hold limit "${thrash[@]}" --set 'vms[0].frames=8' \
    --set kernel.interrupts=synchronous
hold pager "$scenarios/pager.yaml" --set run.duration=3s --set run.drain=0s

# Packets are lost, late, twice there, or find no room.
trouble=(--set link.loss=0.02 --set link.reorder=0.02
    --set link.duplicate=0.02)
hold lossy "$first" "${short[@]}" --set run.drain=3s "${trouble[@]}"
hold full "$first" "${short[@]}" --set kernel.rx_queue=1 --set run.drain=3s
hold narrow "$first" "${short[@]}" --set link.bandwidth=2Mbit \
    --set kernel.tx_queue=4 --set 'load[0].rate=3000' --set run.drain=500ms
hold pool "$first" "${short[@]}" --set kernel.rx_pool=10 --set run.drain=3s
hold overrun "$first" --set run.warmup=0s --set run.duration=5ms \
    --set run.drain=0s --set 'load[0].rate=1000000' --set link.bandwidth=10Gbit
hold refused "$scenarios/game.yaml" "${short[@]}" --set 'vms[0].count=4' \
    --set 'load[0].kind=http' --set 'load[0].players=' \
    --set 'load[0].period=' --set 'load[0].rate=200'

# Games, disks, and VMs that come, go, end and fail.
game=("$scenarios/game.yaml" --set run.warmup=1s --set run.duration=600ms)
hold game "${game[@]}"
hold game-lossy "${game[@]}" "${trouble[@]}"
diskd=("$scenarios/diskd.yaml" --set run.warmup=500ms --set run.duration=900ms
    --set run.drain=200ms --set 'events[0].at=800ms' --set 'events[1].at=800ms')
hold diskd "${diskd[@]}" --set 'load[0].timeout=200ms'
hold diskd-modelled "${diskd[@]}" --set run.boot=modelled \
    --set kernel.interrupts=synchronous --set kernel.disk_queue=fcfs
hold destroyed "$first" "${window[@]}" --set 'load[0].timeout=300ms' \
    --set 'events[0].at=200ms' --set 'events[0].destroy=web' \
    --set 'events[0].count=60' --set 'events[1].at=150ms' \
    --set 'events[1].create=web' --set 'events[1].count=20'
hold buggy "$scenarios/buggy.yaml"
hold spoilt "$scenarios/hello.yaml" --set 'vms[0].image=batch' \
    --set 'vms[0].args=units=5 spoil=2' --set 'vms[0].expect=badly'
hold batch "$scenarios/batch.yaml" --set run.drain=200ms
hold hello "$scenarios/hello.yaml"
pairs=("$tree/tests/e2e/data/golden.yaml" --set "vms[0].image=$golden"
    --set "vms[1].image=$golden")
hold pairs "${pairs[@]}"
hold pairs-cut "${pairs[@]}" --set 'events[0].at=5ms' \
    --set 'events[0].destroy=pairs' --until 20ms
hold pairs-few "${pairs[@]}" --set 'events[0].at=40ms' \
    --set 'events[0].create=pairs' --until 20ms
few=("$first" --set 'vms[0].count=8' --set run.duration=100ms
    --set run.drain=100ms)
hold auto "${few[@]}"
hold auto-bounded "${few[@]}" --set run.warmup_max=300ms
hold auto-cut "${few[@]}" --until 200ms
hold primed "${few[@]}" --set run.warmup=50ms --set 'load[0].prime=2'
hold primed-auto "${few[@]}" --set 'load[0].prime=2'
hold primed-cut "${few[@]}" --set 'load[0].prime=2' --until 10ms
# RAM for five of these; what more is asked for is refused.
hold no-room "$first" "${short[@]}" --set machine.ram=128MiB \
    --set 'vms[0].count=4' --set 'vms[0].reserve=16MiB' \
    --set 'events[0].at=20ms' --set 'events[0].create=web' \
    --set 'events[0].count=20'
hold cut-warmup "$first" "${window[@]}" --until 50ms
hold cut-window "$first" "${window[@]}" --until 600ms

# ---- What a sweep stores ---------------------------------------------------

# The report of a run that is the same but for its process, and its numbers one
# by one as the database's view has them.
if command -v sqlite3 >/dev/null; then
    printf 'base: %s\nseeds: [3]\nsets: [{name: short, set: [%s]}]\n' \
        "$first" 'run.warmup=50ms, run.duration=100ms' >plan.yaml
    "$iksim" sweep plan.yaml --db sweep.db >out 2>err ||
        fail "sweep: exit $?: $(cat err)"
    "$iksim" run --json --trace swept.ikt "$first" --seed 3 \
        --set run.warmup=50ms --set run.duration=100ms >out 2>err ||
        fail "the run of the sweep: exit $?: $(cat err)"
    sqlite3 sweep.db 'SELECT report FROM runs' >swept.json
    judge swept swept.ikt swept.json
    sqlite3 -separator ' ' sweep.db 'SELECT metric, value FROM metrics' |
        sed -E 's/\[([0-9]+)\]/.\1/g; s/\.0$//' | sort >metrics
    jq -r --stream 'select(length == 2 and (.[1] | type) == "number") |
        "\(.[0] | map(tostring) | join(".")) \(.[1] + 0)"' swept.json |
        sort >numbers
    [ "$(wc -l <numbers)" -gt 90 ] || fail "numbers: $(cat numbers)"
    diff numbers metrics >difference ||
        fail "the view 'metrics' (the report's <): $(head -n 20 difference)"
fi

# ---- Every figure was moved ------------------------------------------------

# Nobody asks the groups of mix.yaml that only compute.
awk '$2 > 0 { moved[$1] = 1 } { all[$1] = 1 }
    END { for (path in all) if (!(path in moved)) print path }' seen |
    grep -vE '^groups\.[1-3]\.(sent|completed)$' | sort >still
[ ! -s still ] || fail "no run has moved: $(cat still)"

# ---- It is exact -----------------------------------------------------------

# No figure could be 2 % larger than it is, and a disk's time by a microsecond
# beside; but on a bad wire the trace does not say which snapshots are overtaken,
# nor, where VMs end, which frames are free.
grep -vE '^(load\.snapshots|load\.updates_rps|memory\.resident_peak) ' seen |
    awk '$3 > 1.02 * $2 + ($1 == "disk.busy_ns" ? 1000 : 2)' >vague
[ ! -s vague ] || fail "the shadow does not know well enough: $(cat vague)"

# ---- The shadow notices ----------------------------------------------------

# wrong WHAT FILTER: the report of `first`, changed so, is not the trace's.
wrong() {
    jq "$2" first.json >changed.json
    "$shadow" first.ikt changed.json >judged &&
        fail "the shadow does not notice: $1"
    grep -q "$3" judged || fail "$1: the shadow says: $(cat judged)"
}
"$iksim" run --json --trace first.ikt "$first" "${window[@]}" >again.json ||
    fail "the run of 'first' again: exit $?"
judge again first.ikt again.json
wrong "a figure that is not there" 'del(.gate.max_waiting)' \
    'there is no gate.max_waiting'
wrong "a figure that is too large" '.gate.wait_ns.max += 1' 'gate.wait_ns.max'
wrong "a window of another class" '.steady.class = "unknown"' 'steady.class is'
wrong "a half that is slower" '.steady.latency_2_ns += 9' steady.latency_2_ns
wrong "more open requests" '.steady.open_1 += 0.01' 'steady.open_1 is'
wrong "fewer answers that are enough" '.load.interval.p99_takes -= 9' p99_takes
wrong "an interval" '.load.interval.states.p50 = "given"' 'states.p50 is'
wrong "a figure that is new" '.virq.lost = 0' \
    'virq.lost is a figure that the shadow does not know'

# One cell of the table of VMs, and one of the page, a little larger.
hold noticed "$first" "${short[@]}"
awk -F, -v OFS=, 'NR == 5 { $6++ } { print }' vms.csv >changed.csv
"$shadow" run.ikt noticed.json changed.csv run.html run.pcap >judged &&
    fail "the shadow does not notice a VM's processor time"
grep -q 'VM 3: cpu_ns' judged || fail "a VM's time: $(cat judged)"
sed 's,<td>100</td><td>100</td>,<td>100</td><td>99</td>,' run.html >changed.html
"$shadow" run.ikt noticed.json vms.csv changed.html run.pcap >judged &&
    fail "the shadow does not notice how many VMs of a group are alive"
grep -q 'alive of web' judged || fail "VMs alive: $(cat judged)"
exit 0

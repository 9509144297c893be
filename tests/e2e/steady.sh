#!/bin/bash
# Twenty scenarios that were built to be steady and twenty that were not: what a
# run says of its window is right in 38 of them at least. What counts as likely,
# and as much, was chosen on those of the one half (sim/steady/judge.c); the other
# half was looked at afterwards. Misses are named.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >web.yaml <<'END'
run:  {seed: 1, warmup: 1s, duration: 2s, drain: 5s}
vms:  [{name: web, image: httpd, count: 10, memory: 4MiB, args: "size=2258"}]
load: [{kind: http, target: web, rate: 2000}]
END
cat >game.yaml <<'END'
run:  {seed: 1, warmup: 1s, duration: 4s}
vms:  [{name: game, image: game, count: 8, memory: 4MiB}]
load: [{kind: game, target: game}]
END
cat >mix.yaml <<'END'
run:    {seed: 1, warmup: 1s, duration: 2s}
kernel: {quantum: 2ms}
vms:
  - {name: web, image: httpd, count: 10, memory: 4MiB}
  - {name: spin, image: spin, memory: 1MiB}
load:   [{kind: http, target: web, rate: 1000, zipf: 1}]
END
cat >disk.yaml <<'END'
run:   {seed: 1, warmup: 2s, duration: 10s}
vms:   [{name: web, image: diskd, count: 4, memory: 1MiB, args: "size=10000"}]
disks: [{vms: web, size: 256KiB}]
load:  [{kind: http, target: web, rate: 20}]
END
cat >short.yaml <<'END'
run:     {seed: 1, warmup: 5s, duration: 20s}
machine: {ram: 8MiB}
kernel:  {gatekeeper: open, min_free: 256KiB, rx_pool: 256}
vms:     [{name: web, image: httpd, count: 30, memory: 1MiB,
           args: "working-set=256KiB"}]
load:    [{kind: http, target: web, clients: 30, timeout: 30s}]
END

# name, scenario, and what is set
steady='
few             | web | load[0].rate=500
some            | web | 
many            | web | load[0].rate=8000
almost-all      | web | load[0].rate=10000
seed            | web | load[0].rate=6000 run.seed=7
closed          | web | load[0].rate= load[0].clients=10
full            | web | load[0].rate= load[0].clients=100
thinking        | web | load[0].rate= load[0].clients=40 load[0].think=5ms
kept-alive      | web | load[0].rate= load[0].clients=4 load[0].keep_alive=true
even            | web | load[0].rate=3000 load[0].arrivals=uniform
bursts          | web | load[0].rate=3000 load[0].arrivals=on-off load[0].burst_time=20ms load[0].idle_time=60ms run.duration=4s
skewed          | web | vms[0].count=100 load[0].zipf=1 run.warmup=3s
modern          | web | machine.profile=modern load[0].rate=4000
at-once         | web | kernel.interrupts=synchronous load[0].rate=4000
large           | web | vms[0].args=size=100000 load[0].rate=100 run.duration=4s
players         | game | 
beside-one      | mix | 
lottery         | mix | kernel.scheduler=lottery run.duration=4s
disks           | disk | 
in-turns        | short | machine.ram=12MiB kernel.gatekeeper=fifo run.warmup=20s run.duration=40s'
unsteady='
cold            | web | vms[0].count=100 load[0].zipf=1 run.warmup=500ms
cold-again      | web | vms[0].count=100 load[0].zipf=1 run.warmup=500ms run.seed=2
from-boot       | web | vms[0].count=40 run.warmup=0s
working-sets    | web | vms[0].count=200 vms[0].args=working-set=256KiB load[0].rate=1000 run.warmup=100ms run.duration=4s
cold-disks      | disk | run.warmup=0s disks[0].size=1MiB load[0].rate=60 vms[0].count=30
overload        | web | load[0].rate=16000 run.duration=500ms
overload-by-10  | web | load[0].rate=13500
overload-wire   | web | vms[0].args=size=100000 load[0].rate=2000 run.duration=500ms
overload-disks  | short | load[0].clients= load[0].rate=60 run.warmup=1s run.duration=5s
overload-spin   | mix | load[0].rate=14000 run.duration=1s
ramp            | web | load[0].arrivals=flash load[0].rate=1000 load[0].peak=9 load[0].onset=0s load[0].rise=4s load[0].crowd=all run.duration=3s
ebb             | web | load[0].arrivals=flash load[0].rate=500 load[0].peak=18 load[0].hold=1ms load[0].decay=4s load[0].crowd=all run.duration=3s
slow-ramp       | web | load[0].arrivals=flash load[0].rate=2000 load[0].peak=5 load[0].onset=0s load[0].rise=10s load[0].crowd=all run.duration=4s
crowd           | web | load[0].arrivals=flash load[0].rate=400 load[0].peak=25 load[0].onset=2s load[0].hold=500ms load[0].decay=200ms run.duration=3s
crowd-on-all    | web | load[0].arrivals=flash load[0].rate=400 load[0].peak=25 load[0].onset=2s load[0].hold=500ms load[0].crowd=all run.duration=3s
crowd-late      | web | load[0].arrivals=flash load[0].rate=1000 load[0].peak=12 load[0].onset=3s load[0].hold=800ms run.duration=3s
second-load     | web | load[1].rate=7000 load[1].start=2s
new-spinner     | mix | kernel.scheduler=round-robin-no-boost events[0].at=2s events[0].create=spin events[0].count=3
new-servers     | web | vms[0].count=100 vms[0].args=working-set=128KiB events[0].at=2s events[0].destroy=web events[0].count=30 load[0].timeout=300ms
end-of-spinner  | mix | events[0].at=2s events[0].destroy=spin'

total=0
right=0
missed=()
# judge WHETHER LIST: how many are judged right, of either half.
judge() {
    local name scenario sets number=0 class good
    local arguments=()
    while IFS='|' read -r name scenario sets; do
        [ "$name" ] || continue
        read -r name <<<"$name"
        read -r scenario <<<"$scenario"
        arguments=()
        for set in $sets; do
            arguments+=(--set "$set")
        done
        "$iksim" run --json "$scenario.yaml" "${arguments[@]}" >"$name.json" \
            2>err || [ "$(value "$name" .fingerprint)" ] || fail "$name: $(cat err)"
        class=$(value "$name" .steady.class)
        good=
        if [ "$1" = steady ]; then
            [ "$class" != flat ] || good=yes
        else
            [ "$class" = flat ] || good=yes
        fi
        number=$((number + 1))
        total=$((total + 1))
        echo "$1 half $((number % 2)) $name: $class: $(value "$name" .steady.reason)"
        if [ "$good" ]; then
            right=$((right + 1))
        else
            missed+=("$name ($class)")
        fi
    done <<<"$2"
}
judge steady "$steady"
judge unsteady "$unsteady"
echo "$right of $total right; missed: ${missed[*]-}"
expect "scenarios" 40 "$total"
[ "$right" -ge 38 ] || fail "$right of $total right; missed: ${missed[*]-}"
exit 0

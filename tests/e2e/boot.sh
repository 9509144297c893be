#!/bin/bash
# Boot waits for every VM that is there from the start, but not for ever.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# A policy that starves the servers before they have booted.
cat >starve.yaml <<'END'
run:     {seed: 1, warmup: 10ms, duration: 100ms, drain: 10ms}
kernel:  {scheduler: fifo, quantum: 2ms, lease: 50ms}
vms:
  - {name: spin, image: spin, memory: 4MiB}
  - {name: web, image: httpd, count: 2, memory: 4MiB}
load:    [{kind: http, target: web, rate: 100, timeout: 500ms}]
END
"$iksim" run starve.yaml >out 2>err
expect "exit of a boot that gets nowhere" 1 $?
expect "what it says" "iksim: the run ended at T ns: boot gets nowhere: 2 of 3 \
VMs have not booted, among them web-0, and for T others alone have been on the \
processor (kernel.scheduler is fifo)" \
    "$(sed -E 's/at [0-9]+ ns/at T ns/; s/for [0-9.]+ ms/for T/' err)"

# VMs that compute and never idle have booted, too, and the servers are served.
"$iksim" run starve.yaml --set kernel.scheduler=round-robin --json \
    >fair.json 2>err || fail "beside one that computes: $(cat err)"
[ "$(value fair .load.completed)" -gt 0 ] || fail "nobody was answered"

# Nobody asks those that starve: boot ends without them.
"$iksim" run starve.yaml --set 'load[0].target=spin' --set 'load[0].rate=1' \
    --json >starved.json 2>err
expect "a boot without those that starve: web VMs' cycles" 0 \
    "$(value starved '.groups[1].cpu_ns')"

# Whom no load asks boots before the window as well: no cycle of it is for them.
cat >idle.yaml <<'END'
run:     {seed: 1, warmup: 50ms, duration: 100ms}
vms:
  - {name: web, image: httpd, count: 2, memory: 4MiB}
  - {name: idle, image: httpd, count: 200, memory: 4MiB}
load:
  - {kind: http, target: web, rate: 1000}
  - {kind: http, target: idle, rate: 1, start: 1000s}
END
simulate asked idle.yaml
simulate unasked idle.yaml --set 'load[1].kind=' --set 'load[1].target=web'
expect "processor time with VMs that nobody asks" \
    "$(value asked '.cpu|tostring')" "$(value unasked '.cpu|tostring')"
expect "processor time of VMs that nobody asks" 0 \
    "$(value unasked '.groups[1].cpu_ns')"

# From the first instruction on, where boot waits for none.
simulate first idle.yaml --set run.boot_instructions=0 --set run.warmup=0s
[ "$(value first '.groups[1].cpu_ns')" -gt 0 ] || fail "they do not boot"
exit 0

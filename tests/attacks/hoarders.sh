#!/bin/bash
# hoarders.sh IKSIM - web servers beside 80 VMs that fill their receive queues
# and never take a packet out. 64 such queues are as large as the whole pool;
# yet each request is answered, and at once.
. "${0%/*}/lib.sh"

{
    cat <<END
run:    {warmup: 1s, duration: 500ms}
kernel: {quantum: 1ms}
load:   [{kind: http, target: web, rate: 200, timeout: 5s}]
vms:
  - {name: web, image: httpd, count: 4, memory: 4MiB, args: "size=5000"}
END
    attackers attacks hoard 80 1MiB
} >"$work/web.yaml"

# In the pool of the defaults, and in a small one. What found the pool full are
# the hoarders' own, in the window.
for pool in 16384 1024; do
    simulate web --check "$work/web.yaml" --set "kernel.rx_pool=$pool"
    shows web '.load.sent > 50 and .load.completed == .load.sent and
        .load.failed == 0 and .load.retransmits == 0 and
        .load.latency_ns.max < 10000000 and .vms.faulted == 0 and
        .net.rx_drops_by_cause.pool_full > 1000' \
        "with a pool of $pool hoarders deny others their packets, or did not try"
done

#!/bin/bash
# hoarders.sh IKSIM IMAGE - web servers beside 80 VMs that fill their receive
# queues and never take a packet out. 64 such queues are as large as the whole
# pool; yet each request is answered, and at once.
set -u
export LC_ALL=C
iksim=$1
image=$2
if ! command -v jq >/dev/null; then
    echo "skipped: there is no jq here"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

cat >"$work/web.yaml" <<END
run:    {warmup: 1s, duration: 500ms}
kernel: {quantum: 1ms}
load:   [{kind: http, target: web, rate: 200, timeout: 5s}]
vms:
  - {name: web, image: httpd, count: 4, memory: 4MiB, args: "size=5000"}
  - {name: hoarders, image: "$image", args: hoard, count: 80,
     memory: 1MiB, verify: lazy}
END

# In the pool of the defaults, and in a small one.
for pool in 16384 1024; do
    if ! "$iksim" run --json --check "$work/web.yaml" \
        --set "kernel.rx_pool=$pool" \
        >"$work/web.json" 2>"$work/web.err"; then
        echo "FAIL: the run with a pool of $pool ended badly:" >&2
        tail -5 "$work/web.err" >&2
        exit 1
    fi
    # What found the pool full are the hoarders' own, in the window.
    jq -e '.load.sent > 50 and .load.completed == .load.sent and
           .load.failed == 0 and .load.retransmits == 0 and
           .load.latency_ns.max < 10000000 and .vms.faulted == 0 and
           .net.rx_drops_by_cause.pool_full > 1000' \
        "$work/web.json" >/dev/null || {
        echo "FAIL: with a pool of $pool hoarders deny others their" \
            "packets, or did not try:" >&2
        jq -c '.load, .vms, .net' "$work/web.json" >&2
        exit 1
    }
done

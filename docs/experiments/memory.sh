#!/bin/bash
# Makes the table of memory.md: capacity of web servers by closed-loop clients,
# over the number of VMs and the paging block. One row a run, as it is done;
# about a quarter of an hour on one core.
#
#   docs/experiments/memory.sh [IKSIM [VMS...]]
set -eu
iksim=${1:-build/iksim}
shift || true
counts=("${@:-500 1000 2000 3000 4000 6000 10000}")
read -r -a counts <<<"${counts[*]}"
footprint=${FOOTPRINT:-256KiB} # httpd's working-set=
spacing_ms=400                 # Between the requests that warm memory up.
scenario=$(mktemp)
trap 'rm -f "$scenario"' EXIT

# Memory is warmed up by one request to each VM, most popular or not; then 100
# clients ask without pause, and after two seconds of that we measure.
cat >"$scenario" <<'END'
run:     {seed: 1, warmup: 10s, duration: 30s, drain: 120s}
machine: {profile: denali-2002, ram: 1GiB}
kernel:  {gatekeeper: fifo, replacement: wsclock, page_tables: on-demand}
vms:     [{name: web, image: httpd, count: 500, memory: 16MiB}]
load:
  - {kind: each, target: web, start: 0s, spacing: 400ms, timeout: 60s}
  - {kind: http, target: web, start: 8s, zipf: 1.0, clients: 100, timeout: 60s}
END

echo "| VMs | block | answers/s | timed out | median | 99 % | faults/s |" \
    "read/s | written/s | disks busy | RAM in use |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
for count in "${counts[@]}"; do
    warm=$((count * spacing_ms / 1000 + 2))
    for block in 4 16 64; do
        "$iksim" run "$scenario" --json \
            --set "vms[0].count=$count" \
            --set "vms[0].args=size=2258 working-set=$footprint" \
            --set "kernel.paging_block=${block}KiB" \
            --set "run.warmup=$((warm + 2))s" --set "load[1].start=${warm}s" |
            jq -r --arg block "$block KiB" '
                def ms: . / 1e6 | if . < 100 then . * 10 | round / 10
                    else round end | "\(.) ms";
                (.virtual_ns / 1e9) as $s |
                "| \(.vms.created) | \($block) | \(.load.answered_rps | round)" +
                " | \(.load.timed_out) | \(.load.latency_ns.p50 | ms)" +
                " | \(.load.latency_ns.p99 | ms) | \(.memory.faults / $s | round)" +
                " | \(.memory.page_ins / $s | round)" +
                " | \(.memory.page_outs / $s | round)" +
                " | \(.disk.utilisation * 100 | round) %" +
                " | \(.memory.resident_peak * 100 / .memory.frames | round) % |"'
    done
done

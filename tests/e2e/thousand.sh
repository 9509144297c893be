#!/bin/bash
# A thousand web servers: the same command, one --set.
. "${0%/*}/lib.sh"

SECONDS=0
simulate thousand "$first" "${window[@]}" --set 'vms[0].count=1000'
all_answered thousand
expect "VMs created" 1000 "$(value thousand .vms.created)"
expect "VMs faulted" 0 "$(value thousand .vms.faulted)"
expect "VMs terminated" 0 "$(value thousand .vms.terminated)"
echo "1,000 servers in $SECONDS s: $(value thousand .load.completed) answers," \
    "$(value thousand .memory.resident_peak) frames," \
    "$(value thousand .host.max_rss_kib) KiB of host memory"

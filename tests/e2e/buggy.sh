#!/bin/bash
# A guest's bug is its own VM's misfortune: whatever it is, the servers beside
# it answer every request with the right bytes, and only that VM ends.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
scenario=$tree/workloads/scenarios/buggy.yaml

# answers BUG: what the web servers' clients saw.
answers() {
    simulate "$1" "$scenario" --set "vms[1].args=bug=$1 after=600"
    jq -c '[.load.sent, .load.completed, .load.failed, .load.timed_out]' \
        "$1.json"
}
well=$(answers none)
expect "VMs that ended of no bug" 1 "$(value none .vms.terminated)"
for bug in null text jump stack divide wild; do
    expect "answers beside bug=$bug" "$well" "$(answers $bug)"
    expect "VMs that faulted of bug=$bug" 1 "$(value "$bug" .vms.faulted)"
done
expect "answers beside bug=loop" "$well" "$(answers loop)"
expect "VMs that faulted of bug=loop" 0 "$(value loop .vms.faulted)"

#!/bin/bash
# Every bundled scenario has the fingerprints that are kept in
# data/golden_scenarios.txt, with the reference guests: so it is the same run on
# every machine. Where the scenario is long or large, a part of it is run. Who
# changes what a run does, or a guest, changes them too: once it is clear why,
#
#     tests/e2e/golden_scenarios.sh build/iksim --keep
#
# Usage: golden_scenarios.sh IKSIM [--keep]
. "${0%/*}/lib.sh"
"$iksim" guests >"$work/guests" 2>&1 ||
    skip "not all guests here are the reference guests"
cd "$work" || exit 2

# part SCENARIO: sets `part` to what of it is run, beside a short window.
part() {
    part=(--set run.warmup=100ms --set run.duration=300ms --set run.drain=200ms)
    case $1 in
    scenarios/diskd) part+=(--set run.duration=3500ms) ;;
    scenarios/cold) part+=(--set run.warmup=0s) ;;
    scenarios/buggy) part+=(--set run.duration=600ms) ;;
    */thrash) part+=(--set run.warmup=2s --set run.duration=2s) ;;
    scenarios/cliff) # 3,000 VMs want three times the memory that there is.
        part+=(--set 'vms[0].count=150' --set machine.ram=40MiB
            --set run.warmup=1s --set run.duration=2s --set run.drain=1s) ;;
    scenarios/disk-bound | paper/ten-thousand) # 10,000 likewise.
        part+=(--set 'vms[0].count=300' --set machine.ram=40MiB
            --set kernel.min_free=1MiB --set kernel.rx_pool=256
            --set run.duration=4s --set run.drain=1s) ;;
    scenarios/pager) part+=(--set run.warmup=0s --set run.duration=3s) ;;
    paper/web) part+=(--set 'load[0].start=0s' --set run.warmup=300ms) ;;
    esac
}

# A line for the run and one for each of its layers.
lines='"\($name) \(.fingerprint): \(.guest.instructions) instructions, \(
        .load.sent) sent, \(.load.completed) completed, \(
        .memory.page_ins) read, \(.memory.page_outs) written",
    (.fingerprints | to_entries[] | "\($name) \(.key) \(.value)")'

for file in "$tree"/workloads/{scenarios,paper}/*.yaml; do
    name=${file#"$tree"/workloads/}
    name=${name%.yaml}
    part "$name"
    "$iksim" run --json "$file" "${part[@]}" >run.json 2>err
    between "$name: exit code; $(tail -n 3 err)" 0 1 $?
    holds run
    expect "$name: guests" reference "$(value run .guests)"
    jq -r --arg name "$name" "$lines" run.json >>found
done

if [ "${2-}" = --keep ]; then
    cp found "$tests/data/golden_scenarios.txt"
    exit
fi
diff "$tests/data/golden_scenarios.txt" found >difference ||
    fail "not what is kept in data/golden_scenarios.txt (kept <, found >;" \
        "$(grep -c '^<' difference) lines):" "$(head -n 60 difference)"
exit 0

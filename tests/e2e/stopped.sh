#!/bin/bash
# A run that is stopped early gives what it has, and says that it was.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# An hour of virtual time; Ctrl-C comes when some of it has been measured.
"$iksim" run "$first" --set run.duration=3600s --set run.warmup=10ms \
    --set 'vms[0].count=10' --json --out kept --pcap pcap >stopped.json 2>err &
run=$!
SECONDS=0
until [ "$(stat -c %s pcap 2>/dev/null || echo 0)" -gt 500000 ]; do
    [ "$SECONDS" -lt 1800 ] || fail "there is no traffic: $(cat err)"
    sleep 0.1
done
kill -INT "$run"
SECONDS=0
wait "$run"
expect "exit after SIGINT" 130 $?
[ "$SECONDS" -le 300 ] || fail "it took $SECONDS s to stop"
grep -q 'interrupted' err || fail "it does not say so: $(cat err)"
holds stopped
[ "$(value stopped .load.completed)" -gt 0 ] || fail "no results so far"
window_ns=$(value stopped .virtual_ns)
between "window of a run that was stopped" 1 3599999999999 "$window_ns"
expect "the run directory of a run that was stopped" \
    "console.log images manifest.json report.json scenario.yaml" \
    "$(cd kept && printf '%s\n' * | sort | xargs)"
same stopped kept/report "report.json and --json of a run that was stopped"

# --until, in each phase.
simulate whole "$first" "${window[@]}" --seed 7
simulate cut "$first" --seed 7 --set run.warmup=100ms \
    --set run.duration=100s --until 300ms
grep -q 'until' cut.err || fail "--until: it does not say so: $(cat cut.err)"
window_ns=$(value cut .virtual_ns)
between "window of --until 300ms after a warm-up of 100ms" 1 200000000 \
    "$window_ns"
[ "$(value cut .load.completed)" -gt 0 ] || fail "--until: no results"
simulate boot "$first" --until 1us
expect "requests of a run cut at boot" 0 "$(value boot .load.sent)"
expect "window of a run cut at boot" 0 "$(value boot .virtual_ns)"
simulate warmup "$first" --until 50ms
expect "window of a run cut in the warm-up" 0 "$(value warmup .virtual_ns)"
simulate late "$first" "${window[@]}" --seed 7 --until 1000s
same whole late "--until after the end"

# A run that was cut is the beginning of the whole one, so it repeats.
simulate cut2 "$first" --seed 7 --set run.warmup=100ms \
    --set run.duration=100s --until 300ms
same cut cut2 "cut twice"

# A limit. What the guests retired ends the run at the same event each time.
"$iksim" run "$first" "${window[@]}" --limit instructions=4000000 --json \
    --out limited >limited.json 2>err
expect "exit at a limit of instructions" 1 $?
grep -q 'limit of instructions' err || fail "a limit, unsaid: $(cat err)"
expect "the end at a limit of instructions" instructions \
    "$(jq -r .ended limited/manifest.json)"
between "instructions at their limit" 4000000 40000000 \
    "$(value limited .guest.instructions)"
"$iksim" run --again limited >out 2>&1 || fail "again at a limit: $(cat out)"
grep -q 'repeated exactly' out || fail "again at a limit: $(cat out)"

# The host's time and memory end it, and Ctrl-C does, at any moment, even
# where the scheduler would let a VM go on for an hour.
cat >long.yaml <<'END'
run: {warmup: 1ms, duration: 3600s}
kernel: {quantum: 3600s}
vms: [{name: spin, image: spin, memory: 1MiB}]
END
for limit in wall=1s memory=1MiB wall=10000s,memory=1MiB; do
    rm -rf limited
    "$iksim" run long.yaml --limit "$limit" --json --out limited >limited.json \
        2>err
    expect "exit at --limit $limit" 1 $?
    grep -q "limit of the host's" err || fail "a limit, unsaid: $(cat err)"
    holds limited
    "$iksim" run --again limited >out 2>&1
    expect "exit of --again after --limit $limit" 2 $?
    grep -q 'cannot be repeated' out || fail "again, after $limit: $(cat out)"
done
"$iksim" run long.yaml >out 2>err &
run=$!
until grep -qs "^PPid:[[:space:]]*$run\$" /proc/[0-9]*/status; do
    sleep 0.1 # Its run has not begun, so it may not wait for SIGINT yet.
done
kill -INT "$run"
wait "$run"
expect "exit after SIGINT in a long quantum" 130 $?
grep -q 'interrupted' err || fail "in a long quantum, unsaid: $(cat err)"
simulate none "$first" "${window[@]}" --limit wall=10000s,memory=1000GiB
simulate free "$first" "${window[@]}"
same none free "limits that are not reached"
for nonsense in wall wall= wall=3 cpu=1s wall=0s 'wall=1s,' instructions=-1; do
    "$iksim" run "$first" --limit "$nonsense" >out 2>&1
    expect "exit of --limit $nonsense" 2 $?
done

# --until with a precision: each value is that of a run of that seed.
small=(--set run.warmup=50ms --set run.duration=100ms --set 'vms[0].count=10')
"$iksim" run "$first" "${small[@]}" --seed 5 --until 'offered +-20%' --json \
    >many.json 2>err || fail "--until offered: $(cat err)"
simulate sixth "$first" "${small[@]}" --seed 6
expect "the second value" "$(value sixth '.load.offered_rps + 0')" \
    "$(value many '.values[1] + 0')"
expect "narrow enough" true "$(value many \
    '(.values | length) >= 10 and .met and .first_seed == 5 and
     .high - .median <= .median / 5 and .median - .low <= .median / 5')"
"$iksim" run "$first" --until 'p98 +-5%' 2>err
expect "exit of an unknown figure" 2 $?
grep -q "there is no figure 'p98'" err || fail "p98: $(cat err)"

#!/bin/bash
# Patterns of arrivals, through the whole program: as many requests as the
# scenario says, more latency the more they are bunched, and a crowd that one VM
# alone feels.
. "${0%/*}/lib.sh"

# 400 x 5 and 400 x 24 x (0.25 + 1 + 0.5): 18,800, give or take four deviations.
for who in one all; do
    simulate "crowd-$who" "$scenarios/flash.yaml" --set "load[0].crowd=$who"
    all_answered "crowd-$who"
    between "requests with a crowd on $who" 18250 19350 \
        "$(value "crowd-$who" .load.sent)"
done
few=$(value crowd-one '.sched.switches')
many=$(value crowd-all '.sched.switches')
[ "$((few * 4))" -lt "$many" ] ||
    fail "a crowd on one VM takes $few switches, on all $many"
[ "$(value crowd-one '.fairness.cpu < 0.1 and .fairness.latency > 0.9')" \
    = true ] || fail "the others notice: $(value crowd-one .fairness)"

bursts=$scenarios/on-off.yaml
before=0
for how in uniform poisson on-off; do
    phases=()
    [ "$how" = on-off ] ||
        phases=(--set 'load[0].burst_time=' --set 'load[0].idle_time=')
    simulate "$how" "$bursts" --set run.warmup=1s \
        --set "load[0].arrivals=$how" "${phases[@]}"
    all_answered "$how"
    between "requests, $how" 11000 13200 "$(value "$how" .load.sent)"
    tail=$(value "$how" .load.latency_ns.p99)
    [ "$tail" -gt $((before + before / 5)) ] ||
        fail "99 % of latencies are below $tail ns, $how, and $before before"
    before=$tail
done

# The same again: what is kept of a run says all of it.
"$iksim" run "$bursts" --set 'load[0].shape=1.4' --json --out "$work/kept" \
    >"$work/first.json" || fail "shape=1.4: exit $?"
"$iksim" run "$work/kept/scenario.yaml" --json >"$work/second.json" ||
    fail "a run directory with shape=1.4: exit $?"
expect "fingerprint of the run that was kept" \
    "$(value first .fingerprint)" "$(value second .fingerprint)"

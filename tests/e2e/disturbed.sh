#!/bin/bash
# A host that is busy or stops the process now and then changes nothing: no
# decision looks at the host's clock.
. "${0%/*}/lib.sh"

# Long enough to be disturbed a dozen times.
[ "${E2E_SLOW-}" ] || window=(--set run.duration=2s)
simulate calm "$first" "${window[@]}" --seed 7

# simulate_stopped NAME ARGUMENT...: like simulate, with a process that is
# stopped now and then. The number of times is in $work/stops.
simulate_stopped() {
    local name=$1 run disturber
    shift
    "$iksim" run --json "$@" >"$work/$name.json" 2>"$work/$name.err" &
    run=$!
    disturb "$run" &
    disturber=$!
    wait "$run" || fail "$name: a run that is stopped now and then: exit $?"
    wait "$disturber"
    [ "$(cat "$work/stops")" -ge 3 ] ||
        fail "$name: the run was over before it could be stopped 3 times"
    holds "$name"
}
simulate_stopped stopped "$first" "${window[@]}" --seed 7
same calm stopped "stopped $(cat "$work/stops") times"

# The same when pages come and go, whichever policy chooses them.
for policy in wsclock clock fifo lru random; do
    paging=("$scenarios/thrash.yaml" --set run.warmup=5s
        --set kernel.replacement="$policy"
        --set kernel.gatekeeper=working-set --set "vms[0].count=60"
        --set "load[0].clients=60")
    simulate paging "${paging[@]}"
    simulate_stopped paging_stopped "${paging[@]}"
    same paging paging_stopped "$policy, stopped $(cat "$work/stops") times"
done

loops=()
for ((i = 0; i < $(nproc); i++)); do
    (while :; do :; done) &
    loops+=("$!")
done
trap 'kill "${loops[@]}" 2>/dev/null; rm -rf "$work"' EXIT
simulate loaded "$first" "${window[@]}" --seed 7
same calm loaded "beside ${#loops[@]} busy loops"
echo "unchanged by $(cat "$work/stops") stops and ${#loops[@]} busy loops"

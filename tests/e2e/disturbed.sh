#!/bin/bash
# A host that is busy or stops the process now and then changes nothing: no
# decision looks at the host's clock.
. "${0%/*}/lib.sh"

# Long enough to be disturbed a dozen times.
[ "${E2E_SLOW-}" ] || window=(--set run.duration=2s)
simulate calm "$first" "${window[@]}" --seed 7

"$iksim" run --json "$first" "${window[@]}" --seed 7 >"$work/stopped.json" \
    2>"$work/stopped.err" &
run=$!
disturb "$run" &
disturber=$!
wait "$run" || fail "a run that is stopped now and then: exit $?"
wait "$disturber"
[ "$(cat "$work/stops")" -ge 3 ] ||
    fail "the run was over before it could be stopped 3 times"
holds stopped
same calm stopped "stopped $(cat "$work/stops") times"

loops=()
for ((i = 0; i < $(nproc); i++)); do
    (while :; do :; done) &
    loops+=("$!")
done
trap 'kill "${loops[@]}" 2>/dev/null; rm -rf "$work"' EXIT
simulate loaded "$first" "${window[@]}" --seed 7
same calm loaded "beside ${#loops[@]} busy loops"
echo "unchanged by $(cat "$work/stops") stops and ${#loops[@]} busy loops"

#!/bin/bash
# Whatever runs guests does it in its sandbox: `run`, the runs of a sweep, of a
# search for capacity and of attacks, and those who boot for others. `paper` makes
# its runs as a sweep does; `viz` has a window. cli.sandbox tries what is left to
# do there.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
[ -z "${E2E_SLOW-}" ] || skip "programs with sanitizers have no sandbox"
"$iksim" run "$scenarios/hello.yaml" >out 2>err || fail "hello: $(cat err)"
grep -q 'sandbox is not whole' err && skip "this kernel has none: $(cat err)"
[ -s err ] && fail "hello says: $(cat err)"

pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT

# descend PID: it and all that it has started.
descend() {
    local status
    echo "$1"
    for status in /proc/[0-9]*/status; do
        if grep -qs "^PPid:[[:space:]]*$1\$" "$status"; then
            status=${status#/proc/}
            descend "${status%/status}"
        fi
    done
}

# filtered PID: how many of these have a filter of calls (seccomp, 2).
filtered() {
    local pid count=0
    for pid in $(descend "$1"); do
        if grep -qs '^Seccomp:[[:space:]]*2$' "/proc/$pid/status" &&
            grep -qs '^NoNewPrivs:[[:space:]]*1$' "/proc/$pid/status"; then
            count=$((count + 1))
        fi
    done
    echo "$count"
}

# shuts WHAT COUNT ARGUMENT...: so many processes of the call are closed in, at
# some time.
shuts() {
    local what=$1 wanted=$2
    shift 2
    "$iksim" "$@" >out 2>err &
    pid=$!
    until [ "$(filtered "$pid")" -ge "$wanted" ]; do
        kill -0 "$pid" 2>/dev/null ||
            fail "$what ended, and was never in its sandbox: $(cat out err)"
    done
    kill -TERM "$pid"
    wait "$pid"
    : # It ended by the signal, or with its results so far.
}
long=(--set run.warmup=10ms --set run.duration=3600s --set 'vms[0].count=4')
shuts "a run" 1 run "$first" "${long[@]}" --out kept --pcap pcap
cat >plan.yaml <<END
base: $first
sets: [{name: a, set: ["vms[0].count=4", run.warmup=10ms, run.duration=3600s]}]
grid: [{key: "load[0].rate", values: [10, 20]}]
END
shuts "a sweep" 1 sweep plan.yaml --db made.db
rm -f made.db
shuts "a warm sweep" 2 sweep plan.yaml --db made.db --warm
one=("$first" --seeds 1 --jobs 1 --over 'load[0].rate' --from 10 --to 20)
shuts "a search" 1 capacity "${one[@]}" --slo 'p99 <= 1s' "${long[@]}"
shuts "a warm search" 2 capacity "${one[@]}" --slo 'p99 <= 1s' "${long[@]}" \
    --warm --plot picture.svg
shuts "an attack" 1 isolate "$first" --attacker alarm-storm --seeds 1 \
    --set 'vms[0].count=4' --window 3600s

# A policy in C is compiled before a warm search closes itself in.
if command -v cc >/dev/null; then
    "$iksim" policy new mine.c >/dev/null 2>err || fail "policy new: $(cat err)"
    "$iksim" capacity "$first" --warm --seeds 1 --jobs 1 --any-window \
        --over 'load[0].rate' --from 100 --to 102 --resolution 1 \
        --slo 'p99 <= 1s' --set run.warmup=10ms --set run.duration=100ms \
        --set 'vms[0].count=4' --set kernel.scheduler=./mine.c --json \
        >warm.json 2>err || fail "a search with a policy: $(cat err)"
    expect "runs that began warm" true \
        "$(jq '[.points[].runs[].warm] | all' warm.json)"
fi

# Without it, on request alone.
"$iksim" run "$first" "${long[@]}" --no-sandbox --pcap pcap >out 2>err &
pid=$!
until [ -s pcap ]; do
    kill -0 "$pid" 2>/dev/null || fail "--no-sandbox: $(cat err)"
done
expect "filters of --no-sandbox" 0 "$(filtered "$pid")"
exit 0

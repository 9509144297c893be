#!/bin/bash
# bench/sweep.sh [IKSIM]: how much sooner a sweep ends with two jobs than with
# one, on two processors: the target is 1.7. It measures both in turn, three
# times, and beside them what the machine allows: the speed-up of two loops that
# share nothing. On a machine that others use that is less than 2.
set -u
iksim=$(readlink -f "${1:-build/iksim}") || exit 2
[ -x "$iksim" ] || { echo "usage: bench/sweep.sh IKSIM" >&2; exit 2; }
first=$(cd "${0%/*}/.." && pwd)/workloads/scenarios/first.yaml
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cat >"$work/plan.yaml" <<END
base: $first
sets: [{set: [run.warmup=100ms, run.duration=1s]}]
seeds: [1..16]
END

# seconds JOBS: of the sweep, on two processors.
seconds() {
    rm -f "$work/plan.db"
    local start=$EPOCHREALTIME
    taskset -c 0,1 "$iksim" sweep "$work/plan.yaml" --db "$work/plan.db" \
        --jobs "$1" >/dev/null || exit 1
    echo "$EPOCHREALTIME $start" | awk '{ printf "%.3f\n", $1 - $2 }'
}

loop() {
    awk 'BEGIN { for (i = 0; i < 12000000; i++) x += i }'
}

# allowed: the speed-up of two loops.
allowed() {
    local start=$EPOCHREALTIME middle
    loop
    loop
    middle=$EPOCHREALTIME
    loop &
    loop &
    wait
    echo "$start $middle $EPOCHREALTIME" |
        awk '{ printf "%.2f\n", ($2 - $1) / ($3 - $2) }'
}

echo "load of the machine before: $(cut -d' ' -f1-3 /proc/loadavg)," \
    "$(nproc) processors"
for round in 1 2 3; do
    one=$(seconds 1)
    two=$(seconds 2)
    echo "$round $one $two $(allowed)" | awk '{
        printf "round %d: one job %.2f s, two jobs %.2f s, speed-up %.2f; ",
            $1, $2, $3, $2 / $3
        printf "the machine allows %.2f\n", $4 }'
done

#!/bin/bash
# bench/trace.sh [ROUNDS]: what a trace costs first.yaml.
#
# Off: instructions of a run, by callgrind, of this tree against the same with
# sinks compiled out (IKSIM_NO_TRACE); the target is 0.1 %. The engine's own
# translations are counted too, and its count is not repeatable to the last
# digit: each is run three times, and all of them are printed. Beside them, the
# instructions of trace_emit itself, which folds the fingerprints in both.
#
# On: processor time of a run with --trace against one without, alternated
# ROUNDS times (15), the median of the ratios; the target is 15 %.
#
# It builds both by itself, which takes a minute, and needs valgrind.
set -u
export LC_ALL=C
rounds=${1:-15}
tree=$(cd "${0%/*}/.." && pwd) || exit 2
first=$tree/workloads/scenarios/first.yaml
command -v valgrind >/dev/null || { echo "valgrind is needed" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# build NAME FLAG...: $work/NAME/iksim and the guest of first.yaml.
build() {
    local name=$1
    shift
    {
        cmake -S "$tree" -B "$work/$name" -G Ninja -DIKSIM_TESTS=OFF \
            -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_C_FLAGS=$*" &&
            cmake --build "$work/$name" -j 2 --target iksim guest_httpd
    } >"$work/log" 2>&1 || { tail "$work/log" >&2; exit 1; }
}

# instructions NAME: of one short run.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --smc-check=all \
        "$work/$1/iksim" run "$first" --no-guard --set run.warmup=100ms \
        --set run.duration=1s 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}

# seconds ARGUMENT...: of user and system.
seconds() {
    local TIMEFORMAT='%U %S'
    { time "$work/with/iksim" run "$first" "$@" >/dev/null 2>&1; } 2>&1 |
        awk '{ print $1 + $2 }'
}

build with
build without -DIKSIM_NO_TRACE

for _ in 1 2 3; do
    echo "$(instructions with) $(instructions without)"
done | awk '
    { print "off: " $1 " instructions, without sinks " $2 }
    NR == 1 || $1 < a { a = $1 }
    NR == 1 || $2 < b { b = $2 }
    END { printf "off: the least of each: %+.4f %%\n", 100 * (a - b) / b }'

for _ in $(seq "$rounds"); do
    off=$(seconds)
    on=$(seconds --trace "$work/first.ikt")
    echo "$on $off"
done | awk '{ print $1 / $2, $1, $2 }' | sort -n | awk '
    { ratio[NR] = $1; on += $2; off += $3 }
    END {
        printf "on: %+.1f %% by the median of %d rounds", \
            100 * (ratio[int((NR + 1) / 2)] - 1), NR
        printf " (%.3f s, without %.3f s)\n", on / NR, off / NR
    }'
bytes=$(stat -c %s "$work/first.ikt")
events=$("$work/with/iksim" trace stats "$work/first.ikt" |
    awk '$2 == "all" { n += $3 } END { print n }')
echo "$events events in $bytes bytes"

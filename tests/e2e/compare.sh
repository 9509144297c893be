#!/bin/bash
# Runs are compared by seed; what cannot be compared is refused in a sentence.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
short=(--set run.warmup=50ms --set run.duration=100ms --set 'vms[0].count=10')

# keep DIR ARGUMENT...: a run of the first scenario; its report is `last`.
keep() {
    local dir=$1
    shift
    simulate last "$first" "${short[@]}" --out "$dir" "$@"
}
mkdir slow fast
# Ten pairs, so that a row of this table can be marked after its correction.
for seed in {1..10}; do
    keep "slow/$seed" --seed "$seed" --set 'load[0].rate=500'
    keep "fast/$seed" --seed "$seed" --set 'load[0].rate=2000'
done

# compare CODE ARGUMENT...: stdout and stderr are in `out` and `err`.
compare() {
    local code=$1
    shift
    "$iksim" compare "$@" >out 2>err
    expect "exit of compare $*" "$code" $?
    awk 'length > 80' out | grep . >wide && fail "too wide: $(cat wide)"
    return 0
}
says() { grep -Eq -- "$1" "${2-out}" || fail "no '$1': $(cat out err)"; }
refuses() { # PATTERN ARGUMENT...
    local pattern=$1
    shift
    compare 2 "$@"
    expect "lines on stderr of compare $*" 1 "$(wc -l <err)"
    says "$pattern" err
}

compare 0 slow fast
says '^10 pairs by seed'
says "with Holm's correction"
# Wilks's numbers: 2,995 for a p99.9.
says '^A run of [0-9]+ answers is too short: .*p99.9 takes 2995\.$'
says '^answered .*\*$'
says '^fairness '
cp out before
compare 0 slow fast
cmp -s out before || fail "the same comparison is another"

# The figures are those of the reports.
compare 0 slow fast --json
cp out last.json
# agrees SET PROGRAM FIELD: jq's own figure of all reports is that of `last`.
agrees() {
    local own
    own=$(jq -s "[.[].load.answered_rps] | $2" "$1"/*/report.json)
    between "$3, in thousandths" -1 1 "$(jq -n \
        "(($own - $(value last ".comparisons[0].metrics.answered.$3")) * 1000) | floor")"
}
agrees slow 'sort | (.[4] + .[5]) / 2' a
agrees fast 'sort | (.[4] + .[5]) / 2' b
expect "estimand" median "$(value last .estimand)"
difference=$(jq -s '. as $r | [range(0; 10) | $r[. + 10].load.answered_rps -
        $r[.].load.answered_rps] | sort | (.[4] + .[5]) / 2' \
        slow/*/report.json fast/*/report.json)
between "median difference, in thousandths" -1 1 "$(jq -n \
    "(($difference - $(value last '.comparisons[0].metrics.answered.absolute.value')) * 1000) | floor")"
# All ten are faster: of ten fair coins, 2 in 1,024.
expect "p" 0.001953125 "$(value last '.comparisons[0].metrics.answered.p')"
compare 0 slow fast --json --estimand mean
cp out mean.json
expect "estimand" mean "$(value mean .estimand)"
cp last.json median.json
cp mean.json last.json
agrees slow 'add / length' a
agrees fast 'add / length' b
cp median.json last.json
expect "seeds" "1 2 3 4 5 6 7 8 9 10" "$(value last '.comparisons[0].seeds_b | join(" ")')"
expect "B is surely faster" true "$(value last \
    '.comparisons[0].metrics.answered.relative | .low > 0.5 and .low < .value
     and .value < .high')"

# Six pairs can show a change in one row, never in a table of so many.
mkdir few_slow few_fast
cp -r slow/[1-6] few_slow
cp -r fast/[1-6] few_fast
compare 0 few_slow few_fast
says '^answered .* \+$'
says '6 pairs are too few for a \*; it takes 10\.'

# A run is as itself.
compare 0 slow/1 slow/1
says 'One pair, of seed 1: there is no confidence interval'
says '^ *95 % within the run A +and within B$'
says '^p99.9 +none \(unsteady\) +none \(unsteady\)$'
compare 0 slow/1 slow/1 --json
cp out one.json
for side in a b; do
    expect "intervals within the run" "$(jq -c .load.interval slow/1/report.json)" \
        "$(jq -c ".comparisons[0].within_$side" one.json)"
done
expect "several runs have none of their own" null "$(value last '.comparisons[0].within_a')"
compare 0 slow slow --fail-if 'p99 > +0%' --fail-if 'answered < -0.001%'

compare 1 slow fast --fail-if 'answered > +5%' --fail-if 'failed > 0'
says "'answered > \+5%' holds: it is \+" err
expect "conditions that hold" 1 "$(wc -l <err)"
compare 0 slow fast --fail-if 'answered < -5%'
compare 1 slow fast --json --fail-if='switches > 1'
expect "verdict" true "$(jq '.conditions[0].holds' out)"

refuses 'one of < <= > >=' slow fast --fail-if 'p99 5%'
refuses "there is no figure 'p98', perhaps p9" slow fast --fail-if 'p98 > 5%'

# Any figure of the report will do; one that a report lacks is not 0.
compare 1 slow fast --fail-if 'virq.delay_ns.mean >= 0ns'
says '^virq.delay_ns.mean$'

# A name that is too long for its column stands on a line of its own.
compare 1 slow fast --fail-if 'net.rx_drops_by_cause.pool_full >= 0'
says '^net.rx_drops_by_cause.pool_full$'
compare 0 slow fast --fail-if 'groups[0].least_cpu_ns < 0ns'
cp -r slow older
for seed in {1..10}; do
    jq 'del(.sched.switches)' "slow/$seed/report.json" >"older/$seed/report.json"
done
compare 0 older fast
says '^Not all of these runs have switches\.$'
refuses 'not all of the reports have switches' older fast \
    --fail-if 'switches > 5'
refuses "'--fail-if' wants a value" slow fast --fail-if
refuses 'no set of runs B is named' slow
refuses "'slow' is one argument too many" slow fast slow
refuses "there is no option '--jsno'; did you mean --json?" slow fast --jsno
refuses "cannot read 'gone'" slow gone
refuses 'holds no finished run' slow "$tests"
refuses 'only a database has groups' slow fast:a=b

refuses "the seeds differ: 'slow' has 1 2 3 4 5 6 7 8 9 10, 'fast/1' has 1" slow fast/1
compare 0 slow fast/1 --any-seeds
says '^10 runs against 1, not paired; so few that an interval'
compare 0 slow/1 fast/2 --any-seeds
says '^1 run against 1, not paired: there is no confidence interval'
mkdir all
cp -r slow/1 all/a
cp -r fast/1 all/b
refuses 'more than one run of seed 1, with nothing to tell the runs apart' all fast

# The guests of one are others.
cp -r fast/1 other
jq '.images[0].xxh3_128 = "0"' fast/1/manifest.json >other/manifest.json
refuses 'the guests are not the same' slow/1 other
compare 0 slow/1 other --any-images
says '^The guests of B are not those of A'
jq '.guests = "other"' fast/1/report.json >other/report.json
compare 0 slow/1 other --any-images
says '^Guests of A: reference; of B: other\.$'
compare 0 slow/1 other --any-images --json
expect "guests" "reference other false" "$(jq -r '.comparisons[0] |
    "\(.guests_a) \(.guests_b) \(.same_guests)"' out)"
compare 0 slow/1 fast/1
grep -q "^Guests of A" out && fail "the reference guests are remarked on"

# Groups of a sweep's database.
cat >plan.yaml <<END
base: $first
grid: [{key: "load[0].rate", values: [500, 2000]}]
sets: [{name: short, set: [run.warmup=50ms, run.duration=100ms,
    "vms[0].count=10"]}]
seeds: [1..10]
END
"$iksim" sweep plan.yaml --db runs.db >/dev/null 2>err ||
    fail "sweep: $(cat err)"
compare 0 'runs.db:load[0].rate=500' 'runs.db:load[0].rate=2000' --json
expect "a database says what directories say" \
    "$(value last '.comparisons[0].metrics | tostring')" \
    "$(jq '.comparisons[0].metrics | tostring' -r out)"
compare 0 runs.db runs.db --json
expect "tables of a whole database" 2 "$(jq '.comparisons | length' out)"
# Each is headed by what tells it from the other, and one alone by nothing.
compare 0 runs.db runs.db
expect "heads of tables" 'load[0].rate=2000 load[0].rate=500' \
    "$(grep '=' out | sort | xargs)"
compare 0 'runs.db:load[0].rate=500' 'runs.db:load[0].rate=2000'
expect "lines of a table's head" 0 "$(sed 1,2d out | grep -c '=')"
refuses 'holds no finished run of that group' runs.db 'runs.db:load[0].rate=1'
refuses 'a group is KEY=VALUE' runs.db runs.db:fast
refuses 'has no runs like' 'runs.db:name=short' 'runs.db:load[0].rate=500'
head -c 5000 runs.db >broken.db
refuses 'broken.db' broken.db runs.db

# Seeds whose windows are overload, and too short for their percentile, are said
# to be.
cold=("$first" --set run.warmup=0s --set run.duration=300ms)
"$iksim" run "${cold[@]}" --until 'p99.9 +-50%' >out 2>err ||
    fail "run --until: exit $?: $(cat err)"
grep -Eq '^windows: .*(overloaded|warm-up|drift)' out || fail "$(cat out)"
grep -Eq '^p99.9 takes 2995 answers, and a run has only [0-9]+' out ||
    fail "$(cat out)"
"$iksim" run "${cold[@]}" --until 'p50 +-50%' --json >until.json ||
    fail "run --until: exit $?"
expect "seeds, and answers that p50 lacks" "true 0" \
    "$(value until '"\((.steady | add) == (.values | length)) \(.takes_answers)"')"

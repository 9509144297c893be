#!/bin/bash
# The capacity that halving finds is the one that trying every value finds, and
# so is each seed's own. Windows are short: which of them count is a test of its
# own, below.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
cat >site.yaml <<END
run:  {seed: 3, warmup: 100ms, duration: 150ms}
vms:  [{name: web, image: httpd, count: 30, args: size=600}]
load:
  - {target: web, clients: 30, think: 1ms}
  - {target: web, rate: 1000, start: 100ms}
END

# capacity NAME CODE ARGUMENT...: the answer is $work/NAME.json
capacity() {
    local name=$1 code=$2
    shift 2
    "$iksim" capacity site.yaml --json "${how[@]}" "$@" >"$name.json" \
        2>"$name.err"
    expect "exit of capacity $*" "$code" $?
}
refuses() { # PATTERN ARGUMENT...
    local pattern=$1
    shift
    "$iksim" capacity "$@" >out 2>err
    expect "exit of capacity $*" 2 $?
    expect "lines on stderr of capacity $*" 1 "$(wc -l <err)"
    grep -Eq -- "$pattern" err || fail "capacity $*: $(cat err)"
}

how=(--any-window --seeds 3)
rate=(--over 'load[1].rate' --from 9000 --to 17000 --resolution 500)
slo=(--slo 'p99 <= 150ms' --slo 'timed_out <= 1%')
capacity halved 0 "${rate[@]}" "${slo[@]}"
capacity scanned 0 "${rate[@]}" "${slo[@]}" --scan
expect "largest rate" "$(value scanned .value)" "$(value halved .value)"
expect "it lies within the span" false "$(value scanned .at_end)"
expect "points of a scan" 17 "$(value scanned '.points | length')"
between "values that a search ran with every seed" 2 7 \
    "$(value halved '[.points[] | select(.whole)] | length')"
expect "what each seed can take" "$(value scanned '.seeds | tostring')" \
    "$(value halved '.seeds | tostring')"
echo "largest rate: $(value halved .value), $(value halved '.seeds | tostring')"

# The answer, and the seeds' own, are what the runs of the scan say: the largest
# value that most of the seeds meet, and that each does.
expect "largest rate that two of three meet" "$(value scanned .value)" \
    "$(value scanned '[.points[] | select([.runs[].meets |
        select(.)] | length >= 2).value] | max')"
for seed in 3 4 5; do
    expect "largest rate of seed $seed" "$(value scanned "[.points[] |
        select(any(.runs[]; .seed == $seed and .meets)).value] | max")" \
        "$(value halved ".seeds[] | select(.seed == $seed).value")"
done
expect "interval" "$(value scanned '.seeds | map(.value) | "\(min) \(max)"')" \
    "$(value halved '.interval | "\(.low) \(.high)"')"
expect "its confidence" 75 "$(value halved '.interval.confidence * 100')"
expect "the bottleneck of many clients" processor "$(value halved .bound.by)"

# The scan says what plain runs say.
for seed in 3 5; do
    simulate plain site.yaml --set 'load[1].rate=9500' --seed $seed
    expect "fingerprint at 9500" "$(value plain .fingerprint)" "$(value scanned \
        ".points[] | select(.value == 9500).runs[] |
            select(.seed == $seed).fingerprint")"
done

# How many runs are made at a time decides nothing.
capacity jobs 0 "${rate[@]}" "${slo[@]}" --jobs 3
cmp -s halved.json jobs.json || fail "--jobs 3 finds another answer"

# With steps in proportion the answer is one of these, and the largest.
how=(--any-window --seeds 1)
capacity steps 0 --over 'load[1].rate' --from 9000 --to 14000 \
    --resolution 10% "${slo[@]}"
capacity all 0 --over 'load[1].rate' --from 9000 --to 14000 \
    --resolution 10% "${slo[@]}" --scan
expect "values of a span in steps of 10 %" "9000 9900 10890 11979 13177 14000" \
    "$(value all '[.points[].value | floor | tostring] | join(" ")')"
expect "the largest of them" "$(value all '"\(.value) \(.seeds)"')" \
    "$(value steps '"\(.value) \(.seeds)"')"

# The warm-up that runs find for themselves is found by the first seed, too.
sed 's/warmup: 100ms/warmup_max: 200ms/' site.yaml >auto.yaml
for jobs in 1 3; do
    "$iksim" capacity auto.yaml "${rate[@]}" "${slo[@]}" --any-window --seeds 3 \
        --json --jobs $jobs >auto$jobs.json || fail "auto: exit $?"
done
cmp -s auto1.json auto3.json || fail "--jobs decides with warmup: auto"
expect "one warm-up for all, ms" true "$(value auto1 '.warmup_ns > 0')"
simulate auto auto.yaml --set "load[1].rate=$(value auto1 '.value | floor')" \
    --set "run.warmup=$(value auto1 '.warmup_ns | floor')ns" --seed 4
expect "fingerprint at the answer" "$(value auto .fingerprint)" \
    "$(value auto1 '.value as $v | .points[] | select(.value == $v).runs[] |
        select(.seed == 4).fingerprint')"

# What is warm is the same, and quicker.
how=(--any-window --seeds 3)
capacity warm 0 "${rate[@]}" "${slo[@]}" --scan --warm --jobs 1
expect "runs that started warm" true "$(value warm '[.points[].runs[].warm] | all')"
jq 'del(.points[].runs[].warm)' warm.json >left
jq 'del(.points[].runs[].warm)' scanned.json >right
diff left right >difference || fail "warm: $(head -n 20 difference)"

how=(--any-window --seeds 1)
# What begins with the boot starts cold, and is no less right.
count=(--over 'vms[0].count' --from 1 --to 9 --slo 'answered >= 1')
capacity cold 0 "${count[@]}" --warm
grep -q 'every run starts cold' cold.err || fail "$(cat cold.err)"
expect "met all the way" "true 9" "$(value cold '"\(.at_end) \(.value | floor)"')"

# What the machine refuses is too much.
capacity refused 0 --over 'vms[0].count' --from 2 --to 1000002 \
    --resolution 200000 --slo 'failed <= 0' --set run.duration=1ms \
    --set machine.ram=64MiB --points 2
expect "capacity where the rest is refused" 2 \
    "$(value refused '.value | floor')"
capacity never 1 "${rate[@]}" --slo 'p50 <= 1ns'
expect "no value" "false null" "$(value never '"\(.found) \(.value)"')"
grep -q 'p50' never.json || fail "$(cat never.json)"
capacity real 0 --over 'load[1].zipf' --from 0.0 --to 1.0 --slo 'failed <= 0' \
    --resolution 0.25
expect "a real value" 1 "$(value real '.value | floor')"

# A curve with a turn is said to have one: fewer clients, more throughput.
capacity turn 0 --over 'load[0].clients' --from 1 --to 3 --scan \
    --slo 'answered >= 0.5'
expect "note of a figure that gets better" 1 "$(value turn '.notes | length')"

# A window that is not flat meets nothing: it becomes longer, or the value does
# not pass. Cold servers are slow only at first.
cat >cold.yaml <<END
run:  {seed: 1, warmup_max: 100ms, duration: 400ms}
vms:  [{name: web, image: httpd, count: 40}]
load: [{target: web, rate: 600}]
END
cold=(cold.yaml --over 'load[0].rate' --from 600 --to 602 --slo 'failed <= 0'
    --resolution 1 --seeds 3 --json)
"$iksim" capacity "${cold[@]}" --lengthen 0 >short.json
expect "exit without flat windows" 1 $?
expect "what came of it" "false true 400000000" \
    "$(value short '"\(.found) \(.in_doubt) \(.window_ns)"')"
"$iksim" capacity "${cold[@]}" --lengthen 0 --any-window >any.json ||
    fail "--any-window: exit $?"
expect "windows that count as they are" "602 false" \
    "$(value any '"\(.value | floor) \(.in_doubt)"')"
"$iksim" capacity "${cold[@]}" --lengthen 4 >long.json || fail "long: exit $?"
expect "with later and longer windows" "602 false true true" "$(value long \
    '"\(.value | floor) \(.in_doubt) \(.window_ns > 4e8) \(.warmup_ns > 1e8)"')"
# Of 400, 800... ms, each from where the one before ended.
expect "where the first window began" "$(value short .warmup_ns)" \
    "$(value long '.warmup_ns - (.window_ns - 400000000)')"

# Its curve is a picture, with the objective and the capacity in it.
if command -v gnuplot >/dev/null; then
    capacity drawn 0 --over 'vms[0].count' --from 1 --to 9 --points 3 \
        --slo 'answered >= 1' --plot curve.svg
    for word in 'vms\[0\].count' 'answered >= 1' capacity median; do
        grep -q "$word" curve.svg || fail "the picture has no $word"
    done
    capacity "drawn warm" 0 "${rate[@]}" "${slo[@]}" --points 3 --warm \
        --plot warm.svg
    capacity "drawn cold" 0 "${rate[@]}" "${slo[@]}" --points 3 --plot cold.svg
    cmp -s warm.svg cold.svg || fail "a warm search has another picture"
fi
refuses 'must end in .svg or .png' site.yaml "${rate[@]}" "${slo[@]}" \
    --plot curve.txt

refuses 'no scenario is named' "${rate[@]}" "${slo[@]}"
refuses 'over KEY is missing' site.yaml --from 1 --to 2 "${slo[@]}"
refuses 'slo .* is missing' site.yaml "${rate[@]}"
refuses 'from A is missing' site.yaml --over 'vms[0].count' --to 2 "${slo[@]}"
refuses 'must not be more' site.yaml --over x --from 3 --to 2 "${slo[@]}"
refuses 'a value, not a change' site.yaml "${rate[@]}" --slo 'p99 <= +5ms'
refuses 'only timed_out, failed, unanswered and open' site.yaml "${rate[@]}" --slo 'p99 <= 5%'
refuses 'too small' site.yaml --over x --from 0 --to 1 --resolution 1e-30 \
    "${slo[@]}"
refuses 'must be more than 0' site.yaml --over x --from 1 --to 2 \
    --resolution 0% "${slo[@]}"
refuses 'needs a --from above 0' site.yaml --over x --from 0 --to 2 \
    --resolution 2% "${slo[@]}"
refuses "vms\[0\].cuont" site.yaml --over 'vms[0].cuont' --from 1 --to 2 \
    "${slo[@]}"
refuses 'gone.yaml' gone.yaml "${rate[@]}" "${slo[@]}"

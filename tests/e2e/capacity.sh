#!/bin/bash
# The capacity that halving finds is the one that trying every value finds.
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
    "$iksim" capacity site.yaml --json "$@" >"$name.json" 2>"$name.err"
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

rate=(--over 'load[1].rate' --from 1000 --to 41000 --resolution 2500)
slo=(--slo 'p99 <= 150ms' --slo 'timed_out <= 1%')
capacity halved 0 "${rate[@]}" "${slo[@]}"
capacity scanned 0 "${rate[@]}" "${slo[@]}" --scan
expect "largest rate" "$(value scanned .value)" "$(value halved .value)"
expect "it lies within the span" false "$(value scanned .at_end)"
expect "points of a scan" 17 "$(value scanned '.points | length')"
between "points of a search" 3 7 "$(value halved '.points | length')"
echo "largest rate: $(value halved .value)"

# The scan says what plain runs say.
simulate plain site.yaml --set 'load[1].rate=8500'
expect "fingerprint at 8500" "$(value plain .fingerprint)" \
    "$(value scanned '.points[] | select(.value == 8500).fingerprint')"

# What is warm is the same, and quicker.
capacity warm 0 "${rate[@]}" "${slo[@]}" --scan --warm
expect "points that started warm" true "$(value warm '[.points[].warm] | all')"
jq 'del(.points[].warm)' warm.json >left
jq 'del(.points[].warm)' scanned.json >right
diff left right >difference || fail "warm: $(head -n 20 difference)"

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

refuses 'no scenario is named' "${rate[@]}" "${slo[@]}"
refuses 'over KEY is missing' site.yaml --from 1 --to 2 "${slo[@]}"
refuses 'slo .* is missing' site.yaml "${rate[@]}"
refuses 'from A is missing' site.yaml --over 'vms[0].count' --to 2 "${slo[@]}"
refuses 'must not be more' site.yaml --over x --from 3 --to 2 "${slo[@]}"
refuses 'a value, not a change' site.yaml "${rate[@]}" --slo 'p99 <= +5ms'
refuses 'only timed_out, failed, unanswered and open' site.yaml "${rate[@]}" --slo 'p99 <= 5%'
refuses 'too small' site.yaml --over x --from 0 --to 1 --resolution 1e-30 \
    "${slo[@]}"
refuses "vms\[0\].cuont" site.yaml --over 'vms[0].cuont' --from 1 --to 2 \
    "${slo[@]}"
refuses 'gone.yaml' gone.yaml "${rate[@]}" "${slo[@]}"

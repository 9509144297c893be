#!/bin/bash
# The report has the fields that are promised, no other, in that order.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

simulate report "$first" "${window[@]}" --seed 7
# A leaf a line, in the order of the text.
jq -r --stream 'select(length == 2) | .[0] | join(".")' report.json >fields
diff "$tests/data/report_fields.txt" fields >difference ||
    fail "the fields of the report (promised <, found >):" \
        "$(cat difference)"

expect "the scenario's name" first.yaml "$(value report .scenario)"
expect "the seed" 7 "$(value report .seed)"
for path in .fingerprint '.fingerprints[]'; do
    value report "$path" | grep -Evx '[0-9a-f]{32}' >odd &&
        fail "$path: not 32 hex digits: $(cat odd)"
done
expect "fingerprints alike" 0 "$(value report \
    '[.fingerprint, .fingerprints[]] | length - (unique | length)')"
value report '.load | .latency_ns | .p50 <= .p90 and .p90 <= .p99 and
    .p99 <= .p999 and .p999 <= .max and .mean > 0' | grep -qx true ||
    fail "latencies out of order: $(value report '.load.latency_ns|tostring')"
value report '(.load.throughput_rps * .virtual_ns / 1e9 - .load.completed)
    | fabs <= 1' | grep -qx true ||
    fail "throughput is not answers by time: $(value report '.load|tostring')"
[ "$(value report .host.wall_s)" != 0 ] || fail "no time has passed"

# The table for people gives the same figures.
"$iksim" run "$first" "${window[@]}" --seed 7 >table 2>err ||
    fail "the table: $(cat err)"
grep -q "$(value report .fingerprint)" table ||
    fail "the table has another fingerprint: $(cat table)"
awk 'length > 80' table | grep . >wide && fail "wider than 80: $(cat wide)"
[ ! -s err ] || fail "a run that is well says on stderr: $(cat err)"
grep -q $'\033' table && fail "escape sequences in a file"
exit 0

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
# What was open, and what became due, was answered or is open: nobody gave up.
value report '(.virtual_ns / 1e9) as $s | .load | .open_before - .open +
    (.offered_rps - .answered_rps) * $s | fabs <= 0.01' | grep -qx true ||
    fail "offered and answered do not add up: $(value report '.load|tostring')"
[ "$(value report .host.wall_s)" != 0 ] || fail "no time has passed"

# The table for people gives the same figures.
"$iksim" run "$first" "${window[@]}" --seed 7 >table 2>err ||
    fail "the table: $(cat err)"
grep -q "$(value report .fingerprint)" table ||
    fail "the table has another fingerprint: $(cat table)"
awk 'length > 80' table | grep . >wide && fail "wider than 80: $(cat wide)"
[ ! -s err ] || fail "a run that is well says on stderr: $(cat err)"
grep -q $'\033' table && fail "escape sequences in a file"

# What each VM did adds up to what all did.
"$iksim" run "$first" "${window[@]}" --seed 7 --vms vms.csv --json >again.json \
    2>err || fail "--vms: exit $?: $(cat err)"
expect "the fingerprint with --vms" "$(value report .fingerprint)" \
    "$(value again .fingerprint)"
cat >named.yaml <<'END'
run: {duration: 1ms}
vms: [{name: 'a,"b', image: hello, memory: 1MiB}]
END
"$iksim" run named.yaml --vms named.csv >out 2>err ||
    fail "a name with quotation marks: exit $?: $(cat err)"
expect "a name with quotation marks" '0,"a,""b"' \
    "$(tail -n 1 named.csv | cut -d, -f1-3)"
expect "lines of --vms" 101 "$(wc -l <vms.csv)"
sums=$(awk -F, 'NR > 1 { i += $5; s += $7; c += $8 } END { print i, s, c }' \
    vms.csv)
expect "instructions, sent and completed of all VMs" "$(value report \
    '"\(.guest.instructions) \(.load.sent) \(.load.completed)"')" "$sums"
"$iksim" run "$first" "${window[@]}" --vms /dev/full >out 2>err
expect "exit with a full disk" 2 $?
grep -q "cannot write '/dev/full'" err || fail "--vms /dev/full: $(cat err)"
"$iksim" run "$first" --pcap run.pcap --trace run.ikt --report run.html \
    --vms nowhere/vms.csv >out 2>err
expect "one file of four cannot be made: exit" 2 $?
expect "one file of four cannot be made" \
    "iksim: cannot write 'nowhere/vms.csv': No such file or directory" \
    "$(cat err)"

# Who came to the gate before the window, and waits, is counted in it.
simulate hello "$scenarios/hello.yaml"
expect "the most that wait for hello.yaml" 3 "$(value hello .gate.max_waiting)"
exit 0

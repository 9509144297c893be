#!/bin/bash
# The paper's claims: every row is filled, also after an end by force, and also
# when a run cannot be made; and no claim is judged without its rule.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2

# A microbenchmark without a network: ten runs or so, of tiny windows.
claim=switch-paid
tiny=(--quick --set run.warmup=5ms --set run.duration=10ms)

# The table: as many rules as claims that emerge.
"$iksim" paper --list >list || fail "paper --list: exit $?"
emergent=$(grep -c ' emergent (node' list)
[ "$emergent" -ge 10 ] || fail "only $emergent claims emerge"
expect "rules" "$emergent" "$(grep -c ' holds if ' list)"

# A claim that needs no run.
"$iksim" paper switch-best --db input.db >out 2>err || fail "exit $?: $(cat err)"
grep -q '1.4 us' out || fail "the input is not shown: $(cat out)"

# In full, with each point.
"$iksim" paper "$claim" "${tiny[@]}" --db one.db --jobs 1 >one 2>err ||
    fail "exit $?: $(cat err)"
expect "points shown" 5 "$(grep -c '^  8 VMs ' one)"
[ ! -s err ] || fail "all is well, and yet: $(cat err)"

# Killed after some runs, and gone on with: the same.
"$iksim" paper "$claim" "${tiny[@]}" --db two.db --jobs 1 >two 2>err &
paper=$!
for _ in $(seq 1 2000); do
    done=$(sqlite3 two.db "SELECT count(*) FROM runs WHERE state = 'done'" \
        2>/dev/null)
    [ "${done:-0}" -ge 1 ] && break
    sleep 0.01
done
kill -KILL "$paper" 2>/dev/null
wait "$paper" 2>/dev/null
left=$(sqlite3 two.db "SELECT count(*) FROM runs WHERE state = 'waiting'")
[ "${done:-0}" -ge 1 ] || fail "nothing was stored before it was killed"
"$iksim" paper "$claim" "${tiny[@]}" --db two.db --jobs 2 >two 2>err ||
    fail "exit $? after a kill with $left runs left: $(cat err)"
cmp -s one two || fail "after a kill: $(diff one two)"

# Again: nothing is run, and it is the same.
before=$(sqlite3 two.db .dump | sha256sum)
"$iksim" paper "$claim" "${tiny[@]}" --db two.db >three 2>err ||
    fail "exit $? when all was done: $(cat err)"
cmp -s one three || fail "the second time: $(diff one three)"
expect "the database, when all was done" "$before" \
    "$(sqlite3 two.db .dump | sha256sum)"

# As JSON, the same points.
"$iksim" paper "$claim" "${tiny[@]}" --db two.db --json >rows.json ||
    fail "--json: exit $?"
expect "points in JSON" "[\"$claim\",5]" \
    "$(jq -c '.[0] | [.name, (.points | length)]' rows.json)"

# Three seeds: medians, with intervals; of the runs, a third were there. Nothing is
# drawn at random in them, which is said.
"$iksim" paper "$claim" "${tiny[@]}" --seeds 3 --db two.db >seeds 2>err ||
    fail "--seeds: exit $?: $(cat err)"
expect "runs of three seeds" 15 "$(sqlite3 two.db 'SELECT count(*) FROM runs')"
expect "seeds" "1 2 3" "$(sqlite3 two.db \
    "SELECT group_concat(seed, ' ') FROM (SELECT DISTINCT seed FROM runs)")"
grep -q 'medians of 3 seeds, .* 75 %' seeds || fail "no coverage: $(cat seeds)"
grep -q 'runs: .* 3 seeds that are alike' seeds || fail "not alike: $(cat seeds)"
expect "intervals" 5 "$(grep -c '^  8 VMs .*\[.*\]$' seeds)"
sqlite3 two.db "DELETE FROM settings WHERE run > 5; DELETE FROM hosts
    WHERE run > 5; DELETE FROM runs WHERE id > 5"

# A warm-up that is not named: that of the pilot that needs most, for all.
"$iksim" paper "$claim" --quick --set run.duration=10ms \
    --set run.warmup_max=20ms --db auto.db >auto 2>err ||
    fail "exit $? with pilots: $(cat err)"
expect "pilots, and the warm-up of all runs" "5|5" "$(sqlite3 auto.db \
    "SELECT (SELECT count(*) FROM pilots), count(*) FROM settings WHERE
        key = 'run.warmup' AND
        text = (SELECT max(warmup_ms) FROM pilots) || 'ms'")"

# Pictures, where there is gnuplot.
if command -v gnuplot >/dev/null; then
    "$iksim" paper "$claim" "${tiny[@]}" --db two.db --figures pictures \
        >/dev/null 2>err || fail "--figures: exit $?: $(cat err)"
    grep -q '</svg>' "pictures/$claim.svg" || fail "no SVG"
    head -c 4 "pictures/$claim.png" | grep -q PNG || fail "no PNG"
fi

# Runs that cannot be made are shown in their rows, and do not stop others: a
# machine too small for any VM, and a key that there is not.
"$iksim" paper all "${tiny[@]}" --set machine.ram=64KiB --db small.db \
    --figures small.d >small 2>err
expect "exit when no run can be made" 1 $?
expect "pictures of nothing" "" "$(ls small.d)"
grep '^switch-memory ' small | grep -q 'no result: .* no result$' ||
    fail "the row does not say that it has no result: $(cat small)"
grep '^switch-best ' small | grep -q 'ours: 1.4 us' ||
    fail "other rows are not shown: $(cat small)"
expect "rows" "$(grep -c '(node' list)" "$(wc -l <small)"

# A run that broke: its row has no result and says why; others do not mind.
# Tried again, all is as it was.
sqlite3 two.db "UPDATE runs SET state = 'failed', exit_code = 1, report = NULL,
    message = 'RAM is exhausted' WHERE id = 2"
"$iksim" paper "$claim" "${tiny[@]}" --db two.db >broken 2>err
expect "exit when a run broke" 1 $?
grep -q 'ours:   no result: RAM is exhausted' broken ||
    fail "the row does not say what broke: $(cat broken)"
if command -v gnuplot >/dev/null; then
    "$iksim" paper "$claim" "${tiny[@]}" --db two.db --figures broken.d \
        >/dev/null 2>&1
    grep -q "$claim: incomplete: 4 of 5 runs" "broken.d/$claim.svg" ||
        fail "the picture does not say what is missing"
    grep -q 'no result yet' "broken.d/$claim.svg" ||
        fail "the picture does not mark what is missing"
fi
expect "points that are left" 4 "$(grep -c '^  8 VMs .*[0-9]$' broken)"
"$iksim" paper "$claim" "${tiny[@]}" --db two.db --retry >again 2>err ||
    fail "--retry: exit $?: $(cat err)"
cmp -s one again || fail "after --retry: $(diff one again)"

# A run to its end whose servers cut requests off is a result, and is marked.
sqlite3 two.db "UPDATE runs SET state = 'failed', exit_code = 1,
    message = '3 requests failed',
    report = json_set(report, '\$.load.failed', 3) WHERE id = 2"
"$iksim" paper "$claim" "${tiny[@]}" --db two.db >reset 2>err ||
    fail "exit $? when requests were cut off: $(cat err)"
grep -q 'ours: .* (3 requests cut off)$' reset || fail "unmarked: $(cat reset)"

# So is one whose servers never had the processor: that is what was asked.
"$iksim" paper fairness --db fifo.db --quick --set run.warmup=0s \
    --set run.duration=20ms --set run.drain=10ms >fifo 2>err ||
    fail "exit $? when nobody was answered: $(cat err)"
grep -q 'none of the requests' err || fail "all servers were answered"
! grep -q 'no result' fifo || fail "no result: $(cat fifo)"

# Calls that are wrong.
for words in 'no-such-claim' 'switch-best pio' '--jobs 0' '--set x' '--what' '--seeds 21'; do
    # shellcheck disable=SC2086  # words
    "$iksim" paper $words --db wrong.db >out 2>err
    expect "exit of paper $words" 2 $?
    expect "lines on stderr of paper $words" 1 "$(wc -l <err)"
    [ ! -s out ] || fail "paper $words prints: $(cat out)"
done
exit 0

#!/bin/bash
# A sweep can be killed at any moment and goes on where it stopped; what it
# leaves is the same, whatever happened on the way.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2
cp "$first" base.yaml
cat >plan.yaml <<'END'
base: base.yaml
grid:
  - key: load[0].rate
    values: [100, 200, 400, 800]
  - {key: kernel.quantum, values: [1ms, 10ms]}
sets:
  - {set: ["vms[0].count=5", run.warmup=20ms, run.duration=50ms]}
seeds: [1, 3..5, 7]
END
plan=$work/plan.yaml

# contents DB: what two sweeps of one plan have in common.
contents() {
    sqlite3 "$1" '.dump runs' || fail "$1 cannot be dumped"
}

# same_contents DB WHY
same_contents() {
    contents one.db >left
    contents "$1" >right
    cmp -s left right || fail "$2: $(diff left right | head -n 5)"
}

# finished DB: how many runs have a result.
finished() {
    sqlite3 "$1" "SELECT count(*) FROM runs WHERE state <> 'waiting'" \
        2>/dev/null || echo 0
}

# Undisturbed, one at a time and two at a time.
"$iksim" sweep "$plan" --db one.db --jobs 1 >out 2>err ||
    fail "a sweep: exit $?: $(cat out err)"
grep -qx 'one.db: 40 runs: 40 done, 0 failed, 0 to do; 40 ran now' out ||
    fail "a sweep says: $(cat out)"
[ ! -s err ] || fail "a sweep says on stderr: $(cat err)"
expect "runs done" 40 \
    "$(sqlite3 one.db "SELECT count(*) FROM runs WHERE state = 'done'")"
expect "different runs" 40 \
    "$(sqlite3 one.db 'SELECT count(DISTINCT fingerprint) FROM runs')"
expect "host figures" 40 \
    "$(sqlite3 one.db "SELECT count(json_extract(figures, '\$.wall_s'))
        FROM hosts")"
expect "what is beside it" one.db "$(echo one.db*)"
"$iksim" sweep "$plan" --db two.db --jobs 2 >out 2>&1 ||
    fail "--jobs 2: exit $?: $(cat out)"
same_contents two.db "one and two jobs"

# A second time there is nothing to do.
"$iksim" sweep "$plan" --db two.db >out 2>&1 || fail "again: $(cat out)"
grep -q '0 to do; 0 ran now' out || fail "again: $(cat out)"
same_contents two.db "nothing to do"

# Killed five times, wherever it happens to be: a few runs further each time, so
# that even a quick machine has not done all of them by then.
before=0
for round in 1 2 3 4 5; do
    "$iksim" sweep "$plan" --db killed.db --jobs 2 >out 2>&1 &
    sweep=$!
    goal=$((before + RANDOM % 4))
    deadline=$((SECONDS + 1800))
    while [ "$(finished killed.db)" -lt "$goal" ] &&
        [ "$SECONDS" -lt "$deadline" ]; do
        sleep 0.02
    done
    sleep "0.0$((RANDOM % 6))"
    killed "$sweep" "$work/base.yaml" "round $round"
    now=$(finished killed.db)
    [ "$now" -ge "$before" ] || fail "round $round: $before done, then $now"
    [ "$now" -ge "$goal" ] || fail "round $round: $now of $goal in time"
    before=$now
done
[ "$before" -lt 40 ] || fail "it was over before it was killed"
"$iksim" sweep "$plan" --db killed.db --jobs 2 >out 2>&1 ||
    fail "after five kills: exit $?: $(cat out)"
grep -q "0 to do; $((40 - before)) ran now" out ||
    fail "after five kills, with $before done: $(cat out)"
same_contents killed.db "killed five times"

# Interrupted, it says so, and loses nothing either.
"$iksim" sweep "$plan" --db stopped.db --jobs 2 >out 2>err &
sweep=$!
while [ "$(finished stopped.db)" -lt 3 ]; do sleep 0.02; done
kill -TERM "$sweep"
wait "$sweep"
expect "exit when interrupted" 130 $?
grep -q 'goes on from here' err || fail "interrupted: $(cat err)"
"$iksim" sweep "$plan" --db stopped.db --jobs 2 >out 2>&1 ||
    fail "after an interruption: $(cat out)"
same_contents stopped.db "interrupted"

# Two at once: the second is refused, the first is not disturbed.
"$iksim" sweep "$plan" --db both.db --jobs 1 >out 2>&1 &
sweep=$!
while [ "$(finished both.db)" -lt 1 ]; do sleep 0.02; done
"$iksim" sweep "$plan" --db both.db >/dev/null 2>err
expect "exit of a second sweep" 2 $?
grep -q "'both.db' is being written by another iksim" err ||
    fail "a second sweep: $(cat err)"
wait "$sweep" || fail "the first of two sweeps: $(cat out)"
same_contents both.db "two at once"

# The command lines, run by a shell, are the same runs.
"$iksim" sweep --list "$plan" >lines || fail "--list: exit $?"
expect "command lines" 40 "$(wc -l <lines)"
sed -n '1p;14p;40p' lines | sh | jq -r .fingerprint >left
sqlite3 one.db 'SELECT fingerprint FROM runs WHERE id IN (1, 14, 40)' >right
cmp -s left right || fail "--list: $(diff left right)"

# Run directories made elsewhere, in any order.
mkdir dirs
"$iksim" sweep --list --out "dirs/it's here" "$plan" >lines
mkdir "dirs/it's here"
sort -R lines | sh >/dev/null || fail "the lines of --list --out"
"$iksim" sweep "$plan" --collect collected.db dirs/*/* >out 2>&1 ||
    fail "--collect: exit $?: $(cat out)"
grep -qx 'collected.db: 40 taken in, 0 known before, 0 refused' out ||
    fail "--collect: $(cat out)"
same_contents collected.db "collected"
"$iksim" sweep --collect collected.db dirs/*/0000[12] >out 2>&1
grep -q '0 taken in, 2 known before, 0 refused' out || fail "twice: $(cat out)"
"$iksim" sweep "$plan" --db collected.db >out 2>&1
grep -q '0 to do; 0 ran now' out || fail "after --collect: $(cat out)"
"$iksim" sweep --collect loose.db dirs/*/0000[12] >out 2>&1 ||
    fail "--collect without a plan: $(cat out)"
expect "collected without a plan" 2 "$(finished loose.db)"

# Whatever becomes of a run, and however its guests are named: what is taken in
# is what a sweep stores. Two names of one image are two guests.
cp "${iksim%/*}/guests/httpd.elf" copy.elf
cat >named.yaml <<'END'
run:  {warmup: 20ms, duration: 50ms}
vms:
  - {name: web, image: httpd, count: 3}
  - {name: other, image: ./copy.elf, count: 2}
  - {name: third, image: httpd}
load: [{target: web, rate: 100}]
END
cat >odd.yaml <<'END'
base: named.yaml
grid: [{key: "load[0].path", values: [/, /nowhere]}]
sets:
  - {name: fine}
  - {name: stuck, set: [kernel.min_free=1000MiB]}
  - {name: late, set: ["load[0].timeout=1us"]}
END
"$iksim" sweep odd.yaml >out 2>&1
expect "exit of a plan of odd runs" 1 $?
expect "its messages" '|failed|stuck|stuck|unanswered|unanswered' "$(sqlite3 odd.db \
    "SELECT message FROM runs ORDER BY id" |
    sed -e 's/.*asks for more.*/stuck/' -e 's/^none of the.*/unanswered/' \
        -e 's/^[1-9][0-9]* requests //' |
    paste -sd '|')"
"$iksim" sweep --list --out odd odd.yaml >lines
mkdir odd
sh lines >/dev/null 2>&1
"$iksim" sweep odd.yaml --collect taken.db odd/* >out 2>&1 ||
    fail "--collect of odd runs: $(cat out)"
contents odd.db >left
contents taken.db >right
cmp -s left right || fail "odd runs, collected: $(diff left right)"

# CSV: as another program reads it.
"$iksim" sweep "$plan" --db one.db --csv >table.csv 2>err ||
    fail "--csv: exit $?: $(cat err)"
expect "lines of CSV, with their ends" 41 "$(grep -c $'\r$' table.csv)"
sqlite3 :memory: '.mode csv' '.import table.csv t' \
    'SELECT seed, "kernel.quantum", "load[0].rate", fingerprint,
        "load.latency_ns.p99" FROM t' >left
sqlite3 -csv one.db "SELECT seed, json_extract(scenario, '\$.kernel.quantum'),
        json_extract(scenario, '\$.load[0].rate'), fingerprint,
        json_extract(report, '\$.load.latency_ns.p99') FROM runs" >right
cmp -s left right || fail "--csv: $(diff left right | head -n 5)"

# The database by itself: settings and figures are numbers, in one unit.
expect "the order of rates" '100.0 200.0 400.0 800.0' "$(sqlite3 one.db "SELECT DISTINCT
    value FROM settings WHERE key = 'load[0].rate' ORDER BY value" | xargs)"
expect "quanta" '1000000|ns|1ms|integer 10000000|ns|10ms|integer' "$(sqlite3 \
    one.db "SELECT DISTINCT value, unit, text, typeof(value) FROM settings WHERE
    key = 'kernel.quantum' ORDER BY value" | xargs)"
expect "a word" 'fifo||text' "$(sqlite3 one.db "SELECT DISTINCT value, unit,
    typeof(value) FROM settings WHERE key = 'kernel.gatekeeper'")"
expect "keys of a run" "$(sqlite3 one.db "SELECT count(*) FROM runs, json_tree(
    scenario) AS t WHERE runs.id = 1 AND t.atom IS NOT NULL")" \
    "$(sqlite3 one.db 'SELECT count(*) FROM settings WHERE run = 1')"
sqlite3 one.db 'SELECT run, load_latency_ns_p99, load_answered_rps,
    virtual_ns FROM figures ORDER BY run' >left
sqlite3 one.db "SELECT id, json_extract(report, '\$.load.latency_ns.p99'),
    json_extract(report, '\$.load.answered_rps'),
    json_extract(report, '\$.virtual_ns') FROM runs ORDER BY id" >right
cmp -s left right || fail "view figures: $(diff left right | head -n 5)"
expect "types of figures" 'integer|real|real' "$(sqlite3 one.db "SELECT
    typeof(load_latency_ns_p99), typeof(load_answered_rps),
    typeof(host_wall_s) FROM figures WHERE run = 1")"

# Another version may know other figures: the view follows when it is written.
cp one.db before.db
sqlite3 before.db 'DROP VIEW figures; CREATE VIEW figures AS SELECT 1 AS run'
"$iksim" sweep "$plan" --db before.db >out 2>&1 || fail "a view: $(cat out)"
sqlite3 before.db 'SELECT run, load_latency_ns_p99, load_answered_rps,
    virtual_ns FROM figures ORDER BY run' >right
cmp -s left right || fail "the view is not made anew"

# A plan that grows runs what is new only; one that is written in another way
# is the same.
sed 's/3\.\.5, 7/3..5, 7, 8/' plan.yaml >more.yaml
"$iksim" sweep more.yaml --db two.db >out 2>&1 || fail "more: $(cat out)"
grep -q '48 runs: 48 done, 0 failed, 0 to do; 8 ran now' out ||
    fail "more: $(cat out)"
sed 's/10ms/10000us/; s/3\.\.5/5, 4, 3/' plan.yaml >other.yaml
"$iksim" sweep other.yaml --db one.db >out 2>&1 || fail "other: $(cat out)"
grep -q '40 done, 0 failed, 0 to do; 0 ran now' out || fail "other: $(cat out)"

# A run that fails is recorded, the others go on, and the exit code is 1: the
# second asks for what is not there.
cat >some.yaml <<END
base: base.yaml
grid: [{key: "load[0].path", values: [/, /nowhere, "/?,\\"it's\\""]}]
sets: [{set: ["vms[0].count=5", run.warmup=20ms, run.duration=50ms]}]
END
"$iksim" sweep some.yaml --csv >out 2>err
expect "exit when a run fails" 1 $?
grep -q 'some.db: 3 runs: 2 done, 1 failed, 0 to do; 3 ran now' err ||
    fail "a run that fails: $(cat err)"
grep -q '^iksim: run 2 (.*path=/nowhere, seed 1): .* requests failed$' err ||
    fail "a run that fails: $(cat err)"
expect "what is stored of it" '2|1|1' "$(sqlite3 some.db "SELECT id, exit_code,
    message LIKE '% requests failed' FROM runs WHERE id = 2")"
expect "lines of CSV" 4 "$(wc -l <out)"
sqlite3 :memory: '.mode csv' '.import out t' \
    'SELECT "load[0].path" FROM t' >left
sqlite3 -csv some.db "SELECT json_extract(scenario, '\$.load[0].path')
    FROM runs" >right
cmp -s left right || fail "CSV of odd text: $(diff left right)"
"$iksim" sweep some.yaml >out 2>&1
expect "exit with a failed run from before" 1 $?
grep -q '1 failed, 0 to do; 0 ran now' out || fail "tried again: $(cat out)"
"$iksim" sweep some.yaml --retry >out 2>&1
expect "exit with a failed run, again" 1 $?
grep -q '1 failed, 0 to do; 1 ran now' out || fail "--retry: $(cat out)"
sqlite3 some.db 'UPDATE runs SET exit_code = 137 WHERE id = 2'
"$iksim" sweep some.yaml >out 2>&1
grep -q '1 failed, 0 to do; 1 ran now' out || fail "killed: $(cat out)"

# Pictures: of both kinds, of numbers and of words; and what cannot be drawn.
# refuses PATTERN ARGUMENT...: plot ends with 2 and one line.
refuses() {
    local pattern=$1 code
    shift
    "$iksim" plot "$@" >out 2>err
    code=$?
    expect "plot $*: exit" 2 "$code"
    [ "$(wc -l <err)" = 1 ] || fail "plot $*: not one line: $(cat err)"
    grep -Eq -- "$pattern" err || fail "plot $*: no '$pattern': $(cat err)"
}
p99=(--y load.latency_ns.p99)
rate=(--x "load[0].rate")
by=(--by kernel.quantum)
refuses "perhaps load.answered_rps" one.db "${rate[@]}" "${by[@]}" \
    --y load.answered_rsp
refuses "there is no figure 'kernel.quantum'" one.db "${rate[@]}" "${by[@]}" \
    --y kernel.quantum
refuses "no groups\\[7\\].sent; .* with fewer groups" one.db "${rate[@]}" \
    "${by[@]}" --y 'groups[7].sent'
cp one.db lacking.db
sqlite3 lacking.db "UPDATE runs SET report = json_remove(report, '\$.load.open')
    WHERE id = 3"
refuses "report of run 3 has no load.open" lacking.db "${rate[@]}" "${by[@]}" \
    --y load.open
refuses "perhaps kernel.quantum" one.db --x kernel.quantm "${p99[@]}"
refuses "kernel.quantum varies too" one.db "${rate[@]}" "${p99[@]}"
refuses "no finished run that --where selects" one.db "${rate[@]}" "${p99[@]}" \
    --where kernel.quantum=7ms
refuses "is a word" some.db --x "load[0].path" "${p99[@]}" --log x
refuses "no logarithm of 0" one.db "${rate[@]}" "${by[@]}" --log y \
    --y load.failed
refuses "nowhere.db' cannot be opened" nowhere.db "${rate[@]}" "${p99[@]}"
refuses "end in .svg or .png" one.db "${rate[@]}" "${p99[@]}" --out x.pdf
refuses "y FIGURE is missing" one.db "${rate[@]}"
iksim_here=$iksim
iksim=without_gnuplot
without_gnuplot() {
    PATH=$work "$iksim_here" "$@"
}
refuses "gnuplot is not here" one.db "${rate[@]}" "${p99[@]}" "${by[@]}"
iksim=$iksim_here
if command -v gnuplot >/dev/null; then
    "$iksim" plot one.db "${rate[@]}" "${p99[@]}" "${by[@]}" >a.svg 2>err ||
        fail "plot: $(cat err)"
    for text in 'kernel.quantum' '>10ms<' 'latency p99 (ms)' 'mean of 5 seeds' \
        'load\[0\].rate (requests a second)'; do
        grep -q "$text" a.svg || fail "no '$text' in the picture"
    done
    "$iksim" plot one.db "${rate[@]}" --y p99 "${by[@]}" >short.svg 2>err ||
        fail "plot --y p99: $(cat err)"
    cmp -s a.svg short.svg || fail "--y p99 is not load.latency_ns.p99"
    "$iksim" plot one.db --x answered --y p99 "${by[@]}" >x.svg 2>err ||
        fail "plot of a figure by another: $(cat err)"
    grep -q 'load answered (a second)' x.svg || fail "no figure along x"
    "$iksim" plot one.db "${rate[@]}" "${p99[@]}" --where kernel.quantum=1000us \
        --log xy --out b.svg >out 2>&1 || fail "plot --where: $(cat out)"
    ! grep -q '>10ms<' b.svg || fail "a line that --where left out"
    "$iksim" plot some.db --x "load[0].path" "${p99[@]}" --out c.png \
        >out 2>&1 || fail "plot of words: $(cat out)"
    expect "the head of a PNG" PNG "$(head -c 4 c.png | tail -c 3)"
    refuses "no/such.svg" one.db "${rate[@]}" "${p99[@]}" "${by[@]}" \
        --out no/such.svg
    ln -s /dev/full full.svg
    [ ! -w /dev/full ] ||
        refuses "cannot write 'full.svg': No space" one.db "${rate[@]}" \
            "${p99[@]}" "${by[@]}" --out full.svg
fi

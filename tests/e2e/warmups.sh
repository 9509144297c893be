#!/bin/bash
# Runs that are compared have one warm-up: the longest that their pilots need.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2
cp "$first" base.yaml

# longest COUNT...: of what runs with so many VMs need by themselves, in
# milliseconds.
longest() {
    local count most=0 ms
    for count; do
        simulate alone base.yaml --set "vms[0].count=$count" \
            --set run.duration=100ms
        ms=$(value alone '.warmup_ns / 1e6 | ceil')
        [ "$ms" -le "$most" ] || most=$ms
    done
    echo "$most"
}
# sweeps DATABASE ARGUMENT...: the plan, which must end well.
sweeps() {
    local db=$1
    shift
    "$iksim" sweep plan.yaml --db "$db" "$@" >out 2>err ||
        fail "sweep $*: exit $?: $(cat out err)"
}
dump() {
    sqlite3 "$1" '.dump runs'
}
# warmups DATABASE: of its runs, in milliseconds, each once.
warmups() {
    sqlite3 "$1" "SELECT DISTINCT json_extract(report, '\$.warmup_ns') / 1e6
        FROM runs ORDER BY 1" | sed 's/\.0$//' | xargs
}

cat >plan.yaml <<'END'
base: base.yaml
grid: [{key: "vms[0].count", values: [4, 30]}]
sets: [{set: [run.duration=100ms]}]
seeds: [1, 2]
END
ms=$(longest 4 30)
sweeps one.db --jobs 2
expect "warm-ups of a sweep, ms" "$ms" "$(warmups one.db)"
expect "as the plan's setting" "${ms}ms" "$(sqlite3 one.db \
    "SELECT DISTINCT json_extract(sets, '\$.\"run.warmup\"') FROM runs")"
expect "pilots" 2 "$(sqlite3 one.db 'SELECT count(*) FROM pilots')"
sqlite3 -separator ' ' one.db 'SELECT seed, fingerprint FROM runs WHERE
    sets LIKE '\''%"vms[0].count":"30"%'\'' ORDER BY seed' >stored
for seed in 1 2; do
    simulate plain base.yaml --seed $seed --set run.duration=100ms \
        --set 'vms[0].count=30' --set "run.warmup=${ms}ms"
    echo "$seed $(value plain .fingerprint)"
done >again
diff again stored >difference || fail "the runs: $(cat difference)"

# However it was made, the database is the same; what is there is not piloted
# again, and what pilots said before holds.
dump one.db >wanted
sweeps one.db
grep -q ' 0 ran now' out || fail "runs were made again: $(cat out)"
sweeps serial.db --jobs 1
sweeps warm.db --warm
"$iksim" sweep plan.yaml --list --out runs >lines || fail "--list: exit $?"
mkdir runs
while read -r line; do
    eval "$line" >/dev/null || fail "$line: exit $?"
done <lines
"$iksim" sweep plan.yaml --collect collected.db runs/* >out 2>err ||
    fail "--collect: exit $?: $(cat err)"
for db in one serial warm collected; do
    diff wanted <(dump $db.db) >difference ||
        fail "$db.db is another one: $(head -n 5 difference)"
done
sqlite3 serial.db "UPDATE pilots SET warmup_ms = 5000 WHERE key =
    (SELECT key FROM pilots LIMIT 1)"
sweeps serial.db
expect "warm-ups by a pilot that is kept" 5000 "$(sqlite3 serial.db "SELECT
    DISTINCT json_extract(report, '\$.warmup_ns') / 1000000 FROM runs
    WHERE sets LIKE '%\"run.warmup\":\"5000ms\"%'")"

# Who names a warm-up gets that.
sed -i 's/run.duration=100ms/run.warmup=40ms, &/' plan.yaml
sweeps named.db
expect "the warm-ups of a plan that names one" 40 "$(warmups named.db)"
expect "its pilots" 0 "$(sqlite3 named.db 'SELECT count(*) FROM pilots')"

# A search for capacity: of the values tried.
"$iksim" capacity base.yaml --over 'vms[0].count' --from 4 --to 12 \
    --resolution 4 --points 2 --slo 'answered >= 1' --set run.duration=100ms \
    --any-window --seeds 2 --json >found.json 2>err ||
    fail "capacity: exit $?: $(cat err)"
expect "values tried" 2 "$(value found '.points | length')"
ms=$(longest 4 12)
expect "warm-up of a search, ms" "$ms" "$(value found '.warmup_ns / 1e6')"
simulate twelve base.yaml --set 'vms[0].count=12' --set run.duration=100ms \
    --set "run.warmup=${ms}ms"
expect "the run at 12" "$(value twelve .fingerprint)" \
    "$(value found '.points[] | select(.value == 12).runs[0].fingerprint')"
"$iksim" capacity base.yaml --over 'vms[0].count' --from 4 --to 12 \
    --resolution 4 --points 2 --slo 'answered >= 1' --set run.duration=100ms \
    --set run.warmup=40ms --any-window --seeds 2 --json >named.json 2>err ||
    fail "capacity: exit $?: $(cat err)"
expect "warm-up of a search that names one" null "$(value named .warmup_ns)"

# A comparison of runs that found theirs by themselves says so.
for seed in 1 2; do
    for side in a b; do
        mkdir -p $side
        simulate last base.yaml --seed $seed --set run.duration=100ms \
            --set "vms[0].count=$([ $side = a ] && echo 4 || echo 30)" \
            --out $side/$seed
    done
done
"$iksim" compare a b >out 2>err || fail "compare: exit $?: $(cat err)"
"$iksim" compare a b --json >compared.json
expect "the longest warm-up" \
    "$(jq -s '[.[].warmup_ns] | max' {a,b}/*/report.json)" \
    "$(value compared '.comparisons[0].warmup_ns.most | floor')"
differ=$(value compared '.comparisons[0].warmup_ns | .least < .most')
expect "lines that say that warm-ups differ" "$([ "$differ" = true ] &&
    echo 1 || echo 0)" "$(grep -c '^Warm-ups differ, ' out)"
exit 0

#!/bin/bash
# `iksim isolate`: the victims alone and beside attackers, from the same seeds,
# are the runs that `iksim run` makes of the same scenario.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2

# Each attacker has a page, which begins with what --list says of it, and each
# page is of an attacker.
"$iksim" isolate --list >list || fail "isolate --list: exit $?"
[ "$(wc -l <list)" -gt 20 ] || fail "isolate --list lists too few: $(cat list)"
sed 's/^\([^ ]*\) */\1: /; s/^/# /' list | sort >said
for page in "$tree"/workloads/attackers/*.md; do
    [ "${page##*/}" = README.md ] || head -n 1 "$page"
done | sort >written
diff said written >difference ||
    fail "pages of attackers (--list <, pages >): $(cat difference)"
awk 'length > 80' list | grep . && fail "isolate --list is wider than 80 columns"

# What is shown is what runs by hand show; the preset goes before the scenario's
# own keys.
cat >web.yaml <<END
run:    {seed: 7, duration: 100ms, drain: 200ms}
kernel: {scheduler: stride}
load:   [{kind: http, target: web, rate: 500, timeout: 5s}]
vms:    [{name: web, image: httpd, count: 2, memory: 4MiB, reserve: 4MiB}]
END
"$iksim" isolate web.yaml --attacker idle-storm --attacker hello \
    --count 2 --seeds 2 --warmup 100ms --json --db runs.db >isolate.json \
    2>errors || fail "isolate: exit $?: $(cat errors)"
beside=(--set 'vms[1].name=bad' --set 'vms[1].image=attackers/attacks'
    --set 'vms[1].args=idle-storm-1us' --set 'vms[1].count=2'
    --set 'vms[1].memory=1MiB' --set 'vms[1].expect=any'
    --set 'vms[1].verify=lazy')
for preset in denali isolated; do
    for seed in 7 8; do
        simulate "$preset-alone-$seed" web.yaml --seed $seed --set kernel.scheduler= \
            --set run.warmup=100ms --set "kernel.preset=$preset"
        simulate "$preset-beside-$seed" web.yaml --seed $seed \
            --set kernel.scheduler= --set run.warmup=100ms \
            --set "kernel.preset=$preset" "${beside[@]}"
    done
    for where in alone beside; do
        expected=$(jq -s 'map(.load.latency_ns.p99) | add / 2' \
            "$preset-$where-7.json" "$preset-$where-8.json")
        got=$(jq ".runs[] | select(.preset == \"$preset\" and
            .attacker == \"idle-storm\") | .p99.$where + 0" isolate.json)
        expect "p99 of $preset, $where" "$expected" "$got"
    done
    expect "answers of $preset" \
        "$(jq -s 'map(.groups[0].completed) | add' "$preset"-beside-?.json)" \
        "$(jq ".runs[] | select(.preset == \"$preset\" and
            .attacker == \"idle-storm\") | .completed" isolate.json)"
done
expect "attacks" '["idle-storm","hello"]' \
    "$(jq -c '[.runs[].attacker] | unique | map(strings) | sort_by(-length)' isolate.json)"

# A database's runs are not made again; the text has a line for each attack.
"$iksim" isolate web.yaml --attacker idle-storm --count 2 --seeds 2 \
    --warmup 100ms --db runs.db --fail-if 'p99 > +1000s' >text 2>errors ||
    fail "isolate from a database: exit $?: $(cat errors)"
expect "runs in the database" 12 \
    "$(jq '[.runs[] | 2] | add' isolate.json)"
expect "lines of attacks" 2 "$(grep -c '^idle-storm ' text)"
"$iksim" isolate web.yaml --attacker idle-storm --count 2 --seeds 2 \
    --warmup 100ms --db runs.db --presets denali --fail-if 'sched.switches > +20%' \
    >text 2>errors
expect "exit code when a condition holds" 1 $?
grep -q "'sched.switches > +20%' holds: .*attacker=idle-storm, vms=2, preset=denali" errors ||
    fail "what holds is not said: $(cat errors)"

# Static partitions: the victims' runs are those they have alone, to the bit; each
# is made. What a database has of one is altered, and that is noticed.
partitions=(web.yaml --set machine.ram=128MiB --attacker full-frames
    --attacker memory --count 1 --seeds 2 --warmup 100ms
    --db apart.db)
both=denali,partitioned
"$iksim" isolate "${partitions[@]}" --presets $both --attacker hello --json \
    >apart.json 2>errors ||
    fail "isolate of partitions: exit $?: $(cat errors)"
expect "attackers beside which partitions are equal" 3 \
    "$(jq '[.runs[] | select(.equal == true and .completed > 0)] | length' apart.json)"
expect "shares of the processor under partitioned" 0 \
    "$(jq '[.runs[] | select(.preset == "partitioned" and .taken)] | length' apart.json)"
[ "$(jq '.runs[] | select(.preset == "denali" and .attacker == "full-frames") |
    .taken > 0.5' apart.json)" = true ] || fail "what attackers take: $(cat apart.json)"
expect "runs of partitions" 16 \
    "$(sqlite3 apart.db "SELECT count(*) FROM runs")"
sqlite3 apart.db "UPDATE runs SET report = json_set(report, '$.fingerprint', 'x',
    '$.fingerprints.net', 'x') WHERE id = (SELECT max(id) FROM runs)"
"$iksim" isolate "${partitions[@]}" --presets $both --attacker hello >text 2>errors
expect "exit code of partitions that differ" 1 $?
expect "lines of equal partitions" 2 "$(grep -c 'equal to the victims alone' text)"
grep -q '^  differs from alone in net$' text || fail "what differs: $(cat text)"

# A disk that two groups share passes bits; two disks do not.
"$iksim" isolate web.yaml --channels --through disk --seeds 1 --warmup 100ms \
    --presets denali,partitioned --json >channels.json 2>errors ||
    fail "isolate --channels: exit $?: $(cat errors)"
expect "channels" '[["denali","disk","open",5],["partitioned","disk","closed",0]]' \
    "$(jq -c '[.channels[] | [.preset, .through, .outcome, (.bits_per_s | round)]]' \
        channels.json)"

# refuses WORDS ARGUMENT...: exit 2, with a sentence that has these words.
refuses() {
    local words=$1
    shift
    "$iksim" isolate "$@" >out 2>errors
    expect "exit code of isolate $*" 2 $?
    grep -q -- "$words" errors || fail "isolate $*: $(cat errors)"
}
refuses 'did you mean idle-storm' web.yaml --attacker idle-strom
refuses 'isoleted' web.yaml --attacker scribble --presets isoleted
refuses 'of processor, memory' web.yaml --channels --through dusk
refuses 'whole numbers' web.yaml --count 1,x
refuses 'no scenario is named'
exit 0

#!/bin/bash
# A warm-up that is as long as it takes.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# p99 NAME: in microseconds.
p99() {
    value "$1" '.load.latency_ns.p99 / 1000 | floor'
}
# begins TRACE: when the window does, in milliseconds.
begins() {
    "$iksim" trace export "$1" --csv --kind phase |
        awk -F, '$7 == "window" { print int($2 / 1e6) }'
}

# README's first scenario is as good as with a warm-up of ten times as long.
simulate auto "$first" --trace auto.ikt
at=$(begins auto.ikt)
between "ms before the window" 1000 6000 "$at"
simulate long "$first" --set "run.warmup=$((10 * at))ms"
between "p99, in % of that with ten times the warm-up" 90 110 \
    "$(($(p99 auto) * 100 / $(p99 long)))"
expect "class of the window" flat "$(value auto .steady.class)"

# The same again, from what was kept.
"$iksim" run "$first" --out kept >/dev/null 2>err ||
    fail "--out: $(cat err)"
grep -q 'warmup: auto' kept/scenario.yaml || fail "not kept: auto"
"$iksim" run --again kept >/dev/null 2>err || fail "--again: $(cat err)"
expect "the fingerprint" "$(value auto .fingerprint)" \
    "$(jq -r .fingerprint kept/report.json)"

# What is set for a time in the window is not waited for, and comes then.
cat >later.yaml <<'END'
run:    {seed: 1, warmup: auto, duration: 1s}
vms:    [{name: web, image: httpd, count: 4, memory: 4MiB}]
events: [{at: window+500ms, destroy: web}]
load:
  - {kind: http, target: web, rate: 1000, timeout: 100ms}
  - {kind: each, target: web, start: window+200ms}
END
simulate later later.yaml --trace later.ikt
at=$(begins later.ikt)
end=$("$iksim" trace export later.ikt --csv --kind end |
    awk -F, '$1 ~ /^[0-9]/ { print int($2 / 1e6); exit }')
between "ms from the window to the end of a VM" 499 505 "$((end - at))"
[ "$(value later .load.timed_out)" -gt 50 ] || fail "nobody missed the VM"

# It is bounded, and refused where it is not understood.
simulate bounded "$first" --set run.warmup_max=700ms \
    --trace bounded.ikt
between "ms before a bounded window" 700 720 "$(begins bounded.ikt)"
expect "the warm-up that is reported" 700000000 "$(value bounded .warmup_ns)"
"$iksim" run "$first" --set run.warmup=car >out 2>err
expect "exit of an unknown warm-up" 2 $?

# With a load's `prime` each server is asked before, in order, and nothing of it
# counts; the load that follows is what it would have been.
primed=("$first" --set 'vms[0].count=20' --set run.warmup=100ms
    --set run.duration=400ms)
simulate cold "${primed[@]}" --trace cold.ikt
simulate primed "${primed[@]}" --set 'load[0].prime=3' --trace primed.ikt
requests() { # TRACE: the VM of each request, in order.
    "$iksim" trace export "$1" --csv --kind request |
        awk -F, '$1 ~ /^[0-9]/ { print $5 }'
}
requests primed.ikt >asked
requests cold.ikt >own
for _ in 1 2 3; do seq 0 19; done >wanted
diff wanted <(head -n 60 asked) >difference ||
    fail "the first to be asked: $(head -n 5 difference)"
diff own <(tail -n +61 asked) >difference ||
    fail "the load is another one: $(head -n 5 difference)"
expect "requests that count" "$(value cold .load.sent)" \
    "$(value primed .load.sent)"
expect "phases" "boot warm-up warm-up window drain" \
    "$("$iksim" trace export primed.ikt --csv --kind phase |
        awk -F, '$1 ~ /^[0-9]/ { print $7 }' | xargs)"
[ "$(value cold .memory.page_ins)" -gt 0 ] ||
    fail "servers read nothing, though nobody has asked them before"
expect "pages that primed servers read" 0 "$(value primed .memory.page_ins)"
"$iksim" run "$scenarios/game.yaml" --set 'load[0].prime=1' >out 2>err
expect "exit of a game that is primed" 2 $?
exit 0

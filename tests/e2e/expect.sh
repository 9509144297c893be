#!/bin/bash
# What a load expects of an answer: the same body is right or wrong by its
# status, size and SHA-256, which sha256sum computes.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >expect.yaml <<'END'
run:  {seed: 1, warmup: 0s, duration: 500ms}
vms:  [{name: web, image: httpd, count: 1, memory: 4MiB, args: "size=1000"}]
load: [{kind: http, target: web, rate: 100}]
END

# The document of VM 0: lines of 16 bytes, the last one cut.
for ((at = 0; at < 1000; at += 16)); do
    printf '000000 %08x\n' "$at"
done | head -c 1000 | sha256sum >sum
read -r sum _ <sum

# judged OUTCOME KEY=VALUE...: all requests come to that end.
judged() {
    local outcome=$1 word words=() code wanted=0
    shift
    [ "$outcome" = completed ] || wanted=1
    for word; do
        words+=(--set "load[0].$word")
    done
    "$iksim" run expect.yaml --json "${words[@]}" >"$work/it.json" 2>err
    code=$?
    expect "exit with $*" $wanted $code
    holds it
    expect "requests $outcome with $*" true \
        "$(value it ".load | .sent > 5 and .$outcome == .sent")"
}
judged completed "expect.sha256=$sum"
judged completed "expect.sha256=$sum" expect.bytes=1000 expect.status=200
judged completed expect.bytes=any
judged completed clients=2 think=20ms rate= keep_alive=true "expect.sha256=$sum"
judged failed "expect.sha256=${sum/[0-8]/9}"
judged failed expect.bytes=999
judged failed expect.status=404
judged failed path=/none
judged failed path=/none expect.bytes=any
judged completed path=/none expect.status=404
judged completed path=/none expect.status=any expect.bytes=0
judged failed path=/none expect.status=any expect.bytes=1

# It is part of what a run is, and of what is wrong with a scenario.
"$iksim" run expect.yaml --set "load[0].expect.sha256=$sum" --out kept \
    --json >kept.json || fail "--out: exit $?"
grep -A1 'expect:' kept/scenario.yaml | grep -q "sha256: $sum" ||
    fail "it is not kept: $(tail -n 20 kept/scenario.yaml)"
"$iksim" run --again kept >again 2>&1 || fail "--again: $(cat again)"
# refused KEY=VALUE WHAT
refused() {
    "$iksim" run expect.yaml --set "load[0].expect.$1" >out 2>&1 &&
        fail "accepted: $1"
    expect "sentence" "iksim: --set load[0].expect.$1: $2" "$(cat out)"
}
refused status=99 "must be a status, 100 to 599, or any"
refused bytes=-1 "must be a number of bytes below 4294967296, or any"
refused sha256=ab "must be 64 digits as sha256sum prints them, or any"
refused colour=red \
    "is nothing that can be expected: status, bytes or sha256 is"

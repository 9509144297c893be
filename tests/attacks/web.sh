#!/bin/bash
# web.sh IKSIM IMAGE - web servers beside VMs that flood, storm and fault: each
# answer that comes is right, no connection is reset, and only the attackers
# end. The same run twice has the same fingerprint.
set -u
export LC_ALL=C
iksim=$1
image=$2
if ! command -v jq >/dev/null; then
    echo "skipped: there is no jq here"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

attacker() { # NAME COUNT
    printf '  - {name: %s, image: "%s", args: %s, count: %d,\n' \
        "$1" "$image" "$1" "$2"
    printf '     memory: 1MiB, verify: lazy, expect: any}\n'
}

{
    cat <<'END'
run:    {warmup: 50ms, duration: 500ms, drain: 20s}
kernel: {quantum: 1ms}
load:   [{kind: http, target: web, rate: 200, timeout: 5s}]
vms:
  - {name: web, image: httpd, count: 8, memory: 4MiB, args: "size=5000"}
END
    attacker flood-everyone 1
    attacker flood-as-another 1
    attacker flood-as-another-inside 1
    attacker flood-outside 1
    attacker alarm-storm 1
    attacker console-flood 1
    attacker jump-itself 1
    attacker divide-by-zero 10
    attacker hidden-cli 10
    attacker write-text 10
    attacker stack-null 10
} >"$work/web.yaml"

for run in 1 2; do
    if ! "$iksim" run --json "$work/web.yaml" \
        >"$work/$run.json" 2>"$work/$run.err"; then
        echo "FAIL: the run ended badly:" >&2
        tail -5 "$work/$run.err" >&2
        exit 1
    fi
    jq 'del(.host)' "$work/$run.json" >"$work/$run.same"
done

jq -e '.load.failed == 0 and .load.completed > 50 and
       .load.completed > 9 * .load.timed_out and
       .vms.faulted == 40 and .vms.terminated == 0 and
       .net.tx_drops > 1000 and .net.rx_drops > 100' \
    "$work/1.json" >/dev/null || {
    echo "FAIL: the neighbours noticed, or the attackers were too mild:" >&2
    jq -c '.load, .vms, .net' "$work/1.json" >&2
    exit 1
}
cmp "$work/1.same" "$work/2.same" || {
    echo "FAIL: the same run twice gave two reports" >&2
    exit 1
}

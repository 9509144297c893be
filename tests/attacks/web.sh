#!/bin/bash
# web.sh IKSIM - web servers beside VMs that flood, storm and fault: each answer
# that comes is right, no connection is reset, and only the attackers end. The
# same run twice has the same fingerprint.
. "${0%/*}/lib.sh"

{
    cat <<'END'
run:    {warmup: 50ms, duration: 500ms, drain: 20s}
kernel: {quantum: 1ms}
load:   [{kind: http, target: web, rate: 200, timeout: 5s}]
vms:
  - {name: web, image: httpd, count: 8, memory: 4MiB, args: "size=5000"}
END
    for name in flood-everyone flood-as-another flood-as-another-inside \
        flood-outside alarm-storm console-flood jump-itself; do
        attackers attacks $name 1 1MiB
    done
    for name in divide-by-zero hidden-cli write-text stack-null; do
        attackers attacks $name 10 1MiB
    done
} | awk '/name: bad/ { sub("bad", "bad" NR) } { print }' >"$work/web.yaml"

simulate 1 "$work/web.yaml"
shows 1 '.load.failed == 0 and .load.completed > 50 and
    .load.completed > 9 * .load.timed_out and .vms.faulted == 40 and
    .vms.terminated == 0 and .net.tx_drops > 1000 and .net.rx_drops > 100' \
    "the neighbours noticed, or the attackers were too mild"
[ -z "${E2E_SLOW-}" ] || exit 0
simulate 2 "$work/web.yaml"
same 1 2 "the same run twice"

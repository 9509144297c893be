#!/bin/bash
# shared.sh IKSIM IMAGE - web servers with stated entitlements beside VMs that take
# all they can get of the processor and of memory, one and eight at once. Under
# `isolated` each answer is right, at least 99 of 100 requests are answered, and
# p99 is within a quantum and a fifth of what it is without the attackers.
# With a third argument, a length of the window: prints the table of
# docs/isolation.md, of `denali`, too, and judges nothing.
set -u
export LC_ALL=C
iksim=$1
image=$2
window=${3:-}
if ! command -v jq >/dev/null; then
    echo "skipped: there is no jq here"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
quantum_ns=10000000

servers() {
    cat <<END
run:     {warmup: 500ms, duration: ${window:-300ms}, drain: 8s}
machine: {ram: 96MiB}
load:    [{kind: http, target: web, rate: 200, timeout: 8s}]
vms:
  - {name: web, image: httpd, count: 8, memory: 4MiB, reserve: 4MiB,
     args: "size=2258"}
END
}

# NAME IMAGE COUNT MEMORY: attackers beside the servers.
beside() {
    servers
    printf '  - {name: bad, image: "%s", args: %s, count: %d,\n' "$2" "$1" "$3"
    printf '     memory: %s, verify: lazy, expect: any}\n' "$4"
    [ "$1" != reader-hog ] || echo 'disks: [{vms: bad, size: 4MiB}]'
}

# Creations that need all of RAM, and their end, again and again.
bomb() {
    servers
    echo '  - {name: bad, image: hello, memory: 64MiB}'
    echo 'events:'
    local at
    for at in $(seq 500 50 1450); do
        echo "  - {at: ${at}ms, create: bad, count: 500}"
        echo "  - {at: $((at + 25))ms, destroy: bad, count: 500}"
    done
}

# The figures of a run: sent, answered, failed, p50, p99 (ns).
run() { # NAME PRESET
    rm -f "$work/$1.json"
    timeout -s KILL 120 "$iksim" run --json "$work/$1.yaml" \
        --set "kernel.preset=$2" >"$work/$1.json" 2>"$work/$1.err"
    [ -s "$work/$1.json" ] || {
        echo "$1 under $2 gave no report: $(tail -1 "$work/$1.err")" >&2
        echo "- - - - -"
        return
    }
    jq -r '.load | [.sent, .completed, .failed, .latency_ns.p50,
        .latency_ns.p99] | map(floor) | @tsv' "$work/$1.json"
}

servers >"$work/alone.yaml"
for count in 1 8; do
    for name in alarm-storm idle-storm-1us boost-gamer reader-hog; do
        beside $name "$image" $count 8MiB >"$work/$name-$count.yaml"
    done
    for name in zero-reader memory-hog; do
        beside $name "$image" $count 96MiB >"$work/$name-$count.yaml"
    done
done
# RAM has the text of seven of them.
beside text-hog "${image%attacks.elf}text_hog.elf" 8 16MiB >"$work/text-hog-8.yaml"
bomb >"$work/fork-bomb.yaml"

if [ -n "$window" ]; then
    for preset in denali isolated; do
        for file in "$work"/*.yaml; do
            name=$(basename "$file" .yaml)
            read -r sent right failed p50 p99 < <(run "$name" "$preset")
            echo "| $name | $preset | $sent | $right | $failed | $p50 | $p99 |"
        done
    done
    exit 0
fi

bad=0
read -r _ _ _ _ alone < <(run alone isolated)
most=$((alone + alone / 5 + quantum_ns))
for file in "$work"/*.yaml; do
    name=$(basename "$file" .yaml)
    read -r sent right failed _ p99 < <(run "$name" isolated)
    if [ "$sent" = - ] || [ "$failed" -ne 0 ] || [ "$p99" -gt $most ] ||
        [ $((right * 100)) -lt $((sent * 99)) ]; then
        echo "FAIL: beside $name $right of $sent requests were answered," \
            "$failed failed, and p99 is $p99 ns; alone it is $alone ns" >&2
        bad=1
    fi
done
exit $bad

#!/bin/bash
# network.sh IKSIM FOLDER - web servers beside VMs that take all they can get of
# the network, the disks and the console. Under `isolated` each server answers at
# least 99 of 100 requests, rightly, and its p99 is within a quantum and a fifth
# of what it is alone; a disk is shared fairly. FOLDER has the attackers' images.
# With a third argument, a length of the window: prints the table of
# docs/isolation.md, `denali` besides.
set -u
export LC_ALL=C
iksim=$1
images=$2
table=${3:-}
if ! command -v jq >/dev/null; then
    echo "skipped: there is no jq here"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
quantum_ns=10000000

servers() {
    cat <<END
run:  {warmup: 300ms, duration: ${table:-0.3s}, drain: 8s}
vms:
  - {name: web, image: httpd, count: 4, memory: 4MiB, args: "size=2258"}
END
}

clients() {
    echo 'load:'
    echo '  - {kind: http, target: web, rate: 200, timeout: 8s}'
}

# KIND COUNT: VMs that flood the servers, each all of them in turn.
flooders() {
    servers
    printf '  - {name: bad, image: "%s/flooder.elf", count: %d,\n' \
        "$images" "$2"
    printf '     args: "kind=%s victims=4", memory: 4MiB, expect: any}\n' "$1"
    clients
}

# NAME COUNT: attackers of attacks.S.
beside() {
    servers
    printf '  - {name: bad, image: "%s/attacks.elf", args: %s, count: %d,\n' \
        "$images" "$1" "$2"
    echo '     memory: 1MiB, verify: lazy, expect: any}'
    clients
}

# Datagrams from outside, to another group, at a rate that leaves no time.
storm() {
    servers
    echo '  - {name: bad, image: discard, memory: 4MiB, expect: any}'
    clients
    echo '  - {kind: datagram, target: bad, rate: 400000, size: 32}'
}

# COUNT: servers of documents on disks, beside VMs that read all the time.
hogs() {
    local bad=
    [ "$1" -eq 0 ] || bad=', {vms: bad, size: 64MiB}'
    cat <<END
run:   {warmup: 300ms, duration: 4s, drain: 30s}
disks: [{vms: web, size: 4MiB}$bad]
load:  [{kind: http, target: web, rate: 10, timeout: 20s}]
vms:
  - {name: web, image: diskd, count: 2, memory: 4MiB, args: "size=2258"}
END
    [ "$1" -eq 0 ] || cat <<END
  - {name: bad, image: "$images/diskhog.elf", count: $1, memory: 1MiB,
     expect: any}
END
}

run() { # NAME PRESET: the report, in NAME.json.
    "$iksim" run --json "$work/$1.yaml" --set "kernel.preset=$2" \
        >"$work/$1.json" 2>"$work/$1.err"
    [ -s "$work/$1.json" ] || {
        echo "FAIL: $1 under $2 gave no report:" >&2
        tail -3 "$work/$1.err" >&2
        exit 1
    }
}

{
    servers
    clients
} >"$work/alone.yaml"
counts=(8)
presets=(isolated)
if [ "$table" ]; then
    counts=(1 8)
    presets=(denali isolated)
fi
for count in "${counts[@]}"; do
    for kind in syn arp runt truncated full outward itself; do
        flooders "$kind" "$count" >"$work/$kind-$count.yaml"
    done
    beside console-flood "$count" >"$work/console-$count.yaml"
done
storm >"$work/storm.yaml"

figures() { # NAME: sent, right, wrong or refused, p50, p99 of the servers'.
    jq -r '.groups[0] as $web | .load | [$web.sent, $web.completed, .failed,
        .latency_ns.p50, .latency_ns.p99] | map(floor) | @tsv' "$work/$1.json"
}

bad=0
for preset in "${presets[@]}"; do
    run alone "$preset"
    read -r _ _ _ _ alone < <(figures alone)
    for file in "$work"/*.yaml; do
        name=$(basename "$file" .yaml)
        run "$name" "$preset"
        read -r sent right failed p50 p99 < <(figures "$name")
        [ -z "$table" ] ||
            printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$name" "$preset" \
                "$sent" "$right" "$failed" "$p50" "$p99"
        most=$((alone + alone / 5 + quantum_ns))
        if [ "$failed" -ne 0 ] || { [ "$preset" = isolated ] &&
            { [ $((right * 100)) -lt $((sent * 99)) ] ||
                [ "$p99" -gt $most ]; }; }; then
            echo "FAIL: beside $name, under $preset: of $sent requests" \
                "$right were answered and $failed were not right, p99 is" \
                "$p99 ns; alone it is $alone ns" >&2
            bad=1
        fi
    done
done

# Disks: VMs that always read far and wide. A request waits for what is being
# served, not for what those have waiting.
disks() { # COUNT QUEUE: sent, right, p50, p99.
    hogs "$1" >"$work/hogs.yaml"
    "$iksim" run --json "$work/hogs.yaml" --set kernel.preset=isolated \
        --set "kernel.disk_queue=$2" >"$work/hogs.json" 2>"$work/hogs.err" ||
        cat "$work/hogs.err" >&2
    jq -r '.load | [.sent, .completed, .latency_ns.p50, .latency_ns.p99] |
        map(floor) | @tsv' "$work/hogs.json"
}
read -r _ _ _ alone < <(disks 0 fair)
most=$((alone + alone / 5 + quantum_ns))
for count in 1 8; do
    read -r sent right p50 p99 < <(disks $count fair)
    [ -z "$table" ] || printf '%s\n' "hogs $count fair $p50 $p99"
    if [ $((right * 100)) -lt $((sent * 99)) ] || [ "$p99" -gt $most ]; then
        echo "FAIL: beside $count VMs that read, $right of $sent requests were" \
            "answered, and p99 is $p99 ns; alone it is $alone ns" >&2
        bad=1
    fi
done
if [ "$table" ]; then
    for queue in elevator fcfs; do
        read -r _ _ p50 p99 < <(disks 8 $queue)
        printf '%s\n' "hogs 8 $queue $p50 $p99"
    done
fi
exit $bad

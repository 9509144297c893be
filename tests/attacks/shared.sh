#!/bin/bash
# shared.sh IKSIM - web servers with stated entitlements beside VMs that take all
# they can get of the processor and of memory, one and eight at once. Under
# `isolated` each answer is right, at least 99 of 100 requests are answered, and
# p99 is within a quantum and a fifth of what it is without the attackers.
. "${0%/*}/lib.sh"

# servers [WARMUP DURATION START]
servers() {
    cat <<END
run:     {warmup: ${1-500ms}, duration: ${2-300ms}, drain: 8s}
machine: {ram: 96MiB}
load:    [{kind: http, target: web, rate: 200, timeout: 8s, start: ${3-0s}}]
vms:
  - {name: web, image: httpd, count: 8, memory: 4MiB, reserve: 4MiB,
     args: "size=2258"}
END
}

# IMAGE ARGS COUNT MEMORY: attackers beside the servers.
beside() {
    {
        servers
        attackers "$@"
        [ "$2" != reader-hog ] || echo 'disks: [{vms: bad, size: 4MiB}]'
    } >"$work/$1-$2-$3.yaml"
}

# Servers that nobody has asked yet, and so have still to page in what they are
# entitled to, when the hogs have dirtied all of RAM.
grow() {
    servers 1400ms 1s window >"$work/growing.yaml"
    {
        cat "$work/growing.yaml"
        attackers attacks memory-hog 8 96MiB
    } >"$work/growing-memory-hog-8.yaml"
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

servers >"$work/alone.yaml"
grow
for count in 1 8; do
    for name in alarm-storm idle-storm-1us boost-gamer reader-hog; do
        beside attacks $name $count 8MiB
    done
    for name in zero-reader memory-hog; do
        beside attacks $name $count 96MiB
    done
done
# RAM has the text of seven of them.
beside texthog "" 8 16MiB
bomb >"$work/fork-bomb.yaml"

report alone --set kernel.preset=isolated
report growing --set kernel.preset=isolated
bad=0
for file in "$work"/*.yaml; do
    name=$(basename "$file" .yaml)
    report "$name" --set kernel.preset=isolated
    like=alone
    [[ $name != growing* ]] || like=growing
    keeps_away "$name" "$(value $like '.load.latency_ns.p99 | floor')" || bad=1
done
exit $bad

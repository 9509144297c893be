#!/bin/bash
# network.sh IKSIM - web servers beside VMs that take all they can get of the
# network, the disks and the console. Under `isolated` each server answers at
# least 99 of 100 requests, rightly, and its p99 is within a quantum and a fifth
# of what it is alone; a disk is shared fairly.
. "${0%/*}/lib.sh"

servers() {
    cat <<END
run:  {warmup: 300ms, duration: 0.3s, drain: 8s}
load:
  - {kind: http, target: web, rate: 200, timeout: 8s}
${1-}
vms:
  - {name: web, image: httpd, count: 4, memory: 4MiB, args: "size=2258"}
END
}

# QUEUE: servers of documents on disks, beside eight VMs that read all the time;
# prints p50, when all were answered. A spindle serves one request to its end,
# so the quantum is not the measure.
middle() {
    {
        cat <<END
run:   {warmup: 300ms, duration: 4s, drain: 30s}
disks: [{vms: web, size: 4MiB}, {vms: bad, size: 64MiB}]
load:  [{kind: http, target: web, rate: 10, timeout: 20s}]
vms:
  - {name: web, image: diskd, count: 2, memory: 4MiB, args: "size=2258"}
END
        attackers diskhog "" 8 1MiB
    } >"$work/hogs.yaml"
    simulate hogs "$work/hogs.yaml" --set "kernel.disk_queue=$1"
    all_answered hogs
    value hogs '.load.latency_ns.p50 | floor'
}

# Datagrams from outside, to another group, at a rate that leaves no time.
{
    servers '  - {kind: datagram, target: bad, rate: 400000, size: 32}'
    echo '  - {name: bad, image: discard, memory: 4MiB, expect: any}'
} >"$work/storm.yaml"
servers >"$work/alone.yaml"
for kind in syn arp runt truncated full outward itself; do
    {
        servers
        attackers flooder "kind=$kind victims=4" 8 4MiB
    } >"$work/$kind.yaml"
done
{
    servers
    attackers attacks console-flood 8 1MiB
} >"$work/console.yaml"

report alone --set kernel.preset=isolated
alone=$(value alone '.load.latency_ns.p99 | floor')
bad=0
for file in "$work"/*.yaml; do
    name=$(basename "$file" .yaml)
    report "$name" --set kernel.preset=isolated
    keeps_away "$name" "$alone" '.groups[0]' || bad=1
done

# A request waits for what is being served and for one of each other VM, not for
# all that those have waiting.
elevator=$(middle elevator) && fair=$(middle fair) || exit 1
if [ $((fair * 4)) -gt "$elevator" ]; then
    fail "beside eight VMs that read, half the requests take $fair ns, with" \
        "the elevator $elevator ns"
fi
exit $bad

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
    [ "$1" -eq 0 ] || attackers diskhog "" "$1" 1MiB
}

# Datagrams from outside, to another group, at a rate that leaves no time.
{
    servers '  - {kind: datagram, target: bad, rate: 400000, size: 32}'
    echo '  - {name: bad, image: discard, memory: 4MiB, expect: any}'
} >"$work/storm.yaml"
servers >"$work/alone.yaml"
for kind in syn arp runt truncated full outward itself syn-outward \
    arp-outward; do
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

# Disks: a request waits for what is being served, not for what others have
# waiting.
for count in 0 1 8; do
    hogs $count >"$work/hogs-$count.yaml"
    report hogs-$count --set kernel.preset=isolated
    [ $count -gt 0 ] || alone=$(value hogs-0 '.load.latency_ns.p99 | floor')
    keeps_away hogs-$count "$alone" || bad=1
done
exit $bad

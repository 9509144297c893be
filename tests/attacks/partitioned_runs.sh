#!/bin/bash
# partitioned_runs.sh IKSIM - under `partitioned` a group of web servers is the same to
# the bit whatever the other group does: its events, its packets and its report,
# beside no one and beside each attacker. The attackers are at work, and their
# runs stay within their slots.
. "${0%/*}/lib.sh"
bad=0

# [EVENTS [LOADS [DISKS]]]: the victims, and more items of the lists.
servers() {
    cat <<END
run:     {warmup: 100ms, duration: 300ms, drain: 5s}
machine: {ram: 256MiB}
kernel:  {preset: partitioned, rx_pool: 4096}
disks:
  - {vms: web, size: 4MiB}
  ${3:-}
load:
  - {kind: http, target: web, rate: 300, timeout: 5s}
  ${2:-}
events:
  ${1:-}
vms:
  - {name: web, image: diskd, count: 2, memory: 4MiB, args: "size=2258",
     slot: 8ms, ram: 48MiB, link: 500Mbit, spindles: 1}
END
}

# IMAGE ARGS MEMORY [COUNT]: attackers, with shares of their own.
attack() {
    printf '  - {name: bad, image: %s, args: "%s", memory: %s,\n' \
        "$1" "$2" "$3"
    echo "     count: ${4:-3}, verify: lazy, expect: any,"
    echo '     slot: 12ms, ram: 96MiB,'
    echo '     link: 400Mbit, spindles: 2}'
}

servers >"$work/alone.yaml"
for name in alarm-storm boost-gamer console-flood flood-everyone hoard \
    idle-storm-1us memory-hog packet-storm reader-hog straight-line \
    zero-reader; do
    disk=
    [ $name != reader-hog ] || disk='- {vms: bad, size: 4MiB}'
    { servers '' '' "$disk"; attack attackers/attacks $name 64MiB; } \
        >"$work/$name.yaml"
done
for kind in syn arp runt truncated full outward itself; do
    { servers; attack attackers/flooder "kind=$kind victims=2" 4MiB; } \
        >"$work/flood-$kind.yaml"
done
{ servers; attack attackers/texthog '' 16MiB 1; } >"$work/text-hog.yaml"
{ servers; attack spin '' 4MiB; } >"$work/spinners.yaml"
{
    servers '' '' '- {vms: bad, size: 64MiB}'
    attack attackers/diskhog '' 1MiB
} >"$work/diskhog.yaml"
{
    servers '' '- {kind: datagram, target: bad, rate: 50000, size: 32}'
    attack discard '' 4MiB
} >"$work/storm.yaml"
{
    servers '- {at: 120ms, create: bad, count: 500}
  - {at: 200ms, destroy: bad, count: 100}
  - {at: 300ms, create: bad, count: 500}'
    attack hello '' 8MiB
} >"$work/fork-bomb.yaml"

# NAME GROUP: the group's run. What it shows of the host and the file's name,
# which a report holds, is left out.
run() {
    local code
    "$iksim" run "$work/$1.yaml" --set "run.group=$2" --json \
        --pcap "$work/pcap" >"$work/report.json" 2>"$work/err"
    code=$?
    jq -S 'del(.host, .scenario)' "$work/report.json" >"$work/report"
    return $code
}

run alone web || { cat "$work/err" >&2; exit 1; }
jq -e '.load.sent > 50 and .load.completed == .load.sent' \
    "$work/report" >/dev/null || { echo "FAIL: the victims do nothing"; bad=1; }
mv "$work/report" "$work/alone.report"
mv "$work/pcap" "$work/alone.pcap"
for file in "$work"/*.yaml; do
    name=$(basename "$file" .yaml)
    [ "$name" != alone ] || continue
    run "$name" web || { echo "FAIL: beside $name:"; cat "$work/err"; bad=1; }
    # Among its figures is the fingerprint of all events.
    for what in pcap report; do
        cmp -s "$work/$what" "$work/alone.$what" ||
            { echo "FAIL: beside $name the victims' $what differs"; bad=1; }
    done
    [ "$name" != text-hog ] || continue # Each block is translated anew: minutes.
    run "$name" bad || { echo "FAIL: $name:"; cat "$work/err"; bad=1; }
    jq -e '.cpu_whole.guest_ns > 0' "$work/report" >/dev/null ||
        { echo "FAIL: $name does nothing"; bad=1; }
done >&2

# Without a name all groups are run, one after another.
own=$(jq -r .fingerprint "$work/alone.report")
all=$("$iksim" run --json "$work/spinners.yaml" 2>/dev/null)
jq -e --arg own "$own" \
    '.web.fingerprint == $own and .bad.cpu_whole.guest_ns > 0' \
    <<<"$all" >/dev/null ||
    { echo "FAIL: the runs of all groups are $all" >&2; bad=1; }
[ "$("$iksim" run "$work/spinners.yaml" 2>/dev/null |
    grep -c "^Partition of \(web\|bad\)$\|^Fingerprint *$own$")" = 3 ] ||
    { echo "FAIL: not all groups are printed" >&2; bad=1; }
"$iksim" run "$work/spinners.yaml" --trace "$work/t" >/dev/null 2>"$work/err"
{ echo "exit code $?"; cat "$work/err"; } >"$work/said"
{ grep -qx 'exit code 2' "$work/said" && grep -q run.group= "$work/said"; } ||
    { echo "FAIL: one trace of two groups: $(cat "$work/err")" >&2; bad=1; }
# One that is kept is repeated.
{ "$iksim" run "$work/spinners.yaml" --set run.group=web --out "$work/kept" &&
    "$iksim" run --again "$work/kept"; } >/dev/null 2>&1 ||
    { echo "FAIL: the run of a group is not repeated" >&2; bad=1; }
exit $bad

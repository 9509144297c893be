#!/bin/bash
# game.sh IKSIM HECKLER - game servers beside VMs that send them all that they
# should not take. Every update is answered, every snapshot is right, nobody
# faults, and the servers have counted what they ignored.
set -u
export LC_ALL=C
iksim=$1
heckler=$2
if ! command -v jq >/dev/null; then
    echo "skipped: there is no jq here"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

cat >"$work/game.yaml" <<END
run:    {warmup: 1s, duration: 4s}
load:   [{kind: game, target: game, timeout: 2s}]
vms:
  - {name: game, image: game, count: 4, memory: 4MiB}
  - {name: heckler, image: "$heckler", args: victims=4, count: 2, memory: 4MiB}
END
if ! "$iksim" run --json "$work/game.yaml" --pcap "$work/pcap" \
    >"$work/json" 2>"$work/err"; then
    echo "FAIL: the run ended badly:" >&2
    tail -5 "$work/err" >&2
    exit 1
fi
jq -e '.load.sent > 600 and .load.completed == .load.sent and
       .vms.faulted == 0 and .vms.terminated == 0 and
       .net.local_packets > 5000' "$work/json" >/dev/null || {
    echo "FAIL: the players noticed, or the hecklers were too mild:" >&2
    jq -c '.load, .vms, .net' "$work/json" >&2
    exit 1
}

# What VM to VM packets are is not on the wire; what came of them is, in each
# server's last snapshot (its bytes 28 to 31).
if ! command -v tshark >/dev/null; then
    exit 0
fi
ignored=0
for server in 1 2 3 4; do
    last=$(tshark -n -r "$work/pcap" -Y "ip.src == 10.16.0.$server" \
        -T fields -e udp.payload 2>/dev/null | tail -n 1 | tr -d :)
    ignored=$((ignored + 0x${last:56:8}))
done
packets=$(jq .net.local_packets "$work/json")
if [ "$ignored" -lt $((packets * 9 / 10)) ]; then
    echo "FAIL: of some $packets datagrams only $ignored were ignored" >&2
    exit 1
fi
echo "$ignored datagrams ignored"

#!/bin/bash
# game.sh IKSIM - game servers beside VMs that send them all that they should
# not take. Every update is answered, every snapshot is right, nobody faults,
# and the servers have counted what they ignored.
. "${0%/*}/lib.sh"

cat >"$work/game.yaml" <<END
run:    {warmup: 1s, duration: 4s}
load:   [{kind: game, target: game, timeout: 2s}]
vms:
  - {name: game, image: game, count: 4, memory: 4MiB}
  - {name: heckler, image: attackers/heckler, args: victims=4, count: 2,
     memory: 4MiB}
END
simulate game "$work/game.yaml" --pcap "$work/pcap"
shows game '.load.sent > 600 and .load.completed == .load.sent and
    .vms.faulted == 0 and .vms.terminated == 0 and .net.local_packets > 5000' \
    "the players noticed, or the hecklers were too mild"

# What VM to VM packets are is not on the wire; what came of them is, in each
# server's last snapshot (its bytes 28 to 31).
command -v tshark >/dev/null || exit 0
ignored=0
for server in 1 2 3 4; do
    last=$(tshark -n -r "$work/pcap" -Y "ip.src == 10.16.0.$server" \
        -T fields -e udp.payload 2>/dev/null | tail -n 1 | tr -d :)
    ignored=$((ignored + 0x${last:56:8}))
done
packets=$(value game .net.local_packets)
[ "$ignored" -ge $((packets * 9 / 10)) ] ||
    fail "of some $packets datagrams only $ignored were ignored"
echo "$ignored datagrams ignored"

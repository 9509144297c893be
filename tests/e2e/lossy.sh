#!/bin/bash
# On a link that loses, reorders and duplicates, every request completes with
# the right bytes, and the wire shows that it took repeating.
. "${0%/*}/lib.sh"

patient=("${window[@]}" --set 'load[0].timeout=25s' --set 'vms[0].count=20'
    --set 'load[0].rate=500')

simulate clean "$first" "${patient[@]}"
simulate lossy "$first" "${patient[@]}" --pcap "$work/lossy.pcap" \
    --set link.loss=5% --set link.reorder=5% --set link.duplicate=5% \
    --set run.drain=60s
all_answered lossy
expect "requests due on a lossy link" \
    "$(value clean .load.sent)" "$(value lossy .load.sent)"
for kind in loss reorder duplicate; do
    simulate "$kind" "$first" "${patient[@]}" --set "link.$kind=10%" \
        --set run.drain=60s
    all_answered "$kind"
    [ "$(value "$kind" .fingerprint)" != "$(value clean .fingerprint)" ] ||
        fail "link.$kind=10% changes nothing"
done
[ "$(value lossy .load.latency_ns.p99)" -gt \
    "$(value clean .load.latency_ns.p99)" ] ||
    fail "a lossy link answers as fast as a clean one"

needs tshark
repeats=$(tshark -n -r "$work/lossy.pcap" -Y tcp.analysis.retransmission \
    2>/dev/null | wc -l)
[ "$repeats" -gt 10 ] || fail "only $repeats retransmissions on a lossy link"
# A reset is no fault here: it answers a copy that comes after the connection.
bad=$(tshark -n -r "$work/lossy.pcap" -o tcp.check_checksum:TRUE \
    -Y 'tcp.checksum.status == 0 || _ws.malformed' \
    2>/dev/null | head -n 3)
[ -z "$bad" ] || fail "on a lossy link: $bad"
echo "$(value lossy .load.completed) answers, $repeats retransmissions"

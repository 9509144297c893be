#!/bin/bash
# What went over the wire, as an independent reader sees it: whole handshakes,
# right checksums, no loss that nobody caused, no reset, FIN from both sides.
. "${0%/*}/lib.sh"
needs tshark

# judge NAME: reads NAME.pcap; sets frames, connections, requests, responses.
judge() {
    local name=$1 counts
    tshark -n -r "$work/$name.pcap" -o ip.check_checksum:TRUE \
        -o tcp.check_checksum:TRUE -T fields -E occurrence=a -E separator=/t \
        -e frame.number -e tcp.stream -e tcp.srcport -e tcp.flags.syn \
        -e tcp.flags.ack -e tcp.flags.fin -e tcp.flags.reset \
        -e ip.checksum.status -e tcp.checksum.status -e http.request.method \
        -e http.response.code -e _ws.malformed -e _ws.expert.message \
        >"$work/$name.frames" 2>"$work/$name.tshark" ||
        fail "tshark: $(cat "$work/$name.tshark")"
    awk -F '\t' -f "$tests/wire.awk" "$work/$name.frames" >"$work/$name.verdict"
    counts=$(tail -n 1 "$work/$name.verdict")
    case $counts in
    *faults=0) ;;
    *) fail "$name: $(cat "$work/$name.verdict")" ;;
    esac
    eval "${counts% *}"
    : "${frames:?}" "${connections:?}" "${requests:?}" "${responses:?}"
    echo "$name: $counts"
}

# No warm-up: then the report counts what the wire has seen.
window+=(--set run.warmup=0ms)
whole=("${window[@]}")
[ "${E2E_SLOW-}" ] || whole=(--set run.warmup=0ms)
simulate connections "$first" "${whole[@]}" --pcap "$work/connections.pcap"
all_answered connections
judge connections
sent=$(value connections .load.sent)
expect "connections on the wire" "$sent" "$connections"
expect "requests on the wire" "$sent" "$requests"
expect "responses on the wire" "$sent" "$responses"
packets=$(value connections '.net.rx_packets + .net.tx_packets')
[ "$frames" -ge "$packets" ] ||
    fail "the report counts $packets packets, the wire $frames"

# Connections that are kept carry many requests each.
simulate kept "$first" "${window[@]}" --pcap "$work/kept.pcap" \
    --set 'vms[0].count=5' --set 'load[0].rate=' --set 'load[0].clients=20' \
    --set 'load[0].think=5ms' --set 'load[0].keep_alive=true'
judge kept
[ "$requests" -gt $((2 * connections)) ] ||
    fail "$requests requests on $connections connections that were kept"

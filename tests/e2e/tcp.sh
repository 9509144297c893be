#!/bin/bash
# What the report says of TCP is what happened: nothing is sent again where
# nothing is late or lost; where packets wait too long it is sent again in vain;
# where they are lost, not in vain; and an independent reader of the wire
# counts the same.
. "${0%/*}/lib.sh"

# No warm-up where the wire is recorded: then both count from the start. Few VMs
# compute, for longer, for the test's own time.
delay=("$scenarios/tcp-delay.yaml" --set run.duration=1s)
simulate late "${delay[@]}" --set run.warmup=0s --set 'vms[1].count=6' \
    --set kernel.quantum=200ms --pcap "$work/late.pcap"
all_answered late
# (In the warm-up the servers read their text, and a VM that waits for a page
# cannot be switched to at once.)
simulate prompt "${delay[@]}" --set kernel.interrupts=synchronous
all_answered prompt

zero='.tcp | .clients.timeouts + .clients.retransmits + .guests.retransmits'
expect "segments sent again with synchronous interrupts" 0 \
    "$(value prompt "$zero")"
value late '.tcp.clients | .timeouts > 5 and .retransmits >= .timeouts and
    .spurious == .retransmits' | grep -qx true ||
    fail "what is late is not sent again in vain: $(value late \
        '.tcp.clients | tostring')"
value late '.tcp.clients.rto_ns | .p50 >= 1000000000 and .max >= .p50' |
    grep -qx true || fail "timeouts below one second"
value late '.tcp.guests | .retransmits > 0 and .spurious == .retransmits' |
    grep -qx true || fail "the servers: $(value late '.tcp.guests | tostring')"
[ "$(value late .tcp.clients.srtt_ns.p50)" -gt \
    "$((100 * $(value prompt .tcp.clients.srtt_ns.p50)))" ] ||
    fail "round trips are no longer when they are late"

# On a link that loses.
simulate lossy "$first" "${window[@]}" --set run.warmup=0ms \
    --set 'load[0].timeout=25s' --set 'vms[0].count=20' \
    --set 'load[0].rate=500' --set link.loss=5% --set run.drain=60s \
    --pcap "$work/lossy.pcap"
all_answered lossy
value lossy '.tcp | .clients.retransmits > .clients.spurious and
    .guests.retransmits > .guests.spurious and .guests.retransmits > 5' |
    grep -qx true || fail "all is in vain: $(value lossy '.tcp | tostring')"

# The table says it too, but where there is nothing to say.
"$iksim" run "$scenarios/hello.yaml" | grep -q '^TCP' &&
    fail "TCP in a run without clients"

needs tshark
# again NAME: what tshark calls retransmissions from servers, or out of order:
# that is its guess when one follows within a round trip, and nothing changes
# its order here.
again() {
    tshark -n -r "$work/$1.pcap" -Y 'tcp.srcport == 80 &&
        (tcp.analysis.retransmission || tcp.analysis.out_of_order)' \
        2>/dev/null | wc -l
}

# twice NAME: segments from clients that came a second time. Not what tshark
# calls so: for it a request whose first copy was lost is one, too, when the
# client has acknowledged something meanwhile.
twice() {
    tshark -n -r "$work/$1.pcap" -Y 'tcp.dstport == 80' -T fields \
        -e tcp.stream -e tcp.seq -e tcp.len -e tcp.flags.str 2>/dev/null |
        awk '($3 > 0 || $4 ~ /[SF]/) && seen[$0]++' | wc -l
}
for name in late lossy; do
    expect "$name: retransmissions from servers, by tshark and us" \
        "$(again "$name")" "$(value "$name" .tcp.guests.retransmits)"
    expect "$name: segments from clients that came twice" \
        "$(twice "$name")" "$(value "$name" .tcp.clients.spurious)"
done

# What tshark finds between a segment and its ACK, smoothed as RFC 6298 says,
# is what the report says. The wire is recorded at the machine, so a client's
# round trip has the link's 40 ms on top; one request at a time is on its way,
# so each segment with data is timed. The clocks count from the first frame.
cat >"$work/rtt.yaml" <<'END'
run:     {seed: 1, warmup: 0s, duration: 3s}
vms:     [{name: web, image: httpd, count: 1, memory: 4MiB, args: "size=100"}]
load:    [{kind: http, target: web, clients: 1, keep_alive: true, timeout: 60s}]
link:    {latency: 20ms}
END
simulate rtt "$work/rtt.yaml" --pcap "$work/rtt.pcap"

# smoothed FIELD VALUE ADDED: the mean of SRTT over all measurements, in ns.
smoothed() {
    tshark -n -r "$work/rtt.pcap" -o tcp.relative_sequence_numbers:false \
        -Y "tcp.$1 == 80 && tcp.analysis.ack_rtt" -T fields \
        -e tcp.analysis.ack_rtt 2>/dev/null |
        awk -v added="$2" '{ rtt = $1 * 1e9 + added
            srtt = NR == 1 ? rtt : srtt * 7 / 8 + rtt / 8
            sum += srtt } END { printf "%.0f", sum / NR }'
}
# An ACK from the servers answers the clients' segments, and the other way.
for side in "clients srcport 40000000" "guests dstport 0"; do
    read -r who port added <<<"$side"
    theirs=$(smoothed "$port" "$added")
    ours=$(value rtt ".tcp.$who.srtt_ns.mean")
    awk -v a="$ours" -v b="$theirs" \
        'BEGIN { exit !(b > 3e7 && a < 1.005 * b && a > 0.995 * b) }' ||
        fail "$who: SRTT is $ours ns on average, by tshark $theirs"
done

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

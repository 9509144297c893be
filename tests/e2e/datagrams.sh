#!/bin/bash
# Datagrams that nobody answers: what the report counts is what an independent
# reader sees on the wire, nothing comes back, and what finds no room times out.
. "${0%/*}/lib.sh"
scenario=$scenarios/datagrams.yaml
long=(--set run.warmup=0ms --set run.duration=2s)

simulate alone "$scenario" "${long[@]}" --pcap "$work/alone.pcap" --check
all_answered alone
sent=$(value alone .load.sent)
between "of 20 a second" 39 40 "$sent"
expect "taken" "$sent" "$(value alone .net.rx_packets)"
expect "bytes taken" $((100 * sent)) "$(value alone .load.bytes)"
expect "sent by the guest" 0 "$(value alone .net.tx_packets)"
expect "switches to the only VM" 0 "$(value alone .sched.switches)"
if command -v tshark >/dev/null; then
    tshark -n -r "$work/alone.pcap" -o ip.check_checksum:TRUE \
        -o udp.check_checksum:TRUE -T fields -e udp.dstport -e udp.length \
        -e udp.checksum.status -e ip.checksum.status \
        2>"$work/tshark" | sort | uniq -c >"$work/frames" ||
        fail "tshark: $(cat "$work/tshark")"
    # A header of 8 bytes and 100 of payload; each checksum is right.
    expect "frames on the wire" "$sent 9 108 1 1" "$(xargs <"$work/frames")"
fi

# A card whose packet takes ten programmed I/Os: nine more of 2,050 cycles each.
simulate slow "$scenario" "${long[@]}" --set kernel.nic=pcnet32
expect "programmed I/O more, cycles a datagram" 18450 "$(
    jq -s '(.[1].cpu.pio_ns - .[0].cpu.pio_ns) * 1.7 / .[0].load.sent | round' \
        "$work/alone.json" "$work/slow.json")"

# Another size, another port; and one that nobody listens on.
simulate port "$scenario" "${long[@]}" --set 'vms[0].args=port=7' \
    --set 'load[0].size=1472' --set 'load[0].arrivals=poisson'
all_answered port
expect "bytes of the largest" true "$(
    jq '.load.bytes == 1472 * .load.completed and .net.rx_bytes >= 1514' \
        "$work/port.json")"

# More than the VM can take: each is taken or times out, and none is both.
simulate flood "$scenario" --set run.warmup=0ms --set run.duration=50ms \
    --set 'load[0].rate=200000' --set 'load[0].timeout=20ms'
expect "every datagram has one fate" true "$(
    jq '.load.completed + .load.timed_out == .load.sent and
        .load.timed_out > 100 and .load.completed > 100 and
        .load.unanswered == 0' "$work/flood.json")"

#!/bin/bash
# Game servers: every update is answered, within a tick, by a snapshot that is
# right to the last bit; on a bad link, what is answered still is. Without
# players a server costs nothing.
. "${0%/*}/lib.sh"
game=$scenarios/game.yaml
second=(--set run.warmup=1s)
play=("$game" "${second[@]}" --set run.duration=4s)
most_us=101500 # A tick, and the way there and back.
if [ "${E2E_SLOW-}" ]; then
    play=("$game" "${second[@]}" --set run.duration=1s --set 'vms[0].count=8')
    most_us=115000 # The first pages come in during the short window, too.
fi

# microseconds NAME FIELD: of the latency.
microseconds() {
    value "$1" ".load.latency_ns.$2 / 1000 | round"
}

# With no warm-up the wire and the report are about the same.
simulate plain "${play[@]}" --set run.warmup=0ms --pcap "$work/plain.pcap"
all_answered plain
between "mean latency, us" 45000 55000 "$(microseconds plain mean)"
between "99 % of latencies, us" 90000 "$most_us" "$(microseconds plain p99)"

# A tick is 100 ms, however many servers there are.
for count in 1 32; do
    simulate "$count" "${play[@]}" --set "vms[0].count=$count"
    all_answered "$count"
    between "snapshots a second of each of $count servers" 39 41 \
        "$(value "$count" '.load.updates_rps | round')"
done
simulate fast "${play[@]}" --set 'vms[0].args=tick=25'
all_answered fast
between "snapshots a second, tick=25" 155 165 \
    "$(value fast '.load.updates_rps | round')"
between "mean latency with tick=25, us" 11000 15000 "$(microseconds fast mean)"

# A world that takes longer to compute is as right, and costs more.
simulate heavy "${play[@]}" --set 'vms[0].args=bodies=48 steps=50 players=8' \
    --set 'load[0].players=8'
all_answered heavy
[ "$(value heavy .cpu.guest_ns)" -gt $((5 * $(value plain .cpu.guest_ns))) ] ||
    fail "a world of 48 bodies and 50 steps costs no more than the usual one"

# The same seed, the same game; however it is run.
(
    export MALLOC_PERTURB_=165
    cd "$work" || exit 2
    simulate again "${play[@]}" --set run.warmup=0ms --check --out "$work/dir" \
        --set kernel.text=private
) || exit 1
expect "fingerprint of the same game" "$(value plain .fingerprint)" \
    "$(value again .fingerprint)"

# Nothing is sent again, so what is lost is not answered; but nothing is wrong.
simulate lossy "${play[@]}" --set link.loss=5% --set link.reorder=5% \
    --set link.duplicate=5%
expect "wrong snapshots on a bad link" 0 "$(value lossy .load.failed)"
between "updates without an answer, in 1,000" 20 100 \
    "$(value lossy '.load | .timed_out * 1000 / .sent | round')"

# Six players for four seats: two are not heard, nobody else notices.
simulate crowd "${play[@]}" --set 'load[0].players=6'
expect "wrong snapshots with a crowd" 0 "$(value crowd .load.failed)"
between "updates in 1,000 of those without a seat" 320 345 \
    "$(value crowd '.load | .timed_out * 1000 / .sent | round')"

# A minute in which nobody plays; then players that are away for two seconds
# of three, in which the server stops its ticks.
simulate quiet "$game" "${second[@]}" --set 'load[0].start=100s' --set run.duration=60s
for what in .load.sent .sched.idles .sched.switches .cpu.guest_ns .virq.raised
do
    expect "$what in 60 s without players" 0 "$(value quiet "$what")"
done
simulate many "$game" "${second[@]}" --set 'load[0].start=100s' \
    --set 'vms[0].count=132'
for name in quiet many; do
    value "$name" '.memory | .resident_peak - .table_frames' >"$work/$name.held"
done
between "pages of an idle game server" 5 30 \
    $((($(cat "$work/many.held") - $(cat "$work/quiet.held")) / 100))
simulate coming "$game" --set 'vms[0].args=timeout=1' --set 'vms[0].count=1' \
    --set 'load[0].players=1' --set 'load[0].period=4s' --set run.warmup=8s \
    --set run.duration=80s --set 'load[0].timeout=1s'
all_answered coming
snapshots=$(value coming '.load.snapshots / .load.sent | round')
between "snapshots for a player that then leaves" 9 11 "$snapshots"

needs tshark
tshark -n -r "$work/plain.pcap" -o ip.check_checksum:TRUE \
    -o udp.check_checksum:TRUE -T fields -E separator=/t -E occurrence=f \
    -e frame.time_relative -e ip.src -e udp.srcport -e ip.dst -e udp.dstport \
    -e udp.length -e ip.checksum.status -e udp.checksum.status \
    -e _ws.malformed >"$work/frames" 2>"$work/tshark" ||
    fail "tshark: $(cat "$work/tshark")"
awk -F '\t' '
    $7 != 1 || $8 != 1 || $9 != "" || $3 == "" { bad++ }
    $5 == 40000 { updates++; if ($6 != 24) bad++ }
    $3 == 40000 {
        snapshots++
        if ($4 in last) {
            gap = $1 - last[$4]
            if (gap < 0.0995 || gap > 0.1005) odd++
        }
        last[$4] = $1
    }
    END { print updates + 0, snapshots + 0, bad + 0, odd + 0 }
' "$work/frames" >"$work/counts"
read -r updates snapshots bad odd <"$work/counts"
expect "frames that are not right" 0 "$bad"
expect "updates on the wire" "$(value plain .load.sent)" "$updates"
[ "$snapshots" -ge "$(value plain .load.snapshots)" ] ||
    fail "more snapshots arrive than the wire has: $snapshots"
expect "snapshots that do not keep the tick, of $snapshots" 0 "$odd"
echo "$updates updates and $snapshots snapshots on the wire, mean latency" \
    "$(microseconds plain mean) us"

# A thousand of them.
[ ! "${E2E_SLOW-}" ] || exit 0
simulate thousand "$game" --set 'vms[0].count=1000' --set run.warmup=2s \
    --set run.duration=1s
all_answered thousand
expect "VMs faulted" 0 "$(value thousand .vms.faulted)"
echo "1,000 servers: mean latency $(microseconds thousand mean) us," \
    "$(value thousand .host.wall_s) s"

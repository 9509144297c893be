#!/bin/bash
# A booted web server that nobody asks costs nothing, for a minute.
. "${0%/*}/lib.sh"

simulate quiet "$tests/data/quiet.yaml"
expect "requests" 0 "$(value quiet .load.sent)"
expect "virtual time" 60000000000 "$(value quiet .virtual_ns)"
expect "idle instructions in 60 s" 0 "$(value quiet .sched.idles)"
expect "dispatches in 60 s" 0 "$(value quiet .sched.switches)"
expect "guest time in 60 s" 0 "$(value quiet .cpu.guest_ns)"
expect "interrupts raised in 60 s" 0 "$(value quiet .virq.raised)"

# What 101 of them hold more than one, without page tables; what the kernel
# pins for each VM, 3 frames, stays in it.
simulate many "$tests/data/quiet.yaml" --set 'vms[0].count=101' \
    --set run.duration=1s
for name in quiet many; do
    value "$name" '.memory | .resident_peak - .table_frames' >"$work/$name.held"
done
pages=$((($(cat "$work/many.held") - $(cat "$work/quiet.held") + 99) / 100))
[ "$pages" -le 30 ] ||
    fail "an idle httpd has $pages pages resident, more than 30"
echo "resident set of an idle httpd: $pages pages"

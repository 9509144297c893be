#!/bin/bash
# Servers beside VMs that compute: every scheduler, with every way to serve
# interrupts, decides differently for the same seed, and each of them the same
# again in a process that is stopped at random.
. "${0%/*}/lib.sh"

window=(--set run.warmup=50ms --set run.duration=200ms --set run.drain=50ms)
mapfile -t schedulers < <("$iksim" policies | sed -n \
    '/^kernel.scheduler/,/^$/{/^[* ] /s/^..\([^ ]*\).*/\1/p}')
[ ${#schedulers[@]} -ge 8 ] || fail "few schedulers: ${schedulers[*]}"

# is_fine NAME CODE WHAT: the run was right; that nobody was answered at all is
# how some schedulers are.
is_fine() {
    if [ "$2" -eq 1 ] && [ "$(value "$1" .load.completed)" = 0 ]; then
        grep -q 'none of the requests' "$work/$1.err" && return
    fi
    expect "$3: exit code; $(cat "$work/$1.err")" 0 "$2"
}

# again NAME ARGUMENT...: the same run, on a heap full of rubbish and stopped
# now and then.
again() {
    local name=$1 run
    shift
    MALLOC_PERTURB_=165 "$iksim" run --json "$@" >"$work/again.json" \
        2>"$work/again.err" &
    run=$!
    disturb "$run"
    wait "$run"
    is_fine again $? "$name, stopped now and then"
    same "$name" again "$name, stopped $(cat "$work/stops") times"
}

for scheduler in "${schedulers[@]}"; do
    for mode in interrupts=batched interrupts=synchronous interrupts=nested \
        preset=vmm; do
        # With these, several make the same choices in so short a time.
        [ "$mode$scheduler" = interrupts=nestedlottery ] ||
            [ "$mode" != interrupts=nested ] || continue
        name=$scheduler-$mode
        # Guests that spin hardly ever idle, and it is idling that tells the
        # round robins apart: that takes the whole scenario.
        part=("${window[@]}")
        [ "$mode" != preset=vmm ] || part=(--set run.warmup=100ms)
        arguments=("$scenarios/mix.yaml" "${part[@]}"
            --set "kernel.scheduler=$scheduler" --set "kernel.$mode")
        "$iksim" run --json "${arguments[@]}" --check \
            >"$work/$name.json" 2>"$work/$name.err"
        is_fine "$name" $? "$name"
        holds "$name"
        echo "$(value "$name" .fingerprint) $name" >>"$work/found"
        again "$name" "${arguments[@]}"
        summons=$(value "$name" .sched.summons)
        if [ "$mode" = interrupts=batched ]; then
            expect "$name: summoned" 0 "$summons"
        else
            between "$name: summoned" 1 1000000 "$summons"
        fi
    done
done
expect "$name: programmed I/O of a card that takes many" true "$(
    jq -s '.[0].cpu.pio_ns > 2 * .[1].cpu.pio_ns' \
        "$work/round-robin-preset=vmm.json" \
        "$work/round-robin-interrupts=synchronous.json")"

# With nobody else, a server that spins leaves the processor no idle time.
for idle in timeout spin; do
    simulate "$idle" "$first" "${window[@]}" --set "kernel.idle=$idle"
done
expect "idle time is left by a timeout, and not by spinning" true "$(
    jq -s '.[0].cpu.idle_ns > 2 * .[1].cpu.idle_ns' \
        "$work/timeout.json" "$work/spin.json")"

twins=$(sort "$work/found" | uniq -w 32 -D)
[ -z "$twins" ] || fail "the same fingerprint twice: $twins"
echo "$(wc -l <"$work/found") different runs of one seed"

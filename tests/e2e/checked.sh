#!/bin/bash
# The kernel's own audit passes on runs of each kind.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

audited=(--check "${window[@]}" --set 'vms[0].count=20')
simulate open "$first" "${audited[@]}"
simulate closed "$first" "${audited[@]}" --set 'load[0].rate=' \
    --set 'load[0].clients=50' --set 'load[0].keep_alive=true'
simulate overload "$first" "${audited[@]}" --set 'load[0].rate=20000' \
    --set 'load[0].timeout=200ms' --set run.drain=2s
simulate modelled "$first" "${audited[@]}" --set run.boot=modelled
simulate profile "$first" "${audited[@]}" --set machine.profile=modern
simulate ideal "$first" "${audited[@]}" --set machine.profile=ideal
simulate lossy "$first" "${audited[@]}" --set link.loss=10% \
    --set link.reorder=10% --set link.duplicate=10%
simulate short "$first" "${audited[@]}" --set kernel.quantum=20us
simulate private "$first" "${audited[@]}" --set kernel.text=private
simulate spinning "$first" "${audited[@]}" --set kernel.idle=spin
simulate tight "$first" "${audited[@]}" --set kernel.rx_queue=4 \
    --set kernel.tx_queue=2 --set kernel.rx_pool=16
simulate hello "$scenarios/hello.yaml" --check --set 'vms[0].count=200'
echo 'vms: [{image: spin, count: 3}]' >spin.yaml
simulate spin spin.yaml --check --set run.duration=100ms
for name in open closed modelled profile ideal short private spinning; do
    all_answered "$name"
done
expect "window of spin.yaml" 100000000 "$(value spin .virtual_ns)"
expect "idle time beside guests that never idle" 0 \
    "$(value spin .cpu.idle_ns)"

# Built-in policies keep their contracts behind the checker of plug-ins, and make
# the same choices as without it.
policies() { # KEY
    "$iksim" policies | sed -n "/^$1:/,/^\$/s/^[* ] \([a-z][a-z-]*\) .*/\1/p"
}
# (In so short a window some policies let nobody answer, which is exit code 1.)
kept() { # SCENARIO KEY
    local name
    for name in $(policies "$2"); do
        for check in '' --check; do
            # shellcheck disable=SC2086  # none is no word
            "$iksim" run "$1" --json $check --set "$2=$name" \
                --set run.duration=50ms --set run.warmup=0s --set run.drain=0s \
                >"of$check.json" 2>"err$check"
            [ $? -le 1 ] || fail "$name $check: $(cat "err$check")"
        done
        diff err err--check || fail "$name says other things under --check"
        expect "fingerprint of $name" "$(value of .fingerprint)" \
            "$(value of--check .fingerprint)"
        [ "$(value of .fingerprint)" != null ] || fail "$name has no fingerprint"
        count=$((count + 1))
    done
}
count=0
kept "$scenarios/mix.yaml" kernel.scheduler
kept "$scenarios/pager.yaml" kernel.gatekeeper
[ "$count" -ge 12 ] || fail "only $count policies were held"

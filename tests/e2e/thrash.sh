#!/bin/bash
# Sixty servers where there is room for fifteen: with a gatekeeper there are
# fewer faults than without one, and with the one that goes by working sets more
# answers.
. "${0%/*}/lib.sh"

# total GATE: answers and faults of five seeds together, in $answers, $faults.
total() {
    local gate=$1 seed
    answers=0 faults=0
    for seed in 1 2 3 4 5; do
        simulate "$gate" "$scenarios/thrash.yaml" --seed "$seed" \
            --set run.warmup=5s \
            --set 'vms[0].count=60' --set 'load[0].clients=60' \
            --set kernel.gatekeeper="$gate"
        answers=$((answers + $(value "$gate" .load.completed)))
        faults=$((faults + $(value "$gate" .memory.faults)))
    done
    echo "$gate: $answers answers, $faults faults"
}
total open
open_answers=$answers open_faults=$faults
for gate in fifo working-set; do
    total "$gate"
    [ "$faults" -lt "$open_faults" ] || fail "$gate has no fewer faults"
done
[ "$answers" -gt "$open_answers" ] || fail "$gate has no more answers"

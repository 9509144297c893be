#!/bin/bash
# A batch job computes what it should, notices when it has not, and ends.
. "${0%/*}/lib.sh"
cat >"$work/one.yaml" <<'END'
run:     {warmup: 0s, duration: 2s}
machine: {profile: ideal}
vms:     [{image: batch, args: "units=2"}]
END

# product SUM: the next unit, as the head of batch.c describes it; bash has
# whole numbers enough. Adds its digest to SUM.
state=1
draw() {
    state=$(((state ^ state << 13) & 0xffffffff))
    state=$((state ^ state >> 17))
    state=$(((state ^ state << 5) & 0xffffffff))
}
product() {
    local i k n cell
    for ((i = 0; i < 1024; i++)); do
        draw
        a[i]=$state
    done
    for ((i = 0; i < 32; i++)); do
        for ((k = 0; k < 32; k++)); do
            cell=0
            for ((n = 0; n < 32; n++)); do
                ((cell += a[32 * i + n] * b[32 * n + k]))
            done
            sum=$((((sum ^ cell) & 0xffffffff) * 0x01000193 & 0xffffffff))
        done
    done
    for ((i = 0; i < 32; i++)); do
        draw # The vector of the check.
    done
}
a=()
b=()
sum=0
for ((i = 0; i < 1024; i++)); do
    draw
    b[i]=$state
done
product
product
wanted=$(printf '%08x' "$sum")

# result ARGUMENT...: what the job says in the end.
result() {
    "$iksim" run "$work/one.yaml" --console "$@" 2>"$work/err" ||
        fail "batch $*: $(cat "$work/err")"
}
result >"$work/said"
grep -qE "^batch-0: batch: 2 units in [0-9]+ us, result $wanted\$" \
    "$work/said" || fail "expected $wanted: $(head -n 3 "$work/said")"
result --set 'vms[0].args=units=2 working-set=1MiB' --set machine.ram=4MiB \
    --set 'vms[0].memory=2MiB' --set 'vms[0].count=4' --set kernel.rx_pool=16 \
    --set kernel.min_free=64KiB >"$work/said"
expect "right results on paged memory" 4 "$(grep -c "result $wanted" "$work/said")"

result --set 'vms[0].args=units=100' >"$work/said"
expect "lines of progress" 9 "$(grep -c 'of 100 units$' "$work/said")"
! grep -q 'with code' "$work/said" || fail "a job that is right has failed"
for unit in 1 3 50; do
    result --set "vms[0].args=units=50 spoil=$unit" \
        --set 'vms[0].expect=badly' >"$work/said"
    grep -q "batch: unit $unit is computed wrongly" "$work/said" ||
        fail "a wrong word goes unseen: $(head -n 3 "$work/said")"
    grep -q 'batch-0: terminated with code 1' "$work/said" ||
        fail "a job that is wrong ends as if right"
done
simulate ever "$work/one.yaml" --set 'vms[0].args=units=0' \
    --set run.duration=100ms
expect "jobs for ever that have ended" 0 "$(value ever .vms.terminated)"

# Four of them beside servers: all come to the same.
"$iksim" run "$scenarios/batch.yaml" --console >"$work/said" 2>&1 ||
    fail "batch.yaml: $(tail -n 3 "$work/said")"
expect "results in batch.yaml" 4 "$(grep -c 'result' "$work/said")"
expect "different results" 1 \
    "$(grep -o 'result .*' "$work/said" | sort -u | wc -l)"
echo "two units: $wanted"

#!/bin/bash
# RAM that does not suffice ends the run with a sentence and exit 1, while the
# VMs boot and afterwards; RAM that cannot hold them at all is refused.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

many=("$first" "${window[@]}" --set 'vms[0].count=300'
    --set kernel.min_free=64KiB)
simulate plenty "${many[@]}"
peak=$(value plenty .memory.resident_peak)

# exhausts NAME PAGES: with so many pages less than are ever in use.
exhausts() {
    local name=$1 code
    "$iksim" run --json "${many[@]}" --check \
        --set "machine.ram=$(((peak - $2) * 4))KiB" >"$name.json" 2>"$name.err"
    code=$?
    expect "$name: exit code ($(tail -n 3 "$name.err"))" 1 "$code"
    expect "$name: lines" 1 "$(wc -l <"$name.err")"
    grep -q 'RAM is full: .* machine.ram' "$name.err" ||
        fail "$name: it does not say why: $(cat "$name.err")"
    holds "$name"
    cat "$name.err"
}
exhausts booting 3000
exhausts loaded 100

# Sixteen frames beyond the peak are min_free: that is enough.
simulate enough "${many[@]}" --set "machine.ram=$(((peak + 32) * 4))KiB"
all_answered enough

# From nothing to enough: each ends with one of the three codes, none crashes.
for pages in 1 2 16 64 256 257 258 260 264 270 280 290 300 320 360 400; do
    "$iksim" run "$scenarios/hello.yaml" --check --set kernel.rx_pool=1 \
        --set "machine.ram=$((pages * 4))KiB" --set 'vms[0].memory=64KiB' \
        --set kernel.min_free=4KiB >out 2>err
    code=$?
    [ "$code" -le 2 ] || fail "$pages pages of RAM: exit $code: $(cat err)"
    [ "$code" -eq 0 ] || expect "$pages pages: lines on stderr: $(cat err)" \
        1 "$(wc -l <err)"
    echo "$pages pages: exit $code $(cat err)"
done
expect "exit code with enough RAM" 0 "$code"

#!/bin/bash
# RAM that does not hold all that the VMs touch makes a run slower, not wrong:
# what is not used lies on the disks. RAM that cannot hold the kernel, or that
# no VM may be admitted to, is refused with a sentence.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

many=("$first" "${window[@]}" --set 'vms[0].count=300'
    --set kernel.min_free=64KiB)
simulate plenty "${many[@]}"
all_answered plenty
peak=$(value plenty .memory.resident_peak)

# squeeze NAME PAGES: with so many pages less than are ever in use.
squeeze() {
    simulate "$1" "${many[@]}" --check --set run.boot=ideal \
        --set run.duration=1s \
        --set "machine.ram=$(((peak - $2) * 4))KiB"
    echo "$2 pages less: $(value "$1" '.memory | tostring')"
}
squeeze tight 100
squeeze tighter 4500
[ "$(value tighter .memory.page_outs)" -gt 0 ] || fail "nothing was written"
between "resident pages" 1 $((peak - 4500)) \
    "$(value tighter .memory.resident_peak)"

# Programs lie behind the RAM, also where it does not end below 4 GiB.
simulate large "$scenarios/hello.yaml" --check --set machine.ram=5GiB
expect "frames of 5 GiB" $((5 << 18)) "$(value large .memory.frames)"

# More than there is to be free before anyone is admitted.
"$iksim" run --json "${many[@]}" --check --set kernel.min_free=1000MiB \
    >out 2>err
code=$?
expect "exit code with an impossible min_free ($(cat err))" 1 "$code"
expect "lines on stderr" 1 "$(wc -l <err)"
grep -q 'kernel.min_free asks for more' err || fail "no reason: $(cat err)"

# From nothing to enough: each ends with one of the three codes, none crashes.
for pages in 1 2 16 256 257 300 512 513 514 540 550 560 600 700; do
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

#!/bin/bash
# The same scenario and seed give the same report, wherever and however iksim
# is run; another seed gives another.
. "${0%/*}/lib.sh"

seven=("${window[@]}" --seed 7)
cd "$tree" || exit 2
simulate plain workloads/scenarios/first.yaml "${seven[@]}"
all_answered plain

# From elsewhere, on a heap full of rubbish, with everything to watch it.
cd "$work" || exit 2
export MALLOC_PERTURB_=165
export ASAN_OPTIONS=max_malloc_fill_size=65536:malloc_fill_byte=165
simulate elsewhere "$first" "${seven[@]}" --pcap "$work/pcap" --check \
    --out "$work/dir" --console
same plain elsewhere "the same seed, elsewhere and watched"
unset MALLOC_PERTURB_ ASAN_OPTIONS

simulate private "$first" "${seven[@]}" --set kernel.text=private
expect "fingerprint with kernel.text=private" \
    "$(value plain .fingerprint)" "$(value private .fingerprint)"
same plain private "private text"

simulate other "$first" "${window[@]}" --seed 8
[ "$(value plain .fingerprint)" != "$(value other .fingerprint)" ] ||
    fail "seeds 7 and 8 give the same fingerprint"
echo "fingerprint of seed 7: $(value plain .fingerprint)"

#!/bin/bash
# The engine dies, or does not come back, over one block: only the VM that comes
# to it ends, and all others do what they do in a run of an image in which that
# block is outside the subset.
# Usage: guard.sh IKSIM ENGINE_FAULT.so
. "${0%/*}/lib.sh"
fault=$(readlink -f "$2") || exit 2
needs readelf pgrep
cd "$work" || exit 2
# The library comes before the sanitizers'.
export ASAN_OPTIONS=verify_asan_link_order=0${ASAN_OPTIONS+:$ASAN_OPTIONS}
limit=(--limit translation=300ms)
[ -z "${E2E_SLOW-}" ] || limit=(--limit translation=3s)

# as/ has the guests as they are, and changed/ those with a block outside the
# subset, under the same names.
mkdir as
cp "${iksim%/*}"/guests/{httpd,hello,spin}.elf as
cat >as/mixed.yaml <<'END'
run: {warmup: 20ms, duration: 60ms, drain: 50ms}
vms:
  - {name: web, verify: lazy, image: ./httpd.elf, count: 2, memory: 8MiB}
  - {name: calm, verify: lazy, image: ./httpd.elf, count: 1, memory: 8MiB}
  - {name: hi, verify: lazy, image: ./hello.elf, count: 2}
  - {name: spin, verify: lazy, image: ./spin.elf, args: iterations=25}
load: [{target: web, rate: 2000}]
END
sed '/hello/d; /spin/d' as/mixed.yaml >as/web.yaml

# faulty FAULT SCENARIO NAME ARGUMENT...: runs it with an engine that dies so.
# The report is NAME.json; the exit code is in $code.
faulty() {
    local fault_at=$1 scenario=$2 name=$3
    shift 3
    rm -rf "$name"
    (cd as && ENGINE_FAULT=$fault_at LD_PRELOAD=$fault "$iksim" run \
        "$scenario" --json --out "../$name" "${limit[@]}" "$@" \
        >"../$name.json" 2>"../$name.err")
    code=$?
}

# offset IMAGE VA: where the byte is in the file.
offset() {
    local type at va size
    readelf -lW "$1" | while read -r type at va _ size _; do
        [ "$type" = LOAD ] && (($2 >= va && $2 < va + size)) &&
            echo $((at + $2 - va))
    done
}

# refuse_instead NAME: in changed/, what the run has listed is outside the
# subset.
refuse_instead() {
    local image va
    rm -rf changed
    cp -r as changed
    jq -r '.images as $all | .engine[] | [$all[.image].image, .address] | @tsv' \
        "$1/manifest.json" >"$1.listed"
    while read -r image va; do
        printf '\xf4' | dd of="changed/$image" bs=1 conv=notrunc status=none \
            seek="$(offset "as/$image" "$va")" # hlt
    done <"$1.listed"
}

# Without what is different: the host, whose guests, and why they are refused.
results() {
    jq 'del(.host, .guests, .vms.refused_by_engine)' "$1.json"
}

# hold FAULT SCENARIO: the oracle.
hold() {
    local listed
    faulty "$1" "$2" died
    grep -q 'the run is made again without that block' died.err ||
        fail "$1: it is not said: $(cat died.err)"
    listed=$(jq -r '[.engine[].address] | unique | join(" ")' \
        died/manifest.json)
    [[ ${1%%:*} = run-* ]] ||
        expect "$1: blocks that are listed" "0x${1#*:}" "$listed"
    refuse_instead died
    (cd changed && "$iksim" run "$2" --json >../refused.json \
        2>../refused.err)
    expect "$1: exit code" $? "$code"
    results died >left
    results refused >right
    diff left right >difference || fail "$1: the results differ from those of" \
        "a run with the block refused: $(head -n 20 difference)"
    value died '.vms.refused_by_engine > 0 and
        .vms.refused_by_engine == .vms.faulted' | grep -qx true ||
        fail "$1: refused by the engine: $(value died .vms)"
    expect "$1: repeats" "$(wc -l <died.listed)" "$(value died .host.repeats)"
}

# blocks SCENARIO FILE ARGUMENT...: in the order in which they are first shown.
blocks() {
    local scenario=$1 file=$work/$2
    shift 2
    (cd as && ENGINE_FAULT=list:$file LD_PRELOAD=$fault "$iksim" run \
        "$scenario" --json "$@" >/dev/null 2>../err) || fail "$(cat err)"
}
blocks mixed.yaml all
blocks mixed.yaml booted --set run.warmup=0s --set run.duration=1us \
    --set run.drain=0s --set 'load[0].rate=1'
blocks mixed.yaml warm --set run.duration=1us --set run.drain=0s
all=$(wc -l <all)
booted=$(wc -l <booted)
warm=$(wc -l <warm)
((booted < warm && warm < all)) ||
    fail "no blocks for each phase: $booted, $warm, $all"

# Many n: the first ones, the last of each phase, and some all over the run.
ns=(1 2 3 5 8 13 "$booted" $((booted + 1)) "$warm" $((warm + 1)) "$all")
step=$((all / 20))
[ -z "${E2E_SLOW-}" ] || step=$((all / 4))
for ((n = step / 2; n <= all; n += step)); do
    ns+=("$n")
done
kinds=(abort segv abort run-abort)
for i in "${!ns[@]}"; do
    va=$(sed -n "${ns[i]}p" all)
    hold "${kinds[i % 4]}:$va" mixed.yaml
done
echo "${#ns[@]} of $all blocks, $booted of them in boot and $warm until the window"

# One that the engine's own translator cannot bear, and one that it never gets
# done with.
blocks web.yaml own
for n in 20 $((all / 3)) "$(wc -l <own)"; do
    hold "real:$(sed -n "${n}p" own)" web.yaml
done
hold "hang:$(sed -n 40p all)" mixed.yaml
grep -q 'takes too long' died.err || fail "hang: $(cat died.err)"
hold "hang:$(sed -n "${all}p" all)" mixed.yaml

# The last block is reached by those alone who are asked for something.
expect "VMs that nobody asks" 0 "$(jq '[.engine[].vm | select(. > 1)] |
    length' died/manifest.json)"

# The directory alone repeats the run, with an engine that survives all, and no
# block is found.
"$iksim" run --again died >out 2>err || fail "--again: $(cat out err)"
grep -q 'repeated exactly' out || fail "--again: $(cat out)"
grep -q 'the run is made again' err && fail "--again: $(cat err)"
for edit in '.engine[0].image = 99' '.engine[0].address = "0x"' \
    '.engine[0].address = 5' '.engine = [range(65) | $e]' \
    '.engine[0].address = "0x123456789"'; do
    rm -rf edited
    cp -r died edited
    jq '.engine[0] as $e | '"$edit" died/manifest.json >edited/manifest.json
    "$iksim" run --again edited >out 2>err
    expect "exit of --again after $edit" 2 $?
    grep -q 'which blocks the engine did not survive' err ||
        fail "--again after $edit: $(cat err)"
done

# What was shown is not shown again: on stderr with --json at once, on stdout
# when there is enough of it. All files are those of the run without the block.
last=$(sed -n "${all}p" all)
expect "console lines" 1 "$(grep -c '^hi-1: Hello' died.err)"
for place in as changed; do
    (cd $place && ENGINE_FAULT=abort:$last LD_PRELOAD=$fault "$iksim" run \
        mixed.yaml --instructions hi-1 --trace ../$place.trace \
        --pcap ../$place.pcap --vms ../$place.csv >../$place.out 2>/dev/null)
    sed '/^Host$/,$d' $place.out >$place.shown
done
[ "$(grep -c '^ .* ; ' as.shown)" -gt 100 ] || fail "nothing was shown"
cmp as.shown changed.shown || fail "what was shown differs"
cmp as.pcap changed.pcap || fail "--pcap differs"
cmp as.csv changed.csv || fail "--vms differs"
"$iksim" trace diff as.trace changed.trace >out ||
    fail "--trace differs: $(cat out)"

# Unguarded, the process dies; and so does a run that dies whatever is refused.
faulty "abort:$last" mixed.yaml bare --no-guard
expect "exit of a run that is not guarded" 134 "$code"
faulty "start:$(sed -n 1p all)" mixed.yaml hopeless
expect "exit of a hopeless run" 1 "$code"
grep -q 'given up after 1 blocks' hopeless.err || fail "$(cat hopeless.err)"

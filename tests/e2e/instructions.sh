#!/bin/bash
# A run with --instructions is the run without, and lists of one VM every
# instruction that it retires, with what each leaves as single-stepping the same
# image finds it.
# Usage: instructions.sh IKSIM SINGLE_STEP
. "${0%/*}/lib.sh"
single_step=$(readlink -f "$2") || exit 2
guests=${iksim%/*}/guests
cd "$work" || exit 2

# lines FILE: the instructions in it.
lines() {
    grep -vc '^#' "$1"
}

# follow SCENARIO VMS ARGUMENT...: following any of its VMs changes nothing, and
# together they have as many lines as the report has instructions.
follow() {
    local scenario=$1 vms=$2 sum=0 vm
    shift 2
    simulate plain "$scenario" "$@"
    for ((vm = 0; vm < vms; vm++)); do
        simulate followed "$scenario" "$@" --instructions "$vm:vm$vm.txt"
        same plain followed "$scenario, VM $vm followed"
        sum=$((sum + $(lines "vm$vm.txt")))
    done
    expect "$scenario: lines of all VMs" "$(value plain .guest.instructions)" \
        "$sum"
    echo "$scenario: $sum instructions of $vms VMs"
}

# compare GUEST ARGS: registers after each instruction, by the changes listed
# and by stepping.
compare() {
    echo "vms: [{name: vm, image: $1, args: '$2'}]" >one.yaml
    simulate one one.yaml --instructions vm-0:one.txt
    "$single_step" "$guests/$1.elf" "$2" steps.txt >/dev/null 2>count ||
        fail "single_step $1 $2: exit $?: $(cat count)"
    expect "$1 $2: lines" "$(cat count)" "$(lines one.txt)"
    # The last leaves nothing to be seen: it does not come back.
    awk -f "$tests/registers.awk" one.txt | head -n -1 >listed.txt
    head -n -1 steps.txt | cmp listed.txt - ||
        fail "$1 $2: what is listed is not what stepping finds:" \
            "$(head -n -1 steps.txt | diff listed.txt - | head -n 4)"
    echo "$1 $2: $(cat count) instructions, each as by stepping"
}
compare hello ''
compare spin iterations=1

echo "vms: [{name: vm, image: hello}]" >hello.yaml
follow hello.yaml 1
# Without a file they go where console output goes.
"$iksim" run hello.yaml --instructions 0 >out || fail "exit $?"
expect "lines on stdout" "$(value plain .guest.instructions)" \
    "$(grep -Ec '^ +[0-9]+ +[0-9]+  [0-9a-f]{8}  ' out)"
grep -q ' main+.* calll .* ; esp=' vm0.txt || fail "no call in main is listed"
grep -q ' cd..  *console_write ;$' vm0.txt || fail "no virtual instruction"

# A program with an eighth of the memory it uses: faults and restarts. Two, so
# that each is also switched away from.
cat >pager.yaml <<'END'
run:     {seed: 1, boot: modelled, boot_instructions: 0, warmup: 0s,
          duration: 100s}
machine: {ram: 3MiB}
kernel:  {min_free: 64KiB, rx_pool: 16}
vms:     [{name: p, image: pager, count: 2, memory: 1MiB,
           args: "pages=200 order=random rounds=1 words=4"}]
END
follow pager.yaml 2
value plain '.memory.faults > 400' | grep -qx true ||
    fail "pager.yaml: too few faults: $(value plain .memory.faults)"


# refuse WANTED ARGUMENT...
refuse() {
    local wanted=$1 code=0
    shift
    "$iksim" run hello.yaml "$@" >out 2>err || code=$?
    expect "$*: exit" 2 "$code"
    expect "$*: sentence" "$wanted" "$(cat err)"
}
refuse "iksim: there is no VM '1': the run has one, number 0 or vm-0" \
    --instructions 1
refuse "iksim: there is no VM 'vm-1': the run has one, number 0 or vm-0" \
    --instructions vm-1:file
refuse "iksim: cannot write '/nowhere/file': No such file or directory" \
    --instructions 0:/nowhere/file
refuse "iksim: run: --instructions must be a VM, or VM:FILE, not '0:'; see iksim \
run --help" --instructions 0:
if [ -w /dev/full ]; then
    refuse "iksim: cannot write '/dev/full': No space left on device" \
        --instructions 0:/dev/full
fi

# With a web server there is load, idling and interrupts.
if [ -f "$guests/httpd.elf" ]; then
    cat >web.yaml <<'END'
run:     {seed: 1, warmup: 10ms, duration: 100ms}
machine: {ram: 64MiB}
vms:     [{name: web, image: httpd, count: 3, args: "size=258"}]
load:    [{kind: http, target: web, zipf: 1.0, rate: 1000, timeout: 5s}]
END
    follow web.yaml 3
    all_answered plain
    grep -q '^# the kernel set .* irq_entry$' vm0.txt ||
        fail "no interrupt is shown"
fi

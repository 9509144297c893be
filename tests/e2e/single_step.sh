#!/bin/bash
# A guest executes as many instructions under iksim as by single-stepping the
# same image in a plain Unicorn, and says the same.
# Usage: single_step.sh IKSIM SINGLE_STEP
. "${0%/*}/lib.sh"
single_step=$(readlink -f "$2") || exit 2
guests=${iksim%/*}/guests

# compare NAME GUEST ARGS
compare() {
    local name=$1 stepped
    "$single_step" "$guests/$2.elf" "$3" >"$work/$name.out" \
        2>"$work/$name.count" || fail "single_step $2 $3: exit $?:" \
        "$(cat "$work/$name.count")"
    stepped=$(cat "$work/$name.count")
    echo "vms: [{name: vm, image: $2, args: '$3'}]" >"$work/$name.yaml"
    simulate "$name" "$work/$name.yaml" --console --set run.duration=10s
    expect "$name: VMs that terminated" 1 "$(value "$name" .vms.terminated)"
    expect "$name: instructions" "$stepped" \
        "$(value "$name" .guest.instructions)"
    expect "$name: console" "$(sed 's/^/vm-0: /' "$work/$name.out")" \
        "$(grep '^vm-0: ' "$work/$name.err")"
    echo "$name: $stepped instructions both ways"
}
compare hello hello ''
compare spin-1 spin iterations=1
compare spin-25 spin iterations=25

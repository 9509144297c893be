#!/bin/bash
# As many images as a scenario may have groups: the engine, which aborts at some
# 4,090 regions of memory, has one for all of them.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
groups=4096
hello=${iksim%/*}/guests/hello.elf
[ -f "$hello" ] || fail "there is no $hello"
{
    echo "run: {warmup: 1ms, duration: 10ms}"
    echo "machine: {ram: 4GiB}"
    echo "vms:"
    for ((i = 0; i < groups; i++)); do
        ln -s "$hello" "hello$i.elf"
        echo "  - {name: h$i, image: hello$i.elf, memory: 1MiB}"
    done
} >images.yaml
simulate images images.yaml
expect "VMs that ended well" $groups "$(value images .vms.terminated)"
expect "VMs that did not" 0 "$(value images .vms.failed)"

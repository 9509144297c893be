#!/bin/sh
# test_disk.sh IKSIM IMAGE - runs guest_disk.c and compares its console, with
# devices that take no time and with devices that do, with room and with little.
set -u
iksim=$1
image=$2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
bad=0

# try ARGS EXPECTED...: each EXPECTED a line of the console.
try() {
    args=$1
    shift
    cat >"$folder/disk.yaml" <<END
run:     {boot: modelled, warmup: 0s, duration: 5s}
machine: {ram: 64MiB}
kernel:  {rx_pool: 16, min_free: 64KiB}
vms:     [{name: vm, image: "$image", memory: 1MiB, args: "$args"}]
disks:   [{vms: vm, size: 256KiB}]
END
    printf 'vm: %s\n' "$@" >"$folder/expected"
    for set in run.boot=modelled run.boot=ideal 'vms[0].frames=4' \
        kernel.paging_block=64KiB machine.ram=2304KiB; do
        "$iksim" run "$folder/disk.yaml" --check --set "$set" 2>&1 |
            sed -n 's/^vm[^ ]*: /vm: /p; /assert/p' >"$folder/console"
        diff -u "$folder/expected" "$folder/console" || {
            echo "with $args $set"
            bad=1
        }
    done
}

try 'try=0' 'disks: 1, blocks: 64, 0' \
    'disk -5, block -1, buffer -2, text -2, good 0' \
    'disk -5, block -1, buffer -2, text 0, good 0'
try 'try=1' '27 done, 13 refused' '54 done, 13 refused' 'all blocks as written'
try 'try=2' 'all threads are done'
try 'try=3' 'panic: a thread waits for the disk already'
exit $bad

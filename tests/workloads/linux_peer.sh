#!/bin/sh
# The clients against the Linux kernel, on a good link and on a bad one.
# Needs root and /dev/net/tun.
#
#   cmake --build build --target tests_workloads_linux_peer
#   tests/workloads/linux_peer.sh build/tests/workloads.linux_peer
set -eu
if [ "${2-}" = "in the namespace" ]; then
    ip tuntap add dev ik0 mode tap
    ip link set ik0 address 02:00:0a:10:00:01 up
    for i in 1 2 3 4 5 6 7 8 9 10; do
        ip addr add 10.16.0.$i/8 dev ik0
    done
    exec "$1" "$3"
fi
for ppm in 0 50000; do
    echo "loss, reordering and duplication: $ppm frames in a million"
    unshare --net -- "$0" "$1" "in the namespace" $ppm
done

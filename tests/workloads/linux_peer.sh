#!/bin/sh
# The clients against the Linux kernel, on a good link and on a bad one.
# Needs root and /dev/net/tun.
#
#   cmake --build build --target tests_workloads_linux_peer
#   tests/workloads/linux_peer.sh build/tests/workloads.linux_peer
set -eu
for ppm in 0 50000; do
    echo "loss, reordering and duplication: $ppm frames in a million"
    unshare --net -- "$1" $ppm
done

#!/bin/sh
# Draws the pictures of docs/viz.md anew, with the iksim given (default:
# build/iksim). They need no display. Takes some seconds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
iksim=${1:-$here/../../build/iksim}

# picture FILE TIME SIZE WEB SUM RAM RATE: of that many VMs of either kind.
picture() {
    "$iksim" viz "$here/crowd.yaml" --screenshot "$2" "$here/$1" --size "$3" \
        --vm 3 --set "vms[0].count=$4" --set "vms[1].count=$5" \
        --set "machine.ram=$6" --set "load[0].rate=$7"
}

picture 10.png 700ms 1280x800 7 3 4MiB 400
picture 1000.png 1s 1280x800 960 40 56MiB 1500
picture 10000.png 1200ms 1280x800 9900 100 320MiB 3000
picture 10-large.png 700ms 1920x1080 7 3 4MiB 400
picture 1000-large.png 1s 1920x1080 960 40 56MiB 1500
picture 10000-large.png 1200ms 1920x1080 9900 100 320MiB 3000

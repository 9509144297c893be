#!/bin/sh
# test_memory.sh IKSIM - pager, diskd, httpd's working set, spin's naps and a game's
# world, through the whole program and under --check.
set -u
iksim=$1
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
bad=0

wrong() {
    echo "$*"
    bad=1
}

# run NAME ARGUMENT...: the scenario on stdin; its output in $folder/NAME.
run() {
    name=$1
    shift
    cat >"$folder/$name.yaml"
    "$iksim" run "$folder/$name.yaml" --check "$@" >"$folder/$name" 2>&1
}

# says NAME COUNT TEXT: so many lines of its output have the text.
says() {
    found=$(grep -c "$3" "$folder/$1")
    [ "$found" -eq "$2" ] || {
        wrong "$1: $found times \"$3\", not $2"
        cat "$folder/$1"
    }
}

# faults POLICY FRAMES: of a textbook's reference string.
faults() {
    run trace --set kernel.replacement="$1" --set "vms[0].frames=$2" <<END
run:  {boot: modelled, warmup: 0s, duration: 1s}
vms:  [{name: vm, image: pager, memory: 256KiB,
        args: "trace=1,2,3,4,1,2,5,1,2,3,4,5"}]
END
    says trace 1 'pager: 12 touches, all words as written'
    sed -n 's/^  page faults *//p' "$folder/trace"
}

# With frames for all, the five pages fault once; the rest is the program's.
rest=$(($(faults fifo 9) - 5))
for expected in 'fifo 3 9' 'fifo 4 10' 'lru 3 10' 'lru 4 8'; do
    # shellcheck disable=SC2086
    set -- $expected
    got=$(($(faults "$1" "$2") - rest))
    [ "$got" -eq "$3" ] || wrong "$1, $2 frames: $got faults, not $3"
done

for order in sequential random zipf loop; do
    run order <<END
run:     {boot: modelled, warmup: 0s, duration: 200s}
machine: {ram: 3MiB}
kernel:  {rx_pool: 16, min_free: 16KiB}
vms:     [{name: vm, image: pager, memory: 2MiB,
           args: "order=$order pages=440 rounds=3"}]
END
    says order 1 'pager: 1320 touches, all words as written'
done

# Three VMs have one disk, one after the other: each finds what was there, and
# stores its own document until the 12 blocks are full.
run diskd <<END
run:     {boot: modelled, warmup: 0s, duration: 8s}
vms:     [{name: web, image: diskd, memory: 1MiB, args: "size=9000"}]
disks:   [{vms: web, size: 48KiB}]
events:
  - {at: 2s, destroy: web}
  - {at: 2s, create: web}
  - {at: 4s, destroy: web}
  - {at: 4s, create: web}
END
says diskd 1 'web-0: diskd: version 1 of the document, 6 of 12 blocks taken'
says diskd 1 'web-1: diskd: version 2 of the document, 11 of 12 blocks taken'
says diskd 1 'web-2: diskd: no document: error -18'

# Many clients of one server, and a document of many blocks: all right.
run busy <<END
run:     {warmup: 100ms, duration: 2s}
vms:     [{name: web, image: diskd, memory: 1MiB, args: "size=50000"}]
disks:   [{vms: web, size: 1MiB}]
load:    [{kind: http, target: web, clients: 20, timeout: 20s}]
END
says busy 1 'otherwise  *0 failed, 0 timed out'

# Without a disk, every request is answered: with 500.
run nodisk <<END
run:     {warmup: 10ms, duration: 100ms}
vms:     [{name: web, image: diskd, memory: 1MiB}]
load:    [{kind: http, target: web, rate: 100}]
END
says nodisk 1 'web-0: diskd: no document: error -5'
says nodisk 1 'otherwise  *[1-9][0-9]* failed, 0 timed out'

# Servers whose working sets do not fit lose no page.
run working_set <<END
run:     {warmup: 100ms, duration: 5s}
machine: {ram: 4MiB}
kernel:  {rx_pool: 64, min_free: 16KiB}
vms:     [{name: web, image: httpd, count: 8, memory: 1MiB,
           args: "working-set=256KiB"}]
load:    [{kind: http, target: web, clients: 4, timeout: 60s}]
END
says working_set 1 'otherwise  *0 failed, 0 timed out'
says working_set 0 panic

# Of four pages LRU has three in core: the fourth is wanted 250 times of 1000 if
# all are alike, 173 times if they follow Zipf's law: over all orders i, j, k, l of
# the last uses, the sum of p_i p_j / (1 - p_i) p_k / (1 - p_i - p_j) p_l. Within
# 4 standard deviations.
for expected in 'random 195 305' 'zipf 125 221'; do
    # shellcheck disable=SC2086
    set -- $expected
    run law --set kernel.replacement=lru <<END
run:  {boot: modelled, warmup: 0s, duration: 20s}
vms:  [{name: vm, image: pager, memory: 256KiB, frames: 3,
        args: "order=$1 pages=4 rounds=250"}]
END
    got=$(sed -n 's/^  page faults *//p' "$folder/law")
    if [ "${got:-0}" -lt "$2" ] || [ "${got:-0}" -gt "$3" ]; then
        wrong "order=$1: $got faults, not $2 to $3"
    fi
done

# A server whose frames wait for room sends each of them, and once.
run narrow <<END
run:     {warmup: 100ms, duration: 500ms}
kernel:  {tx_queue: 2}
vms:     [{name: web, image: httpd, args: "size=100000"}]
load:    [{kind: http, target: web, clients: 8}]
END
says narrow 1 'completed  *[1-9]'
says narrow 1 'otherwise  *0 failed, 0 timed out'
says narrow 1 'of bodies, 0 segments retransmitted'
says narrow 0 panic

# No byte of a document is left over, whatever pieces it is sent in.
for size in 1 1461 8193 16385; do
    run odd <<END
run:     {warmup: 10ms, duration: 200ms}
vms:     [{name: web, image: httpd, args: "size=$size"}]
load:    [{kind: http, target: web, clients: 2, timeout: 100ms}]
END
    says odd 1 'completed  *[1-9]'
    says odd 1 'otherwise  *0 failed, 0 timed out'
done

# A game's world may have no body but the players' own.
for expected in '4 0' '3 1'; do
    # shellcheck disable=SC2086
    set -- $expected
    run alone <<END
run:     {warmup: 10ms, duration: 300ms}
vms:     [{name: g, image: game, args: "players=4 bodies=$1"}]
load:    [{kind: game, target: g, players: 4}]
END
    says alone "$2" "panic: bodies=$1 are fewer than the players, 4"
    says alone $((1 - $2)) '^  completed  *[1-9]'
done

# spin naps when a burst is over, not before: so many rounds, so many naps of a
# second in bursts of three.
for expected in '2 0' '3 1' '5 1' '6 2'; do
    # shellcheck disable=SC2086
    set -- $expected
    run spin <<END
run:     {boot: modelled, warmup: 0s, duration: 10s}
vms:     [{name: vm, image: spin, args: "iterations=$1 burst=3 nap=1s"}]
END
    says spin 1 "vm-0: $1 iterations: "
    says spin 1 "^  idle  *$2 times, "
done
exit $bad

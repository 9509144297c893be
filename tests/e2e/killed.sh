#!/bin/bash
# A disk's file is as before the run or as after it, whenever SIGKILL comes: at
# moments drawn from the whole run, and in the middle of the saving.
#
#   killed.sh IKSIM [KILLS]    60, or 200 to be sure
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >disk.yaml <<'END'
run:   {seed: 3, warmup: 0s, duration: 10ms}
vms:   [{name: store, image: diskd, args: size=20000}]
disks: [{size: 24MiB, file: disk.img}]
load:  [{target: store, rate: 100}]
END
# The guest's document comes to the front; what fills the rest makes the saving
# long enough to be hit.
truncate --size=16MiB before
head -c 8388608 /dev/urandom >>before
cp before disk.img
simulate whole disk.yaml --discard
cmp disk.img before || fail "--discard wrote the file"
cp before disk.img
begun=${EPOCHREALTIME/./}
simulate whole disk.yaml
took=$((${EPOCHREALTIME/./} - begun)) # In microseconds.
mv disk.img after
cmp -s before after && fail "the run changed nothing"
[ "$(stat -c %b after)" -lt "$((24 * 2048))" ] || # Of 512 bytes.
    fail "what is zero takes room in the file"

kills=${2-60}
RANDOM=7
unfinished=0
old=0
for ((n = 0; n < kills; n++)); do
    cp before disk.img
    "$iksim" run "$work/disk.yaml" >out 2>err &
    run=$!
    if [ $((n % 2)) = 0 ]; then
        us=$((RANDOM * took / 32768))
    else # It looks at its beginning whether the new file can be made.
        until [ "$(stat -c %s disk.img.iksim-new 2>/dev/null || echo 0)" -gt 0 ] ||
            ! kill -0 "$run" 2>/dev/null; do
            :
        done
        us=$((RANDOM * took / 32768 / 8))
    fi
    sleep "$((us / 1000000)).$(printf %06d $((us % 1000000)))"
    kill -KILL "$run" 2>/dev/null
    wait "$run" 2>/dev/null
    while pgrep -f "$work/disk.yaml" >/dev/null; do
        : # The child that makes the run goes with its guard.
    done
    if [ -e disk.img.iksim-new ]; then
        unfinished=$((unfinished + 1))
        cmp -s disk.img before || fail "kill $n: half of the file was saved"
    elif cmp -s disk.img before; then
        old=$((old + 1))
    else
        cmp disk.img after || fail "kill $n: the file is neither old nor new"
    fi
done
[ "$unfinished" -gt 0 ] || fail "no kill came while the file was saved"
[ "$old" -gt 0 ] || fail "no kill came before the file was saved"
echo "$kills kills: $old before the saving, $unfinished within it"

# What the last one left, if anything, is in nobody's way.
: >disk.img.iksim-new
cp before disk.img
simulate last disk.yaml
cmp disk.img after || fail "after a kill, the next run saved something else"
[ ! -e disk.img.iksim-new ] || fail "the unfinished file stays"

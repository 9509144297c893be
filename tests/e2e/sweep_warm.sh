#!/bin/bash
# A sweep whose runs share their beginning leaves what one leaves whose runs
# all start cold: whatever is shared, fails, or is killed on the way.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2
cp "$first" base.yaml

# contents DB: what two sweeps of one plan have in common.
contents() {
    sqlite3 "$1" '.dump runs' || fail "$1 cannot be dumped"
}

# same_contents DB DB WHY
same_contents() {
    contents "$1" >left
    contents "$2" >right
    cmp -s left right || fail "$3: $(diff left right | head -n 5)"
}

# Three beginnings a seed: `early` parts after boot, since its load runs through
# warm-up; `late` after that; `stuck` never gets there, as no VM is admitted.
# One path of two is not there, so half of all runs fail.
cat >plan.yaml <<'END'
base: base.yaml
grid:
  - {key: "load[0].path", values: [/, /nowhere]}
  - {key: "load[0].rate", values: [100, 200, 400]}
sets:
  - name: early
    set: ["vms[0].count=5", run.warmup=20ms, run.duration=50ms]
  - name: late
    set: ["vms[0].count=5", run.warmup=20ms, run.duration=50ms,
          "load[0].start=20ms"]
  - name: stuck
    set: ["vms[0].count=5", run.warmup=20ms, run.duration=50ms,
          kernel.min_free=1000MiB]
seeds: [1, 4]
END
said='36 runs: 12 done, 24 failed, 0 to do; 36 ran now'
"$iksim" sweep plan.yaml --db cold.db --jobs 2 >out 2>cold.err
expect "exit of the cold sweep" 1 $?
grep -qx "cold.db: $said" out || fail "the cold sweep says: $(cat out)"
for jobs in 1 2 7; do
    "$iksim" sweep plan.yaml --warm --db "warm$jobs.db" --jobs "$jobs" >out \
        2>warm.err
    expect "--warm --jobs $jobs: exit" 1 $?
    # With more jobs than groups, the last run of one may be left for a slot
    # that has none of its servers.
    [ "$jobs" -gt 2 ] || grep -qx "warm$jobs.db: $said, 12 of them warm" out ||
        fail "--warm --jobs $jobs says: $(cat out)"
    same_contents cold.db "warm$jobs.db" "--warm --jobs $jobs"
    cmp -s <(sort cold.err) <(sort warm.err) ||
        fail "--warm --jobs $jobs says: $(cat warm.err)"
done
"$iksim" sweep plan.yaml --warm --db warm1.db >out 2>&1
grep -q '0 to do; 0 ran now, 0 of them warm' out || fail "again: $(cat out)"
"$iksim" sweep plan.yaml --warm --retry --db warm1.db >out 2>&1
grep -q '24 failed, 0 to do; 24 ran now, 0 of them warm' out ||
    fail "--retry: $(cat out)"
same_contents cold.db warm1.db "--warm --retry"

# Where nothing is shared, everything starts cold.
cat >alone.yaml <<'END'
base: base.yaml
sets: [{set: ["vms[0].count=5", run.warmup=20ms, run.duration=50ms]}]
seeds: [1..3]
END
"$iksim" sweep alone.yaml --warm >out 2>&1 || fail "alone: $(cat out)"
grep -q '3 ran now, 0 of them warm' out || fail "alone: $(cat out)"

# What is on a disk's file is where each run begins, and no run changes it.
truncate --size=1MiB disk.img
cp disk.img before.img
cat >disk.yaml <<'END'
run:   {seed: 3, warmup: 50ms, duration: 200ms}
vms:   [{name: store, image: diskd, args: size=20000}]
disks: [{size: 1MiB, file: disk.img}]
load:  [{target: store, rate: 20}]
END
printf 'base: disk.yaml\ngrid: [{key: "load[0].rate", values: [20, 40]}]\n' \
    >disks.yaml
for warm in "" --warm; do
    "$iksim" sweep disks.yaml $warm --jobs 1 --db "disks$warm.db" >out 2>&1 ||
        fail "disks $warm: $(cat out)"
    cmp disk.img before.img || fail "disks $warm: the file has changed"
done
grep -q '2 ran now, 2 of them warm' out || fail "disks: $(cat out)"
same_contents disks.db disks--warm.db "disks"
mkdir dirs
"$iksim" sweep --list --out dirs disks.yaml | sh >/dev/null 2>&1 ||
    fail "disks: --list"
"$iksim" sweep disks.yaml --collect taken.db dirs/* >out 2>&1 ||
    fail "disks: --collect: $(cat out)"
same_contents disks.db taken.db "disks, collected"
printf x | dd of=disk.img conv=notrunc status=none
"$iksim" sweep disks.yaml --db disks.db >out 2>&1
expect "exit with another disk" 2 $?
grep -q 'guests, or files of disks or loads, have changed' out || fail "another disk: $(cat out)"

# Killed, its servers and their runs go with it, and it goes on from there.
sed -e '/nowhere/s/, .nowhere//' -e 's/400]/300, 400, 500, 600]/' \
    -e '/stuck/,/MiB\]/d' -e 's/\[1, 4\]/[1..4]/' plan.yaml >more.yaml
"$iksim" sweep more.yaml --db all.db --jobs 2 >out 2>&1 ||
    fail "cold: $(cat out)"
grep -q '48 runs: 48 done' out || fail "cold: $(cat out)"
before=0
for round in 1 2 3 4; do
    "$iksim" sweep "$work/more.yaml" --warm --db killed.db --jobs 2 \
        >out 2>&1 &
    sweep=$!
    goal=$((before + RANDOM % 8))
    deadline=$((SECONDS + 1800))
    while [ "$(sqlite3 killed.db "SELECT count(*) FROM runs
            WHERE state = 'done'" 2>/dev/null || echo 0)" -lt "$goal" ] &&
        [ "$SECONDS" -lt "$deadline" ]; do
        sleep 0.02
    done
    sleep "0.0$((RANDOM % 5))"
    killed "$sweep" "$work/more.yaml" "round $round"
    now=$(sqlite3 killed.db "SELECT count(*) FROM runs WHERE state = 'done'" ||
        echo 0)
    [ "$now" -ge "$before" ] || fail "round $round: $before done, then $now"
    before=$now
done
"$iksim" sweep more.yaml --warm --db killed.db --jobs 2 >out 2>&1 ||
    fail "after four kills: exit $?: $(cat out)"
grep -q "0 to do; $((48 - before)) ran now" out ||
    fail "after four kills, with $before done: $(cat out)"
same_contents all.db killed.db "killed four times"

# Interrupted, the same.
"$iksim" sweep more.yaml --warm --db stopped.db --jobs 2 >out 2>err &
sweep=$!
while [ "$(sqlite3 stopped.db "SELECT count(*) FROM runs WHERE state = 'done'" \
    2>/dev/null || echo 0)" -lt 2 ]; do sleep 0.02; done
kill -TERM "$sweep"
wait "$sweep"
expect "exit when interrupted" 130 $?
"$iksim" sweep more.yaml --warm --db stopped.db --jobs 2 >out 2>&1 ||
    fail "after an interruption: $(cat out)"
same_contents all.db stopped.db "interrupted"

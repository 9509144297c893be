#!/bin/bash
# What is wrong with a plan or a database is said in one sentence, before the
# first run, and nothing is lost.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2
cp "$scenarios/hello.yaml" base.yaml

# refuses PATTERN ARGUMENT...: exit 2 and one line, which the pattern matches.
refuses() {
    local pattern=$1 code
    shift
    timeout 1800 "$iksim" "$@" >out 2>err </dev/null
    code=$?
    [ "$code" -eq 2 ] || fail "iksim $*: exit $code, not 2: $(cat out err)"
    expect "iksim $*: lines on stderr ($(cat err))" 1 "$(wc -l <err)"
    [ ! -s out ] || fail "iksim $*: on stdout: $(head -n 5 out)"
    grep -Eq -- "$pattern" err ||
        fail "iksim $*: no '$pattern' in: $(cat err)"
}

# plan_refuses PATTERN: the plan on standard input; no database is made.
plan_refuses() {
    cat >bad.yaml
    refuses "bad\.yaml:$1" sweep bad.yaml --db bad.db
    [ ! -e bad.db ] || fail "a database was made for a bad plan: $(cat err)"
}

plan_refuses '2: grdi: unknown key, perhaps grid' <<'END'
base: base.yaml
grdi: [{key: kernel.quantum, values: [1ms]}]
END
plan_refuses '2: grid\[0\]\.value: unknown key, perhaps values' <<'END'
base: base.yaml
grid: [{key: kernel.quantum, value: [1ms]}]
END
plan_refuses '2: grid: is empty' <<'END'
base: base.yaml
grid: []
END
plan_refuses '2: grid\[0\]\.values: is empty' <<'END'
base: base.yaml
grid: [{key: kernel.quantum, values: []}]
END
plan_refuses '2: grid\[0\]\.key: is missing' <<'END'
base: base.yaml
grid: [{values: [1ms]}]
END
plan_refuses '2: seeds: is empty' <<'END'
base: base.yaml
seeds: []
END
plan_refuses '2: seeds\[1\]: .*"two"' <<'END'
base: base.yaml
seeds: [1, two]
END
plan_refuses '2: seeds\[0\]: .*"5\.\.3"' <<'END'
base: base.yaml
seeds: [5..3]
END
plan_refuses '2: seeds\[0\]: .*"-1"' <<'END'
base: base.yaml
seeds: [-1]
END
plan_refuses ' two of its runs are the same: \(seed 2\) and \(seed 2\)' <<'END'
base: base.yaml
seeds: [1..3, 2]
END
plan_refuses '2: sets: is empty' <<'END'
base: base.yaml
sets: []
END
plan_refuses '2: sets\[0\]\.set: must be KEY=VALUE' <<'END'
base: base.yaml
sets: [{set: [kernel.quantum]}]
END
plan_refuses '2: grid\[0\]\.values: kernel\.quantum is set elsewhere' <<'END'
base: base.yaml
grid: [{key: kernel.quantum, values: [1ms]}]
sets: [{set: [kernel.quantum=2ms]}]
END
plan_refuses '4: grid\[1\]\.values.*: kernel\.quantm: unknown key, perhaps quantum' \
    <<'END'
base: base.yaml
grid:
  - {key: run.warmup, values: [1ms]}
  - {key: kernel.quantm, values: [1ms]}
END
plan_refuses '2: grid\[0\]\.values.*: kernel\.quantum=0s: ' <<'END'
base: base.yaml
grid: [{key: kernel.quantum, values: [1ms, 0s]}]
END
plan_refuses '2: grid\[0\]\.values.*: kernel\.scheduler=magic: .*round-robin' \
    <<'END'
base: base.yaml
grid: [{key: kernel.scheduler, values: [round-robin, magic]}]
END
plan_refuses '.*base: is missing' <<'END'
seeds: [1]
END
plan_refuses '1: base: must be a single value' <<'END'
base: [base.yaml]
END
plan_refuses '2:[0-9]+: is not YAML' <<'END'
base: base.yaml
grid: [{key: vms[0].count, values: [1]}]
END
plan_refuses '2: grid: makes more than 100000 runs' <<'END'
base: base.yaml
grid: [{key: run.warmup, values: [1ms, 2ms]}]
seeds: [1..99999]
END
echo 'base: nowhere.yaml' >bad.yaml
refuses 'nowhere\.yaml: cannot be opened' sweep bad.yaml
refuses 'missing\.yaml: cannot be opened' sweep missing.yaml
refuses 'no plan' sweep
refuses 'one argument too many' sweep bad.yaml bad.yaml
refuses "--jobs.*'0'" sweep bad.yaml --jobs 0
refuses '--out goes with --list' sweep bad.yaml --out x
refuses 'no run directory' sweep --collect x.db

# Databases.
cat >plan.yaml <<'END'
base: base.yaml
seeds: [1..3]
END
echo "This is not a database, but text of more than a few bytes." >text.db
head -c 5000 /dev/urandom >noise.db
mkdir folder.db
sqlite3 other.db 'CREATE TABLE t(a); INSERT INTO t VALUES (1)'
sum=$(cksum text.db noise.db other.db)
refuses "'text.db' is not a database" sweep plan.yaml --db text.db
refuses "'noise.db' is not a database" sweep plan.yaml --db noise.db
refuses "'other.db' is another program's database" sweep plan.yaml --db other.db
refuses "'folder.db' cannot be written" sweep plan.yaml --db folder.db
refuses "'no/such.db' cannot be written" sweep plan.yaml --db no/such.db
refuses "'/dev/full' " sweep plan.yaml --db /dev/full
expect "what was not ours" "$sum" "$(cksum text.db noise.db other.db)"

"$iksim" sweep plan.yaml --db good.db >out 2>&1 || fail "good: $(cat out)"
cp good.db newer.db
sqlite3 newer.db 'PRAGMA user_version = 99'
refuses "'newer.db' has schema 99" sweep plan.yaml --db newer.db
cp good.db damaged.db
dd if=/dev/urandom of=damaged.db bs=4096 seek=2 count=3 conv=notrunc 2>/dev/null
sum=$(cksum damaged.db)
refuses "'damaged.db' is damaged" sweep plan.yaml --db damaged.db
expect "a damaged database" "$sum" "$(cksum damaged.db)"
head -c 6000 good.db >short.db
refuses "'short.db' is damaged" sweep plan.yaml --db short.db

# A database may come from anyone: its tables are ours, or it is refused, and
# what its triggers say is not done.
cp good.db view.db
sqlite3 view.db 'ALTER TABLE runs RENAME TO r; CREATE VIEW runs AS SELECT * FROM r'
cp good.db nulls.db
sqlite3 nulls.db 'DROP TABLE settings; CREATE TABLE settings(run, key, value,
    unit, text); INSERT INTO settings(run) VALUES (1)'
for db in view.db nulls.db; do
    sum=$(cksum "$db")
    others="'$db' has other tables than those of iksim"
    refuses "$others" sweep plan.yaml --db "$db"
    refuses "$others" plot "$db" --x run.seed --y load.answered_rps
    refuses "$others" compare "$db" good.db
    expect "$db" "$sum" "$(cksum "$db")"
done
cp good.db trigger.db
sqlite3 trigger.db 'CREATE TRIGGER t AFTER INSERT ON runs BEGIN
    DELETE FROM settings; END'
sed 's/1\.\.3/4/' plan.yaml >more.yaml
"$iksim" sweep more.yaml --db trigger.db >out 2>&1 || fail "more: $(cat out)"
expect "runs with settings, in spite of a trigger" \
    "$(($(sqlite3 good.db 'SELECT count(*) FROM runs') + 1))" \
    "$(sqlite3 trigger.db 'SELECT count(DISTINCT run) FROM settings')"

# The guests have changed.
cp good.db guests.db
sqlite3 guests.db "UPDATE runs SET images = '{\"hello\":\"0\"}'"
refuses 'guests, or files of disks or loads, have changed' sweep plan.yaml --db guests.db

# A database, and a folder, that may not be written. Root may write all, so
# another user does it, if the program and its guests lie where one can be.
as=()
if [ "$(id -u)" -eq 0 ]; then
    command -v setpriv >/dev/null &&
        as=(setpriv --reuid=65534 --clear-groups)
    chmod 755 "$work"
fi
if [ "$(id -u)" -ne 0 ] || { [ ${#as[@]} -gt 0 ] &&
    "${as[@]}" "$iksim" verify hello >/dev/null 2>&1; }; then
    cp good.db fixed.db
    chmod 444 fixed.db
    "${as[@]}" "$iksim" sweep plan.yaml --db fixed.db >out 2>err
    expect "exit with a read-only database" 2 $?
    grep -q "'fixed.db' cannot be written: Permission denied" err ||
        fail "a read-only database: $(cat err)"
    cmp -s good.db fixed.db || fail "a read-only database was changed"
    mkdir fixed
    cp good.db fixed/good.db
    chmod 666 fixed/good.db
    chmod 555 fixed
    sed 's/3/4/' plan.yaml >four.yaml
    "${as[@]}" "$iksim" sweep four.yaml --db fixed/good.db >out 2>err
    expect "exit with a read-only folder" 2 $?
    expect "lines about a read-only folder" 1 "$(wc -l <err)"
    chmod 755 fixed
    "$iksim" sweep four.yaml --db fixed/good.db >out 2>&1 ||
        fail "a folder that may be written again: $(cat out)"
fi

# A full disk: what was stored stays, and with room it goes on. Where no file
# system may be mounted (77, or what unshare says) this is left out.
cat >many.yaml <<'END'
base: base.yaml
seeds: [1..60]
END
cat >full.sh <<'END'
mount -t tmpfs -o size=400k none small || exit 77
"$1" sweep many.yaml --db small/many.db --jobs 2 >out 2>err
echo $? >code
sqlite3 small/many.db "SELECT count(*) FROM runs WHERE state = 'done'" >done
mount -o remount,size=20m small || exit 77
"$1" sweep many.yaml --db small/many.db --jobs 2 >out2 2>&1 || exit 3
sqlite3 small/many.db '.dump runs' >many.dump
umount small
END
mkdir small
unshare -rm sh full.sh "$iksim" 2>/dev/null
code=$?
if [ "$code" -eq 0 ]; then
    expect "exit with a full disk ($(cat err))" 2 "$(cat code)"
    expect "lines about a full disk ($(cat err))" 1 "$(wc -l <err)"
    grep -Eq "the disk is full|No space left" err ||
        fail "a full disk: $(cat err)"
    "$iksim" sweep many.yaml --db many.db >out 2>&1 || fail "many: $(cat out)"
    sqlite3 many.db '.dump runs' | cmp -s - many.dump ||
        fail "after a full disk the contents differ"
elif [ "$code" -eq 3 ]; then
    fail "after a full disk: $(cat out2)"
fi

# Run directories that are none, or not whole.
mkdir empty
"$iksim" run base.yaml --out dir >/dev/null 2>&1 || fail "--out dir"
cp -r dir old
sed -i 's/"schema": [0-9]*/"schema": 0/' old/report.json
cp -r dir older
sed -i 's/"schema": [0-9]*/"schema": 0/' older/manifest.json
cp -r dir mixed
sed -i 's/"fingerprint": "./"fingerprint": "-/' mixed/report.json
cp -r dir edited
sed -i 's/quantum: .*/quantum: 1ms/' edited/scenario.yaml
"$iksim" run base.yaml --out cut --until 1ms >/dev/null 2>&1
for case in "empty: .*manifest.json" "old: .*report has schema 0" \
    "older: .*version" "mixed: .*different runs" "edited: .*changed" \
    "cut: .*before its time" "nowhere: .*No such file"; do
    "$iksim" sweep --collect c.db dir "${case%%:*}" >out 2>err
    code=$?
    expect "--collect ${case%%:*}: exit" 2 "$code"
    grep -q "^iksim: '${case%%:*}.*${case#*: }" err ||
        grep -q "^iksim: .*'${case%%:*}.*${case#*: }" err ||
        fail "--collect, not '$case': $(cat err)"
done
expect "what was collected beside them" 1 \
    "$(sqlite3 c.db "SELECT count(*) FROM runs WHERE state = 'done'")"

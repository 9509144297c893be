#!/bin/bash
# A trace is what the run was: whole, the same, and readable as far as it got.
. "${0%/*}/lib.sh"
needs sqlite3
cd "$work" || exit 2

# says CODE REGEX ARGUMENT...: a call that ends so, with one line on stderr.
says() {
    local code=$1 regex=$2 got
    shift 2
    "$iksim" "$@" >out 2>err
    got=$?
    expect "iksim $*: exit ($(cat err))" "$code" "$got"
    grep -qE "$regex" err || fail "iksim $*: it says: $(cat err)"
    expect "iksim $*: lines on stderr" 1 "$(wc -l <err)"
}

# Observing changes nothing: the whole report is the same.
simulate off "$first" "${window[@]}"
simulate on "$first" "${window[@]}" --trace on.ikt
same off on "with a trace"

# The fingerprints follow from the events, by layer as the report has them.
"$iksim" trace hash on.ikt >hashes || fail "hash: exit $?"
value on '"fingerprint \(.fingerprint)", (.fingerprints | to_entries[] |
    "\(.key) \(.value)")' >wanted
tr -s ' ' <hashes >found
diff wanted found >difference || fail "hash: $(cat difference)"

# Other seeds are other runs: diff finds the first event of them that differs.
simulate other "$first" "${window[@]}" --seed 2 --trace other.ikt
"$iksim" trace diff on.ikt on.ikt >out || fail "a trace differs from itself"
grep -q ' are the same: ' out || fail "diff of the same: $(cat out)"
"$iksim" trace diff on.ikt other.ikt --context 3 >out 2>err
code=$?
expect "diff: exit ($(cat err))" 1 "$code"
[ ! -s err ] || fail "diff: $(cat err)"
before=$(sed -nE '1s/.* after ([0-9]+) events .*/\1/p' out)
for name in on other; do
    "$iksim" trace show $name.ikt --limit $((before + 1)) >$name.txt
done
cmp -s <(head -n "$before" on.txt) <(head -n "$before" other.txt) ||
    fail "diff: the $before events before are not the same"
[ "$(tail -n 1 on.txt)" != "$(tail -n 1 other.txt)" ] ||
    fail "diff: event $before is the same: $(tail -n 1 on.txt)"
{
    tail -n 4 on.txt | head -n 3 | sed 's/^/  /'
    tail -n 1 on.txt | sed 's/^/- /'
} >wanted
sed -n '2,5p' out | diff wanted - >difference || fail "diff: $(cat difference)"
expect "diff: lines of each" "4 4" \
    "$(grep -c '^- ' out) $(grep -c '^+ ' out)"

# Whatever reads it without this program finds the legend in its header.
bytes=$(od -An -tu4 -j20 -N4 on.ikt)
tail -c +65 on.ikt | head -c "$((bytes))" >header.json

# CSV is read by others, and says the same as stats and the report.
"$iksim" trace export on.ikt --csv -o on.csv || fail "export: exit $?"
sqlite3 on.db '.import --csv on.csv events'
query() { sqlite3 on.db "$1"; }
events=$(query 'SELECT COUNT(*) FROM events')
"$iksim" trace stats on.ikt >counts || fail "stats: exit $?"
expect "events by stats" "$events" \
    "$(awk '$2 == "all" { n += $3 } END { print n }' counts)"
expect "events of kind admit" "$(query \
    "SELECT COUNT(*) FROM events WHERE kind = 'admit'")" \
    "$(awk '$2 == "admit" { print $3 }' counts)"
expect "cycles that are charged twice, or not at all" 0 "$(query "
    SELECT (SELECT MAX(CAST(time AS INTEGER)) FROM events
                WHERE layer <> 'load')
        - (SELECT SUM(CAST(cycles AS INTEGER)) FROM events
                WHERE kind IN ('run', 'charge'))")"
start=$(query "SELECT CAST(time AS INTEGER) FROM events
    WHERE phase = 'window'")
length=$(query "SELECT CAST(until AS INTEGER) - $start FROM events
    WHERE phase = 'window'")
expect "requests due in the window" "$(value on .load.sent)" "$(query "
    SELECT COUNT(*) FROM events WHERE kind = 'request' AND
        CAST(time AS INTEGER) BETWEEN $start AND $start + $length")"
expect "VMs whose name is not their group's, and their number" 0 \
    "$(query "SELECT COUNT(*) FROM events
        WHERE vm <> '' AND vm_name <> 'web-' || vm")"
expect "whose address space was loaded before" 0 \
    "$(query "SELECT COUNT(*) FROM events WHERE kind = 'switch' AND
        \"from\" <> '' AND from_name <> 'web-' || \"from\"")"

# Each name of a field is a column; with --kind, of those kinds alone.
expect "columns" "$({ echo time ns layer kind vm vm_name from_name to_name |
    tr ' ' '\n'; jq -r '.kinds[].fields[].name' header.json; } | sort -u)" \
    "$(head -n 1 on.csv | tr -d '\r' | tr , '\n' | sort)"
expect "columns of two kinds" \
    "time,ns,layer,kind,vm,vm_name,quantum,why,from,from_name,cycles" \
    "$("$iksim" trace export on.ikt --csv --kind pick,switch | head -n 1 |
        tr -d '\r')"
expect "rows in which a column has a word that is none" 0 "$(query "
    SELECT COUNT(*) FROM events WHERE why = '?' OR state = '?' OR access = '?' OR
        category = '?' OR phase = '?' OR change = '?' OR vinsn = '?'")"

# Filters take what they say, no more and no less.
"$iksim" trace show on.ikt --vm 3,7-8 --kind pick,idle --from 100ms \
    --to 200ms >out || fail "show: exit $?"
expect "lines of VMs 3, 7 and 8" "$(query "
    SELECT COUNT(*) FROM events WHERE vm IN ('3', '7', '8') AND
        kind IN ('pick', 'idle') AND
        CAST(ns AS INTEGER) BETWEEN 100000000 AND 200000000")" "$(wc -l <out)"
[ -s out ] || fail "none of the VMs did anything"
"$iksim" trace show on.ikt --layer disk,gate >out
expect "lines of two layers" "$(query \
    "SELECT COUNT(*) FROM events WHERE layer IN ('disk', 'gate')")" \
    "$(wc -l <out)"
expect "all of the group" "$(query "SELECT COUNT(*) FROM events WHERE vm <> ''")" \
    "$("$iksim" trace show on.ikt --vm web | wc -l)"
says 2 "must be a list of layers, and 'disks' is none" trace show on.ikt --layer gate,disks
says 2 "must be a list of kinds of events, and 'x' is none" trace show on.ikt --kind x
says 2 "there is no VM '100': VMs of this run are 0 to 99, or web-0 to web-99 \
by name" trace show on.ikt --vm 100
says 2 '^iksim: trace show: --from must' trace show on.ikt --from soon
says 2 'no trace is named' trace show
says 2 'no second trace is named' trace diff on.ikt
says 2 'one argument too many' trace hash on.ikt other.ikt
says 2 'csv or --perfetto or --chrome is missing' trace export on.ikt
says 2 "trace show: there is no option '--csv'" trace show on.ikt --csv
says 2 "trace: there is no command 'frobnicate'" trace frobnicate on.ikt

# docs/trace.md has the legend that this program has, and the header of each
# trace has it for other programs.
"$iksim" trace legend >wanted || fail "legend: exit $?"
sed -n '/^<!-- iksim trace legend -->/,/^<!-- end -->/p' "$tree/docs/trace.md" |
    sed '1d;$d' >found
diff wanted found >difference ||
    fail "docs/trace.md, between the marks, is not what 'iksim trace legend'" \
        "prints: $(cat difference)"
jq -r '.kinds[] | .name, (.fields[] | "\(.name) \(.type) \("ab"[.word:.word+1]) \(.shift)")' \
    header.json | sort >wanted
sed -nE 's/^[|] `([a-z-]+)` [|] [|] .*/\1/p
    s/^[|] [|] `([a-z_]+)` [|] ([a-z_]+) [|] ([ab]) ([0-9]+).*/\1 \2 \3 \4/p' \
    found | sort | diff wanted - >difference ||
    fail "a header's legend is not that of docs/trace.md: $(cat difference)"
expect "the seed in the header" 1 "$(jq .seed header.json)"
expect "the scenario in the header" httpd \
    "$(jq -r '.scenario.vms[0].image' header.json)"

# A run directory says where its trace is.
"$iksim" run "$scenarios/hello.yaml" --out dir --trace hello.ikt >/dev/null
expect "the manifest's trace" hello.ikt "$(jq -r .trace dir/manifest.json)"

# What is not a whole trace says so; what is whole of it is read.
head -c 100000 on.ikt >cut.ikt
"$iksim" trace show cut.ikt >out 2>err
expect "a trace cut short: exit" 1 "$?"
grep -q 'has no end' err || fail "a trace cut short: $(cat err)"
[ "$(wc -l <out)" -gt 1000 ] || fail "of a trace cut short: $(wc -l <out)"
"$iksim" trace show on.ikt | head -n "$(wc -l <out)" | cmp -s - out ||
    fail "what is read of a trace cut short is not how it began"
{
    head -c 100000 on.ikt
    printf x
    tail -c +100002 on.ikt
} >bad.ikt
"$iksim" trace stats bad.ikt >out 2>err
expect "a damaged trace: exit" 1 "$?"
grep -q 'is damaged after [0-9]* events' err || fail "damaged: $(cat err)"
"$iksim" trace hash bad.ikt >out 2>err
expect "hash of a damaged trace: exit" 1 "$?"
: >empty.ikt
says 2 "'empty.ikt' is empty" trace show empty.ikt
says 2 'directory' trace show .
says 2 'No such file' trace show nowhere.ikt
says 2 'is not a trace' trace show "$first"
{ head -c 8 on.ikt && printf '\7' && tail -c +10 on.ikt; } >foreign.ikt
says 2 'of format version 7' trace show foreign.ikt
{ head -c 8 on.ikt && printf '\1' && tail -c +10 on.ikt; } >older.ikt
says 2 'of format version 1; this program reads version 2' trace show older.ikt

# A run that is killed leaves what it had written.
"$iksim" run "$first" --set run.duration=1000s --trace killed.ikt \
    >/dev/null 2>&1 &
victim=$!
for _ in $(seq 600); do
    [ "$(stat -c %s killed.ikt 2>/dev/null || echo 0)" -gt 200000 ] && break
    sleep 0.1
done
kill -KILL "$victim"
wait "$victim" 2>/dev/null
"$iksim" trace stats killed.ikt >out 2>err
expect "the trace of a killed run: exit" 1 "$?"
grep -q 'was killed' err || fail "the trace of a killed run: $(cat err)"
events=$(awk '$2 == "all" { n += $3 } END { print n + 0 }' out)
[ "$events" -gt 10000 ] || fail "of a killed run: $events events"

# A disk that is full: from the start, and in the middle.
[ ! -w /dev/full ] ||
    says 2 "cannot write '/dev/full'" run "$first" --trace /dev/full
says 2 "cannot write '/no/where'" run "$first" --trace /no/where
(
    trap '' XFSZ
    ulimit -f 60
    "$iksim" run "$first" "${window[@]}" --trace full.ikt >out 2>err
    echo $? >code
)
expect "a full disk: exit ($(cat err))" 2 "$(cat code)"
grep -q "cannot write 'full.ikt'" err || fail "a full disk: $(cat err)"
grep -q Fingerprint out || fail "a full disk: no results"
grep -q "cannot be written any more" err || fail "a full disk: $(cat err)"
"$iksim" trace stats full.ikt >out 2>err
expect "a trace on a full disk: exit" 1 "$?"
exit 0

#!/bin/bash
# What is exported is read back by others: Perfetto's packets by its schema
# (protoc), Chrome's events by a parser of JSON. Both draw the same, and it is
# what the report says.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

simulate run "$first" --set run.warmup=50ms --set run.duration=100ms \
    --trace run.ikt
traced() { "$iksim" trace export run.ikt "$@" || fail "export $*: exit $?"; }
traced --chrome -o run.json
traced --chrome | cmp - run.json || fail "another file on stdout"

# A pipe cannot be read twice: where that must be it is said, not left out.
# shellcheck disable=SC2002  # A file as stdin can be read twice.
piped() { cat run.ikt | "$iksim" "$@" 2>err; }
piped trace export /dev/stdin --chrome --vm 3,5 >out || fail "a pipe: $(cat err)"
traced --chrome --vm 3,5 | cmp - out || fail "a pipe is drawn in another way"
piped trace export /dev/stdin --chrome >out && fail "a pipe is drawn as empty"
expect "a pipe" "iksim: '/dev/stdin' is a pipe, and only the whole trace tells \
which VMs are the busiest: name VMs with --vm" "$(cat err)"
piped explain --request 3 /dev/stdin >out && fail "a pipe is explained in part"
expect "a pipe" "iksim: '/dev/stdin' is a pipe, and --request reads the trace \
more than once" "$(cat err)"
jq -e . run.json >/dev/null || fail "no JSON: $(head -c 300 run.json)"

# events PHASE: so many in the JSON.
events() { jq --arg p "$1" '[.traceEvents[] | select(.ph == $p)] | length' run.json; }

# Time never goes back, and slices of a track begin and end in turn.
jq -r '.traceEvents[] | select(.ph != "M") | .ts' run.json |
    awk '$1 < last { bad++ } { last = $1 } END { exit bad > 0 }' ||
    fail "time goes back"
jq -r '.traceEvents[] | select(.ph == "B" or .ph == "E") |
    "\(.tid) \(.ph)"' run.json |
    awk '{ open[$1] += $2 == "B" ? 1 : -1
           if (open[$1] < 0 || open[$1] > 1) exit 1 }
         END { for (t in open) if (open[t] != 0) exit 1 }' ||
    fail "slices cross"

# The processor works, or idles, all the time.
busy=$(jq -r '.traceEvents[] | select((.ph == "B" or .ph == "E") and .tid == 1) |
    "\(.ph) \(.ts)"' run.json |
    awk '$1 == "B" { at = $2 } $1 == "E" { sum += $2 - at } END { printf "%d", sum }')
idle=$("$iksim" trace export run.ikt --csv --kind charge |
    awk -F, '$8 ~ /^idle/ { sum += $7 } END { printf "%d", sum / 1700 }')
end=$("$iksim" trace export run.ikt --csv | tail -n 1 | cut -d, -f2)
between "busy and idle, in us" $((end / 1000 - 2)) $((end / 1000 + 2)) \
    $((busy + idle))

# Each packet that the VMs took is in a flow, from the card on.
taken=$("$iksim" trace export run.ikt --csv --kind recv | tail -n +2 | wc -l)
sent=$("$iksim" trace export run.ikt --csv --kind send | tail -n +2 | wc -l)
came=$("$iksim" trace export run.ikt --csv --kind rx | tail -n +2 | wc -l)
[ "$taken" -gt 100 ] || fail "only $taken packets"
expect "flows that pass" "$taken" "$(events t)"
expect "flows that begin" $((came + sent)) "$(events s)"
jq -e '[.traceEvents[] | select(.ph == "s") | .id] as $begun |
    [.traceEvents[] | select(.ph == "t" or .ph == "f") | .id] - $begun == []' \
    run.json >/dev/null || fail "a flow goes on that did not begin"

# The busiest VMs have tracks, or those that are asked for.
expect "tracks" "processor card 8" "$(jq -r '[.traceEvents[] |
    select(.name == "thread_name") | .args.name] |
    "\(.[0]) \(.[1]) \(length - 2)"' run.json)"
traced --chrome --vm 3,5 --from 60ms --to 70ms -o part.json
expect "tracks of two VMs" "web-3, web-5" \
    "$(jq -r '[.traceEvents[] | select(.name == "thread_name") | .args.name] |
    .[2:] | join(", ")' part.json)"
jq -e '[.traceEvents[] | select(.ts) | .ts] | min >= 60000 and max <= 70000' \
    part.json >/dev/null || fail "--from and --to are not heeded"
counters="VMs at the gate, VMs paging, VMs ready, disk requests, frames used, \
packets queued"
expect "counters" "$counters" "$(jq -r '[.traceEvents[] |
    select(.ph == "C") | .name] | unique | join(", ")' run.json)"

# Requests stand at the disks from when they are made until they are done.
expect "disk requests: least and most" "0 $("$iksim" trace export run.ikt --csv |
    awk -F, '$4 == "disk-read" || $4 == "disk-write" { now++ }
             $4 == "disk-done" || $4 == "disk-cancel" { now-- }
             now > most { most = now } END { print most + 0 }')" \
    "$(jq -r '[.traceEvents[] | select(.ph == "C" and
        .name == "disk requests") | .args.value] | "\(min) \(max)"' run.json)"

# A trace that was cut short is drawn as far as it goes, and still whole.
head -c "$(($(wc -c <run.ikt) * 2 / 3))" run.ikt >cut.ikt
"$iksim" trace export cut.ikt --chrome -o cut.json 2>err
expect "exit of a cut trace" 1 $?
jq -e '([.traceEvents[] | select(.ph == "B")] | length) ==
    ([.traceEvents[] | select(.ph == "E")] | length)' cut.json >/dev/null ||
    fail "slices of a cut trace stay open"

needs protoc
traced --perfetto -o run.pftrace
protoc --decode Trace -I "$tests/data" perfetto.proto <run.pftrace >run.txt ||
    fail "protoc cannot read it"
# A field that the schema does not have is printed by its number.
unknown=$(grep -m 1 -nE '^ *[0-9]+[:{ ]' run.txt) && fail "unknown: $unknown"
awk '$1 == "timestamp:" { if ($2 + 0 < last) exit 1; last = $2 + 0 }' run.txt ||
    fail "time goes back in Perfetto's packets"

# Both say the same: as many of each kind, and the same names.
count() { grep -c "$1" run.txt; }
expect "slices that begin" "$(events B)" "$(count 'type: TYPE_SLICE_BEGIN')"
expect "slices that end" "$(events E)" "$(count 'type: TYPE_SLICE_END')"
expect "instants" "$(events X)" "$(count 'type: TYPE_INSTANT')"
expect "values" "$(events C)" "$(count 'type: TYPE_COUNTER')"
expect "flows" $(($(events s) + $(events t))) "$(count '^ *flow_ids:')"
expect "ends of flows" "$(events f)" "$(count 'terminating_flow_ids:')"
jq -r '.traceEvents[] | select(.ph == "B") | .name' run.json | sort | uniq -c \
    >chrome
awk '/type: TYPE_SLICE_BEGIN/ { begins = 1 }
     begins && $1 == "name:" { sub(/^ *name: "/, ""); sub(/"$/, ""); print
                               begins = 0 }' run.txt | sort | uniq -c >perfetto
cmp chrome perfetto || fail "slices: $(diff chrome perfetto | head -n 5)"
echo "$(wc -l <chrome) names, $(count 'track_descriptor') tracks, $taken packets"

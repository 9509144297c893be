#!/bin/bash
# Explanations: the parts of each latency sum to it, and are those of the
# report; each kind of decision has its sentence; what cannot be explained is
# refused in one.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# explain ARGUMENT...: into out; it must end well.
explain() {
    "$iksim" explain "$@" >out 2>err || fail "explain $*: exit $?: $(cat err)"
    [ ! -s err ] || fail "explain $*: $(cat err)"
}

# sums NAME: of each request the parts sum to the latency, and all that ended
# in the trace are there, with what the clients measured.
sums() {
    explain --requests --csv "$1.ikt"
    mv out "$1.csv"
    expect "$1: columns" "request,vm,end,due,latency,wire,gate,run-queue,\
paging,batching,handler,reply,timers" "$(head -n 1 "$1.csv")"
    awk -F, 'NR > 1 { sum = 0; for (i = 6; i <= NF; i++) sum += $i
                      if (sum != $5) { print; exit 1 } }' "$1.csv" ||
        fail "$1: the parts do not sum to the latency"
    "$iksim" trace export "$1.ikt" --csv --kind reply | tr -d '\r' |
        awk -F, 'NR > 1 { print $7 "," $8 }' | sort >"$1.measured"
    awk -F, '$3 == "completed" { print $1 "," $5 }' "$1.csv" | sort |
        cmp - "$1.measured" || fail "$1: other latencies than were measured"
    [ -s "$1.measured" ] || fail "$1: nothing was answered"
}

# trace NAME ARGUMENT...: a run, its report and its trace.
trace() {
    simulate "$@" --trace "$1.ikt"
    sums "$1"
    local parts
    parts=$(awk -F, 'NR == 1 { for (i = 6; i <= NF; i++) name[i] = $i; next }
        { all += $5; for (i = 6; i <= NF; i++) sum[i] += $i }
        END { for (i = 6; i in name; i++)
                  printf " %s %.1f %%", name[i], 100 * sum[i] / all }' "$1.csv")
    echo "$1: $(($(wc -l <"$1.csv") - 1)) requests:$parts"
}
trace first "$first" --set run.warmup=500ms
mix=("$scenarios/mix.yaml" --set run.warmup=100ms)
trace mix "${mix[@]}"
trace closed "$first" "${window[@]}" --set 'load[0].rate=' \
    --set 'load[0].clients=40' --set 'load[0].think=2ms'
trace kept "$first" "${window[@]}" --set 'load[0].rate=' \
    --set 'load[0].clients=20' --set 'load[0].keep_alive=true' \
    --set 'vms[0].count=10'
trace lossy "$first" "${window[@]}" --set 'load[0].timeout=25s' \
    --set run.drain=60s --set link.loss=5% --set link.reorder=5% \
    --set link.duplicate=5% --set 'vms[0].count=20'
trace late "$first" "${window[@]}" --set 'load[0].timeout=300us'

# Nobody waits for a timer unless a frame is lost.
for name in first mix closed kept late; do
    expect "$name: waiting for timers" 0 \
        "$(awk -F, 'NR > 1 { sum += $13 } END { print sum }' $name.csv)"
done
awk -F, 'NR > 1 { sum += $13; all += $5 } END { exit sum < all / 2 }' \
    lossy.csv || fail "on a lossy link hardly anybody waits for a timer"
# A frame takes its time on the wire, twice each way: 50 us of latency at least.
awk -F, 'NR > 1 && ($6 < 170000 || $12 < 170000) { exit 1 }' first.csv ||
    fail "first: a request was faster than the wire"

# The table is of what the report is of.
explain --requests first.ikt
figures=$(value first \
    '.load | [.sent, .completed, .timed_out, .failed, .unanswered] | map(tostring) |
    join(" ")')
expect "requests, and what became of them" "$figures" \
    "$(head -n 1 out | grep -oE '[0-9]+' | xargs)"
expect "parts" "wire gate run-queue paging batching handler reply timers latency" \
    "$(sed -n '/^Where/,/^$/p' out | awk 'NR > 2 && NF { print $1 }' | xargs)"
slowest=$(awk -F, -v from="$("$iksim" trace export first.ikt --csv --kind phase |
    awk -F, '$7 == "window" { print $1 }')" '$4 + 0 >= from && $5 + 0 > most {
    most = $5; n = $1 } END { print n }' first.csv)
expect "the slowest" "$slowest" \
    "$(sed -n '/^The slowest/{n;s/ *request \([0-9]*\) .*/\1/p}' out)"

# One request: head, parts, path and story agree with the table of all.
explain --request "$slowest" first.ikt
grep -qE "^Request $slowest, to web-[0-9]+, is due at [0-9.]+ ms and is answered \
after [0-9.]+ ms\.$" out || fail "--request: $(head -n 1 out)"
expect "parts of request $slowest" \
    "$(awk -F, -v n="$slowest" '$1 == n { print $6, $7, $8, $9, $10, $11, $12,
        $13, $5 }' first.csv)" \
    "$(sed -n '/^Where/,/^$/p' out |
        awk 'NR > 2 && NF { print $2 }' | xargs)"
grep -q 'packet [0-9]* stands in .*paging\|has packet [0-9]*, .*paging' out ||
    fail "--request: no paging on the path"
tail -n 1 out | grep -q "Request $slowest is answered by web-" ||
    fail "--request: the story does not end with the answer"
# What is on the path is in the story, packet by packet.
sed -n '/^The path/,/^$/p' out | grep -o 'packet [0-9]*' | sort -u >path
[ "$(wc -l <path)" -ge 3 ] || fail "--request: few packets: $(cat path)"
sed -n '/^What happened/,$p' out | grep -io 'packet [0-9]*' |
    tr P p | sort -u >story
comm -23 path story >left_out
[ ! -s left_out ] || fail "--request: the story lacks: $(xargs <left_out)"
# What its VM waited for is on the path, and sums to the parts that are waits.
sed -n '/^What the VM waited/,/^$/p' out | grep -qE \
    '^  [0-9.]+ ms: web-[0-9]+ waits [0-9.]+ ms for its page to be read \(disk ' ||
    fail "--request: the story of $slowest has no wait for a page"
given_up=$(awk -F, '$3 == "timed-out" { print $1; exit }' late.csv)
explain --request "$given_up" late.ikt
grep -q 'and times out after 300 us\.$' out ||
    fail "--request of one given up: $(head -n 1 out)"

# ---- Waits ----

# Nearly all of mix's waits are for the processor, which those that spin have; a
# server's wait says so, and adds up who had it.
explain --waits mix.ikt
awk '$1 == "processor" { exit $4 < 90 }' out ||
    fail "mix: VMs wait for something else: $(cat out)"
expect "mix: who keeps others waiting" "large-0 middle-0 small-0" \
    "$(sed -n '/^Who had/,$p' out | sed -n '2,4s/.*%  //p' | sort | xargs)"
explain --waits --vm web-3 mix.ikt
grep -qE '^[0-9.]+ ms: web-3 waits [0-9.]+ ms for the processor; web-[0-9]+ left '\
'last; meanwhile (small|middle|large)-0 5\.00 ms, .* and [0-9]+ more\.$' out ||
    fail "mix: no wait for the processor: $(cat out)"
grep -qE 'web-3 waits .* for its page to be read \(disk [0-2], block [0-9]+\)\.$' \
    out || fail "mix: no wait for a page: $(cat out)"
grep -qE 'web-3 waits .* for a packet, which was packet [0-9]+, from a client\.$' \
    out || fail "mix: no wait for a packet: $(cat out)"
expect "waits in order" "$(cut -d ' ' -f 1 out | sort -n)" \
    "$(cut -d ' ' -f 1 out)"
explain --waits --limit 3 --from 100ms mix.ikt
expect "--limit" 3 "$(wc -l <out)"
"$iksim" explain --waits --requests mix.ikt >out 2>err
expect "exit of --waits --requests" 2 $?

# ---- Sentences ----

# says NAME REGEX...: each is said at least once.
says() {
    local name=$1 regex
    explain "$name.ikt"
    shift
    for regex; do
        grep -qE "^[0-9]+\.[0-9]{6} ms: $regex" out ||
            fail "$name: nothing like '$regex'"
    done
}
says first '[a-z]+-[0-9]+ is created, with 16MiB of memory\.$' \
    'Boot begins' 'Warm-up begins' 'The measured window begins' \
    'The measured window ends' \
    '[a-z]+-[0-9]+ comes to the gate, the [0-9]+[a-z]+ VM that waits\.$' \
    '[a-z]+-[0-9]+ is admitted after .*; it was first of [0-9]+ waiting, and [0-9]+ frames were free, [0-9]+ needed\.$' \
    '[a-z]+-[0-9]+ gets the processor for at most 10\.0 ms: it is its turn, ready for ' \
    '[a-z]+-[0-9]+ gets the processor .* before its turn, since it idled early' \
    '[a-z]+-[0-9]+ is ready, before its turn, since it idled early\.$' \
    '[a-z]+-[0-9]+ idles until an interrupt comes, or until .* ms; it leaves .* of its quantum\.$' \
    '[a-z]+-[0-9]+ wakes after .*: there is an interrupt for it\.$' \
    'An interrupt \(received packets\) is raised for [a-z]+-[0-9]+\.$' \
    'An interrupt \(received packets\) is raised .*, and coalesces with one that is pending\.$' \
    'Interrupts \(received packets\) are delivered to [a-z]+-[0-9]+, to its handler at 0x[0-9a-f]+; [0-9]+ packets? waits? to be taken\.$' \
    '[a-z]+-[0-9]+ (reads|writes|executes) 0x[0-9a-f]+, whose page has no frame\.$' \
    '[a-z]+-[0-9]+ waits: its page must be read, with ' \
    '[a-z]+-[0-9]+ is ready again: its page is in, after ' \
    'Page [0-9]+ of [a-z]+-[0-9]+ is in frame [0-9]+, (filled with zeros, since it is untouched|read from disk)\.$' \
    'Disk [0-9]+ is asked to read [0-9]+ blocks? from [0-9]+ on, for [a-z]+-' \
    'Disk [0-9]+ has transferred ' \
    'Request [0-9]+, to [a-z]+-[0-9]+, is due\.$' \
    'Request [0-9]+ is answered by [a-z]+-[0-9]+, after '
says mix '[a-z]+-[0-9]+ is preempted: its quantum is used up, and .* more, to the end of a block'
says lossy 'Packet [0-9]+ \([0-9]+ bytes\).* is dropped: the wire lost it\.$' \
    'Packet [0-9]+ .* is a copy of [0-9]+ that the wire made\.$' \
    '[a-z]+-[0-9]+ wakes after .*: its deadline has come\.$' \
    'The client on connection [0-9]+ retransmits to [a-z]+-[0-9]+, since'
says late 'Request [0-9]+ to [a-z]+-[0-9]+ is given up: it timed out\.$'
expect "sentences by packet" 0 "$(grep -c 'is taken by ' out)"

# Too little memory, and an end from outside: the rest.
cat >tight.yaml <<'END'
run:     {seed: 1, boot: modelled, boot_instructions: 0, warmup: 0s,
          duration: 60s}
machine: {ram: 3MiB}
kernel:  {min_free: 64KiB, rx_pool: 16, page_tables: on-demand, lease: 20ms,
          quantum: 1ms}
vms:
  - {name: p, image: pager, count: 6, memory: 2MiB,
     args: "pages=300 order=random rounds=2 words=4"}
  - {name: spin, image: spin, memory: 1MiB}
events:  [{at: 1s, destroy: spin, count: 1}]
END
simulate tight tight.yaml --trace tight.ikt
says tight 'Page [0-9]+ of [a-z]+-[0-9]+ leaves frame [0-9]+: another page needs a frame; chosen after a look at [0-9]+ frames?, last seen touched ' \
    '[a-z]+-[0-9]+ waits: there is no free frame, with ' \
    '[a-z]+-[0-9]+ is ready again, to try for a frame, after ' \
    '.*; it is written to disk\.$' '.*; it is on disk already, or empty\.$' \
    'Page [0-9]+ of [a-z]+-[0-9]+, in frame [0-9]+, is copied, to be written back\.$' \
    'Disk [0-9]+ is asked to write ' '[a-z]+-[0-9]+ gets page table ' \
    '[a-z]+-[0-9]+ gives up page table ' \
    '[a-z]+-[0-9]+ ends: it terminates itself, with code 0\.$' \
    '[a-z]+-[0-9]+ ends: the supervisor destroyed it\.$' \
    '[a-z]+-[0-9]+ writes [0-9]+ bytes on its console\.$'
simulate vmm "${mix[@]}" --set kernel.preset=vmm --trace vmm.ikt
says vmm '[a-z]+-[0-9]+ gets the processor .*: an interrupt has come for it' \
    '[a-z]+-[0-9]+ is set aside after ' \
    '[a-z]+-[0-9]+ gets the processor .*: it was set aside, and goes on'

# What a policy says for itself.
simulate queues "${mix[@]}" --set kernel.scheduler=mlfq \
    --trace queues.ikt
says queues '[a-z]+-[0-9]+ is preempted: [a-z]+-[0-9]+ is ready and goes first; .* of the quantum are left' \
    'Of [a-z]+-[0-9]+ the scheduler says: it has used a quantum of its queue, and sinks to queue 1 ' \
    'Of [a-z]+-[0-9]+ the scheduler says: all VMs are put at the top again, having used '

# What is asked for, and no more.
explain first.ikt --vm web-17 --limit 25
expect "--limit" 25 "$(wc -l <out)"
expect "sentences of other VMs" "" "$(grep -v 'web-17' out)"
explain first.ikt --packets --from 600ms --to 610ms
grep -q ' is taken by ' out || fail "--packets: none"
expect "times from 600 to 610 ms" "" "$(grep -vE '^60[0-9]\.' out)"

# What is of a time is told, also where it comes behind what is later.
explain first.ikt
late=$(awk '$1 + 0 < last + 0 { print last; exit } { last = $1 }' out)
[ "$late" ] || fail "nothing comes late: this looks at nothing"
awk -v to="$late" '$1 + 0 < to + 0' out >wanted
explain first.ikt --to "${late}ms"
cmp out wanted || fail "--to ${late}ms: not what is before"

# ---- What cannot be explained ----

# refuse CODE SENTENCE ARGUMENT...
refuse() {
    local wanted=$1 sentence=$2 code=0
    shift 2
    "$iksim" explain "$@" >out 2>err || code=$?
    expect "explain $*: exit" "$wanted" "$code"
    expect "explain $*" "$sentence" "$(cat err)"
}
count=$(($(wc -l <first.csv) - 1))
refuse 1 "iksim: there is no request 999999 in this trace, which has $count, \
numbered from 0" --request 999999 first.ikt
none="iksim: there is no request in this trace: the scenario has no load, or \
the run ended before it began"
simulate hello "$scenarios/hello.yaml" --trace hello.ikt
refuse 1 "$none" --request 0 hello.ikt
refuse 1 "$none" --requests hello.ikt
refuse 2 "iksim: there is no VM 'web-100': VMs of this run are 0 to 99, or \
web-0 to web-99 by name" --vm web-100 first.ikt
refuse 2 "iksim: explain: no trace is named; see iksim explain --help"
refuse 2 "iksim: explain: --csv goes with --requests; see iksim explain --help" \
    --csv first.ikt
refuse 2 "iksim: explain: --request and --requests do not go together; see \
iksim explain --help" --requests --request 1 first.ikt
refuse 2 "iksim: explain: there is no option '--why'; see iksim explain --help" \
    --why first.ikt
"$iksim" explain "$first" >out 2>err && fail "a scenario is no trace"
expect "exit of no trace" 2 $?
grep -q "is not a trace of iksim" err || fail "no trace: $(cat err)"

# A trace that was cut short is explained as far as it goes.
head -c "$(($(wc -c <first.ikt) * 2 / 3))" first.ikt >cut.ikt
"$iksim" explain --requests cut.ikt >out 2>err
expect "exit of a cut trace" 1 $?
expect "sentences about it" 1 "$(wc -l <err)"
between "requests of a cut trace" 1000 $((count - 1)) \
    "$(head -n 1 out | grep -oE '^[0-9]+')"

# One that is damaged, too.
cp first.ikt bad.ikt
printf 'damaged' | dd of=bad.ikt bs=1 conv=notrunc status=none \
    seek=$(($(wc -c <bad.ikt) / 2))
"$iksim" explain bad.ikt >out 2>err
expect "exit of a damaged trace" 1 $?
expect "sentences about it" 1 "$(wc -l <err)"
[ "$(wc -l <out)" -gt 1000 ] || fail "a damaged trace: nothing is told"

# Requests that are open when a run ends are in no table, but can be looked at.
simulate early "$first" --until 100ms --trace early.ikt
explain --requests --csv early.ikt
open=$(awk -F, '$3 == "unanswered" { print $1; exit }' out)
explain --request "$open" early.ikt
grep -q "is not answered when the trace ends, after " out ||
    fail "an open request: $(head -n 1 out)"

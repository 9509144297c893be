#!/bin/bash
# A log that is replayed: who is asked for what and when is what the log says,
# by a reader of the wire and rules that are worked out here; a file is part of
# what a run is; and what is wrong with one is one sentence.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
vms=7

# A log of 300 requests in 90 seconds, some of them late, of 40 paths.
awk -v seed=7 'BEGIN { srand(seed)
    for (i = 0; i < 300; i++) {
        at = int(i * 0.3) - (i > 9 && rand() < 0.1)
        printf "10.0.0.%d - - [31/Dec/2025:23:%02d:%02d -0100] ", rand() * 9,
            59 - (at < 60), at % 60
        printf "\"GET /p%d%s HTTP/1.0\" 200 %d\n", 40 * rand() * rand(),
            rand() < 0.3 ? "?q=" i : "", i
    } }' | sed 's/:23:58:/:23:57:/; s/:23:59:/:23:58:/' >access.log
cat >replay.yaml <<END
run:  {seed: 1, warmup: 0s, duration: 10s}
vms:  [{name: web, image: httpd, count: $vms, memory: 4MiB, args: "size=100"}]
load: [{kind: replay, target: web, file: access.log, path: /, speed: 10}]
END

# fnv TEXT: FNV-1a of 64 bits, in hexadecimal; the vector is its authors'.
fnv() {
    local hash=$((0xcbf29ce484222325)) i byte
    for ((i = 0; i < ${#1}; i++)); do
        printf -v byte %d "'${1:i:1}"
        hash=$(((hash ^ byte) * 0x100000001b3))
    done
    printf %x "$hash"
}
expect "FNV-1a of foobar" 85944171f73967e8 "$(fnv foobar)"

# hashed TEXT: that modulo the number of VMs. The shell's numbers have a sign:
# the remainder is taken of the upper 63 bits, and of the last.
hashed() {
    local hash
    hash=$((0x$(fnv "$1")))
    echo $((((hash >> 1 & 0x7fffffffffffffff) % vms * 2 + (hash & 1)) % vms))
}

# expected RULE: of each request the millisecond when it is due and the VM.
expected() {
    awk '{ split($4, t, ":")
        at = t[3] * 60 + t[4]
        second[NR] = at = at > last && NR > 1 ? at : NR > 1 ? last : at
        count[at]++
        last = at
        client[NR] = $1
        path[NR] = $7 }
        END { for (i = 1; i <= NR; i++) {
            nth = of[second[i]]++
            due = second[i] - second[1] + nth / count[second[i]]
            sub(/[?].*/, "", path[i])
            if (!(path[i] in order)) order[path[i]] = n++
            printf "%d %s %s %d\n", due * 100 + 1e-9, path[i], client[i],
                order[path[i]] } }' access.log |
        while read -r due path client order; do
            case $1 in
            path) vm=$(hashed "$path") ;;
            client) vm=$(hashed "$client") ;;
            first) vm=$((order % vms)) ;;
            esac
            echo "$due $vm"
        done
}

# What a reader of the wire sees: when connections begin, and with whom.
seen() {
    tshark -n -r "$1.pcap" -Y 'tcp.flags.syn == 1 && tcp.dstport == 80' \
        -T fields -e frame.time_relative -e ip.dst 2>/dev/null |
        awk 'NR == 1 { first = $1 }
            { split($2, a, ".")
              printf "%d %d\n", ($1 - first) * 1000 + 0.01,
                  a[3] * 256 + a[4] - 1 }'
}

for rule in path client first; do
    simulate "$rule" replay.yaml --set "load[0].map=$rule" \
        --pcap "$work/$rule.pcap"
    all_answered "$rule"
    expect "requests by $rule" 300 "$(value "$rule" .load.sent)"
    if command -v tshark >/dev/null; then
        expected "$rule" | sort >theirs
        seen "$rule" | sort >ours
        diff theirs ours >difference ||
            fail "by $rule: $(head -n 5 difference)"
    fi
done

# A CSV of the same times; each request of its own VM, for the log's own path,
# which this server does not have.
expected first | awk 'BEGIN { print "time,vm,size" }
    { printf "%.3f,%d,%d\n", 5 + $1 / 1000, $2, NR }' >times.csv
simulate csv replay.yaml --set 'load[0].file=times.csv' \
    --set 'load[0].format=csv' --set 'load[0].speed=1' --pcap "$work/csv.pcap"
all_answered csv
expect "requests of the CSV" 300 "$(value csv .load.sent)"
if command -v tshark >/dev/null; then
    seen csv | sort >ours
    expected first | sort | diff - ours >difference ||
        fail "a CSV: $(head -n 5 difference)"
fi
"$iksim" run replay.yaml --set 'load[0].path=' --json >own.json 2>own.err
expect "exit of requests for paths that are not there" 1 $?
expect "requests that failed" 300 "$(value own .load.failed)"

# Half of it, by its end.
simulate half replay.yaml --set 'load[0].until=window+4500ms'
expect "requests of the first 45 seconds" \
    "$(expected path | awk '$1 < 4500' | wc -l)" "$(value half .load.sent)"

# The file is part of what a run is.
"$iksim" run replay.yaml --out kept --json >kept.json || fail "--out: $?"
cp access.log before.log
sed -i '1d' access.log
"$iksim" run --again kept >again 2>&1 || fail "--again: $(cat again)"
grep -q 'repeated exactly' again || fail "--again: $(cat again)"
sed -i '1d' kept/loads/0.log
"$iksim" run --again kept >again 2>&1 &&
    fail "a kept log that was changed is replayed"
grep -q "kept/loads/0.log' has changed since the run" again ||
    fail "a kept log that was changed: $(cat again)"

# refused LINE WHAT: the sentence about access.log.
refused() {
    "$iksim" run replay.yaml >out 2>&1 && fail "accepted: $2"
    expect "sentence" "iksim: replay.yaml:3: load[0].file: 'access.log'$1$2" \
        "$(cat out)"
}
printf 'h - - [01/Jan/2026:00:00:00 +0000] "GET /\033[2J" 200 x\n' >>access.log
refused :300: " has no status and size, such as 200 2326, after the request"
printf '\033]0;title\007\n' >access.log
refused :1: " does not begin as a line of the common log format does: client \
ident user [time]"
: >access.log
refused "" " holds no request"
rm access.log
refused "" " cannot be read: No such file or directory"
mkfifo access.log
refused "" " cannot be read: it is not a regular file"
rm access.log
mkdir access.log
refused "" " cannot be read: it is not a regular file"
rmdir access.log
head -c 9000 /dev/zero | tr '\0' a >access.log
refused :1: " is longer than 8192 bytes"
printf 'h - - [01/Jan/2026:00:00:00 +0000] "GET /\0 HTTP/1.0" 200 1\n' >access.log
"$iksim" run replay.yaml >out 2>&1
expect "lines about a log with a NUL" 1 "$(wc -l <out)"

# A script: of whatever bytes, one sentence.
cat >lines.yaml <<END
run:   {seed: 1, warmup: 0s, duration: 200ms}
vms:   [{name: echo, image: echo, count: 2, memory: 4MiB}]
load:  [{kind: lines, target: echo, rate: 50, file: lines.txt}]
END
# script_refused LINE WHAT
script_refused() {
    "$iksim" run lines.yaml >out 2>&1 && fail "accepted: $2"
    expect "sentence" "iksim: lines.yaml:3: load[0].file: 'lines.txt'$1$2" \
        "$(cat out)"
}
printf '\033]0;title\007' >lines.txt
script_refused :1: " a step begins with send or expect"
printf 'send "a"\nexpect "\0"' >lines.txt
script_refused :2: " a byte that is no printable ASCII character is written \\xHH"
head -c 2000000 /dev/zero >lines.txt
script_refused "" " is longer than 1 MiB"
: >lines.txt
script_refused "" " sends nothing"
rm lines.txt
mkfifo lines.txt
script_refused "" " cannot be read: it is not a regular file"
rm lines.txt
mkdir lines.txt
script_refused "" " cannot be read: it is not a regular file"
rmdir lines.txt

# What a file holds is part of what a run is: a sweep refuses another, as --again
# reads what --out kept.
# changed PLAN: a sweep does not go on with another file.
changed() {
    "$iksim" sweep "$1.yaml" --db "$1.db" >out 2>&1 &&
        fail "$1: a sweep goes on with another file"
    grep -q 'files of disks or loads, have changed since the run' out ||
        fail "$1: $(cat out)"
}
printf 'send "a" expect "a"' >lines.txt
printf 'base: lines.yaml\nseeds: [1]\n' >script.yaml
printf 'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.0" 200 1\n' >access.log
printf 'base: replay.yaml\nseeds: [1]\n' >log.yaml
for plan in script log; do
    "$iksim" sweep $plan.yaml --db $plan.db >out 2>&1 || fail "sweep: $(cat out)"
    "$iksim" sweep $plan.yaml --db $plan.db >out 2>&1 || fail "again: $(cat out)"
done
"$iksim" run lines.yaml --out lines --json >/dev/null || fail "--out: $?"
printf 'send "ab" expect "ab"' >lines.txt
sed -i p access.log
changed script
changed log
"$iksim" run --again lines >again 2>&1 || fail "--again: $(cat again)"
grep -q 'repeated exactly' again || fail "--again: $(cat again)"
printf 'send "a" expect "a"' | cmp - lines/loads/0.log ||
    fail "--out keeps another script"

#!/bin/sh
# The clients against lwIP, looked at from outside: two processes with
# different heaps give one trace, and tshark finds nothing wrong with what was
# on a good link. Usage: test_load.sh PROGRAM (workloads.load_lwip).
set -eu
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for seed in 7 8; do
    MALLOC_PERTURB_=1 "$program" --fingerprint $seed > "$dir/$seed.one"
    MALLOC_PERTURB_=254 "$program" --fingerprint $seed > "$dir/$seed.two"
    cmp "$dir/$seed.one" "$dir/$seed.two"
done
if cmp -s "$dir/7.one" "$dir/8.one"; then
    echo "two seeds, one trace" >&2
    exit 1
fi

if ! command -v tshark > "$dir/where"; then
    echo "tshark is not installed: the captures are not looked at"
    exit 0
fi

# A line a frame; a field that does not apply is empty.
frames() {
    tshark -n -r "$1" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
        -T fields -E separator='|' -E occurrence=a -e tcp.flags \
        -e _ws.expert.severity -e tcp.analysis.flags -e _ws.malformed \
        -e ip.checksum.status -e tcp.checksum.status -e http.request \
        -e http.response.code 2> "$dir/tshark.err"
}

# Expert severities: 4194304 is a note (connections open and close), 6291456
# a warning. Checksum status 1 is good.
judge() {
    awk -F'|' -v name="$1" -v requests="$2" -v connections="$3" '
        function wrong(what) {
            print name ": frame " NR ": " what ": " $0
            bad = 1
        }
        function equal(what, got, wanted) {
            if (got != wanted) {
                print name ": " got " " what ", not " wanted
                bad = 1
            }
        }
        {
            count = split($2, severities, ",")
            for (i = 1; i <= count; i++)
                if (severities[i] + 0 >= 6291456) wrong("warning or error")
            if ($3 != "") wrong("odd segment")
            if ($4 != "") wrong("malformed")
            if ($5 != 1 || $6 != 1) wrong("bad checksum")
            flags = $1
            sub(/^0x/, "", flags)
            low = index("0123456789abcdef", substr(flags, length(flags))) - 1
            if (int(low / 4) % 2) wrong("reset")
            if (flags + 0 == 2) opened++
            if (flags + 0 == 12) answered++
            fins += low % 2
            asked += $7 != ""
            replied += $8 == 200
        }
        END {
            equal("connections", opened, connections)
            equal("answers to SYNs", answered, connections)
            equal("FINs", fins, 2 * connections)
            equal("requests", asked, requests)
            equal("responses", replied, requests)
            print name ": " NR " frames, " asked " requests on " opened \
                " connections"
            exit bad
        }'
}

"$program" --record "$dir" > "$dir/captures"
while read -r name requests connections; do
    frames "$dir/$name" > "$dir/frames"
    judge "$name" "$requests" "$connections" < "$dir/frames"
done < "$dir/captures"

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

# show FILTER: how many frames match.
show() {
    tshark -n -r "$dir/$name" -o tcp.check_checksum:TRUE \
        -o ip.check_checksum:TRUE -Y "$1" 2> "$dir/tshark.err" |
        tee "$dir/shown" | wc -l
}

# equal WHAT GOT WANTED
equal() {
    if [ "$2" -ne "$3" ]; then
        echo "$name: $1: $2, not $3" >&2
        head -5 "$dir/shown" >&2
        exit 1
    fi
}

"$program" --record "$dir" > "$dir/captures"
while read -r name requests connections; do
    # 0x600000: warning; notes are only that connections open and close.
    equal "warnings and errors" "$(show '_ws.expert.severity >= 0x600000')" 0
    equal "odd segments" "$(show 'tcp.analysis.flags')" 0
    equal "bad checksums" "$(show 'ip.checksum.status == "Bad" or
        tcp.checksum.status == "Bad"')" 0
    equal "malformed packets" "$(show '_ws.malformed')" 0
    equal "resets" "$(show 'tcp.flags.reset == 1')" 0
    equal "connections" "$(show 'tcp.flags == 0x002')" "$connections"
    equal "answers to SYNs" "$(show 'tcp.flags == 0x012')" "$connections"
    equal "FINs" "$(show 'tcp.flags.fin == 1')" $((2 * connections))
    equal "requests" "$(show 'http.request')" "$requests"
    equal "responses" "$(show 'http.response.code == 200')" "$requests"
    echo "$name: $requests requests on $connections connections"
done < "$dir/captures"

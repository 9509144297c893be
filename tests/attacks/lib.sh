# shellcheck shell=bash
# lib.sh - what the tests of attacks share, beyond the library of the end-to-end
# tests: bundled guests that attack, beside servers.
. "${0%/*}/../e2e/lib.sh"
quantum_ns=10000000

# attackers NAME ARGS COUNT MEMORY: a group `bad` of them, as an item of `vms`.
attackers() {
    printf '  - {name: bad, image: attackers/%s, args: "%s", count: %d,\n' \
        "$1" "$2" "$3"
    printf '     memory: %s, verify: lazy, expect: any}\n' "$4"
}

# report NAME ARGUMENT...: the run of NAME.yaml; its report is NAME.json, and may
# be one of a run that found something wrong.
report() {
    local name=$1
    shift
    "$iksim" run --json "$work/$name.yaml" "$@" >"$work/$name.json" \
        2>"$work/$name.err"
    [ -s "$work/$name.json" ] ||
        fail "$name gave no report: $(tail -3 "$work/$name.err")"
}

# shows NAME CONDITION WHAT: the report fulfils it, or WHAT is wrong.
shows() {
    jq -e "$2" "$work/$1.json" >/dev/null ||
        fail "$3: $(jq -c '.load, .vms, .net' "$work/$1.json")"
}

# keeps_away NAME ALONE [JQ]: the servers' clients, whose report is NAME, had no
# wrong answer, 99 of 100 answers, and p99 within a quantum and a fifth of ALONE
# (ns). JQ: where sent and completed stand.
keeps_away() {
    local sent right failed p99 most=$(($2 + $2 / 5 + quantum_ns))
    read -r sent right failed p99 < <(jq -r "(${3:-.load}) as \$of | .load |
        [\$of.sent, \$of.completed, .failed, .latency_ns.p99] |
        map(floor) | @tsv" "$work/$1.json")
    if [ "$failed" -ne 0 ] || [ "$p99" -gt $most ] ||
        [ $((right * 100)) -lt $((sent * 99)) ]; then
        echo "FAIL: beside $1 $right of $sent requests were answered, $failed" \
            "were not right, and p99 is $p99 ns; alone it is $2 ns" >&2
        return 1
    fi
}

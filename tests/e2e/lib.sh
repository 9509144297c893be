# shellcheck shell=bash
# lib.sh - what the end-to-end tests share. A test is called with the program,
# from any directory, and sources this file with its own arguments:
#
#     . "${0%/*}/lib.sh"
#
# It works in a scratch directory, $work, that goes when it ends. The first
# thing that is wrong ends it, with a sentence. With E2E_SLOW=1 (sanitizers)
# it measures shorter windows.
#
# Every report it asks for is held to what binds all reports: CPU time is
# conserved, and no request is lost from the counts.
set -u
export LC_ALL=C
iksim=$(readlink -f "$1") || exit 2
tests=$(cd "${0%/*}" && pwd) || exit 2
tree=$(cd "$tests/../.." && pwd) || exit 2
scenarios=$tree/workloads/scenarios
first=$scenarios/first.yaml
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# One window for what is run many times over, and a shorter one for the slow.
window=(--set run.warmup=100ms --set run.duration=400ms)
if [ "${E2E_SLOW-}" ]; then
    window=(--set run.warmup=50ms --set run.duration=100ms)
fi
: "${window[@]}" "$scenarios" "$first"

# fail WHAT: ends the test, which has found something.
fail() {
    printf 'FAIL: %s\n' "$*" >&2
    exit 1
}

# skip WHY: ends the test, which cannot be made here.
skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

# needs TOOL...: each must be there.
needs() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null || skip "there is no $tool here"
    done
}
needs jq

# value NAME PATH: of the report NAME. Numbers as they stand: no rounding.
value() {
    jq -r "$2" "$work/$1.json"
}

# simulate NAME ARGUMENT...: a run that must end well; its report is NAME.
simulate() {
    local name=$1
    shift
    "$iksim" run --json "$@" >"$work/$name.json" 2>"$work/$name.err" ||
        fail "iksim run --json $*: exit $?: $(tail -n 5 "$work/$name.err")"
    holds "$name"
}

# holds NAME: what is true of every report, whatever was run. The six parts of
# CPU time sum to the window exactly, in nanoseconds as in cycles.
holds() {
    local name=$1 sum
    jq -e . "$work/$name.json" >/dev/null ||
        fail "$name: the report is not JSON: $(head -c 200 "$work/$name.json")"
    sum=$(value "$name" '.virtual_ns - ([.cpu[]] | add)')
    expect "$name: what $(value "$name" '.cpu | tostring') lacks of \
$(value "$name" .virtual_ns) ns" 0 "$sum"
    sum=$(value "$name" \
        '.load | .sent - .completed - .timed_out - .failed - .unanswered')
    expect "$name: requests sent that are not accounted for" 0 "$sum"
}

# all_answered NAME: every request of the window completed, and there were some.
all_answered() {
    value "$1" '.load | .sent > 0 and .completed == .sent' | grep -qx true ||
        fail "$1: not every request was answered:" \
            "$(value "$1" '.load | tostring')"
}

# same NAME NAME WHY: two reports that may differ only in `host`.
same() {
    jq 'del(.host)' "$work/$1.json" >"$work/left"
    jq 'del(.host)' "$work/$2.json" >"$work/right"
    diff "$work/left" "$work/right" >"$work/difference" ||
        fail "$3: the reports differ:" "$(head -n 20 "$work/difference")"
}

# expect WHAT WANTED GOT
expect() {
    [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# between WHAT LEAST MOST GOT
between() {
    if [ "$4" -lt "$2" ] || [ "$4" -gt "$3" ]; then
        fail "$1: expected $2 to $3, got $4"
    fi
}

# killed PID WORD WHAT: kills the process, and waits until no other that has WORD
# in its command line outlives it.
killed() {
    kill -KILL "$1" 2>/dev/null || fail "$3: it has ended"
    wait "$1" 2>/dev/null
    for _ in {1..3000}; do
        pgrep -f "$2" >/dev/null || return 0
        sleep 0.1
    done
    fail "$3: processes outlive it"
}

# disturb PID: stops it, and the run that it guards, at random moments for 10 to
# 60 ms until it is gone, and writes how often to $work/stops.
disturb() {
    local stops=0
    while kill -STOP "$1" 2>/dev/null; do
        pkill -STOP -P "$1"
        sleep "0.0$((RANDOM % 6 + 1))"
        pkill -CONT -P "$1"
        kill -CONT "$1" 2>/dev/null || break
        stops=$((stops + 1))
        sleep "0.0$((RANDOM % 5 + 1))"
    done
    echo "$stops" >"$work/stops"
}

# shown_commands PAGE: the commands of a document, with what they print, become
# a file each in the current folder: N.sh and N.out.
shown_commands() {
    awk '/^    \$ / { n++; is_text = /<</; print substr($0, 7) >(n ".sh")
                      printf "" >(n ".out"); next }
        n && is_text && /^    / { print substr($0, 5) >(n ".sh")
                                  if ($1 == "END") { is_text = 0 }; next }
        n && is_text && /^$/ { print "" >(n ".sh"); next }
        n && /^    / { print substr($0, 5) >(n ".out"); next }
        { is_text = 0 }' "$1"
}

# run_shown PAGE: runs them in one folder, `shown`; each prints what it is said to.
run_shown() {
    local n
    mkdir shown
    for ((n = 1; ; n++)); do
        [ -f "$n.sh" ] || break
        (cd shown && bash -o pipefail "../$n.sh") >got 2>&1
        diff "$n.out" got >difference ||
            fail "${1##*/} (<): $(cat "$n.sh"): $(cat difference)"
    done
}

#!/bin/bash
# A guarded run is one process to whoever starts it: signals, exit codes, job
# control, and the death of either. Commands that make many runs guard each.
# Usage: guard_host.sh IKSIM ENGINE_FAULT.so
. "${0%/*}/lib.sh"
fault=$(readlink -f "$2") || exit 2
needs readelf pgrep sqlite3
cd "$work" || exit 2
export ASAN_OPTIONS=verify_asan_link_order=0${ASAN_OPTIONS+:$ASAN_OPTIONS}
cat >long.yaml <<'END'
run: {warmup: 1ms, duration: 3600s}
vms: [{name: spin, image: spin, memory: 1MiB}]
END

# is_watched: the run has a child, $child, which watches the engine.
is_watched() {
    local caught
    child=$(pgrep -P "$guard") &&
        caught=$(awk '/^SigCgt:/ { print $2 }' "/proc/$child/status" \
            2>/dev/null) &&
        ((0x${caught:-0} & 1 << 26)) # SIGPROF
}

# begin ARGUMENT...: starts a run in a process group of its own, and waits until
# its child watches the engine. They are $guard and $child. The run must be long
# enough to be seen.
begin() {
    set -m
    "$iksim" run --json "$@" >out 2>err &
    guard=$!
    set +m
    SECONDS=0
    until is_watched; do
        kill -0 "$guard" 2>/dev/null || fail "the run ended unseen: $(cat err)"
        [ "$SECONDS" -lt 600 ] || fail "there is no child: $(cat err)"
        sleep 0.02
    done
}

# ends CODE WHAT
ends() {
    wait "$guard" 2>/dev/null
    expect "exit $2" "$1" $?
    for _ in {1..600}; do
        kill -0 "$child" 2>/dev/null || return 0
        sleep 0.1
    done
    fail "$2: the child outlives it"
}

# A signal that asks for the results so far, to the one or to both.
for signal in INT TERM; do
    for whom in '' -; do
        begin long.yaml
        kill "-$signal" -- "$whom$guard"
        ends 130 "after SIG$signal to $whom$guard"
        grep -q 'interrupted' err || fail "SIG$signal, unsaid: $(cat err)"
        jq -e '.guest.instructions >= 0' out >/dev/null ||
            fail "SIG$signal: no results: $(cat out err)"
    done
done

# A second one ends a run that does not listen.
begin long.yaml
kill -STOP "$child"
kill -INT "$guard"
until [ "$(awk '/^ShdPnd:/ { print $2 }' "/proc/$guard/status")" = \
    0000000000000000 ]; do
    sleep 0.1
done
kill -INT "$guard"
ends 130 "after two SIGINTs"
[ ! -s out ] || fail "two SIGINTs: $(cat out)"

# One dies with the other, of the same.
begin long.yaml
kill -KILL "$guard"
ends 137 "after SIGKILL"
for signal in KILL USR1 HUP; do
    begin long.yaml
    kill "-$signal" "$child"
    ends "$((128 + $(kill -l "$signal")))" "after SIG$signal to the child"
    grep -q 'made again' err && fail "SIG$signal was taken for the engine's"
done

# Both stop and go on with the terminal's job.
longer=(--set run.warmup=100ms --set run.duration=10s)
[ -z "${E2E_SLOW-}" ] || longer=(--set run.warmup=100ms --set run.duration=1s)
simulate calm "$first" "${longer[@]}"
begin "$first" "${longer[@]}"
for _ in 1 2 3; do
    kill -TSTP -- "-$guard" 2>/dev/null || break
    for pid in "$guard" "$child"; do
        for _ in {1..100}; do
            grep -Eq '^State:.[TZ]' "/proc/$pid/status" 2>/dev/null && break
            [ -e "/proc/$pid" ] || break
            sleep 0.05
        done
    done
    kill -CONT -- "-$guard"
    sleep 0.05
done
ends 0 "after three stops"
cp out stopped.json
same calm stopped "stopped by the terminal"

# Many runs: one block that the engine dies of, early or late, beside images in
# which it is outside the subset.
mkdir as changed
cp "${iksim%/*}"/guests/{httpd,hello}.elf as
cat >as/base.yaml <<'END'
run: {warmup: 20ms, duration: 60ms, drain: 50ms}
vms:
  - {name: web, verify: lazy, image: ./httpd.elf, memory: 8MiB, count: 2}
  - {name: hi, verify: lazy, image: ./hello.elf, expect: badly}
load: [{target: web, rate: 500}]
END
cat >as/plan.yaml <<'END'
base: base.yaml
grid: [{key: "load[0].rate", values: [300, 600]}]
seeds: [1, 2]
END
(cd as && ENGINE_FAULT=list:$work/web LD_PRELOAD=$fault "$iksim" run base.yaml \
    --json >../listed.json 2>../err)
# The first block that hello alone comes to: where its code differs.
cat >as/web.yaml <<'END'
run: {warmup: 20ms, duration: 60ms, drain: 50ms}
vms: [{name: web, image: ./httpd.elf, memory: 8MiB, count: 2}]
load: [{target: web, rate: 500}]
END
rm -f alone
(cd as && ENGINE_FAULT=list:$work/alone LD_PRELOAD=$fault "$iksim" run \
    web.yaml --json >/dev/null 2>../err)
va=$(grep -vxFf alone web | sed -n 5p)
[ "$va" ] || fail "hello has no block of its own"
cp as/* changed
at=$(readelf -lW as/hello.elf | while read -r type at from _ size _; do
    [ "$type" = LOAD ] && ((0x$va >= from && 0x$va < from + size)) &&
        echo $((at + 0x$va - from))
done)
printf '\xf4' | dd of=changed/hello.elf bs=1 seek="$at" conv=notrunc status=none

# both CODE NAME ARGUMENT...: in each of the two places; the outputs are NAME.as and
# NAME.changed.
both() {
    local code=$1 name=$2 place
    shift 2
    for place in as changed; do
        (cd $place && ENGINE_FAULT=abort:$va LD_PRELOAD=$fault "$iksim" "$@" \
            >"../$name.$place" 2>"../$name.$place.err")
        echo "exit code $?" >>"$name.$place"
    done
    # Nothing is warm in which the engine dies before.
    sed -i 's/, [0-9]* of them warm//' "$name.as" "$name.changed"
    cmp "$name.as" "$name.changed" || fail "$*: $(cat "$name".as{,.err})"
    grep -q "exit code $code" "$name.as" ||
        fail "$*: $(cat "$name".as{,.err})"
}
both 0 precision run base.yaml --until 'offered +-20%' --json
both 1 capacity capacity base.yaml --over 'load[0].rate' --from 300 --to 600 \
    --slo 'failed <= 0' --seeds 2 --points 2 # The windows are too short.
both 1 warm capacity base.yaml --over 'load[0].rate' --from 300 --to 600 \
    --slo 'failed <= 0' --seeds 2 --points 2 --warm
for warm in '' --warm; do
    rm -f as/*.db changed/*.db
    both 0 sweep sweep plan.yaml --db runs.db ${warm:+"$warm"}
    for place in as changed; do
        sqlite3 "$place/runs.db" 'SELECT seed, state, fingerprint FROM runs
            ORDER BY 1, 2, 3' >"$place.rows"
    done
    expect "rows of a sweep $warm" 4 "$(grep -c 'done' as.rows)"
    cmp as.rows changed.rows || fail "sweep $warm: $(cat as.rows changed.rows)"
    expect "runs of a sweep $warm that were made again" 4 "$(sqlite3 as/runs.db \
        "SELECT count(*) FROM hosts WHERE json_extract(figures, '\$.repeats') = 1")"
done

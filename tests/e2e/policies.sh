#!/bin/bash
# Policies that are files: the same as built-in ones when they do the same, and
# one sentence each when they break their contract.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >spin.yaml <<'END'
run:     {seed: 3, warmup: 20ms, duration: 100ms, drain: 0s}
machine: {ram: 64MiB}
kernel:  {quantum: 2ms}
vms:
  - {name: spin, image: spin, count: 3, memory: 1MiB}
  - {name: hello, image: hello, count: 2, memory: 1MiB}
END

# script NAME TEXT...: a scheduler in Lua that serves in turns, but for what the
# text changes.
script() {
    local name=$1
    shift
    {
        cat <<'END'
local p = {
    kind = "scheduler",
    create = function(run) return { queue = host.heap(), run = run } end,
    ready = function(s, vm) s.queue:push(vm) return 0 end,
    remove = function(s, vm) s.queue:remove(vm) end,
    pick = function(s) return (s.queue:pop()) end,
}
END
        printf '%s\n' "$@" 'return p'
    } >"$name.lua"
}

# wrong NAME CODE PATTERN TEXT...: that scheduler ends the run with a sentence.
wrong() {
    local name=$1 code=$2 pattern=$3
    shift 3
    script "$name" "$@"
    "$iksim" run spin.yaml --set kernel.scheduler=./"$name".lua >out 2>err
    expect "exit of $name" "$code" $?
    expect "sentences of $name" 1 "$(wc -l <err)"
    grep -Eq "$pattern" err || fail "$name: $(cat err)"
}
says="^iksim: the run ended at [0-9]+ ns: the scheduler"
wrong never 1 "$says './never.lua': pick\(\): must choose one of the 5 VMs \
that are ready; it chose nobody.*; before it: ready\(0\), ready\(1\)" \
    'p.pick = function() end'
wrong dead 1 "pick\(\) = [34]: must choose a VM that is ready; it chose VM \
[34], which is dead since cycle" \
    'p.stop = function(s, vm, why) if why == "end" then s.dead = vm end end' \
    'p.pick = function(s) return s.dead or (s.queue:pop()) end'
wrong none 1 "it chose VM 77, of which there is none: VMs are 0 to 4" \
    'p.pick = function() return 77 end'
wrong zero 1 "must grant 1 to [0-9]+ cycles \(64 quanta\); it granted VM 0 0" \
    'p.pick = function(s) return s.queue:pop(), 0 end'
wrong long 1 "must grant 1 to" \
    'p.pick = function(s) return (s.queue:pop()), s.run.quantum * 65 end'
wrong part 1 "whole number from 0 to [0-9]+ as a quantum; it gave 1.5" \
    'p.pick = function(s) return (s.queue:pop()), 1.5 end'
wrong word 1 "as a VM; it gave 'three'" 'p.pick = function() return "three" end'
wrong negative 1 "ready\(0\): must give a whole number .* as its key; it gave -1" \
    'p.ready = function() return -1 end'
wrong order 1 "must choose by the keys that ready\(\) gave, as it promises; it \
chose VM 0 with key 100 before VM 4 with key 96" \
    'p.promises = { ordered = true }' \
    'p.ready = function(s, vm) s.queue:push(vm) return 100 - vm end'
wrong rest 1 "must say by wake_at until when it rests" \
    'p.promises = { rests = true }' 'p.pick = function() end'
wrong reason 1 "must give one of its 1 reasons; it gave number 1" \
    'p.reasons = { "so" }' \
    'p.pick = function(s) host.reason(2) return (s.queue:pop()) end'
wrong loop 1 "pick\(\): ./loop.lua:[0-9]+: it takes more than 1001000 steps" \
    'p.pick = function() while true do end end'
wrong memory 1 "pick\(\): it needs more memory than it may have, 64 MiB" \
    'p.pick = function() local t = "x" while true do t = t .. t end end'
wrong recursion 1 "pick\(\): ./recursion.lua:[0-9]+: stack overflow|steps" \
    'p.pick = function(s) return 1 + p.pick(s) end'
wrong error 1 "pick\(\): ./error.lua:8: no idea" \
    'p.pick = function() error("no idea") end'
wrong create 1 "create\(\): ./create.lua:8: not today" \
    'p.create = function() error("not today") end'
for name in os io require load dofile debug collectgarbage coroutine next rawset; do
    wrong "the_$name" 1 "pick\(\): ./the_$name.lua:8: there is no '$name' here" \
        "p.pick = function() return $name end"
done
wrong address 1 "address" 'p.pick = function() return string.format("%p", p) end'
wrong syntax 2 "kernel.scheduler=./syntax.lua: ./syntax.lua:8: .* near" \
    'p.pick = function() return (( end'
wrong lacks 2 "its table has no function 'pick'" 'p.pick = nil'
wrong kind 2 "its table must say kind = \"scheduler\"; it says gatekeeper" \
    'p.kind = "gatekeeper"'
"$iksim" run spin.yaml --set kernel.scheduler=./no.lua >out 2>err
expect "exit without the file" 2 $?
grep -q "cannot read the policy './no.lua': No such file" err ||
    fail "no file: $(cat err)"

# The same choices, the same fingerprint.
policies=$tree/workloads/policies
simulate built spin.yaml --set kernel.scheduler=round-robin-no-boost
simulate lua spin.yaml --set kernel.scheduler="$policies/plain.lua"
expect "fingerprint of plain.lua" "$(value built .fingerprint)" \
    "$(value lua .fingerprint)"

for policy in boost.lua boost.c; do
    XDG_CACHE_HOME=$work/boost simulate "$policy" spin.yaml \
        --set kernel.scheduler="$policies/$policy" \
        --set kernel.scheduler_args.run=2 --set 'vms[1].count=20'
    simulate boost spin.yaml --set kernel.scheduler=round-robin \
        --set kernel.scheduler_args.run=2 --set 'vms[1].count=20'
    expect "fingerprint of $policy" "$(value boost .fingerprint)" \
        "$(value "$policy" .fingerprint)"
    XDG_CACHE_HOME=$work/boost simulate "mix-$policy" "$scenarios/mix.yaml" \
        --set run.warmup=0s --set run.duration=100ms \
        --set kernel.scheduler="$policies/$policy"
    simulate mix "$scenarios/mix.yaml" --set run.warmup=0s \
        --set run.duration=100ms --set kernel.scheduler=round-robin
    expect "fingerprint of $policy in mix" "$(value mix .fingerprint)" \
        "$(value "mix-$policy" .fingerprint)"
    simulate plainly "$scenarios/mix.yaml" --set run.warmup=0s \
        --set run.duration=100ms --set kernel.scheduler=round-robin-no-boost
    [ "$(value mix .fingerprint)" != "$(value plainly .fingerprint)" ] ||
        fail "mix.yaml does not tell the boost"
done

# C: the same again, compiled once; and what is wrong with it, in a sentence.
export XDG_CACHE_HOME=$work/cache
simulate c spin.yaml --set kernel.scheduler="$policies/plain.c"
expect "fingerprint of plain.c" "$(value built .fingerprint)" \
    "$(value c .fingerprint)"
library=$(echo cache/iksim/policies/*.so)
[ -f "$library" ] || fail "the cache: $(find cache)"
PATH=/nowhere "$iksim" run spin.yaml --json \
    --set kernel.scheduler="$policies/plain.c" >cached.json || fail "no cache"
expect "fingerprint from the cache" "$(value built .fingerprint)" \
    "$(value cached .fingerprint)"
cp "$library" plain.so
simulate so spin.yaml --set kernel.scheduler=plain.so --out kept-so
expect "fingerprint of plain.so" "$(value built .fingerprint)" \
    "$(value so .fingerprint)"
"$iksim" run --again kept-so >out || fail "--again with a library: $(cat out)"
simulate cc spin.yaml --set kernel.scheduler="$policies/plain.c" --out kept-c
jq -e '.policies[0].built_by | test("; cc .*-O2")' kept-c/manifest.json \
    >out || fail "built_by: $(jq .policies kept-c/manifest.json)"
"$iksim" run --again kept-c >out || fail "--again with C: $(cat out)"

# bad NAME CODE PATTERN SED: plain.c changed so.
bad() {
    sed "$4" "$policies/plain.c" >"$1.c"
    cmp -s "$1.c" "$policies/plain.c" && fail "$1.c is plain.c"
    "$iksim" run spin.yaml --set kernel.scheduler=./"$1".c >out 2>err
    expect "exit of $1.c" "$2" $?
    expect "sentences of $1.c" 1 "$(wc -l <err)"
    grep -Eq "$3" err || fail "$1.c: $(cat err)"
}
bad abi 2 "written for version 9 of iksim/policy.h" 's/= IKSIM_POLICY_ABI/= 9/'
bad text 2 "./text.c:[0-9]+:[0-9]+: error: .*nothing" 's/return whole/return nothing/'
bad symbol 2 "has no .const struct iksim_scheduler" \
    's/scheduler iksim_scheduler/scheduler another/'
bad slots 2 "needs create, ready, remove and pick" 's/.pick = pick,//'
bad empty 1 "create\(\): it gave nothing" 's/return p;/return NULL;/'
bad nobody 1 "must choose one of the 5 VMs" 's/leave(p, vm);/return (struct iksim_choice){ IKSIM_NONE, 0, 0 };/'
bad dead 1 "must choose a VM that is ready; it chose VM [34], which is dead" \
    's/uint32_t vm = p->head;/uint32_t vm = p->dead ? p->dead : p->head;/
     s/uint64_t quantum, arrivals;/&\n    uint32_t dead;/
     s/int64_t left = /p->dead = why == IKSIM_STOP_END ? vm : p->dead;\n    &/'
bad twice 1 "must choose a VM that is ready; it chose VM [0-9]+, which (stopped|is dead)" \
    's/^    leave(p, vm);/    if (p->arrivals < 8) &/'
bad zero 1 "must grant 1 to [0-9]+ cycles \(64 quanta\); it granted VM 0 0" \
    's/: whole(p, vm) };/: 0 };/'
bad key 1 "must choose by the keys that ready\(\) gave, as it promises" \
    's/p->arrivals++ }/100 - p->arrivals++ }/'
bad error 1 "pick\(\): no idea; before it: " \
    's/    uint64_t quantum, arrivals;/&\n    struct iksim_host *host;/
     s/^    p->quantum = h->quantum;/&\n    p->host = h;/
     s/^    uint32_t vm = p->head;/    p->host->fail(p->host, "no idea");\n&/'
bad memory 1 "create\(\): it wants more memory than it may have, 1024 MiB" \
    's/^    p->quantum/    while (h->alloc(h, 1 << 20)) {\n    }\n&/'
bad clock 2 "uses .clock_gettime., which is the host.s: a policy has iksim/policy.h" \
    '1s/$/\n#include <time.h>/; s/^    uint32_t vm = p->head;/&\n    struct timespec t;\n    clock_gettime(CLOCK_REALTIME, \&t);/'
bad chance 2 "uses .rand., which is the host.s" \
    '1s/$/\n#include <stdlib.h>/; s/^    uint32_t vm = p->head;/&\n    (void)rand();/'
# (The sanitizers have their own way to end.)
[ "${E2E_SLOW-}" ] || bad crash 139 "died of a signal, Segmentation fault, outside the engine: the \
policy './crash.c' is C" 's/p->arrivals++/*(volatile uint64_t *)8/'
# Not endless for the clock of the host: for the processor time that it takes.
sed 's/^    uint32_t vm = p->head;/    while (p->quantum) {\n        *(volatile uint64_t *)\&p->arrivals = 1;\n    }\n&/' \
    "$policies/plain.c" >loop.c
"$iksim" run spin.yaml --set kernel.scheduler=./loop.c --limit translation=300ms \
    >out 2>err
expect "exit of loop.c" 1 $?
expect "what loop.c comes to" "iksim: the policy './loop.c' has not come back \
from pick() after 0.3 s of the host's processor time (see --limit translation)" \
    "$(cat err)"
cp abi.c abi2.c && echo >>abi2.c
PATH=/nowhere "$iksim" run spin.yaml --set kernel.scheduler=./abi2.c 2>err
expect "exit without a compiler" 2 $?
grep -q "needs a C compiler" err || fail "no compiler: $(cat err)"

# Gatekeepers and replacement policies.
pager=$scenarios/pager.yaml
simulate kept-in "$pager" --set kernel.replacement=fifo
simulate scripts "$pager" --set kernel.gatekeeper="$policies/fifo-gate.lua" \
    --set kernel.replacement="$policies/fifo-page.lua"
expect "fingerprint of scripts" "$(value kept-in .fingerprint)" \
    "$(value scripts .fingerprint)"
simulate compiled "$pager" --set kernel.gatekeeper="$policies/fifo-gate.c" \
    --set kernel.replacement="$policies/fifo-page.c"
expect "fingerprint of both in C" "$(value kept-in .fingerprint)" \
    "$(value compiled .fingerprint)"
# amiss NAME KEY PATTERN SED [END]: one of these changed so.
amiss() {
    local end=${5-lua}
    sed "$4" "$policies/fifo-$1.$end" >"$1.$end"
    cmp -s "$1.$end" "$policies/fifo-$1.$end" && fail "$4 changes nothing"
    "$iksim" run "$pager" --set "kernel.$2=./$1.$end" >out 2>err
    expect "exit of $4" 1 $?
    expect "sentences of $4" 1 "$(wc -l <err)"
    grep -Eq "$3" err || fail "$4: $(cat err)"
}
amiss page replacement "must name a frame that may be taken; it named frame 3, \
which .*; before it: " 's/return found$/return 3/'
amiss page replacement "must name a frame that may be taken, as frame [0-9]+; \
it named none" 's/return found$/return nil/'
amiss page replacement "this may be asked in victim\(\) alone" \
    's/s.queue:remove(frame)/host.is_dirty(frame)/'
amiss page replacement "must ask of frames that hold pages; it asked of frame" \
    's/host.may_take(frame)/host.is_dirty(frame ~ 1)/'
amiss gate gatekeeper "admit\(\) = 9: must name a VM that waits; it named VM 9" \
    's/return (s.waiting:pop())/return 9/'
amiss gate gatekeeper "admit\(\) = [0-9]+: must name a VM that waits" \
    's/^    leave(f, vm);//' c
sed 's/return (s.waiting:first())/return nil/' "$policies/fifo-gate.lua" >head.lua
sed 's/return f->head;/return IKSIM_NONE;/' "$policies/fifo-gate.c" >head.c
for file in head.lua head.c; do
    "$iksim" policy test "$file" >out 2>err
    expect "exit of $file" 1 $?
    grep -q "head(): must name one of the [0-9]* VMs that wait; it named nobody" \
        err || fail "$file: $(cat err)"
done
amiss gate gatekeeper "admit\(\) = 9: must name a VM that waits; it named VM 9" \
    's/return vm;/return 9;/' c
amiss page replacement "must name a frame that may be taken; it named frame 3, \
which .*; before it: " 's/return found;/return 3;/' c
amiss page replacement "must name a frame that may be taken, as frame [0-9]+; \
it named none" 's/return found;/return IKSIM_NONE;/' c
amiss page replacement "must ask of frames that hold pages; it asked of frame" \
    's/frames->may_take(frames->ctx, found)/frames->is_dirty(frames->ctx, found ^ 1)/' c
amiss page replacement "create\(\): it gave nothing" \
    's/^    return f;/    return NULL;/' c

# A run directory has the text; the run is repeated without the file.
script mine 'p.ready = function(s, vm) s.queue:push(vm, 9 - vm) return 9 - vm end' \
    'p.promises = { ordered = true }'
simulate mine spin.yaml --set kernel.scheduler=./mine.lua --out kept
cmp -s mine.lua kept/policies/*.lua || fail "the text is not in kept/policies"
expect "hash of the policy" "$(basename kept/policies/*.lua .lua)" \
    "$(jq -r '.policies[0].xxh3_128' kept/manifest.json)"
mkdir elsewhere && mv kept elsewhere/ && mv mine.lua other.lua
"$iksim" run --again elsewhere/kept >out || fail "--again: $(cat out)"
echo >>"$(echo elsewhere/kept/policies/*.lua)"
"$iksim" run --again elsewhere/kept >out 2>&1
expect "exit of --again with another text" 2 $?

# A sweep knows a run by what is in the file.
cp "$policies/plain.lua" mine.lua
cat >plan.yaml <<'END'
base: spin.yaml
grid: [{key: kernel.scheduler, values: [./mine.lua, round-robin-no-boost]}]
END
"$iksim" sweep plan.yaml --db s.db >out 2>&1 || fail "sweep: $(cat out)"
count() { sqlite3 s.db "select count(*) from runs where state = 'done'"; }
expect "runs" 2 "$(count)"
echo '-- another text' >>mine.lua
"$iksim" sweep plan.yaml --db s.db >out 2>&1 || fail "sweep: $(cat out)"
expect "runs after a change of the text" 3 "$(count)"

# A file to begin with keeps all that it promises, and is not overwritten.
for file in new.lua new.c; do
    "$iksim" policy new "$file" >out || fail "policy new $file"
    "$iksim" policy test "$file" >out || fail "policy test $file: $(cat out)"
    grep -q '^  longest wait *kept *31 quanta beside 31 others' out ||
        fail "the wait of $file: $(cat out)"
done
cp new.lua kept.lua
"$iksim" policy new new.lua >out 2>&1
expect "exit of a second policy new" 2 $?
cmp -s new.lua kept.lua || fail "policy new wrote over a file"
for kind in gatekeeper replacement; do
    for end in lua c; do
        "$iksim" policy new $kind.$end --kind $kind >out || fail "new $kind.$end"
        "$iksim" policy test $kind.$end >out || fail "test $kind.$end: $(cat out)"
    done
done
expect "list" "scheduler new.lua gatekeeper gatekeeper.lua replacement \
replacement.lua" "$("$iksim" policy list new.lua gatekeeper.lua replacement.lua |
    sed 's/:.*//' | xargs)"
# Promises that are not kept.
breaks() { # SED WHAT
    sed "$1" new.lua >broken.lua
    "$iksim" policy test broken.lua >out 2>&1
    expect "exit of a broken promise: $2" 1 $?
    grep -q "^  $2 *BROKEN" out || fail "$2: $(cat out)"
}
breaks 's/bound = 1/shares = "bounded"/' 'shares of 1:2:3'
breaks 's/ordered = true, //; s/s.queue:push(vm, key)/s.queue:push(vm, vm)/' \
    'longest wait'
breaks 's/or whole(s, vm)$/or 0/' contract

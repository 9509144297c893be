#!/bin/bash
# A rule that is never seen to fail holds nothing: this breaks each of the
# tree's rules in tools/ once, and keeps each once.
# Usage: test_tree_rules.sh COMPILER
set -u
tools=$(cd "$(dirname "$0")/../../tools" && pwd) || exit 2
cc=${1:-cc}
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
bad=0

# expect VERDICT WHAT COMMAND...
expect() {
    local verdict=$1 what=$2 said result=allowed
    shift 2
    said=$("$@" 2>&1) || result=refused
    if [ "$result" != "$verdict" ]; then
        echo "not $verdict: $what: $said"
        bad=1
    fi
}

# include VERDICT FILE LINE: a tree of one file with one line.
include() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/$(dirname "$2")"
    echo "$3" >"$tree/$2"
    expect "$1" "$2 with $3" "$tools/check_includes.sh" "$tree"
}

include allowed sim/a.c '#include "sim/a.h"'
include refused sim/a.c '#include "isa/a.h"'
include refused sim/a.c '#include "a.h"'
include refused sim/a.c '#include "sim/../ik/a.h"'
include allowed isa/a.c '#include "sim/a.h"'
include refused isa/a.h '#  include "ik/a.h"'
include refused isa/a.h $' \t#\tinclude\t"ik/a.h"'
include allowed ik/a.c '#include "isa/cpu.h"'
include refused ik/a.c '#include "cli/a.h"'
include refused ik/a.c '#include "workloads/a.h"'
include allowed ik/policy/a.c '#include "ik/vmid.h"'
include allowed ik/policy/a.c '#include "ik/queue/vmlist.h"'
include refused ik/policy/a.c '#include "ik/vm.h"'
include refused ik/policy/a.c '#include "isa/abi.h"'
include refused ik/policy/a.c '#include <ik/vm.h>'
include refused ik/policy/a.c '#include <./ik/vm.h>'
include refused ik/policy/a.c '#include VM_H'
include allowed ik/policy/a.c '#include <string.h>'
include refused ik/policy/a.c '#include <stdlib.h>'
include refused ik/queue/a.h '#include <sys/time.h>'
include refused ik/sched.h '#include <time.h>'
include allowed ik/a.c '#include <stdio.h>'
include refused ik/a.c '#include <cli/a.h>'
include refused ik/sched.h '#include "ik/vm.h"'
include refused ik/queue/a.h '#include "ik/sched.h"'
include refused ik/vmid.h '#include "isa/abi.h"'
include allowed cli/a.c '#include "sim/a.h"'
include refused cli/a.c '#include "workloads/a.h"'
include refused cli/a.c '#include "cli/run/a.h"'
include allowed cli/commands/a.c '#include "cli/lab/sweep/a.h"'
include allowed cli/commands/a.c '#include "viz/viz.h"'
include refused cli/commands/a.c '#include "viz/sdl.h"'
include allowed cli/views/a/a.c '#include "cli/a.h"'
include refused cli/views/a/a.c '#include "cli/run/a.h"'
include refused cli/views/a/a.c '#include "workloads/a.h"'
include allowed cli/run/a.c '#include "cli/views/a/a.h"'
include allowed cli/run/a.c '#include "workloads/a.h"'
include refused cli/run/a.c '#include "cli/lab/a/a.h"'
include allowed cli/lab/a/a.c '#include "cli/run/a.h"'
include refused cli/lab/a/a.c '#include "cli/views/a/a.h"'
include refused cli/lab/a/a.c '#include "ik/a.h"'
include allowed workloads/a.c '#include "sim/a.h"'
include allowed workloads/a.c '#include "isa/abi.h"'
include refused workloads/a.c '#include "isa/cpu.h"'
include refused workloads/a.c '#include "ik/a.h"'
include allowed workloads/guests/a.c '#include "ilwaco/a.h"'
include allowed workloads/guests/a.c '#include "lwip/tcp.h"'
include refused workloads/guests/a.c '#include "sim/a.h"'
include allowed ilwaco/a.c '#include "isa/abi.h"'
include refused ilwaco/a.S '#include "isa/cpu.h"'
include refused ilwaco/net/a.c '#include "sim/a.h"'
include allowed isa/cpu.c '#include <unicorn/unicorn.h>'
include refused isa/cpu.h '#include <unicorn/unicorn.h>'
include refused cli/a.c '#include <unicorn/unicorn.h>'
include allowed isa/decode.c '#include <capstone/capstone.h>'
include refused isa/cpu.c '#include <capstone/capstone.h>'
include allowed viz/sdl.c '#include <SDL2/SDL.h>'
include refused viz/view.c '#include <SDL.h>'
include allowed viz/watch/a.c '#include "viz/watch/model.h"'
include refused viz/watch/a.c '#include "viz/view/views.h"'

# circle VERDICT FILE LINE: the file beside three parts, each using the next.
circle() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/ik"
    echo '#include "ik/b.h"' >"$tree/ik/a.c"
    echo '#include "ik/c.h"' >"$tree/ik/b.h"
    echo "$3" >"$tree/$2"
    expect "$1" "$2 with $3 below a and b" "$tools/check_includes.sh" "$tree"
}

circle allowed ik/c.c '#include "ik/c.h"'
circle refused ik/c.c '#include "ik/a.h"'

# data VERDICT LINE...: an archive of one object.
data() {
    rm -rf "${tree:?}"/*
    printf '%s\n' "${@:2}" >"$tree/a.c"
    "$cc" -std=c17 -O2 -fPIE -c -o "$tree/a.o" "$tree/a.c" || bad=1
    ar rc "$tree/liba.a" "$tree/a.o"
    expect "$1" "$2" "$tools/no_mutable_globals.sh" "$tree/liba.a"
}

data allowed 'int f(int a) { return a; }'
data allowed 'const int primes[] = { 2, 3, 5 };'
data allowed 'const char *const names[] = { "a", "b" };'
data allowed 'int f(void); int f(void) { return 1; }' \
    'struct ops { int (*f)(void); }; const struct ops table = { f };' \
    'const struct ops *const all[] = { &table, 0 };'
data refused 'const char *names[] = { "a", "b" };'
data refused 'int counter;'
data refused 'int counter = 1;'
data refused '_Thread_local int counter;'
data refused 'int f(void) { static int n; return ++n; }'
data refused 'int *const p = (int[]){ 1, 2 };'

# tidy VERDICT WHAT: the tree as it is.
tidy() {
    expect "$1" "$2" "$tools/check_tidy.sh" "$tree"
}

# write FILE LINE...: a C file gets its head.
write() {
    mkdir -p "$tree/$(dirname "$1")"
    case $1 in
    *.[ch]) printf '/* %s - for the test. */\n' "${1##*/}" >"$tree/$1" ;;
    *) : >"$tree/$1" ;;
    esac
    printf '%s\n' "${@:2}" >>"$tree/$1"
}

# lines COUNT: so many that say nothing.
lines() {
    yes '/**/' | head -n "$1"
}

# fresh: a tree of two files that breaks no rule.
fresh() {
    rm -rf "${tree:?}"/*
    write sim/a.c 'int a_used(int n)' '{' '    return n;' '}'
    write sim/b.c 'static int b_own(void)' '{' '    return a_used(1);' '}'
    write README.md 'See `sim/a.c`, [b](sim/b.c), `sim/` and `a_used`.'
}

fresh
tidy allowed 'a small tree'
write sim/b.c "$(lines 799)"
tidy refused 'a function that nobody calls'
mkdir -p "$tree/tests/sim"
write tests/sim/test_a.c 'static int t(void)' '{' '    return a_used(1);' '}'
tidy refused 'a function that only tests call'
mkdir -p "$tree/tools"
echo 'unused sim/a.c:a_used the tests look at it' >"$tree/tools/exceptions"
tidy allowed 'a function that only tests call, with a reason'
echo 'unused sim/a.c:a_used' >"$tree/tools/exceptions"
tidy refused 'an exception without a reason'
fresh
mkdir -p "$tree/tools"
echo 'unused sim/a.c:a_used the tests look at it' >"$tree/tools/exceptions"
tidy refused 'an exception that nothing needs'
fresh
write sim/b.c '/* a_used(1) */'
tidy refused 'a function that only a comment names'
fresh
write sim/a.c 'int a_used(int n)' '{' '    return n ? a_used(0) : 0;' '}'
write sim/b.c
tidy refused 'a function that its own file alone calls'
write sim/a.c 'static int a_used(int n)' '{' '    return n ? a_used(0) : 0;' '}'
tidy allowed 'a static function'
write sim/a.c 'static int' 'a_used(int n)' '{' '    return n ? a_used(0) : 0;' '}'
tidy allowed 'a static function whose name begins a line'
fresh
sed -i 's/a.c - /scenario_a.c - /' "$tree/sim/a.c"
tidy refused 'a head with an old name'
fresh
write sim/c.h "$(lines 249)"
tidy allowed 'a header of 250 lines'
write sim/c.h "$(lines 250)"
tidy refused 'a header of 251 lines'
fresh
write sim/c.c "$(lines 799)"
tidy allowed 'a file of 800 lines'
write sim/c.c "$(lines 800)"
tidy refused 'a file of 801 lines'
fresh
write tests/sim/test_c.c "$(lines 800)"
tidy refused 'a test of 801 lines'
fresh
for n in {1..23}; do write "sim/c$n.c"; done
tidy allowed 'a folder of 25 files'
write sim/c24.h
tidy refused 'a folder of 26 files'
fresh
for n in {1..26}; do write "tests/sim/c$n.c"; done
tidy allowed 'a folder of 26 tests'
fresh
for n in {1..7}; do write "sim/c$n.c" "$(lines 799)"; done
tidy allowed 'a folder of 5,609 lines'
write sim/c8.c "$(lines 499)"
tidy refused 'a folder of 6,109 lines'
fresh
for n in {1..7}; do
    write "ik/a$n.c" "$(yes 'int;' | head -n 700)"
    write "ik/policy/a$n.c" "$(yes 'int;' | head -n 700)"
done
write ik/devices/a.c "$(yes 'int;' | head -n 600)" "$(lines 99)"
tidy allowed 'a kernel of 5,500 lines of code'
write ik/memory/a.c 'int;'
tidy refused 'a kernel of 5,501 lines of code'
fresh
write sim/b.c 'static int b(void)' '{' '    a_used(1);' "$(lines 65)" '}'
tidy allowed 'a function of 69 lines'
write sim/b.c 'static int b(void)' '{' '    a_used(1);' "$(lines 67)" '}'
tidy refused 'a function of 71 lines'
fresh
write sim/b.c 'static void b(enum e e)' '{' '    switch (e) {' '    }' \
    '    a_used(1);' '}'
tidy allowed 'a switch over an enumeration'
write sim/b.c 'static void b(enum e e)' '{' '    switch ((int)e) {' '    }' \
    '    a_used(1);' '}'
tidy refused 'a switch over what was an enumeration'
write sim/b.c 'static int b(const struct e *e)' '{' \
    '    return a_used((int)(e->word_b >> 32));' '}'
tidy refused 'a reader that shifts'
mkdir -p "$tree/sim/trace"
write sim/trace/legend.c 'static int b(const struct e *e)' '{' \
    '    return a_used((int)(e->word_b >> 32));' '}'
write sim/b.c
tidy allowed 'the legend that shifts'
fresh
write docs/a.md 'See `sim/gone.c`.'
tidy refused 'a document that names a file that is gone'
write docs/a.md 'See [it](../sim/gone.c).'
tidy refused 'a document that links to a file that is gone'
write docs/a.md 'See `sim/gone/`.'
tidy refused 'a document that names a folder that is gone'
write docs/a.md 'See `gone.h`.'
tidy refused 'a document that names a header that is gone'
write docs/a.md 'See `sim/*.c`, `b.c`, [a](../sim/a.c), `test_NAME.c`, `out.json`.'
tidy allowed 'a document whose names are all there'

# headers VERDICT LINE...: what one guest object depends on.
headers() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/a/objects/core"
    printf '%s\n' "${@:2}" >"$tree/a/objects/core/def.c.o.d"
    expect "$1" "a guest that depends on $2" \
        "$tools/check_guest_headers.sh" "$tree"
}

headers allowed 'def.c.o: /l/lwip/src/core/def.c /l/lwip/src/include/lwip/opt.h' \
    ' /t/ilwaco/net/lwipopts.h'
headers refused 'def.c.o: /l/lwip/src/core/def.c /t/ilwaco/net/lwipopts.h'
headers refused 'def.c.o: /l/lwip/src/core/def.c'
headers refused 'main.c.o: /t/workloads/guests/main.c'

exit $bad

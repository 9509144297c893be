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

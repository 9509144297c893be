#!/bin/sh
# Fails if a file includes what its folder's place in the tree does not allow:
# sim <- isa <- ik <- cli; the simulated clients (workloads) use sim; guest
# code meets the host only across isa/abi.h; each third party's header has one
# home. Prints the lines that break a rule. With an argument, looks at that
# tree instead of this one.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2
bad=0
blank='[[:blank:]]*'

# lines REGEX FILE-OR-FOLDER...: the include lines that match, with file and
# line number. Guests' sources are looked at on their own.
lines() {
    regex=$1
    shift
    for place; do
        [ ! -e "$place" ] ||
            grep -rnHE --include='*.[chS]' --include='*.inc' \
                "^$blank#${blank}include$blank$regex" "$place"
    done
}

# only FOLDER REGEX: what files in FOLDER may include with quotes.
only() {
    # shellcheck disable=SC2086  # a pattern is a list of files
    found=$(lines '"' $1 | grep -vE "include[[:space:]]*\"($2)")
    case $1 in
    workloads) found=$(echo "$found" | grep -vE '^workloads/(guests|attackers)/') ;;
    esac
    [ -z "$found" ] || { echo "$found"; bad=1; }
}

# party REGEX FILE...: headers matching REGEX are for FILE... only.
party() {
    regex=$1
    shift
    found=$(lines "[<\"]$regex" sim isa ik ilwaco workloads viz cli)
    for file; do
        found=$(echo "$found" | grep -v "^$file:")
    done
    [ -z "$found" ] || { echo "$found"; bad=1; }
}

guest='ilwaco/|isa/(abi|args/args)\.h"|lwip/|netif/|arch/|lwipopts\.h"'
only sim 'sim/'
only sim/vocabulary 'sim/(base\.h|banned\.h|vocabulary/)'
only isa '(sim|isa)/'
only ik '(sim|isa|ik)/'
# What a policy may know: numbers, and what its contract says.
only ik/vmid.h 'sim/(base|limits)\.h"'
only ik/host.h '(ik/vmid|sim/random)\.h"'
only 'ik/gate.h ik/sched.h ik/replace.h ik/rx.h ik/tx.h' 'ik/host\.h"'
only ik/queue '(ik/(vmid\.h|queue/)|sim/(arena|base)\.h)'
only ik/policy \
    '(ik/((vmid|host|gate|sched|replace|rx|tx)\.h|queue/|policy/)|sim/arena\.h)'
only cli '(sim|isa|ik|workloads|cli)/|viz/viz\.h"'
# The command line's rooms; what all of them share lies in cli/ itself.
shared='cli/[a-z_]*\.h"'
only 'cli/*.[ch]' "sim/|$shared"
only cli/views "sim/|$shared|cli/views/"
# A policy that is a file sees of the kernel what a built-in one does.
only cli/plugin "(sim|ik/queue)/|ik/(vmid|host|sched|gate|replace)\.h|$shared|cli/plugin/"
only cli/run "(sim|isa|ik|workloads)/|$shared|cli/(plugin|views|run)/"
only cli/lab "sim/|$shared|cli/(run|lab)/"
only viz '(sim/|viz/|(isa|ik)/[a-z_]*snapshot\.h")'
only viz/watch 'sim/|viz/(watch/|viz\.h)'
only viz/raster 'sim/|viz/raster/'
only workloads '(sim|workloads)/|isa/abi\.h"'
only ilwaco "$guest"
only workloads/guests "$guest|workloads/guests/"
only workloads/attackers "$guest|workloads/(guests|attackers)/"

party unicorn/ isa/cpu.c
party capstone/ isa/disasm.c isa/decode.c
party SDL viz/sdl.c
party '(lua|lauxlib|lualib)\.h' cli/plugin/lua_env.c cli/plugin/lua_facts.c \
    cli/plugin/lua_policy.c cli/plugin/lua_policy.h
party sqlite3 cli/lab/sweep/database.c

# No two parts of the kernel use each other, however far round: a part is a
# header and its source.
found=$(lines '"ik/' ik |
    sed -n 's#^\([^:]*\)\.[ch]:[^"]*"\([^"]*\)\.h".*#\1 \2#p' |
    awk '$1 != $2' | tsort 2>&1 >/dev/null)
[ -z "$found" ] || { echo "a circle of includes: $found"; bad=1; }

# What is ours is included with quotes, or it would not be looked at above.
found=$(lines '<(\./)*(sim|isa|ik|ilwaco|workloads|viz|cli)/' \
    sim isa ik ilwaco workloads viz cli
    lines '[^"<[:blank:]]' sim isa ik ilwaco workloads viz cli)
[ -z "$found" ] || { echo "$found"; bad=1; }

# A policy has no heap, no file, no clock and no process: of the language's
# headers those that have no state.
found=$(lines '<' ik/policy ik/queue ik/vmid.h ik/host.h \
    ik/gate.h ik/sched.h ik/replace.h ik/rx.h ik/tx.h |
    grep -vE '<(limits|stdalign|stdbool|stddef|stdint|string)\.h>')
[ -z "$found" ] || { echo "$found"; bad=1; }

# No way round the above.
found=$(lines '["<].*\.\./' sim isa ik ilwaco workloads viz cli)
[ -z "$found" ] || { echo "$found"; bad=1; }
exit $bad

#!/bin/bash
# What docs/policy.md shows works as it is shown: its script, and its commands.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
doc=$tree/docs/policy.md
PATH=${iksim%/*}:$PATH
cp "$tree/workloads/policies/edf.lua" .

sed -n 's/^    \$ //p' "$doc" >commands
[ "$(wc -l <commands)" -ge 7 ] || fail "few commands: $(cat commands)"
sed -n '/^    local p = {/,/^    return p/s/^    //p' "$doc" >shown.lua
while read -r command; do
    bash -c "$command" >out 2>&1 </dev/null || fail "$command: $(cat out)"
    case $command in
    'iksim policy new mine.lua') cp shown.lua mine.lua ;;
    'iksim policy test'*) grep -q '^  contract *kept' out || fail "$(cat out)" ;;
    esac
done <commands
iksim trace show mine.trace | grep -q ' reason .*scheduler' ||
    fail "the trace has no reasons"
iksim run --again mine >out 2>&1 || fail "--again: $(cat out)"

# Each function of the host that is explained is there, and no other.
grep -o '`host\.[a-z_]*' "$doc" | sed 's/.*\.//' | sort -u >explained
{
    sed -n '/host_functions\[\]/,/};/p' "$tree/cli/plugin/lua_env.c" |
        grep -o '"[a-z_]*"' | tr -d '"'
    printf '%s\n' may_take was_touched is_dirty clean
} | sort -u >there
diff explained there || fail "docs/policy.md explains other functions"

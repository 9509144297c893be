#!/bin/bash
# docs/workload.md shows what happens: each of its commands is run, in one folder,
# and prints what stands below it.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
PATH=${iksim%/*}:$PATH
shown_commands "$tree/docs/workload.md"
[ "$(find . -name '*.sh' | wc -l)" -gt 14 ] || fail "few commands"
run_shown "$tree/docs/workload.md"

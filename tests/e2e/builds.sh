#!/bin/bash
# All builds of this tree make the same guests, bit for bit, and give the same
# fingerprints. Usage: builds.sh IKSIM BUILD
#
# Compares BUILD with the tree's other builds that are up to date.
. "${0%/*}/lib.sh"
here=$(readlink -f "$2") || exit 2
cd "$tree" || exit 2

# is_current BUILD: it has all guests, and no source is younger than what
# ninja has last done there. (A dry run would not tell: it always begins with
# looking for new headers.)
is_current() {
    local younger
    [ -x "$1/iksim" ] && [ -e "$1/guests/httpd.elf" ] || return 1
    younger=$(find sim isa ik ilwaco workloads cli cmake CMakeLists.txt \
        -type f -name '*.*' ! -name '*.md' ! -name '*.yaml' \
        -newer "$1/.ninja_log")
    [ -z "$younger" ]
}
others=()
for build in build build-*; do
    if [ "$(readlink -f "$build")" != "$here" ] && is_current "$build"; then
        others+=("$build")
    fi
done
[ ${#others[@]} -gt 0 ] || skip "no other build of this tree is up to date"

window=(--set run.warmup=50ms --set run.duration=100ms)
game=$scenarios/game.yaml
simulate here "$first" "${window[@]}" --seed 7
simulate game "$game" "${window[@]}" --seed 7
for build in "${others[@]}"; do
    for guest in "$here"/guests/*.elf; do
        cmp "$guest" "$build/guests/${guest##*/}" >"$work/cmp" 2>&1 ||
            fail "two builds of one guest differ: $(cat "$work/cmp")"
    done
    "$build/iksim" run --json "$first" "${window[@]}" --seed 7 \
        >"$work/there.json" 2>"$work/there.err" ||
        fail "$build: $(cat "$work/there.err")"
    same here there "the same run by $build"
    "$build/iksim" run --json "$game" "${window[@]}" --seed 7 \
        >"$work/there.json" 2>"$work/there.err" ||
        fail "$build: $(cat "$work/there.err")"
    same game there "the same game by $build"
    echo "$build makes the same guests and the same run"
done

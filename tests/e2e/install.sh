#!/bin/bash
# An installed iksim finds its files from wherever it lies: it is installed to
# two prefixes, one of which is moved, and runs the first commands of README.md
# from another folder, without an environment, and without the tree to look at.
# Usage: install.sh IKSIM BUILD
. "${0%/*}/lib.sh"
build=$2
needs cmake
cd "$work" || exit 2
for prefix in one two; do
    cmake --install "$build" --prefix "$work/$prefix" >log 2>&1 ||
        fail "cmake --install: $(tail -n 5 log)"
done
diff -r one two >difference || fail "two prefixes: $(head difference)"
mv two moved || exit 2

# Nothing in a prefix names the tree, the build or the prefix, but for what a
# debugger reads.
rm -rf bare && cp -r one bare || exit 2
if command -v strip >/dev/null; then
    strip bare/bin/iksim
    grep -rlF -e "$tree" -e "$build" -e "$work/one" bare &&
        fail "these name the folders of the machine that built them"
fi

# away COMMAND...: from another folder, with no environment, and, if this kernel
# lets us, with nothing in the place of the tree.
mkdir -p elsewhere
hide='mount -t tmpfs none "$1" && shift && exec "$@"'
if ! unshare -rm sh -c "$hide" sh "$tree" true 2>/dev/null; then
    echo "the tree cannot be hidden here"
    hide='shift && exec "$@"'
    unshare() { shift && "$@"; }
fi
away() {
    (cd elsewhere && unshare -rm sh -c "$hide" sh "$tree" env -i \
        PATH="$work/moved/bin:/usr/bin:/bin" "$@") >out 2>err </dev/null
}

# The commands that README.md begins with, but those that open a window.
sed -n -e 's/^    \$ build\/\(iksim run\)/\1/p' \
    -e '/^## Watch it/,/^## Exp/s/^    \(iksim [^v].*\)/\1/p' "$tree/README.md" |
    sed 's/   .*//' >commands
[ "$(wc -l <commands)" -gt 3 ] || fail "README.md has: $(cat commands)"
while read -r line; do
    # shellcheck disable=SC2086  # words
    away $line || fail "$line: exit $?: $(cat err)"
    [ -s out ] || [ -s elsewhere/first.pftrace ] || fail "$line prints nothing"
    ! grep -q '^Guests' out || mv out report
done <commands
"$iksim" run "$first" >wanted
expect "the fingerprint of an installed iksim" \
    "$(grep '^Fingerprint' wanted)" "$(grep '^Fingerprint' report)"

# Whatever is bundled is found by its name, and checks.
away iksim scenario list || fail "scenario list: $(cat err)"
sed -n '/^Plans/q; s/^  \([a-z-][a-z-]*\) .*/\1/p' out >names
expect "bundled scenarios" "$(find "$scenarios"/ -name "*.yaml" | wc -l)" "$(wc -l <names)"
while read -r name; do
    away iksim scenario check "$name" || fail "$name: $(cat err)"
    away iksim scenario check "workloads/scenarios/$name.yaml" ||
        fail "workloads/scenarios/$name.yaml: $(cat err)"
done <names
away iksim sweep quick --list || fail "sweep quick: $(cat err)"
away iksim guests httpd || fail "guests httpd: $(cat err)"
away iksim paper --list || fail "paper --list: $(cat err)"
# A file goes before, and what is not there is said as it was called.
sed 's/count: 100/count: 7/' "$first" >elsewhere/first
away iksim scenario check first || fail "a file: $(cat err)"
grep -q '^first: fine: 7 VMs' out || fail "a file: $(cat out)"
for name in nowhere workloads/scenarios/nowhere.yaml ../scenarios/first.yaml; do
    away iksim scenario check "$name" && fail "$name is found"
    grep -qF "iksim: $name: " err || fail "$name: $(cat err)"
done

# Guests are compiled there, too: headers, libraries and linker script.
if command -v clang-19 >/dev/null; then
    away iksim new guest mine || fail "new guest: $(cat err)"
    away mine/test.sh || fail "mine/test.sh: $(cat out err)"
    away iksim new guest theirs --net || fail "new guest --net: $(cat err)"
    [ ! -e moved/share/iksim/sdk/lib/libilwaco_net.a ] ||
        away theirs/test.sh || fail "theirs/test.sh: $(cat out err)"
fi

# A policy in C, and the same in C++, compile against the installed header alone
# and run; the bundled ones are there.
grep -v '^#include' "$tree/workloads/policies/plain.c" >rest.c
printf '#include <iksim/policy.h>\n' | cat - rest.c >elsewhere/own.c
simulate_away() { # SCHEDULER
    away iksim run workloads/scenarios/hello.yaml --no-sandbox \
        --set kernel.scheduler="$1" || fail "$1: $(cat err)"
    grep '^Fingerprint' out
}
wanted=$(simulate_away round-robin-no-boost)
for compiler in gcc clang-19; do
    command -v "$compiler" >/dev/null || continue
    away "$compiler" -std=c17 -pedantic-errors -Wall -Werror -O2 -fPIC -shared \
        -I "$work/moved/include" own.c -o own.so || fail "$compiler: $(cat err)"
    expect "own.so of $compiler" "$wanted" "$(simulate_away ./own.so)"
done
for compiler in g++ clang++-19; do
    command -v "$compiler" >/dev/null || continue
    echo '#include <iksim/policy.h>' |
        "$compiler" -std=c++17 -pedantic-errors -Wall -Werror -fsyntax-only \
            -I moved/include -x c++ - || fail "$compiler does not take policy.h"
done
for policy in "$tree"/workloads/policies/*; do
    cmp -s "$policy" "moved/share/iksim/workloads/policies/${policy##*/}" ||
        fail "${policy##*/} is not installed"
done

for name in scenario plan; do
    jq -e .properties "moved/share/iksim/schema/$name.json" >/dev/null ||
        fail "schema/$name.json is no schema"
done

# A page a command, and completions that complete.
"$iksim" completion words -- '' | cut -f 1 | grep -v '^-' >commands
while read -r name; do
    page=moved/share/man/man1/iksim-$name.1
    [ -s "$page" ] || fail "there is no $page"
    ! command -v mandoc >/dev/null || mandoc -T lint -W warning "$page" >out ||
        fail "$page: $(cat out)"
    "$iksim" help "$name" | grep -Eo '^  (-., )?--[a-z-]+' |
        grep -Eo -- '-[a-z-]+$' | sed 's/^-*/-/' | sort -u >listed
    sed -nE 's/^\.It (Fl . , )?Fl (-[a-z-]+).*/\2/p' "$page" | sort -u |
        comm -23 listed - | grep . >out && fail "$page lacks $(cat out)"
done <commands
bash --norc --noprofile -c '
    PATH=$PWD/moved/bin:$PATH
    source moved/share/bash-completion/completions/iksim
    COMP_LINE="iksim sce" COMP_POINT=9
    _iksim
    echo "${COMPREPLY[*]}"' >out 2>&1
expect "what bash completes" scenario "$(cat out)"
exit 0

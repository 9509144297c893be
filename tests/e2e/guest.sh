#!/bin/bash
# docs/guest.md shows what happens: each of its commands is run, in one folder,
# and prints what stands below it. And iksim-cc is the compiler of the bundled
# guests, from wherever it is called.
. "${0%/*}/lib.sh"
for tool in clang-19 ld.lld-19 make cmake; do
    command -v $tool >/dev/null || skip "there is no $tool here"
done
cd "$work" || exit 2
PATH=${iksim%/*}:$PATH

shown_commands "$tree/docs/guest.md"
[ "$(find . -name '*.sh' | wc -l)" -gt 20 ] || fail "few commands"
run_shown "$tree/docs/guest.md"

# The bundled guests, compiled and linked from their sources by one call.
guests=$tree/workloads/guests
build=${iksim%/*}
cd "$guests" || exit 2
same_guest() {
    iksim-cc "-I$tree" "${@:2}" -o "$work/$1.elf" 2>"$work/err" ||
        fail "iksim-cc $*: $(cat "$work/err")"
    [ "${others-}" ] || cmp "$work/$1.elf" "$build/guests/$1.elf" ||
        fail "iksim-cc makes another $1"
}
iksim guests >/dev/null 2>&1 || others=yes
for name in hello spin pager; do
    same_guest $name $name.c
done
if [ -f "$build/guests/httpd.elf" ]; then
    same_guest httpd --net httpd.c http_connection.c http_parser.c http_site.c \
        working_set.c
fi
cd "$work" || exit 2

# Flags that do not link; what is asked of the compiler alone; a wrong call.
cp shown/clock.c shown/hello.c .
for flag in -S -E -M '-O0 -S' '-DX=1 -E'; do
    # shellcheck disable=SC2086  # two words
    iksim-cc $flag hello.c -o out 2>err || fail "iksim-cc $flag: $(cat err)"
    [ -s out ] || fail "iksim-cc $flag writes nothing"
done
iksim-cc --version | grep -q clang || fail "iksim-cc --version"
iksim-cc --help | grep -q -- --bare || fail "iksim-cc --help"
iksim-cc --bare --net hello.c 2>err && fail "--bare --net"
grep -q 'do not go together' err || fail "--bare --net: $(cat err)"
iksim-cc hello.c -o "a name.elf" -lm -lc 2>err || fail "a blank: $(cat err)"
iksim verify "a name.elf" >/dev/null || fail "a name with a blank"
iksim-cc nowhere.c 2>err && fail "nowhere.c compiles"
grep -q 'nowhere.c' err || fail "nowhere.c: $(cat err)"

# A refused image is not left. Of objects, the line is known, too; without
# lines, the function; and addr2line finds the same.
iksim-cc -c clock.c -o clock.o || fail "iksim-cc -c"
iksim-cc clock.o -o clock.elf 2>err && fail "rdtsc is linked"
[ ! -e clock.elf ] || fail "a refused image is left"
grep -q '/clock.c:4: error: in ticks: rdtsc' err || fail "an object: $(cat err)"
iksim-cc -c -g0 clock.c -o clock.o && iksim-cc clock.o -o clock.elf 2>err
grep -q '^0x[0-9a-f]*: error: in main: rdtsc' err || fail "-g0: $(cat err)"
mkdir few
for tool in clang-19 ld.lld-19 addr2line sh sed grep head mktemp rm chmod cp \
    dirname readlink; do
    ! command -v $tool >/dev/null || ln -s "$(command -v $tool)" few/
done
if [ -e few/addr2line ]; then
    PATH=$build:$work/few iksim-cc clock.c -o clock.elf 2>err && fail "rdtsc"
    grep -q '/clock.c:4: error: in ticks: rdtsc' err ||
        fail "addr2line: $(cat err)"
fi
# Another compiler is taken where clang-19 is not, and said.
rm few/clang-19
PATH=$build:$work/few iksim-cc hello.c -o other.elf 2>err && fail "no compiler"
grep -q 'install clang-19' err || fail "without a compiler: $(cat err)"

# What is new is not written over, and has a name that a scenario takes.
iksim new guest mine2 >/dev/null || fail "new guest"
iksim new guest mine2 2>err && fail "a second mine2"
grep -q "cannot make the folder 'mine2'" err || fail "a second: $(cat err)"
for name in '' Mine ../x a/b 9lives a@b; do
    iksim new guest "$name" 2>err && fail "new guest '$name'"
    [ "$(wc -l <err)" = 1 ] || fail "new guest '$name': $(cat err)"
done
iksim new guest low --asm >/dev/null || fail "new guest low --asm"
low/test.sh >out || fail "--asm: $(cat out)"
exit 0

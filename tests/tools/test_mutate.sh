#!/bin/bash
# mutate on a small tree: each kind of fault where it was put, and nowhere else;
# each verdict; a run that was stopped goes on to what a whole run finds.
set -u
tools=$(cd "$(dirname "$0")/../../tools" && pwd) || exit 2
for tool in git jq ninja cmake objcopy gcov; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: $tool is not there"
        exit 77
    fi
done
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
bad=0

# same WHAT WANTED GOT
same() {
    if [ "$2" != "$3" ]; then
        printf '%s; wanted:\n%s\ngot:\n%s\n' "$1" "$2" "$3"
        bad=1
    fi
}

write() {
    mkdir -p "$tree/$(dirname "$1")"
    cat >"$tree/$1"
}

write sim/sum.h <<'END'
struct span {
    unsigned first;
    unsigned last;
    int other_type;
};
#define SIM_ASSERT(claim) ((void)(claim))
#define SUM_PAGE_BYTES 4096
unsigned sum(const struct span *s);
unsigned pages(unsigned bytes);
int weak(int n);
END
write sim/sum.c <<'END'
/* sum.c - a < b, x = 1; "1" == 1: what is comment or text has no fault. */
#include "sim/sum.h"

unsigned sum(const struct span *s)
{
    unsigned total = 0;
    unsigned n = s->first;

    SIM_ASSERT(n < 100 ||
               n != 101);
    total = 5;
    total = 0;
    while (n <= s->last) {
        total +=
            n;
        n++;
    }
    return total;
}

unsigned pages(unsigned bytes)
{
    return bytes / SUM_PAGE_BYTES;
}
END
write cli/weak.c <<'END'
/* weak.c - its tests are few. */
#include "sim/sum.h"

int weak(int n)
{
    char text[8] = "1 == 2"; /* 3 */

    switch (n) {
    case 1:
        return 7;
    case 2:
        return text[0] == '1';
    }
    return 9;
}
END
write test_sum.c <<'END'
#include "sim/sum.h"
int main(void)
{
    struct span s = { 3, 5, 0 };
    return sum(&s) != 12 || pages(3 * 4096) != 3;
}
END
write test_weak.c <<'END'
#include "sim/sum.h"
int main(void)
{
    return weak(1) != 7;
}
END
write CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES C)
enable_testing()
add_compile_options(-O2 -Wall -Wextra -Werror)
add_library(small STATIC sim/sum.c cli/weak.c)
target_include_directories(small PUBLIC ${CMAKE_SOURCE_DIR})
foreach(name IN ITEMS sum weak)
  add_executable(${name} test_${name}.c)
  target_link_libraries(${name} small)
endforeach()
set_target_properties(sum PROPERTIES OUTPUT_NAME sim.sum
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
foreach(name IN ITEMS e2e.golden e2e.broken)
  add_test(NAME ${name} COMMAND false)
endforeach()
add_test(NAME e2e.skipped COMMAND sh -c "exit 77")
add_test(NAME e2e.far COMMAND sh -c "test \"$WORD\" = 'two words' && exec ./weak")
set_tests_properties(e2e.far PROPERTIES ENVIRONMENT "WORD=two words")
add_test(NAME sim.sum COMMAND sum)
set_tests_properties(e2e.far e2e.golden e2e.broken e2e.skipped sim.sum
  PROPERTIES WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
END
write CMakePresets.json <<'END'
{ "version": 6,
  "configurePresets": [ { "name": "release", "generator": "Ninja",
    "binaryDir": "${sourceDir}/build" } ],
  "buildPresets": [ { "name": "release", "configurePreset": "release" } ] }
END
echo '/build-mutate*/' >"$tree/.gitignore"
mkdir "$tree/tools"
cp "$tools/mutate" "$tools/mutate.awk" "$tree/tools/"
cd "$tree" || exit 2
git init -q . && git add . &&
    git -c user.name=a -c user.email=a@b.test commit -qm small || exit 2

# The draw, by hand. What a constant becomes is drawn, too.
same 'the draw' 'comparison cli/weak.c:12 ==
comparison sim/sum.c:13 <=
constant cli/weak.c:10 7
constant cli/weak.c:11 2
constant cli/weak.c:12 0
constant cli/weak.c:14 9
constant cli/weak.c:9 1
constant sim/sum.c:11 5
constant sim/sum.c:12 0
constant sim/sum.c:6 0
field sim/sum.c:13 last
field sim/sum.c:7 first
statement sim/sum.c:11 
statement sim/sum.c:12 
statement sim/sum.c:14 
statement sim/sum.c:16 
unit sim/sum.c:23 SUM_PAGE_BYTES' "$(tools/mutate draw |
    while IFS=$'\t' read -r _ kind file line column gone _; do
        echo "$kind $file:$line $(sed -n "${line}p" "$file" |
            awk -v c="$column" -v g="$gone" '{ print substr($0, c, g) }')"
    done | LC_ALL=C sort)"
same 'another draw' "$(tools/mutate draw)" \
    "$(tools/mutate draw --place build-mutate-2)"
[ "$(tools/mutate draw)" != "$(tools/mutate draw --seed 2)" ] ||
    same 'the draw of another seed' another 'the same'

# verdicts FOLDER: kind, place, verdict, test, but not how long each took.
verdicts() {
    awk -F '\t' '{ print $2, $3 ":" $4, $5, $6 }' "$1"/*/verdicts |
        LC_ALL=C sort
}

tools/mutate run --least 1 >said 2>&1 || same run 0 "$(cat said)"
rm -f said
same 'the verdicts' 'comparison cli/weak.c:12 survived 0/0
comparison sim/sum.c:13 killed sim.sum
constant cli/weak.c:10 killed e2e.far
constant cli/weak.c:11 survived 0/0
constant cli/weak.c:12 survived 0/0
constant cli/weak.c:14 survived 0/0
constant cli/weak.c:9 refused -
constant sim/sum.c:11 same -
constant sim/sum.c:12 killed sim.sum
constant sim/sum.c:6 same -
field sim/sum.c:13 killed sim.sum
field sim/sum.c:7 killed sim.sum
statement sim/sum.c:11 same -
statement sim/sum.c:12 killed sim.sum
statement sim/sum.c:14 killed sim.sum
statement sim/sum.c:16 time-out sim.sum
unit sim/sum.c:23 killed sim.sum' "$(verdicts build-mutate)"
same 'the tree afterwards' '' "$(git status --porcelain;
    diff -r sim build-mutate/tree/sim; diff -r cli build-mutate/tree/cli)"

# Stopped at a count, when no test may take any time, and stopped while it works.
tools/mutate run --least 1 --place build-mutate-2 --count 3 --within 0 >said 2>&1
cp build-mutate-2/*/verdicts three
tools/mutate run --least 1 --place build-mutate-2 >said 2>&1 &
while kill -0 $! && [ "$(cat build-mutate-2/*/verdicts)" = "$(cat three)" ]; do
    sleep 0.05
done
kill -TERM $!
wait $!
same 'the exit of a run that was stopped' 130 $?
tools/mutate run --least 1 --place build-mutate-2 >said 2>&1
same 'the verdicts of three runs' "$(verdicts build-mutate)" \
    "$(verdicts build-mutate-2)"
rm -f said three

awk -F '\t' -v OFS='\t' '
    $4 == 11 && $5 == "survived" { print $3, $8, $9, "equivalent", "so it is" }
    $4 == 14 && $5 == "survived" { print $3, $8, $9, "since", "cli.weak" }
    ' build-mutate/*/verdicts >tools/mutate.known
tools/mutate table
same 'the sums' '| all | 12 | 8 | 1 | 3 | 1 | 75 % | 83 % |' \
    "$(grep '^| all' docs/mutations.md)"
same 'survivors in the table' 3 \
    "$(sed -n '/^## Survived/,/^## Equivalent/p' docs/mutations.md |
        grep -c '^| [0-9]* | cli/weak.c:')"
same 'the equivalent one' 1 "$(grep -c ':11 .*| so it is |$' docs/mutations.md)"
same 'the one noticed since' 1 "$(grep -c ':14 .*| cli.weak |$' docs/mutations.md)"

exit $bad

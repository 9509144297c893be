#!/bin/bash
# What tools/evidence does with pieces, documents and programs, on a tree of its
# own whose evidence is easy to know.
# Usage: test_evidence.sh
set -u
export LC_ALL=C
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'FAIL: %s\n' "$*" >&2
    exit 1
}

mkdir -p "$work"/tools/evidence.d "$work"/build/guests "$work"/docs || exit 2
cp "$top/tools/evidence" "$work/tools/" || exit 2
cd "$work" || exit 2
git init -q . && git config user.email a@example.org && git config user.name a
printf '#!/bin/sh\necho "$1 squared is $(($1 * $1))"\n' >build/iksim
chmod +x build/iksim
: >build/guests/a.elf
printf '%s\n' build err said expected kept >.gitignore
printf '%s\n' before '<!-- evidence squares -->' old '<!-- end of evidence -->' \
    after >docs/squares.md
cat >tools/evidence.d/squares <<'END'
about='squares'
document=docs/squares.md
takes='no time'
pieces() { [ "$small" ] && echo 2 || echo 3 4; }
piece() { echo "$1" >>build/made; [ ! -f build/broken ] && "$iksim" "$1"; }
table() { cat $(pieces); }
END
git add . && git commit -qm a || exit 2
commit=$(git rev-parse --short=10 HEAD)

tools/evidence | grep -q '^squares  *squares (docs/squares.md; no time)$' ||
    fail "the list: $(tools/evidence)"

# The small version changes nothing.
[ "$(tools/evidence --small squares 2>err)" = '2 squared is 4' ] || fail "$(cat err)"
[ -z "$(git status --porcelain)" ] || fail "small: $(git status --porcelain)"

# No time at all: nothing is made. A piece that fails: the document stays.
tools/evidence --minutes 0 squares 2>err && fail "no minutes are enough"
touch build/broken
tools/evidence squares 2>err && fail "a piece that fails passes"
grep -q '^squares: 3 ended with 1$' err || fail "$(cat err)"
[ -z "$(git status --porcelain)" ] || fail "broken: $(git status --porcelain)"
rm build/broken

# Whole, with date and commit; what is made is not made again.
rm build/made
tools/evidence squares 2>err || fail "$(cat err)"
{
    printf '%s\n' before '<!-- evidence squares -->' '3 squared is 9' \
        '4 squared is 16' ''
    printf 'Measured on %s at %s (`tools/evidence squares`).\n' \
        "$(date -u +%Y-%m-%d)" "$commit"
    printf '%s\n' '<!-- end of evidence -->' after
} >expected
diff expected docs/squares.md || fail "the document"
tools/evidence squares 2>err || fail "$(cat err)"
[ "$(xargs <build/made)" = '3 4' ] || fail "made: $(xargs <build/made)"
tools/evidence --check squares >said || fail "$(cat said)"

# Another program begins anew.
echo '# changed' >>build/iksim
tools/evidence squares 2>err || fail "$(cat err)"
[ "$(xargs <build/made)" = '3 4 3 4' ] || fail "made: $(xargs <build/made)"
grep -q "at $commit and changes" docs/squares.md ||
    fail "nobody says that the tree was changed"

# Several places of one document.
printf '%s\n' '<!-- evidence pairs one -->' '<!-- end of evidence -->' \
    '<!-- evidence pairs two -->' '<!-- end of evidence -->' >docs/pairs.md
cat >tools/evidence.d/pairs <<'END'
about='pairs'
document=docs/pairs.md
takes='no time'
pieces() { echo 5; }
piece() { "$iksim" "$1"; }
blocks() { printf '%s\n' one two; }
table() { echo "$1: $(cat 5)"; }
END
[ "$(tools/evidence --small pairs 2>err | xargs)" = \
    'one: 5 squared is 25 two: 5 squared is 25' ] || fail "blocks: $(cat err)"
tools/evidence pairs 2>err || fail "$(cat err)"
[ "$(grep -c '^Measured on .*`tools/evidence pairs`' docs/pairs.md)" = 2 ] ||
    fail "when blocks were measured: $(cat docs/pairs.md)"
[ "$(grep squared docs/pairs.md | xargs)" = \
    'one: 5 squared is 25 two: 5 squared is 25' ] ||
    fail "blocks: $(cat docs/pairs.md)"
tools/evidence --check pairs >said || fail "$(cat said)"
sed -i '0,/^Measured/{/^Measured/d}' docs/pairs.md
tools/evidence --check pairs >said && fail "a block that was never measured"

# What cannot be written is said.
sed -i '/end of evidence/d' docs/squares.md
cp docs/squares.md kept
tools/evidence squares 2>err && fail "a document without its end"
cmp -s kept docs/squares.md || fail "a document without its end is written"
tools/evidence no-such 2>err && fail "there is no such evidence"
exit 0

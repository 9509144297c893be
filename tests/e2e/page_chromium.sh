#!/bin/bash
# A page in a real browser: it logs no error, and what it has built from the
# page is what the page says. By hand, since Chromium is large:
#
#   tests/e2e/page_chromium.sh IKSIM [PICTURE.png]
. "${0%/*}/lib.sh"
needs chromium
cd "$work" || exit 2

# browse ARGUMENT...: without a screen or a network, in a profile of its own.
browse() {
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
        --user-data-dir="$work/profile" --host-resolver-rules="MAP * ~NOTFOUND" \
        --enable-logging=stderr --v=0 "$@" "file://$work/page.html" 2>log
}

simulate page "$first" "${window[@]}" --report page.html
browse --dump-dom >dom || fail "chromium: exit $?: $(tail -n 3 log)"
if grep -E 'CONSOLE|Uncaught|ERR_' log >found; then
    fail "chromium has found: $(head -n 3 found)"
fi
expect "plots in the browser" "$(grep -c '<svg' page.html)" \
    "$(grep -o '<svg' dom | wc -l)"
expect "tables in the browser" "$(grep -c '<table' page.html)" \
    "$(grep -o '<table' dom | wc -l)"
picture=$work/page.png
browse --screenshot="$picture" --window-size=1000,5600 >/dev/null ||
    fail "chromium: no picture: $(tail -n 3 log)"
[ -s "$picture" ] || fail "chromium: the picture is empty"
[ $# -lt 2 ] || cp "$picture" "$OLDPWD/$2"

#!/bin/bash
# The page of `iksim run --report`: well formed, the same for the same run,
# whole without a network or a script, and no part of the run itself.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
needs xmllint

# page NAME ARGUMENT...: a run with a page, which any XML reader can read.
page() {
    local name=$1
    shift
    simulate "$name" "$@" --report "$name.html"
    xmllint --noout "$name.html" 2>err ||
        fail "$name: the page is not well formed: $(head -n 3 err)"
    xmllint --html --noout "$name.html" 2>err ||
        fail "$name: the page is not HTML: $(head -n 3 err)"
    if grep -qE '<script|<link|<img|@import|url\(|src=' "$name.html"; then
        fail "$name: the page needs something else"
    fi
    if sed 's,http://www.w3.org/1999/xhtml,,; s,http://www.w3.org/2000/svg,,' \
        "$name.html" | grep -n 'https\?:' >err; then
        fail "$name: the page names an address: $(head -n 1 err)"
    fi
}

# plots NAME WANTED: so many are drawn, and the others say that they are not.
plots() {
    expect "$1: plots" "$2" "$(grep -c '<svg' "$1.html")"
    expect "$1: figures" 14 "$(grep -c '<figure' "$1.html")"
    expect "$1: plots that say nothing happened" "$((14 - $2))" \
        "$(grep -c 'There are no values to show' "$1.html")"
}

# Watching changes nothing, and the same run has the same page.
simulate without "$first" "${window[@]}"
page with "$first" "${window[@]}"
page again "$first" "${window[@]}"
same without with "--report changes the run"
cmp with.html again.html || fail "the same run has two different pages"
plots with 14
grep -q "<code>$(value with .fingerprint)</code>" with.html ||
    fail "the page has another fingerprint than the report"
grep -q 'class="phase"[^>]*>measured window<' with.html ||
    fail "the window is not marked"

# Every figure of the report that is not the host's has its row.
wanted=$(jq '[del(.host, .fingerprints, .schema, .seed, .virtual_ns) |
    .[] | objects | paths(numbers) |
    select(.[-1] | IN("p50", "p90", "p99", "p999", "max") | not)] |
    length' with.json)
expect "figures in tables" "$wanted" \
    "$(sed '1,/<h2>All figures/d' with.html | grep -c '<tr><td>')"

# The line of the frames ends at what its VMs have then, in MiB: the plot is 184
# high, and its topmost label stands there.
wanted=$(sed -n 's,^<tr><td>web</td>.*<td>\([0-9.]*\) MiB</td>.*,\1,p' with.html)
sed -n '/<figcaption>Frames that hold/,/<\/svg>/p' with.html >plot
top=$(grep 'class="grid"' plot | tail -n 1 | sed 's,</text>.*,,; s/.*>//')
last=$(sed -n 's/.*<path[^>]* d="[^"]* \([0-9.]*\)".*/\1/p' plot)
jq -en "((206 - $last) / 184 * $top - $wanted) | fabs < $wanted / 100" \
    >/dev/null || fail "frames at the end: $wanted MiB, drawn at $last of $top"

# No load, nothing to do.
page idle "$tests/data/quiet.yaml" --set run.duration=100ms
page hello "$scenarios/hello.yaml"
grep -q 'There are no values to show' hello.html ||
    fail "a run without requests shows some"
page cut "$first" --until 1us

# Names are names, whatever is in them.
evil=$'a<script>&"\'\x01]]>.yaml'
sed 's/name: web/name: "<b>\&amp;\x27"/; s/target: web/target: "<b>\&amp;\x27"/' \
    "$first" >"$evil"
if "$iksim" scenario check "$evil" >out 2>err; then
    page evil "$evil" "${window[@]}"
else
    cp "$first" "$evil" # Such names of groups are refused.
    page evil "$evil" "${window[@]}"
fi
grep -q '<h1>a&lt;script&gt;&amp;&quot;&#39;' evil.html ||
    fail "the name is not shown as it is: $(grep '<h1>' evil.html)"

# What cannot be written is an error, said in a sentence.
for path in /dev/full "$work/no/such/folder.html" "$work"; do
    "$iksim" run "$scenarios/hello.yaml" --report "$path" >out 2>err
    expect "--report $path: exit" 2 "$?"
    grep -q "^iksim: cannot write '$path'" err ||
        fail "--report $path: $(cat err)"
done
"$iksim" run --report 2>err
expect "--report without a file: exit" 2 "$?"

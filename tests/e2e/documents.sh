#!/bin/bash
# What the documents say of the program is what it does.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# docs/report.md has each field of the report, once, and no other. The parts
# of a distribution are explained there once for all.
sed -E -e 's/^groups\.0\./groups[]./' -e 's/(\.(batch|[a-z]+_ns))\.(mean|p50|p90|p99|p999|max)$/\1/' \
    "$tests/data/report_fields.txt" | uniq | sort >fields
awk -F '[|`]' '/^[|] `/ { print $3 }' "$tree/docs/report.md" | sort >explained
diff fields explained >difference ||
    fail "docs/report.md (a field without a row <, a row without a field >):" \
        "$(cat difference)"

# A figure's row says what the program says of the figure.
"$iksim" figures --markdown >rows
[ "$(wc -l <rows)" -gt 60 ] || fail "no figures: $(cat rows)"
grep -Fxv -f "$tree/docs/report.md" rows >difference &&
    fail "docs/report.md lacks these rows:" "$(cat difference)"
awk 'length > 80' <("$iksim" figures) | grep . >wide &&
    fail "iksim figures is wider than 80 columns: $(cat wide)"

# docs/policies.md has what each policy states.
"$iksim" policies | sed -n '/^kernel.disk_queue/q; s/^[* ] \([a-z-]*\) .*/\1/p' |
    sort -u >names
[ "$(wc -l <names)" -gt 10 ] || fail "no policies: $(cat names)"
while read -r name; do
    "$iksim" policies "$name" | sed 's/^\(.\)/    \1/'
done <names >stated
grep -Fxv -f "$tree/docs/policies.md" stated >difference &&
    fail "docs/policies.md lacks these lines of 'iksim policies NAME':" \
        "$(cat difference)"

# What README.md shows is what is printed, but for the host's figures; with other
# guests than the reference guests, but for all figures, their units and bars.
label() {
    sed -E -e '/^  (took|guests) .*[0-9]/s/[0-9].*//' -e 's/ *$//'
}
if ! "$iksim" guests >out 2>&1; then
    label() {
        sed -E -e 's/^(Fingerprint|Guests) .*/\1/' -e 's/ +#* *$//' \
            -e 's/[0-9][0-9.,]*( (([nmu]?s|[KMG]iB)\>|%))?/N/g' -e 's/  +/ /g'
    }
fi
sed -n '/^    \$ build\/iksim run/,/^[^ ]/{/^ \{4\}[^$]/p;/^$/p}' \
    "$tree/README.md" | sed 's/^    //' | label | sed '/^$/d' >shown
[ "$(wc -l <shown)" -gt 20 ] || fail "README.md shows no report"
"$iksim" run "$first" | label | sed '/^$/d' >printed
diff shown printed >difference ||
    fail "README.md shows another report (there <, printed >):" \
        "$(cat difference)"

# The manual page is set in type. usage.sh holds it to what the program says.
page=$tree/docs/man/iksim.1
if command -v groff >/dev/null; then
    groff -mandoc -ww -z "$page" 2>warnings || fail "groff ends with $?"
    [ ! -s warnings ] || fail "iksim.1: $(cat warnings)"
fi
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$page" >warnings || fail "$(cat warnings)"
fi
exit 0

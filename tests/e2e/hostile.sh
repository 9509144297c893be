#!/bin/bash
# Text stays text. One list of texts that mean something to gnuplot, a shell,
# SQL, HTML, YAML, CSV or a terminal goes through every door by which text comes
# in, and is looked for at every door by which it goes out: nothing is run, the
# cursor stays where it is, and what comes out is what went in.
. "${0%/*}/lib.sh"
needs gnuplot sqlite3 tshark xmllint objcopy
cd "$work" || exit 2

# What each would do, if anything took it for more than text: make a file. Those
# of `plain` may be shown as they are; `wild` would move a terminal's cursor, or
# turn what follows.
plain=(
    "b'; system(\"touch RUN2\"); '"
    'c`touch RUN3`'
    'd$(touch RUN4)'
    "e'); DROP TABLE runs; --"
    'g" . system("touch RUN6") . "'
    'h|touch RUN7'
    'i{/Symbol a}@home^2_3%s%n<b>&amp;'
    '</script><script>alert(1)</script>'
    ']]>"]}, &x *y !!binary %TAG # : - ? {a'
    '=HYPERLINK("http://nowhere","x"),y'
    '@SUM(1;2)'
    $'na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80'
)
wild=(
    $'a\n!touch RUN1\n'
    $'f\r!touch RUN5\r'
    $'\e[31mred\e[2J'
    $'\e]0;title\a'
    $'c1\xc2\x9b31m'
    $'bidi\xe2\x80\xaeDCBA'
    $'\xe2\x81\xa6x\xe2\x81\xa9'
    $'del\x7f\b\b'
)
hostile=("${plain[@]}" "${wild[@]}")

# in_json TEXT: as a string of JSON, which is one of YAML, too.
in_json() {
    jq -n --arg text "$1" '$text'
}

# is_tame FILE WHAT: nothing in it moves a cursor.
is_tame() {
    if LC_ALL=C.UTF-8 grep -qP '[\x00-\x08\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]' "$1"; then
        fail "$2 moves the cursor: $(cat -v "$1" | head -c 2000)"
    fi
    iconv -f utf-8 -t utf-8 "$1" >/dev/null || fail "$2 is not UTF-8"
}

# tames WHAT CODE ARGUMENT...: the call ends so, and what it says is tame.
tames() {
    local what=$1 wanted=$2 code
    shift 2
    "$iksim" "$@" >out 2>err
    code=$?
    expect "$what: exit code ($(cat -v err))" "$wanted" "$code"
    is_tame out "$what: stdout"
    is_tame err "$what: stderr"
}

# ---- The command line --------------------------------------------------------

for text in "${hostile[@]}"; do
    tames "a command" 2 "$text"
    tames "an option" 2 run "--$text"
    tames "a scenario that is not there" 2 run "$text"
    tames "a key" 2 run "$first" --set "$text=1"
    tames "a value" 2 run "$first" --set "run.seed=$text"
    tames "a policy" 2 run "$first" --set "kernel.scheduler=$text"
    tames "a guest" 2 guests "$text"
    tames "an image" 2 verify "$text"
    tames "a trace" 2 trace stats "$text"
    tames "a database" 2 plot "$text" --x a --y b --out x.svg
    tames "two runs" 2 compare "$text" "$text"
    tames "a plan" 2 sweep "$text"
    tames "a directory" 2 run --again "$text"
    tames "a VM" 2 run "$first" --instructions "$text"
    # A file of that name, where there may be one. A '/' would be a folder's.
    file=${text//\//_}
    cp "$scenarios/hello.yaml" "./$file.yaml"
    tames "a scenario's file" 0 run "./$file.yaml" --trace "./$file.trace" \
        --out "./$file.out" --report "./$file.html" --pcap "./$file.pcap"
    tames "its check" 0 scenario check "./$file.yaml"
    tames "its trace" 0 trace stats "./$file.trace"
    tames "its traces" 0 trace diff "./$file.trace" "./$file.trace"
    tames "its export" 0 trace export "./$file.trace" --chrome --out x.json
    jq empty x.json || fail "the export of '$file' is no JSON"
    xmllint --noout "./$file.html" || fail "the page of '$file' is not well"
    tames "its repetition" 0 run --again "./$file.out"
    tames "its comparison" 0 compare "./$file.out" "./$file.out"
    rm -r "./$file.yaml" "./$file.trace" "./$file.out" "./$file.html" \
        "./$file.pcap"
done

# ---- Scenarios ---------------------------------------------------------------

# scenario NAME [IMAGE [ARGS]]: VMs of these texts.
scenario() {
    echo "run: {warmup: 0s, duration: 5ms}"
    echo "vms: [{name: $(in_json "$1"), image: $(in_json "${2-hello}")," \
        "count: 2, args: $(in_json "${3-}")}]"
}
for text in "${wild[@]}"; do
    scenario "$text" >name.yaml
    scenario a "$text" >image.yaml
    scenario a hello "$text" >args.yaml
    for key in name image args; do
        tames "a wild $key" 2 run $key.yaml
        grep -q "vms\[0\].$key: must be text\|is not text" err ||
            fail "a wild $key: it says: $(cat -v err)"
    done
done
for text in "${plain[@]}"; do
    scenario "$text" >plain.yaml
    tames "a name" 0 run plain.yaml --trace t.trace --report page.html \
        --vms vms.csv --out kept --console
    grep -qF -- "$text-1: Hello" out || fail "the console of '$text': $(cat out)"
    sqlite3 :memory: '.import --csv vms.csv v' 'SELECT "group" FROM v' |
        sed "s/^'\([=+@-]\)/\1/" >names
    expect "rows of '$text' in --vms ($(cat names))" 2 \
        "$(grep -cxF -- "$text" names)"
    xmllint --xpath 'string(/)' page.html >page.txt ||
        fail "the page of '$text' is not well"
    grep -qF -- "$text" page.txt || fail "the page lacks '$text'"
    tames "the scenario that is kept" 0 run kept/scenario.yaml --console
    grep -qF -- "$text-1: Hello" out || fail "kept, '$text' is: $(cat out)"
    tames "its events" 0 trace show t.trace
    tames "its explanation" 0 explain t.trace --vm 0
    "$iksim" trace export t.trace --chrome --out x.json 2>err ||
        fail "export: $(cat err)"
    jq -r '.. | strings' x.json | grep -qF -- "$text-0" ||
        fail "Chrome's format does not have '$text'"
    "$iksim" trace export t.trace --perfetto --out x.perfetto 2>err ||
        fail "export: $(cat err)"
    grep -qaF -- "$text-0" x.perfetto || fail "Perfetto's lacks '$text'"
    rm -r kept
done

# ---- Symbols of an image -----------------------------------------------------

for text in "${hostile[@]}"; do
    objcopy --redefine-sym "main=$text" "${iksim%/*}/guests/hello.elf" named.elf
    tames "a symbol" 0 verify ./named.elf
    tames "a symbol" 0 disasm ./named.elf
    tames "a symbol" 0 run plain.yaml --set vms[0].image=./named.elf \
        --instructions 0
done

# ---- Plans and databases -----------------------------------------------------

for text in "${wild[@]}"; do
    {
        echo "base: $scenarios/hello.yaml"
        echo "sets: [{name: $(in_json "$text"), set: [run.duration=1ms]}]"
    } >wild.yaml
    tames "a wild bundle" 2 sweep wild.yaml
done
{
    echo "base: $scenarios/hello.yaml"
    echo 'grid: [{key: "vms[0].count", values: [1, 2]}]'
    echo "sets:"
    i=0
    for text in "${plain[@]}"; do
        echo "  - {name: $(in_json "$text"), set: [run.duration=$((++i))ms]}"
    done
} >plan.yaml
tames "a plan" 0 sweep plan.yaml --db made.db
printf '%s\n' "${plain[@]}" | LC_ALL=C sort >wanted
sqlite3 made.db 'SELECT DISTINCT name FROM runs' | LC_ALL=C sort >got
cmp -s wanted got || fail "names in the database: $(diff wanted got)"
"$iksim" sweep plan.yaml --db made.db --csv >all.csv 2>err ||
    fail "--csv: $(cat err)"
sed 's/\r$//' all.csv >lines.csv # Lines end as RFC 4180 has them.
is_tame lines.csv "the CSV"
grep -q '^"\?[^",]*,*"[=+@-]' all.csv && fail "a formula in the CSV: $(cat all.csv)"
sqlite3 :memory: '.import --csv all.csv runs' 'SELECT DISTINCT name FROM runs' |
    sed "s/^'\([=+@-]\)/\1/" | LC_ALL=C sort >got
cmp -s wanted got || fail "names in the CSV: $(diff wanted got)"

# Somebody else's database may hold anything.
i=0
for text in "${wild[@]}"; do
    printf '%s' "$text" >text
    sqlite3 made.db "UPDATE runs SET name = CAST(readfile('text') AS TEXT)
        WHERE rowid = (SELECT rowid FROM runs ORDER BY rowid
                       LIMIT 1 OFFSET $((i++)))"
done
for axes in '--x vms[0].count --by name' '--x name --by vms[0].count'; do
    for kind in svg png; do
        # shellcheck disable=SC2086  # These are several words.
        tames "plot $axes" 0 plot made.db $axes --y guest.instructions \
            --out "plot.$kind"
        [ -s "plot.$kind" ] || fail "plot $axes: plot.$kind is empty"
    done
done
for text in "${hostile[@]}"; do
    "$iksim" compare "made.db:name=$text" "made.db:name=$text" >out 2>err
    is_tame out "compare '$text'"
    is_tame err "compare '$text'"
done
"$iksim" sweep plan.yaml --db made.db --csv >all.csv 2>err
sed 's/\r$//' all.csv >lines.csv
is_tame lines.csv "the CSV of somebody else's database"

found=$(find . -name 'RUN*')
[ -z "$found" ] || fail "text was run: $found"

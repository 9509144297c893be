#!/bin/bash
# Text stays text: names that mean something to gnuplot, a shell, SQL or a
# terminal run nothing, and come out as they went in.
. "${0%/*}/lib.sh"
needs gnuplot sqlite3
cd "$work" || exit 2

# What each would do, if anything took it for more than text: make a file.
hostile=(
    $'a\n!touch RUN1\n'
    "b'; system(\"touch RUN2\"); '"
    'c`touch RUN3`'
    'd$(touch RUN4)'
    "e'); DROP TABLE runs; --"
    $'f\r!touch RUN5\r'
    'g" . system("touch RUN6") . "'
    'h|touch RUN7'
    'i{/Symbol a}@home^2_3%s%n<b>&amp;'
)
{
    echo "base: $scenarios/hello.yaml"
    echo 'grid: [{key: "vms[0].count", values: [1, 2]}]'
    echo "sets:"
    i=0
    for text in "${hostile[@]}"; do
        echo "  - {name: $(jq -n --arg text "$text" '$text'), set:" \
            "[run.duration=$((++i))ms]}"
    done
} >plan.yaml
"$iksim" sweep plan.yaml --db made.db >out 2>err || fail "sweep: $(cat out err)"
expect "runs in the database" $((2 * ${#hostile[@]})) \
    "$(sqlite3 made.db 'SELECT count(*) FROM runs')"
printf '%s\n' "${hostile[@]}" | sort >wanted
sqlite3 made.db 'SELECT DISTINCT name FROM runs' | sort >got
cmp -s wanted got || fail "names in the database: $(diff wanted got)"
for axes in '--x vms[0].count --by name' '--x name --by vms[0].count'; do
    for kind in svg png; do
        # shellcheck disable=SC2086  # These are several words.
        "$iksim" plot made.db $axes --y guest.instructions --out "plot.$kind" \
            >out 2>err || fail "plot $axes: $(cat out err)"
        [ -s "plot.$kind" ] || fail "plot $axes: plot.$kind is empty"
    done
done
for name in "${hostile[@]}"; do
    "$iksim" compare "made.db:name=$name" "made.db:name=$name" >out 2>err ||
        fail "compare, with the name '$name': $(cat err)"
done
"$iksim" sweep plan.yaml --db made.db --csv >all.csv 2>err ||
    fail "--csv: $(cat err)"
sqlite3 :memory: '.import --csv all.csv runs' 'SELECT DISTINCT name FROM runs' |
    sort >got
cmp -s wanted got || fail "names in the CSV: $(diff wanted got)"
found=$(find . -name 'RUN*')
[ -z "$found" ] || fail "text was run: $found"

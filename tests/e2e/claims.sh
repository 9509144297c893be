#!/bin/bash
# What the course notes conclude is so: each row of docs/course/claims.txt is an
# inequality of figures, over six seeds, and its interval is on the right side.
#
#   tests/e2e/claims.sh IKSIM [--full] [GROUP...]    compares, and prints what it found
#   tests/e2e/claims.sh IKSIM --groups [--full]      names the groups
#
# The interval is the range of the six values: it holds their median with 96.9 %,
# however they are distributed (Thompson, 1936; five would make 93.8). Without
# --full the runs are shorter, and some claims are left to the full version, which
# `tools/evidence claims` writes into docs/course/claims.md.
. "${0%/*}/lib.sh"
needs sqlite3
[ -z "${E2E_SLOW-}" ] || skip "too slow with sanitizers"
claims=$tree/docs/course/claims.txt
full=
only_names=
groups=()
for word in "${@:2}"; do
    case $word in
    --full) full=yes ;;
    --groups) only_names=yes ;;
    *) groups+=("$word") ;;
    esac
done

# rows: NAME|SCENARIO|A|B|FIGURE|INEQUALITY of the claims to look at; in the small
# version their arms have its words.
rows() {
    awk -F' *[|] *' -v full="$full" '
        /^#/ || !NF { next }
        NF != 8 { print "not a row of eight: " $0 >"/dev/stderr"; exit 2 }
        full { words = "" }
        !full { if ($7 == "-") next; words = " " $7 }
        { print $1 "|" $2 "|" ($3 == "-" ? "-" : $3 words) "|" $4 words "|" \
                $5 "|" $6 }' "$claims"
}
rows >"$work/rows" || fail "$claims"
[ "$(cut -d'|' -f1 "$work/rows" | sort | uniq -d)" = "" ] ||
    fail "two claims of one name: $(cut -d'|' -f1 "$work/rows" | sort | uniq -d)"
mapfile -t all < <(sed 's/[.|].*//' "$work/rows" | uniq)
if [ "$only_names" ]; then
    printf '%s\n' "${all[@]}"
    exit 0
fi
[ ${#groups[@]} -gt 0 ] || groups=("${all[@]}")

# plan GROUP: its arms, each once, with the seeds.
plan() {
    local words number=0 word
    printf 'base: %s\nsets:\n' "$tree/$(grep "^${1}[.]" "$work/rows" |
        cut -d'|' -f2 | sort -u)"
    while IFS= read -r words; do
        number=$((number + 1))
        printf '  - name: arm%s\n    set:\n' "$number"
        xargs -n1 <<<"$words" | while IFS= read -r word; do
            [ -z "$word" ] || printf "      - '%s'\\n" "$word"
        done
    done <"$work/arms"
    printf 'seeds: [1..6]\n'
}

# values WORDS FIGURE: of the arm with these words, a line for each seed. FIGURE
# may be a difference, `X - Y`.
values() {
    local arm of less
    arm=arm$(grep -nxF -- "$1" "$work/arms" | cut -d: -f1)
    read -r of _ less <<<"$2"
    sqlite3 "$work/claims.db" "SELECT m.value - coalesce(l.value, 0)
        FROM runs JOIN metrics m ON m.run = runs.id AND m.metric = '$of'
        LEFT JOIN metrics l ON l.run = runs.id AND l.metric = '$less'
        WHERE name = '$arm' ORDER BY seed" >"$work/values"
    [ "$(wc -l <"$work/values")" -eq 6 ] ||
        fail "$2 of '$1': not six values: $(xargs <"$work/values")"
    cat "$work/values"
}

# judge INEQUALITY: from lines "A B", the median, both ends and the verdict.
judge() {
    awk -v rule="$1" '
        function quantity() {
            if (what == "B") return $2
            if (what == "B-A") return $2 - $1
            return what == "B/A" && $1 != 0 ? $2 / $1 : "unknown"
        }
        function is_within(end) {
            if (op == "<") return end < bound
            if (op == "<=") return end <= bound
            if (op == ">") return end > bound
            return op == ">=" && end >= bound
        }
        BEGIN { split(rule, part, " "); what = part[1]; op = part[2]
                bound = part[3] + 0 }
        { value = quantity(); unknown += value == "unknown"
          for (i = NR; i > 1 && q[i - 1] > value; i--) q[i] = q[i - 1]
          q[i] = value }
        END { holds = !unknown && is_within(op ~ /</ ? q[NR] : q[1])
              printf "%.5g|%.5g|%.5g|%s\n", (q[3] + q[4]) / 2, q[1], q[NR],
                     holds ? "holds" : "FALSE" }'
}

# one NAME SCENARIO A B FIGURE INEQUALITY: "NAME|FIGURE|INEQUALITY|..." of judge.
one() {
    local a=$3 b=$4 figure=$5
    [ "$a" != - ] || a=$b
    values "$a" "$figure" >"$work/a" && values "$b" "$figure" >"$work/b" ||
        exit 1
    printf '%s|%s|%s|' "$1" "$figure" "$6"
    paste "$work/a" "$work/b" | judge "$6"
}

: >"$work/found"
for group in "${groups[@]}"; do
    rm -f "$work/claims.db"
    grep "^${group}[.]" "$work/rows" >"$work/of_group" ||
        fail "there is no group '$group'"
    cut -d'|' -f3,4 "$work/of_group" | tr '|' '\n' | grep -vx -e - |
        sort -u >"$work/arms"
    plan "$group" >"$work/claims.yaml"
    "$iksim" sweep "$work/claims.yaml" --db "$work/claims.db" >"$work/out" 2>&1 ||
        fail "$group: $(tail -n 5 "$work/out")"
    while IFS='|' read -r name scenario a b figure rule; do
        one "$name" "$scenario" "$a" "$b" "$figure" "$rule" || exit 1
    done <"$work/of_group" | tee -a "$work/found"
done
[ "$full" ] || ! grep 'FALSE$' "$work/found" >"$work/false" ||
    fail "$(wc -l <"$work/false") claims do not hold"

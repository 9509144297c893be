#!/bin/bash
# The course notes hold: every command in them runs, in the order of the page,
# and prints what the page shows.
#
#   tests/e2e/notes.sh IKSIM           compares
#   tests/e2e/notes.sh IKSIM --write   writes what it prints into the page
#
# A command is an indented line after "$ ", with its continuations; what it
# prints stands below it. The page shows runs of the reference guests: with
# others only the ends of the commands and the number of their lines are
# compared.
. "${0%/*}/lib.sh"
page=$tree/docs/course/notes.md
needs cc awk nm
[ -z "${E2E_SLOW-}" ] || skip "too slow with sanitizers"
cd "$work" || exit 2
ln -s "$tree/workloads" "$tree/docs" "$tree/tests" . || exit 2
ln -s "$(dirname "$iksim")" build || exit 2
PATH=$work/build:$PATH

is_exact=
if iksim guests >/dev/null 2>&1; then
    is_exact=yes
elif [ "${2-}" = --write ]; then
    fail "the page is written with the reference guests only, and these are" \
        "others: iksim guests"
fi

# finish: runs $command; compares with, or writes, what follows it.
run_count=0
finish() {
    [ -n "$command" ] || return 0
    run_count=$((run_count + 1))
    bash -o pipefail -c "$command" >printed 2>&1 ||
        fail "$command: exit $?: $(cat printed)"
    sed -i 's/[[:space:]]*$//' printed
    if [ "${write-}" ]; then
        sed 's/^/    /; s/[[:space:]]*$//' printed >>page
    elif [ "$is_exact" ]; then
        diff expected printed >difference ||
            fail "$command (the page <, printed >): $(cat difference)"
    else
        expect "lines of $command" "$(wc -l <expected)" "$(wc -l <printed)"
    fi
    command=
}

[ "${2-}" = --write ] && write=yes
: >page
command=
is_continued=
blank= # Lines of the output, if more of it follows.
while IFS= read -r line || [ -n "$line" ]; do
    if [ "$is_continued" ]; then
        command+=$'\n'${line#    }
        echo "$line" >>page
    elif [[ $line == "    \$ "* ]]; then
        finish
        printf '%s' "$blank" >>page
        blank=
        command=${line#"    \$ "}
        echo "$line" >>page
        : >expected
    elif [ -n "$command" ] && [[ $line == "    "* ]]; then
        printf '%s%s\n' "$blank" "${line#    }" >>expected
        blank=
        continue
    elif [ -n "$command" ] && [ -z "$line" ]; then
        blank+=$'\n'
        continue
    else
        finish
        printf '%s%s\n' "$blank" "$line" >>page
        blank=
        continue
    fi
    is_continued=
    [[ $line == *\\ ]] && is_continued=yes
done <"$page"
finish
[ "$run_count" -ge 20 ] || fail "only $run_count commands in the page"
if [ "${write-}" ]; then
    cat page >"$page"
    echo "$run_count commands written to $page"
fi

#!/bin/bash
# The program says how it is used, on stdout when asked, on stderr when not.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# shows PATTERN ARGUMENT...: exit 0, on stdout only, no line beyond 80 columns.
shows() {
    local pattern=$1
    shift
    "$iksim" "$@" >out 2>err || fail "iksim $*: exit $?: $(cat err)"
    [ ! -s err ] || fail "iksim $*: on stderr: $(cat err)"
    grep -Eq -- "$pattern" out || fail "iksim $*: no '$pattern': $(cat out)"
    awk 'length > 80' out | grep . >wide &&
        fail "iksim $*: wider than 80 columns: $(cat wide)"
    return 0
}
for help in --help -h help; do
    shows '^Usage: iksim COMMAND' "$help"
done
for command in run verify disasm policies scenario compare capacity; do
    shows "^  $command " --help
    shows "^Usage: iksim $command" "$command" --help
    shows "^Usage: iksim $command" "$command" -h
done
shows "^Usage: iksim scenario" scenario check --help
shows '^iksim [0-9]+\.[0-9]+\.[0-9]+ \(Unicorn 2\.[0-9.]+\)$' --version
shows 'round-robin' policies
shows ': 0 outside the subset|, 0 outside the subset' verify httpd
shows 'terminate' disasm hello
# By a short name: the line says the file's, whatever the tree's place.
cp "$first" first.yaml || exit 2
shows 'fine' scenario check first.yaml

# Every option of run stands in its help, and the other way round.
"$iksim" run --help | grep -Eo -- '^  --[a-z]+' | tr -d ' ' | sort >listed
sed -n 's/.*{ "\([a-z]*\)", .*_argument.*/--\1/p' "$tree/cli/run.c" |
    grep -vx -e --help | sort >known
diff known listed >difference || fail "run --help: $(cat difference)"
for option in over from to resolution slo points scan warm set seed json; do
    "$iksim" capacity --help | grep -q -- "--$option" ||
        fail "capacity --help: no --$option"
done

"$iksim" >out 2>err
expect "exit without a command" 2 $?
expect "lines on stdout without a command" 0 "$(wc -l <out)"
expect "lines on stderr without a command" 1 "$(wc -l <err)"

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
for command in run verify disasm policies scenario sweep plot compare \
    capacity; do
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
sed -n 's/.*{ "\([a-z]*\)", .*_argument.*/--\1/p' "$tree/cli/commands/run.c" |
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

# complains PATTERN ARGUMENT...: exit 2, with one line that says what is wrong.
complains() {
    local pattern=$1
    shift
    "$iksim" "$@" >out 2>err
    expect "iksim $*: exit" 2 $?
    expect "iksim $*: lines on stdout" 0 "$(wc -l <out)"
    expect "iksim $*: lines on stderr" 1 "$(wc -l <err)"
    grep -Eq -- "$pattern" err || fail "iksim $*: no '$pattern': $(cat err)"
}
# The same words, whatever the command.
for command in run scenario sweep plot compare capacity; do
    see="; see iksim $command --help"
    complains "^iksim: $command: unknown option '--no-such'$see$" \
        "$command" --no-such
    complains "^iksim: $command: unknown option '-q'$see$" "$command" a -qz b
    complains "^iksim: $command: '--help=me': this option takes no value$see$" \
        "$command" --help=me
done
complains "'--json=1': this option takes no value" run --json=1 "$first"
complains "'--list=1': this option takes no value" sweep --list=1 plan.yaml
complains "'--scan=1': this option takes no value" capacity --scan=1 "$first"
complains "'--json=1': this option takes no value" compare --json=1 a b
complains "'--set' wants a value" run "$first" --set
complains "'--set' wants a value" scenario check "$first" --set
complains "'--jobs' wants a value" sweep plan.yaml --jobs
complains "'--log' wants a value" plot runs.db --log
complains "'--fail-if' wants a value" compare a b --fail-if
complains "'--over' wants a value" capacity "$first" --over
for command in run capacity; do
    complains "--seed must be a whole number up to 9223372036854775807, not 'x'" \
        "$command" "$first" --seed x
done
complains "'b.yaml' is not expected" scenario check a.yaml b.yaml
# The last of several seeds holds, as of any other option.
"$iksim" run "$first" "${window[@]}" --until 1ms --json --seed 3 --seed 4 >out \
    2>err || fail "two seeds: exit $?: $(cat err)"
expect "the last seed" 4 "$(jq .seed out)"

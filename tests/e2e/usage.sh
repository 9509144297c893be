#!/bin/bash
# The program says how it is used, on stdout when asked, on stderr when not:
# help, manual page and completion know the same commands and options.
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
shows '^iksim [0-9]+\.[0-9]+\.[0-9]+ \(Unicorn 2\.[0-9.]+\)$' --version
shows 'round-robin' policies
shows ': 0 outside the subset|, 0 outside the subset' verify httpd
shows 'terminate' disasm hello
# By a short name: the line says the file's, whatever the tree's place.
cp "$first" first.yaml || exit 2
shows 'fine' scenario check first.yaml

# The commands and the options that a help lists, on standard input.
listed_commands() {
    sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'
}
listed_options() {
    grep -Eo '^  (-., )?--[a-z-]+' | grep -Eo -- '--.*' | sort
}
manual=$tree/docs/man/iksim.1
# manual_options WORD...: the options in the section of the manual page.
manual_options() {
    awk -v section=".Ss iksim $*" \
        '/^\.S[sh] / { is_in = $0 == section } is_in' "$manual" |
        sed -nE 's/^\.It (Fl . , )?Fl (-[a-z-]+).*/-\2/p' | sort
}
"$iksim" help | listed_commands >names
[ "$(wc -l <names)" -gt 12 ] || fail "few commands: $(cat names)"
while read -r name; do
    echo "$name"
    "$iksim" help "$name" | listed_commands | sed "s/^/$name /"
done <names >commands
[ "$(wc -l <commands)" -gt 20 ] || fail "few commands: $(cat commands)"
while read -r -a command; do
    shows "^Usage: iksim ${command[*]}" help "${command[@]}"
    mv out helped
    shows "^Usage: iksim ${command[*]}" "${command[@]}" -h
    cmp -s out helped || fail "help ${command[*]} is not its -h"
    shows "^Usage: iksim ${command[*]}" "${command[@]}" --help
    cmp -s out helped || fail "help ${command[*]} is not its --help"
    grep -q "^\.Ss iksim ${command[*]}$" "$manual" ||
        fail "the manual page has no section on ${command[*]}"
    listed_options <helped >listed
    manual_options "${command[@]}" | diff listed - >difference ||
        fail "help (<) and manual (>) of ${command[*]}: $(cat difference)"
    [ -z "$(listed_commands <helped)" ] || continue
    echo "${command[*]}" >>callable
    "$iksim" completion words -- "${command[@]}" -- | cut -f 1 |
        grep -vx -- --help | sort | diff listed - >difference ||
        fail "help (<) and completion (>) of ${command[*]}: $(cat difference)"
done <commands
# Nothing else is taken.
"$iksim" run --help | listed_options | grep -qx -- --seed ||
    fail "run --help: no --seed"
"$iksim" help --man | diff "$manual" - >difference ||
    fail "docs/man/iksim.1 (<) is not what iksim help --man prints (>):" \
        "$(head -n 20 difference)"

"$iksim" >out 2>err
expect "exit without a command" 2 $?
expect "lines on stdout without a command" 0 "$(wc -l <out)"
expect "lines on stderr without a command" 1 "$(wc -l <err)"

# complains SENTENCE ARGUMENT...: exit 2, with that one line.
complains() {
    local sentence=$1
    shift
    "$iksim" "$@" >out 2>err </dev/null
    expect "iksim $*: exit" 2 $?
    expect "iksim $*: lines on stdout" 0 "$(wc -l <out)"
    expect "iksim $*: complaint" "iksim: $sentence" "$(cat err)"
}
complains "there is no command 'rum'; did you mean run?" rum
complains "trace: there is no command 'exprot'; did you mean export?" \
    trace exprot
complains "there is no command 'frobnicate'; see iksim --help" frobnicate
complains "trace: no command is named; see iksim trace --help" trace
complains "there is no command 'rum'; did you mean run?" help rum

# The same words, whatever the command.
while read -r -a command; do
    name=${command[*]}
    see="; see iksim $name --help"
    complains "$name: there is no option '--no-such'$see" \
        "${command[@]}" --no-such
    complains "$name: there is no option '-q'$see" "${command[@]}" a -qz b
    complains "$name: '--help=me': this option takes no value$see" \
        "${command[@]}" --help=me
done <callable
see="; see iksim run --help"
complains "run: there is no option '--sed'; did you mean --seed?" run --sed 3
complains "run: there is no option '--chek'; did you mean --check?" run --chek=3
complains "run: there is no option '--instr'; did you mean --instructions?" \
    run --instr 3
complains "run: '--json=1': this option takes no value$see" run --json=1 a.yaml
complains "run: '--set' wants a value: KEY=VALUE$see" run "$first" --set
complains "viz: '--screenshot' wants a value: FILE; see iksim viz --help" \
    viz "$first" --screenshot 1s
complains "run: no scenario is named$see" run
complains "run: 'b.yaml' is one argument too many$see" run a.yaml b.yaml
complains "figures: 'now': this command takes no argument; see iksim figures \
--help" figures now
complains "there is no policy 'flfq', \
perhaps mlfq; see iksim policies" policies flfq
shows 'kernel.scheduler_args.boost' policies mlfq
complains "trace diff: no second trace is named; see iksim trace diff --help" \
    trace diff a.trace
for command in run capacity; do
    complains "$command: --seed must be a whole number up to \
9223372036854775807, not 'x'; see iksim $command --help" \
        "$command" "$first" --seed x
done
complains "sweep: --jobs must be a whole number from 1 to 1024, not '0'; see \
iksim sweep --help" sweep plan.yaml --jobs=0
complains "capacity: --points must be a whole number from 2 on, not '1'; see \
iksim capacity --help" capacity "$first" --points 1
complains "run: --until must be more than 0, not '0s'$see" run "$first" \
    --until 0s
complains "plot: --log must be x, y or xy, not 'z'; see iksim plot --help" \
    plot runs.db --log z
complains "plot: --y FIGURE is missing; see iksim plot --help" \
    plot runs.db --x a
# Options that contradict each other, and those that lack another one.
complains "run: --again and --seed do not go together$see" \
    run --again kept --seed 3
complains "run: --again and SCENARIO do not go together$see" \
    run --again kept "$first"
complains "trace export: --csv and --perfetto do not go together; see iksim \
trace export --help" trace export a.trace --csv --perfetto
complains "trace export: --csv or --perfetto or --chrome is missing; see iksim \
trace export --help" trace export a.trace
complains "explain: --csv goes with --requests; see iksim explain --help" \
    explain a.trace --csv
complains "sweep: --out goes with --list; see iksim sweep --help" \
    sweep plan.yaml --out kept
complains "sweep: --csv goes with a plan; see iksim sweep --help" \
    sweep --collect runs.db . --csv
# What follows "--" is an argument.
complains "there is no bundled guest '--help', and no file of that name" \
    verify -- --help

# A value may be joined by "=", or stand behind; the last of several holds.
"$iksim" run "$first" "${window[@]}" --until=1ms --json --seed 3 --seed=4 >out \
    2>err || fail "two seeds: exit $?: $(cat err)"
expect "the last seed" 4 "$(jq .seed out)"
"$iksim" run "$scenarios/hello.yaml" --trace hello.ikt >/dev/null || fail trace
"$iksim" trace show --vm=1 --limit=3 hello.ikt >joined
"$iksim" trace show hello.ikt --vm 1 --limit 3 >apart
expect "lines of --limit=3" 3 "$(wc -l <joined)"
cmp -s joined apart || fail "--vm=1 is not --vm 1"
"$iksim" trace export hello.ikt --csv -ofirst.csv || fail "-ofirst.csv"
"$iksim" trace export hello.ikt --csv --out=second.csv || fail "--out="
cmp -s first.csv second.csv || fail "-o is not --out"

# No binary file in a terminal.
if command -v script >/dev/null; then
    script -qec "$iksim trace export hello.ikt --perfetto" /dev/null \
        </dev/null >out 2>&1
    expect "exit of --perfetto to a terminal" 2 $?
    grep -q 'name a file with --out' out || fail "terminal: $(cat out)"
fi
exit 0

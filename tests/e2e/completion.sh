#!/bin/bash
# Shells complete commands, options and what options take. bash is asked by the
# function that it would call, and once as a person is, through a terminal; zsh
# and fish, where they are there.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
PATH=${iksim%/*}:$PATH
: >one.trace
mkdir runs

# What is offered for a line, with blanks in between: LINE | WORDS.
cat >wanted <<'END'
iksim ru|run
iksim trace ex|export
iksim scenario |check list schema --help
iksim run --instr|--instructions
iksim run --json --js|
iksim plot --log |x y xy
iksim plot --log=x|x xy
iksim new |guest --help
iksim verify htt|httpd
iksim run fir|first
iksim scenario check disk-|disk-bound
iksim run --set kernel.gatek|kernel.gatekeeper=
iksim run --set kernel.gatekeeper=w|working-set
iksim run --set=kernel.page_tables=|eager on-demand
iksim trace show one.trace --layer sched,ga|sched,gate
iksim trace stats one|one.trace
iksim run --trace=one|one.trace
iksim sweep --collect all.db ru|runs
iksim paper fig5-f|fig5-factor
iksim policies wor|working-set
iksim policies denali|
iksim nowhere |
END
bash --norc --noprofile >given 2>err <<'END' || fail "bash: $(cat err)"
source <(iksim completion bash)
compopt() { :; }
while IFS='|' read -r line _; do
    COMP_LINE=$line COMP_POINT=${#line}
    _iksim
    echo "$line|${COMPREPLY[*]}"
done <wanted
END
[ ! -s err ] || fail "bash complains: $(cat err)"
diff wanted given >difference ||
    fail "bash completes (>) what it should not (<): $(cat difference)"

if command -v script >/dev/null; then
    printf 'source <(iksim completion bash)\niksim verify htt\t\nexit\n' |
        script -qec 'bash --norc --noprofile -i' /dev/null >out 2>&1
    grep -q 'httpd: .* outside the subset' out || fail "a person: $(cat out)"
fi

# fish_offers LINE: what fish would, words only.
# shellcheck disable=SC2016  # fish expands it
fish_offers() {
    fish --no-config -c 'iksim completion fish | source
complete -C $argv[1]' "$1" | cut -f 1 | sort | paste -sd ' '
}
if command -v fish >/dev/null; then
    expect "fish: command" run "$(fish_offers 'iksim ru')"
    expect "fish: option" --instructions "$(fish_offers 'iksim run --instr')"
    expect "fish: value" kernel.gatekeeper=working-set \
        "$(fish_offers 'iksim run --set kernel.gatekeeper=w')"
    expect "fish: file" --trace=one.trace \
        "$(fish_offers 'iksim run --trace=one')"
    expect "fish: guest" httpd "$(fish_offers 'iksim verify htt')"
fi

# zsh_makes LINE COMPLETED: zsh in a terminal of its own.
# shellcheck disable=SC2016  # zsh expands it
zsh_makes() {
    timeout 20 zsh -f -c '
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked "PROMPT=; autoload -Uz compinit; compinit -u -D"
zpty -w asked "source <(iksim completion zsh); print rea\"\"dy"
while zpty -r asked line && [[ $line != *ready* ]]; do :; done
zpty -n -w asked "$1"$'"'\\t'"'
for i in {1..50}; do
    sleep 0.1
    while zpty -r -t asked line; do all+=$line; done
    [[ $all == *"$2"* ]] && exit 0
done
print -r -- "$all"
exit 1' zsh "$1" "$2" >out 2>&1 || fail "zsh: '$1' is not '$2': $(cat -v out)"
}
if command -v zsh >/dev/null; then
    zsh_makes 'iksim ru' 'iksim run'
    zsh_makes 'iksim run --instr' '--instructions'
    zsh_makes 'iksim verify htt' 'verify httpd'
    zsh_makes 'iksim run --set kernel.gatekeeper=w' 'gatekeeper=working-set'
    zsh_makes 'iksim trace stats one' '.trace'
fi
exit 0

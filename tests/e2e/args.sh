#!/bin/bash
# The words of a guest's command line: the host, the guest and the clients read
# them by one grammar.
# Usage: args.sh IKSIM
. "${0%/*}/lib.sh"
cd "$work" || exit 2
says() { grep -Eq -- "$1" "$2" || fail "no '$1': $(cat "$2")"; }

# serve KIND IMAGE ARGS: a run with that load, of which all is answered rightly.
serve() {
    local load="{kind: http, rate: 200}"
    [ "$1" = http ] || load="{kind: game, players: 2}"
    cat >args.yaml <<END
run:  {warmup: 100ms, duration: 100ms}
vms:  [{name: web, image: $2, count: 2, args: "$3"}]
load: [$load]
END
    "$iksim" run --json args.yaml >report.json 2>err
    expect "$3: exit code" 0 $?
    sent=$(value report .load.sent)
    between "$3: requests" 4 40 "$sent"
    expect "$3: answers" "$sent" "$(value report .load.completed)"
    expect "$3: failures" 0 "$(value report .load.failed)"
}
serve http httpd 'size=0100'
expect "bytes, decimal" $((sent * 100)) "$(value report .load.bytes)"
serve http httpd 'size=2KiB port=8080'
expect "bytes" $((sent * 2048)) "$(value report .load.bytes)"
serve http httpd 'timeout=2000ms port=1'
serve game game 'port=99 tick=20ms'

# An image that lies beside the scenario is found from any folder.
mkdir beside elsewhere
cp "$(dirname "$iksim")/guests/hello.elf" beside/mine.elf
echo 'vms: [{image: mine.elf}]' >beside/run.yaml
(cd elsewhere && "$iksim" run ../beside/run.yaml >out 2>err) ||
    fail "the image beside the scenario is not found: $(cat elsewhere/err)"

# refuses SENTENCE ARGS: before anything runs.
refuses() {
    sed "s/args: \"[^\"]*\"/args: \"$2\"/" args.yaml >bad.yaml
    "$iksim" scenario check bad.yaml >out 2>err
    expect "exit code for $2" 2 $?
    says "$1" err
}
sed -i 's/image: game/image: httpd/; s/kind: game, players: 2/kind: http, rate: 200/' args.yaml
refuses 'bad.yaml:2: vms\[0\].args: the guest knows no word "sise", perhaps size=$' 'sise=100'
refuses 'knows no word "port" without a value' 'port'
refuses 'port= is given twice' 'port=80 port=81'
refuses 'size=0x10 is not a size in bytes' 'size=0x10'
refuses 'port=70000 is not a whole number from 1 to 65535' 'port=70000'

# What is listed is what the guests take.
"$iksim" guests >list
expect "guests" "batch buggy discard diskd echo game hello httpd pager spin" \
    "$(awk '/^[a-z]/ { print $1 }' list | xargs)"
"$iksim" guests httpd >words
says '^  working-set=SIZE$' words
says 'From 1 to 65535; 80, if it is not given' words
awk 'length > 80' list words | grep . && fail "too wide"
"$iksim" guests no-such-guest 2>err
expect "exit code for no guest" 2 $?

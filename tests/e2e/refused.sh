#!/bin/bash
# Whatever is wrong with what iksim is given, it says so in one sentence that
# names the place, and ends with 2 before anything is simulated.
# Usage: refused.sh IKSIM REFUSED.elf
. "${0%/*}/lib.sh"
refused=$(readlink -f "$2") || exit 2
cd "$work" || exit 2

# refuses PATTERN ARGUMENT...: exit 2 and one line, which the pattern matches.
refuses() {
    local pattern=$1 code lines
    shift
    timeout 1800 "$iksim" "$@" >out 2>err </dev/null
    code=$?
    lines=$(wc -l <err)
    [ "$code" -eq 2 ] || fail "iksim $*: exit $code, not 2: $(cat out err)"
    [ "$lines" -eq 1 ] || fail "iksim $*: $lines lines, not 1: $(cat err)"
    [ ! -s out ] || fail "iksim $*: on stdout: $(head -n 5 out)"
    grep -Eq -- "$pattern" err ||
        fail "iksim $*: no '$pattern' in: $(cat err)"
}

# scenario_refuses PATTERN: the scenario on standard input, by run and by
# scenario check, which say the same.
scenario_refuses() {
    cat >bad.yaml
    refuses "bad\.yaml:$1" run bad.yaml
    mv err said
    refuses "bad\.yaml:$1" scenario check bad.yaml
    cmp -s err said ||
        fail "run says '$(cat said)', scenario check says '$(cat err)'"
}

# Keys and values: file, line and field.
scenario_refuses '2: .*cuont' <<'END'
vms:
  - {image: hello, cuont: 3}
END
scenario_refuses '2: .*speed' <<'END'
vms: [{image: hello}]
speed: 3
END
scenario_refuses '3: vms\[0\]\.count: .*three' <<'END'
vms:
  - image: hello
    count: three
END
scenario_refuses '1: vms\[0\]\.count: .*-5' <<'END'
vms: [{image: hello, count: -5}]
END
scenario_refuses '1: vms\[0\]\.count: .*0' <<'END'
vms: [{image: hello, count: 0}]
END
scenario_refuses '1: vms\[0\]\.count: ' <<'END'
vms: [{image: hello, count: 99999999999999999999}]
END
scenario_refuses '.*vms' <<'END'
run: {seed: 1}
END
scenario_refuses '1: .*vms' <<'END'
vms: []
END
scenario_refuses '1: vms\[0\]: .*image.* missing' <<'END'
vms: [{count: 3}]
END
scenario_refuses '1: run\.duration: .*2parsecs' <<'END'
run: {duration: 2parsecs}
vms: [{image: hello}]
END
scenario_refuses '1: run\.duration: ' <<'END'
run: {duration: 0s}
vms: [{image: hello}]
END
scenario_refuses '2: run\.seed: ' <<'END'
run:
  seed: -1
vms: [{image: hello}]
END
scenario_refuses '1: run' <<'END'
run: [1, 2]
vms: [{image: hello}]
END
scenario_refuses '2: link\.loss: ' <<'END'
vms: [{image: hello}]
link: {loss: 120%}
END
scenario_refuses '2: load\[0\]\.target: .*nobody' <<'END'
vms: [{image: hello}]
load: [{kind: http, target: nobody, rate: 1}]
END
scenario_refuses '2: load\[0\]' <<'END'
vms: [{image: hello}]
load: [{kind: http, rate: 1, clients: 1}]
END
scenario_refuses '2:1: is not YAML' <<'END'
vms: [{image: hello
END

# Images.
scenario_refuses '1: vms\[0\]\.image: .*helo' <<'END'
vms: [{image: helo}]
END
scenario_refuses '1: vms\[0\]\.image: .*no/such\.elf' <<'END'
vms: [{image: no/such.elf}]
END
echo "not an image" >text
scenario_refuses '1: vms\[0\]\.image: .*text' <<'END'
vms: [{image: ./text}]
END
scenario_refuses '1: vms\[0\]\.image: .*3 instructions, .*0x401001: cpuid' \
    <<END
vms: [{image: $refused}]
END

# Memory.
scenario_refuses '2: vms\[0\]\.memory: ' <<'END'
machine: {ram: 64MiB}
vms: [{image: hello, memory: 128MiB}]
END
scenario_refuses '1: vms\[0\]\.memory: ' <<'END'
vms: [{image: hello, memory: 100}]
END

# Policies: those there are.
scenario_refuses '1: kernel\.gatekeeper: .*lifo.*fifo' <<'END'
kernel: {gatekeeper: lifo}
vms: [{image: hello}]
END
scenario_refuses '1: kernel\.scheduler: .*magic.*round-robin' <<'END'
kernel: {scheduler: magic}
vms: [{image: hello}]
END
scenario_refuses '1: kernel\.replacement: .*luck.*wsclock' <<'END'
kernel: {replacement: luck}
vms: [{image: hello}]
END
scenario_refuses '1: machine\.profile: .*pdp-11.*denali-2002' <<'END'
machine: {profile: pdp-11}
vms: [{image: hello}]
END
scenario_refuses '1: machine\.costs: .*gold.*unit' <<'END'
machine: {costs: gold}
vms: [{image: hello}]
END

# Files that are no scenario.
: >empty.yaml
mkdir folder
head -c 4096 /dev/urandom >noise.yaml
refuses 'missing\.yaml: ' run missing.yaml
refuses 'folder: ' run folder
refuses 'empty\.yaml: ' run empty.yaml
refuses 'noise\.yaml' run noise.yaml
refuses '/dev/null: ' run /dev/null

# Calls.
hello=$scenarios/hello.yaml
refuses '--bogus' run "$hello" --bogus
refuses '-x' run "$hello" -x
refuses '--set.*value' run "$hello" --set
refuses '--seed.*seven' run "$hello" --seed seven
refuses '--seed.*99999999999999999999' run "$hello" --seed 99999999999999999999
refuses '--until.*soon' run "$hello" --until soon
refuses '--json' run "$hello" --json=yes
refuses 'no scenario' run
refuses 'one argument too many' run "$hello" "$hello"
refuses '--set.*cuont' run "$hello" --set 'vms[0].cuont=3'
refuses '--set.*vms\[9\]' run "$hello" --set 'vms[9].count=3'
refuses '--set.*count' run "$hello" --set 'vms[0].count'
refuses '--set.*=3' run "$hello" --set '=3'
refuses 'frobnicate' frobnicate
refuses 'bogus' scenario check --bogus
refuses 'scenario' scenario
refuses 'no scenario' scenario check
refuses 'no policy' policies now
refuses 'argument' figures now
refuses '--set.*perhaps boost' run "$hello" \
    --set kernel.scheduler=mlfq --set kernel.scheduler_args.bost=3
refuses '--set.*at least 1' run "$hello" \
    --set kernel.scheduler=mlfq --set kernel.scheduler_args.boost=0
refuses 'has no such arguments' run "$hello" \
    --set kernel.scheduler=fifo --set kernel.scheduler_args.boost=1
refuses 'vms\[0\].policy_args.x' run "$hello" \
    --set 'vms[0].policy_args.x=1'
refuses 'image' verify
refuses 'nobody' verify nobody
refuses 'text: ' verify ./text
refuses 'nobody' disasm nobody
refuses "no claim 'skwe'; did you mean skew" paper skwe

# One violation is enough: all three of the image, one of them, none.
violates() {
    "$iksim" verify "$1" >out 2>err
    expect "verify $1: exit" "$3" $?
    grep -q ", $2 outside the subset$" out || fail "verify $1: $(cat out err)"
}
LC_ALL=C sed 's/\x0f\xa2\(\x0f\x31\)\xf4/\x90\x90\1\x90/' "$refused" >one.elf
LC_ALL=C sed 's/\x0f\xa2\x0f\x31\xf4/\x90\x90\x90\x90\x90/' "$refused" >no.elf
violates "$refused" 3 1
violates one.elf 1 1
violates no.elf 0 0

# Outputs that cannot be, found before the run.
refuses 'no/such/pcap' run "$hello" --pcap no/such/pcap
refuses 'folder' run "$hello" --pcap folder
refuses 'no/such/dir' run "$hello" --out no/such/dir
refuses 'text' run "$hello" --out text
refuses '/dev/full' run "$hello" --out /dev/full
"$iksim" run "$hello" --out kept >out 2>err || fail "--out kept: $(cat err)"
refuses "'kept' holds a run already" run "$hello" --out kept

# A pipe that nobody writes to is not waited for.
mkfifo pipe
refuses 'pipe: It is no regular file' verify ./pipe
refuses 'pipe: It is no regular file' disasm ./pipe
refuses "'./pipe': It is no regular file" run "$hello" \
    --set 'vms[0].image=./pipe'

# A file that may not be read; root may read all.
if [ "$(id -u)" -ne 0 ]; then
    : >secret.yaml
    chmod 0 secret.yaml
    refuses 'secret\.yaml: ' run secret.yaml
fi

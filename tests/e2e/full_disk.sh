#!/bin/bash
# Results that cannot be written are an error, said on stderr.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
[ -w /dev/full ] || skip "there is no /dev/full here"
hello=$scenarios/hello.yaml

# loses ARGUMENT...: a call whose output is lost.
loses() {
    "$iksim" "$@" >/dev/full 2>err
    code=$?
    between "iksim $* >/dev/full: exit ($(cat err))" 1 2 "$code"
    grep -q '^iksim: cannot write' err ||
        fail "iksim $* >/dev/full: it says: $(cat err)"
    "$iksim" "$@" >&- 2>err
    code=$?
    between "iksim $* with stdout closed: exit ($(cat err))" 1 2 "$code"
}
loses --help
loses --version
loses run --help
loses policies
loses run "$hello"
loses run "$hello" --json
loses scenario check "$hello"
loses verify hello
loses disasm hello

"$iksim" run "$first" "${window[@]}" --pcap /dev/full >out 2>err
code=$?
[ "$code" -ne 0 ] || fail "--pcap /dev/full: exit 0"
grep -q "cannot write '/dev/full'" err || fail "--pcap /dev/full: $(cat err)"
grep -q Fingerprint out || fail "--pcap /dev/full: no report on stdout"

# So is a file that may not grow: a limit of 2 blocks of 1 KiB.
for option in --pcap --trace --out --vms --report; do
    (ulimit -f 2 && "$iksim" run "$first" "${window[@]}" $option limited) \
        >out 2>err
    code=$?
    between "$option beyond ulimit -f: exit ($(cat err))" 1 2 "$code"
    grep -q "^iksim: cannot write 'limited" err ||
        fail "$option beyond ulimit -f: it says: $(cat err)"
    rm -rf limited
done

# An hour of virtual time ends when the file that it fills can grow no more, with
# its results so far, and with what was finished.
for option in --pcap --trace; do
    (ulimit -f 512 && "$iksim" run "$first" --set run.warmup=0s \
        --set run.duration=3600s $option limited --out kept --json) >out 2>err
    code=$?
    expect "$option filled in a long run: exit ($(cat err))" 2 "$code"
    grep -q "^iksim: cannot write 'limited" err ||
        fail "$option filled in a long run: it says: $(cat err)"
    expect "$option filled in a long run: the manifest" output \
        "$(jq -r .ended kept/manifest.json)"
    [ "$(jq .load.completed out)" -gt 0 ] || fail "$option: no results so far"
    "$iksim" scenario check kept/scenario.yaml >/dev/null 2>err ||
        fail "$option: the scenario that was kept: $(cat err)"
    rm -rf limited kept
done

# A reader that goes away ends the program by SIGPIPE, as it does all others.
"$iksim" disasm spin | head -n 0
between "a reader that goes away: exit" 141 141 "${PIPESTATUS[0]}"

# With stdout closed, the pcap does not become it.
"$iksim" run "$scenarios/hello.yaml" --console --pcap pcap >&- 2>err
expect "a pcap without packets, beside a closed stdout" 24 "$(wc -c <pcap)"

#!/bin/bash
# A run directory holds all that a run was, so that it can be run again.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# Three groups, two images: one is kept for two groups.
cat >mixed.yaml <<END
vms:
  - {name: web, image: httpd, count: 5, args: size=100}
  - {image: hello, count: 2}
  - {name: again, image: hello}
load: [{kind: http, target: web, rate: 100, zipf: 0.8}]
END
simulate run mixed.yaml "${window[@]}" --seed 9223372036854775807 \
    --set link.loss=1.5% --out kept
expect "what is in a run directory" \
    "console.log images manifest.json report.json scenario.yaml" \
    "$(cd kept && printf '%s\n' * | sort | xargs)"

cp kept/report.json kept.json
cmp -s kept.json run.json || same run kept "report.json and --json"
holds kept

manifest=kept/manifest.json
expect "fingerprint in the manifest" "$(value run .fingerprint)" \
    "$(jq -r .fingerprint $manifest)"
expect "fields of the manifest" \
    "schema version unicorn scenario seed scenario_hash options ended message \
fingerprint guests images policies disks loads engine" \
    "$(jq -r 'keys_unsorted | join(" ")' $manifest)"
expect "seed in the manifest" 9223372036854775807 "$(sed -n \
    's/.*"seed": \([0-9]*\),/\1/p' $manifest)"
expect "images in the manifest" "httpd hello" \
    "$(jq -r '[.images[].image] | join(" ")' $manifest)"
for image in httpd hello; do
    hash=$(jq -r ".images[] | select(.image == \"$image\") | .xxh3_128" \
        $manifest)
    cmp -s "kept/images/$hash.elf" "${iksim%/*}/guests/$image.elf" ||
        fail "kept/images/$hash.elf is not $image"
    if command -v xxhsum >/dev/null; then
        expect "hash of $image" "$hash" \
            "$(xxhsum -q -H2 "kept/images/$hash.elf" | cut -d ' ' -f 1)"
    fi
done
expect "lines in console.log" 3 "$(grep -c 'Hello from VM' kept/console.log)"
grep -Eq '^[0-9]+ again-0: Hello from VM 7' kept/console.log ||
    fail "console.log: $(cat kept/console.log)"

if command -v xxhsum >/dev/null; then
    expect "hash of the scenario" "$(jq -r .scenario_hash $manifest)" \
        "$(xxhsum -q -H3 kept/scenario.yaml | sed 's/^XXH3_//' | cut -d ' ' -f 1)"
fi

# --again needs nothing but the directory, wherever it is now.
mkdir elsewhere && cp -r kept elsewhere/moved
again() { # CODE PATTERN ARGUMENT...
    local code=$1 pattern=$2
    shift 2
    "$iksim" run --again "$@" >out 2>&1
    expect "exit of run --again $*" "$code" $?
    grep -Eq -- "$pattern" out || fail "run --again $*: $(cat out)"
}
again 0 "is repeated exactly: $(value run .fingerprint)" elsewhere/moved
again 0 '"equal": true' elsewhere/moved --json
again 2 'again and --seed do not go together' elsewhere/moved --seed 1
again 2 'again and SCENARIO do not go together' elsewhere/moved mixed.yaml
again 2 "cannot read 'nowhere'" nowhere
again 2 'does not hold a finished run' elsewhere

# Options are part of what a run was.
simulate cut "$first" --until 300ms --out cut
again 0 'is repeated exactly' cut

# What differs is named, by layer.
cp -r cut other
jq '.fingerprints.gate = "0" | .fingerprints.load = "0"' cut/report.json \
    >other/report.json
again 1 '^Differing layers: gate, load$' other

# What is no longer the run is not taken for it.
cp -r cut changed
echo '# more' >>changed/scenario.yaml
again 2 "scenario.yaml' has changed since the run" changed
cp -r cut patched
for image in patched/images/*; do printf x >>"$image"; done
again 2 "elf' has changed since the run" patched
cp -r cut broken
echo '{' >broken/manifest.json
again 2 'is not as a run leaves it' broken

# The effective scenario, alone, gives the same run, and the same scenario.
simulate again kept/scenario.yaml --out twice
expect "fingerprint of the effective scenario" "$(value run .fingerprint)" \
    "$(value again .fingerprint)"
jq '.scenario = "again"' run.json >run2.json && mv run2.json run.json
jq '.scenario = "again"' again.json >again2.json && mv again2.json again.json
same run again "the effective scenario, run again"
diff kept/scenario.yaml twice/scenario.yaml >difference ||
    fail "the effective scenario of the effective scenario: $(cat difference)"

# What was on a disk before the run is kept, since the run writes the file. The
# repeated run leaves both as they are, and needs the directory alone.
cat >disk.yaml <<'END'
run:   {seed: 3, warmup: 100ms, duration: 300ms}
vms:
  - {name: other, image: hello}
  - {name: store, image: diskd, args: size=20000}
disks: [{vms: other, size: 512KiB}, {vms: store, size: 1MiB, file: disk.img}]
load:  [{target: store, rate: 20}]
END
truncate --size=1MiB disk.img
printf 'what was there before' |
    dd of=disk.img bs=4096 seek=100 conv=notrunc status=none
cp disk.img before.img
simulate disked disk.yaml --out disked
cmp -s disk.img before.img && fail "nothing was written on the disk"
cmp disked/disks/1.img before.img || fail "the disk is not kept as it was"
expect "disks that are kept" 1.img "$(ls disked/disks)"
cp disk.img after.img
again 0 'is repeated exactly' disked
cmp disk.img after.img || fail "--again has written the disk's file"
rm disk.img
cp -r disked elsewhere/disked
again 0 'is repeated exactly' elsewhere/disked
cmp disked/disks/1.img elsewhere/disked/disks/1.img ||
    fail "--again has written what is kept"
printf x | dd of=disked/disks/1.img conv=notrunc status=none
again 2 "disks/1.img' has changed since the run" disked
rm disked/disks/1.img
again 2 "cannot read 'disked/disks/1.img'" disked

# A run that cannot go on says why in its manifest, too.
"$iksim" run mixed.yaml --set kernel.min_free=1000MiB --out stuck >out 2>err
expect "exit of a run that cannot go on" 1 $?
expect "message in the manifest" "$(sed -n '1s/^iksim: //p' err)" \
    "$(jq -r .message stuck/manifest.json)"
grep -q 'asks for more' err || fail "a run that cannot go on: $(cat err)"
expect "message of a run that went well" null \
    "$(jq -r .message kept/manifest.json)"
again 0 'is repeated exactly' stuck

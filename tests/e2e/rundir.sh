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
    "schema version unicorn scenario seed scenario_hash fingerprint images" \
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

# The effective scenario, alone, gives the same run, and the same scenario.
simulate again kept/scenario.yaml --out twice
expect "fingerprint of the effective scenario" "$(value run .fingerprint)" \
    "$(value again .fingerprint)"
jq '.scenario = "again"' run.json >run2.json && mv run2.json run.json
jq '.scenario = "again"' again.json >again2.json && mv again2.json again.json
same run again "the effective scenario, run again"
diff kept/scenario.yaml twice/scenario.yaml >difference ||
    fail "the effective scenario of the effective scenario: $(cat difference)"

#!/bin/bash
# What people write runs: the five lines of the manual, JSON, guests by name
# and by path from any directory; and what the guests say is seen.
. "${0%/*}/lib.sh"
guests=${iksim%/*}/guests
cd "$work" || exit 2

# The whole scenario that the manual shows, as it stands there.
sed -n '/^```yaml/,/^```/{/^```/!p}' "$tree/docs/scenario.md" >manual.yaml
expect "lines in the manual's scenario" 6 "$(wc -l <manual.yaml)"
simulate manual manual.yaml "${window[@]}"
all_answered manual
expect "VMs of the manual's scenario" 1000 "$(value manual .vms.created)"

# The least that is a scenario, in both notations.
echo 'vms: [{image: hello}]' >hi.yaml
echo '{"vms": [{"image": "hello"}]}' >hi.scenario
simulate least hi.yaml
expect "the scenario's name" hi.yaml "$(value least .scenario)"
simulate json hi.scenario
expect "fingerprint of the same scenario as JSON" \
    "$(value least .fingerprint)" "$(value json .fingerprint)"
expect "VMs that terminated" 1 "$(value least .vms.terminated)"

# What is shown is the scenario that runs, with what a preset stands for.
"$iksim" scenario show hi.yaml --set kernel.preset=isolated >shown.yaml ||
    fail "scenario show"
grep -qx '  scheduler: entitled' shown.yaml || fail "shown: $(cat shown.yaml)"
simulate shown shown.yaml
simulate preset hi.yaml --set kernel.preset=isolated
expect "fingerprint of what is shown" "$(value preset .fingerprint)" \
    "$(value shown .fingerprint)"
"$iksim" scenario show shown.yaml | cmp - shown.yaml ||
    fail "what is shown is shown otherwise"

# A guest by its path, absolute and not.
cp "$guests/hello.elf" here.elf
for image in ./here.elf here.elf "$guests/hello.elf"; do
    simulate path hi.yaml --set "vms[0].image=$image"
    expect "fingerprint of hello as $image" \
        "$(value least .fingerprint)" "$(value path .fingerprint)"
done

# The bundled guests are next to the program, through a link too.
mkdir bin
ln -s "$iksim" bin/iksim
bin/iksim run --json hi.yaml >linked.json 2>err ||
    fail "iksim called through a link: $(cat err)"
same least linked "called through a link"

# What the guests say, whole, each line with the VM's name.
"$iksim" run "$scenarios/hello.yaml" >said 2>err || fail "hello: $(cat err)"
for vm in 0 1 2; do
    grep -qxF "hello-$vm: Hello from VM $vm, 10.16.0.$((vm + 1)), 16384 KiB." \
        said || fail "VM $vm does not say hello: $(head -n 5 said)"
done
[ ! -s err ] || fail "hello.yaml says on stderr: $(cat err)"

# With many, the first few; with --console, all; with --json, not on stdout.
# Each reads its image from the disks first.
many=("$scenarios/hello.yaml" --set 'vms[0].count=50' --set run.duration=5s)
"$iksim" run "${many[@]}" >said 2>err || fail "50 hellos: $(cat err)"
expect "lines shown of 50" 20 "$(grep -c 'Hello from' said)"
grep -q '30 more lines' said || fail "nobody says that 30 lines are not shown"
"$iksim" run "${many[@]}" --console >said 2>err || fail "$(cat err)"
expect "lines shown with --console" 50 "$(grep -c 'Hello from' said)"
simulate quiet "${many[@]}" --console
expect "lines on stderr with --json" 50 "$(grep -c 'Hello from' quiet.err)"

# A guest that cannot even start is named, and so is that nobody answers.
"$iksim" run "$first" "${window[@]}" --set 'vms[0].count=2' \
    --set 'vms[0].args=size=1GiB' --set 'load[0].timeout=10ms' >said 2>err
expect "a guest without the memory that it needs: exit code" 1 $?
grep -qF 'web-1: terminated with code' said ||
    fail "nobody says how the VMs ended: $(cat said)"
grep -q '^iksim: web-0 ended badly, .* one more such VM' err ||
    fail "nobody says that the VMs are dead: $(cat err)"
"$iksim" run "$first" "${window[@]}" --set 'vms[0].count=2' \
    --set 'load[0].timeout=1us' >said 2>err
expect "a load of which nothing is answered: exit code" 1 $?
grep -q '^iksim: none of the requests of load\[0\] was answered' err ||
    fail "nobody says that nobody answers: $(cat err)"

# VMs end as the scenario expects, or the run is not fine.
ends() { # CODE EXPECT BUG
    "$iksim" run "$scenarios/buggy.yaml" "${window[@]}" \
        --set "vms[1].expect=$2" --set "vms[1].args=bug=$3 after=10" \
        >said 2>err
    expect "exit code of bug=$3 with expect: $2" "$1" $?
}
ends 0 well none
ends 0 well loop
ends 1 well divide
grep -q '^iksim: broken-0 (VM 20) ended badly, which vms\[1\].expect' err ||
    fail "nobody says who ended badly: $(cat err)"
ends 0 badly divide
ends 1 badly none
ends 1 badly loop
ends 0 any divide
ends 0 any none

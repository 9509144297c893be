#!/bin/bash
# The JSON schemas of scenarios and plans, by a validator that is not ours: what
# is bundled is valid, wrong files are not, and what `iksim scenario
# check` takes of each key, an editor does not mark.
. "${0%/*}/lib.sh"
python3 -c 'import jsonschema, yaml' 2>/dev/null ||
    skip "there is no python3 with jsonschema and yaml here"
cd "$work" || exit 2
"$iksim" scenario schema >scenario.json || fail "scenario schema"
"$iksim" scenario schema --plan >plan.json || fail "scenario schema --plan"

# Wrong files, each of which iksim refuses, too.
mkdir wrong plans
good='vms: [{name: a, image: hello}]'
n=0
while IFS= read -r text; do
    n=$((n + 1))
    printf '%b\n' "$text" >wrong/$n.yaml
    "$iksim" scenario check wrong/$n.yaml >/dev/null 2>err &&
        fail "iksim takes: $text"
done <<END
run: {seed: 1}
vms: [{name: a}]
vms: {name: a, image: hello}
$good\nrum: {seed: 1}
$good\nrun: {sede: 1}
$good\nrun: {seed: -1}
$good\nrun: {seed: 1.5}
$good\nrun: {duration: 2}
$good\nrun: {duration: 2m}
$good\nrun: {warmup: soon}
$good\nmachine: {ram: 1GB}
$good\nkernel: {interrupts: never}
$good\nkernel: {quantum: [1ms]}
$good\nkernel: {scheduler_args: 3}
$good\nlink: {loss: 2}
$good\nlink: {bandwidth: 100Mbps}
$good\nload: [{target: a, rate: fast}]
$good\nload: [{target: a, zipf: 11, rate: 1}]
$good\nevents: [{at: late, create: a}]
vms: [{name: a, image: hello, count: 0}]
vms: [{name: $(printf 'a%.0s' {1..64}), image: hello}]
- a
END
printf 'base: x.yaml\nseed: [1]\n' >plans/1.yaml
printf 'grid: [{key: run.seed, values: [1]}]\n' >plans/2.yaml
printf 'base: x.yaml\ngrid: {key: run.seed}\n' >plans/3.yaml
printf 'base: x.yaml\nsets: [{name: a, sets: [x=1]}]\n' >plans/4.yaml

# Every key with its default and some values, a file each; `base` has what a load needs.
cat >valid.py <<'END'
import glob, json, os, subprocess, sys, yaml
from jsonschema import Draft202012Validator as Validator
iksim, tree = sys.argv[1:]

def validator(name):
    with open(name) as file:
        schema = json.load(file)
    Validator.check_schema(schema)
    return Validator(schema)

def valid(of, path):
    with open(path) as file:
        return of.is_valid(yaml.safe_load(file))

scenario, plan = validator("scenario.json"), validator("plan.json")
bad = []
files = glob.glob(tree + "/workloads/scenarios/*.yaml")
files += glob.glob(tree + "/workloads/paper/*.yaml")
plans = glob.glob(tree + "/workloads/plans/*.yaml")
assert len(files) > 20 and len(plans) > 3
bad += [f"{f} is marked" for f in files if not valid(scenario, f)]
bad += [f"{f} is marked" for f in plans if not valid(plan, f)]
for f in glob.glob("wrong/*.yaml"):
    if valid(scenario, f):
        bad.append("not marked: " + open(f).read())
for f in glob.glob("plans/*.yaml"):
    if valid(plan, f):
        bad.append("not marked: " + open(f).read())

values = ["1", "0.5", "10ms", "2MiB", "auto", "window", "window+1s", "50%",
          "1Mbit", "true", "round-robin", "a", "'1'", ""]
taken = turn = 0
for part, rule in scenario.schema["properties"].items():
    is_list = "items" in rule
    for key in (rule["items"] if is_list else rule)["properties"]:
        about = (rule["items"] if is_list else rule)["properties"][key]
        words = [w for w in about.get("enum", []) if isinstance(w, str)]
        some = [values[(turn + i) % len(values)] for i in range(3)]
        turn += 3
        for value in some + words[-1:] + [about.get("default", "a")]:
            base = {"vms": {"name": "a", "image": "hello"},
                    "load": {"target": "a", "rate": "10"},
                    "disks": {"vms": "a", "size": "1MiB"},
                    "events": {"create": "a"}}
            if is_list and key not in ("name", "target", "create", "vms"):
                base[part][key] = value
            elif is_list:
                continue
            else:
                base[part] = {key: value}
            text = ""
            for name, keys in base.items():
                if name in ("vms", part):
                    flow = ", ".join(f"{k}: {v}" for k, v in keys.items())
                    more = ["[", "]"] if name in ("vms", "load", "disks",
                                                  "events") else ["", ""]
                    text += f"{name}: {more[0]}{{{flow}}}{more[1]}\n"
            with open("one.yaml", "w") as file:
                file.write(text)
            check = subprocess.run([iksim, "scenario", "check", "one.yaml"],
                                   capture_output=True)
            if check.returncode == 0:
                taken += 1
                if not valid(scenario, "one.yaml"):
                    bad.append("marked, but taken: " + text)
if taken < 60:
    bad.append(f"only {taken} values are taken")
print("\n".join(bad))
sys.exit(1 if bad else 0)
END
python3 valid.py "$iksim" "$tree" >out 2>err || fail "$(cat out err)"
exit 0

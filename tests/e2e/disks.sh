#!/bin/bash
# A virtual disk with a file: what is in it is on the disk, and what is then on
# the disk is in it. What cannot be such a file is refused with a sentence.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >disk.yaml <<'END'
run:   {seed: 3, warmup: 100ms, duration: 500ms}
vms:   [{name: store, image: diskd, args: size=20000}]
disks: [{size: 1MiB, file: disk.img}]
load:  [{target: store, rate: 20}]
END
truncate --size=1MiB disk.img
simulate fresh disk.yaml --check
all_answered fresh
cmp -s disk.img <(head -c 1048576 /dev/zero) && fail "nothing was written"
cp disk.img kept.img

# It finds its document, so it writes less, and the file stays as it is.
simulate again disk.yaml --check
all_answered again
cmp disk.img kept.img || fail "a run that found its document changed it"
[ "$(value fresh .fingerprint)" != "$(value again .fingerprint)" ] ||
    fail "what is on the disk makes no difference"

# The same contents, the same run.
cp disk.img disk2.img
simulate same disk.yaml --check --set 'disks[0].file=disk2.img'
expect "fingerprint with a file of the same contents" \
    "$(value again .fingerprint)" "$(value same .fingerprint)"

# refuses WHAT SENTENCE ARGUMENT...
refuses() {
    local what=$1 sentence=$2 code
    shift 2
    "$iksim" run disk.yaml "$@" >out 2>err
    code=$?
    expect "$what: exit code ($(cat err))" 2 "$code"
    expect "$what: lines" 1 "$(wc -l <err)"
    grep -q "$sentence" err || fail "$what: it says: $(cat err)"
}
refuses "no file" "disks\[0\].file=none.img: 'none.img' cannot be opened" \
    --set 'disks[0].file=none.img'
refuses "a folder" "'\.' cannot be opened" --set 'disks[0].file=.'
refuses "a small file" "not as large as the disk" --set 'disks[0].size=2MiB'
refuses "a large file" "not as large as the disk" --set 'disks[0].size=512KiB'
refuses "a device" "is not a regular file" --set 'disks[0].file=/dev/null'
mkfifo pipe
refuses "a pipe" "is not a regular file" --set 'disks[0].file=pipe'
[ "$(id -u)" = 0 ] || {
    chmod a-w disk.img
    refuses "a file that may not be written" "cannot be opened"
}
exit 0

#!/bin/bash
# iksim viz: what it draws without a display, what it does in a window, that it
# changes no run, and what it says of files that are not whole.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

small=("$first" --set 'vms[0].count=10' "${window[@]}")

# ends CODE COMMAND...: its exit code; what it said is in out and err.
ends() {
    local want=$1
    shift
    "$@" >out 2>err
    local code=$?
    [ $code = "$want" ] || fail "$*: exit $code, not $want: $(cat err)"
}

# A build without SDL2 says so.
if ! "$iksim" viz "${small[@]}" --screenshot 1ms probe.png 2>err; then
    grep -q 'built without SDL2' err || fail "no picture: $(cat err)"
    skip "this build has no SDL2"
fi

# ---- pictures ----

"$iksim" run "${small[@]}" --json --trace run.trace >run.json 2>err ||
    fail "no trace: $(cat err)"
for size in 1280x800 1920x1080; do
    for n in 1 2; do
        ends 0 "$iksim" viz run.trace --screenshot 120ms $size.$n.png \
            --size $size --vm 3
    done
    cmp $size.1.png $size.2.png || fail "two pictures of one moment differ"
    # Width and height stand in the picture's head, most significant first.
    [ "$(head -c 24 $size.1.png | tail -c 8 | od -An -tx1 | tr -d ' \n')" = \
        "$(printf '%08x%08x' ${size%x*} ${size#*x})" ] ||
        fail "not a picture of $size"
done

# What cannot be shown is said; a picture of the end is better than none.
ends 2 "$iksim" viz run.trace --screenshot 120ms x.png --vm 99
grep -q "^iksim: there is no VM '99': VMs of this run are" err ||
    fail "--vm 99: $(cat err)"
ends 1 "$iksim" viz run.trace --screenshot 30s late.png
grep -q 'the last event is at .*: the picture is of then' err ||
    fail "--screenshot 30s: $(cat err)"
[ -s late.png ] || fail "no picture of the end"

# Live, the same moment has the same picture twice; and what it shows of the
# machine is in the trace, too: the moment and the number of events.
ends 0 "$iksim" viz "${small[@]}" --screenshot 120ms live.1.png
ends 0 "$iksim" viz "${small[@]}" --screenshot 120ms live.2.png
cmp live.1.png live.2.png || fail "two live pictures of one moment differ"

# The raster: the same picture twice, another for another span or order; times that
# make no span, or are not of the run, are refused or said.
for n in 1 2; do
    ends 0 "$iksim" viz run.trace --view raster --screenshot 120ms raster.$n.png
done
cmp raster.1.png raster.2.png || fail "two rasters of one trace differ"
ends 0 "$iksim" viz run.trace --view raster --from 100ms --to 110ms \
    --screenshot 105ms near.png
ends 0 "$iksim" viz run.trace --view raster --order waiting \
    --screenshot 120ms order.png
for other in near order 1280x800.1; do
    cmp -s raster.1.png $other.png && fail "$other.png is the whole raster"
done
ends 2 "$iksim" viz run.trace --view raster --from 2ms --to 2ms \
    --screenshot 1ms x.png
grep -q -- '--from must be before --to' err || fail "no span: $(cat err)"
ends 2 "$iksim" viz run.trace --from 2ms --screenshot 3ms x.png
grep -q -- '--from and --to are for --view raster' err ||
    fail "--from without a raster: $(cat err)"
ends 1 "$iksim" viz run.trace --view raster --from 30s --screenshot 120ms x.png
grep -q 'the last event is at ' err || fail "--from 30s: $(cat err)"

if [ -w /dev/full ]; then
    ends 2 "$iksim" viz run.trace --screenshot 120ms /dev/full
    grep -q "cannot write '/dev/full'" err || fail "a full disk: $(cat err)"
fi

# ---- without a display ----

ends 2 env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER \
    timeout 1800 "$iksim" viz run.trace
grep -q 'there is no display' err || fail "without a display: $(cat err)"

# ---- the run is the same ----

ends 0 "$iksim" viz "${small[@]}" --screenshot 150ms mid.png --fingerprint
[ "$(cat out)" = "Fingerprint $(value run .fingerprint)" ] ||
    fail "watched: $(cat out); not watched: $(value run .fingerprint)"

# ---- pictures a second ----

ends 0 "$iksim" viz run.trace --bench 1
grep -Eq '^[0-9]+ pictures of 1280 x 800 in .* a second' out ||
    fail "--bench says: $(cat out)"

# ---- files that are not whole ----

bytes=$(stat -c %s run.trace)
head -c $((bytes * 2 / 3)) run.trace >cut.trace
ends 1 "$iksim" viz cut.trace --screenshot 100ms cut.png
[ -s cut.png ] || fail "a trace that is cut has no picture"
[ "$(wc -l <err)" = 1 ] || fail "not one sentence: $(cat err)"

cp run.trace bad.trace
printf '\377\377\377\377' |
    dd of=bad.trace bs=1 seek=$((bytes * 2 / 3)) conv=notrunc status=none
ends 1 "$iksim" viz bad.trace --screenshot 100ms bad.png
[ -s bad.png ] || fail "a damaged trace has no picture"
cmp -s err /dev/null && fail "a damaged trace is shown without a word"

: >empty.trace
head -c 4096 /dev/zero >zero.trace
cp run.trace foreign.trace
printf '\177' | dd of=foreign.trace bs=1 seek=8 conv=notrunc status=none
for name in empty zero foreign missing; do
    ends 2 "$iksim" viz $name.trace --screenshot 100ms none.png
    [ ! -e none.png ] || fail "there is a picture of $name.trace"
    [ "$(wc -l <err)" = 1 ] || fail "$name: not one sentence: $(cat err)"
done

# ---- calls that are wrong ----

for call in "" "run.trace more" "run.trace --size 10x10" \
    "run.trace --size big" "run.trace --screenshot 1ms" \
    "run.trace --screenshot soon x.png" "run.trace --bench 0" \
    "run.trace --vm x" "run.trace --vm 9999 --screenshot 1ms x.png" \
    "run.trace --set a=b" "run.trace --nonsense"; do
    # shellcheck disable=SC2086  # words
    ends 2 "$iksim" viz $call
    [ ! -s out ] || fail "viz $call prints: $(cat out)"
done
ends 2 "$iksim" viz run.trace --screenshot 1ms /nowhere/x.png
# What the libraries behind a screen lose says nothing of us.
export ASAN_OPTIONS=detect_leaks=0
ends 2 env SDL_VIDEODRIVER=x11 DISPLAY=:4999 "$iksim" viz run.trace

# ---- a window, and what is done in it ----

needs xvfb-run
# The boxes of the first ten VMs are wherever they are: a click goes to the
# log, whose last line is of a VM at that moment.
cat >script <<'END'
frames 2
say
type /7
key enter
frames 1
say
type  
frames 2
say
key right
frames 1
say
key right
frames 1
say
# The middle of the time line, then a little before.
click 640 735
frames 3
say
click 320 735
frames 3
say
key tab
frames 1
say
key end
frames 3
say
shot window.png
type ?
frames 1
shot help.png
key escape
frames 1
# Over the memory, nearer; and another window.
move 600 450
wheel 3
frames 2
wheel -9
type m
frames 2
resize 1500 900
frames 20
shot larger.png
type q
frames 1
say
END
ends 0 timeout 1800 xvfb-run -a -s '-screen 0 1920x1200x24' \
    "$iksim" viz run.trace --events script
# What each `say` said: cycle C events E selected S STATE.
awk '{ print NR, $2, $4, $6, $7 }' out >said
check() { # WHAT AWK-CONDITION over arrays c, e, s, p by line
    awk '{ c[$1] = $2; e[$1] = $3; s[$1] = $4; p[$1] = $5 }
        END { exit !('"$2"') }' said || fail "$1: $(cat out)"
}
check "nine lines" 'NR == 9'
check "a search selects" 's[1] == -1 && s[2] == 7 && s[9] == 7'
check "space pauses" 'p[2] == "playing" && p[3] == "paused"'
check "right is one event" 'e[4] == e[3] + 1 && e[5] == e[4] + 1'
check "a click on the time line goes there" \
    'c[6] > 1.9 * c[7] && c[6] < 2.2 * c[7] && c[7] > 0'
check "tab goes on, by more than an event" 'c[8] > c[7] && e[8] > e[7]'
check "the end is the end" 'c[9] > 1.9 * c[6]'
[ "$(head -c 24 larger.png | tail -c 8 | od -An -tx1 | tr -d ' \n')" = \
    "$(printf '%08x%08x' 1500 900)" ] || fail "the window did not grow"
cmp -s window.png help.png && fail "the help is not shown"
exit 0

#!/bin/bash
# The interval of a capacity holds what queueing theory says. Servers of files
# that are asked at random times make of each disk an M/G/1 queue (queueing.sh);
# the mean wait is Pollaczek's and Khinchine's, from the rate and two moments of
# the service, which a run below the capacity tells. So the rate follows at which
# the mean latency is as long as an objective allows.
# Usage: capacity_queue.sh IKSIM
. "${0%/*}/lib.sh"
[ -z "${E2E_SLOW-}" ] || skip "too slow with sanitizers"
cd "$work" || exit 2
slo=22 # ms
spindles=3
step=5

cat >disk.yaml <<'END'
run:     {seed: 1, warmup: 25s, duration: 60s, drain: 10s}
machine: {profile: denali-2002, ram: 1GiB}
kernel:  {disk_queue: fcfs}
vms:     [{name: web, image: diskd, count: 150, memory: 1MiB}]
disks:   [{vms: web, size: 512MiB}]
load:    [{kind: http, target: web, rate: 20, timeout: 100s}]
END

# What a request takes besides the wait for its disk, and the moments of the
# service, which are greater when the heads are moved from request to request than
# when they rest.
simulate below disk.yaml --set 'load[0].rate=160' --set run.duration=120s \
    --trace trace
"$iksim" trace export --csv trace --kind disk-read,disk-done -o events.csv ||
    fail "the events cannot be written"
rate=$(awk -v "mean=$(value below '.load.latency_ns.mean / 1e6')" \
    -v "slo=$slo" -v "spindles=$spindles" '
BEGIN { FS = "," }
FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
{ disk = $column["disk"]; at = $column["ns"] / 1e6 }
$column["kind"] == "disk-read" { came[disk, ++last[disk]] = at; next }
{
    asked = came[disk, ++served[disk]]
    begin = asked > free[disk] ? asked : free[disk]
    free[disk] = at
    if (asked < 30000) next # The warm-up.
    n++
    waits += begin - asked
    sum += at - begin
    squares += (at - begin) ^ 2
}
END {
    # rate s2 / (2 (1 - rate s)) = w for one spindle, requests a millisecond.
    w = slo - (mean - waits / n)
    print 1000 * spindles * w / (squares / n / 2 + w * sum / n)
}' events.csv)
echo "by theory a mean of $slo ms is reached at $rate requests a second"

"$iksim" capacity disk.yaml --over 'load[0].rate' --from 170 --to 220 \
    --resolution $step --slo "mean <= ${slo}ms" --json >found.json 2>err ||
    fail "capacity: exit $?: $(cat err)"
echo "found: $(value found '"\(.value), \(.interval.low) to \(.interval.high)"')"
jq -e --argjson r "$rate" --argjson s $step \
    '.interval.low <= $r and $r < .interval.high + $s' found.json >/dev/null ||
    fail "the interval does not hold what theory says:" \
        "$(value found '.seeds | tostring')"
expect "what bounds it" disk "$(value found .bound.by)"

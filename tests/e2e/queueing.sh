#!/bin/bash
# Queueing theory holds. A disk that serves in the order of arrival, asked at
# random times by many servers that are otherwise idle, is an M/G/1 queue: its
# mean wait is Pollaczek's and Khinchine's (1930), from the rate and the first two
# moments of the service alone. Beside it the laws that need no assumptions
# (Little 1961; Denning and Buzen 1978): they hold of the report's own figures.
#
# Waits at a load of 0.85 are alike for thousands of requests, so the mean of a
# run is known less well than at 0.3: the tolerance is three standard errors of
# M/M/1 (Whitt, Management Science 35, 1989), sqrt(2 (1 + rho)) / ((1 - rho)
# sqrt(n)), for the n requests of a run.
#
# Each server writes its document when it boots: the spindles begin with some five
# seconds of work, which at a load of 0.85 take half a minute to vanish.
# Usage: queueing.sh IKSIM
. "${0%/*}/lib.sh"
[ -z "${E2E_SLOW-}" ] || skip "too slow with sanitizers"
cd "$work" || exit 2

cat >disk.yaml <<'END'
run:     {seed: 1, warmup: 60s, duration: 120s, drain: 20s}
machine: {profile: denali-2002, ram: 1GiB}
kernel:  {disk_queue: fcfs}
vms:     [{name: web, image: diskd, count: 300, memory: 1MiB}]
disks:   [{vms: web, size: 512MiB}]
load:    [{kind: http, target: web, rate: 20, timeout: 100s}]
END

# Of the trace of one run: for each spindle, whose requests are served one after
# another, the rate, the moments of the service, and the waits.
cat >mg1.awk <<'AWK'
BEGIN { FS = "," }
FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
{
    disk = $column["disk"]
    at = $column["ns"] / 1e9
}
$column["kind"] == "disk-read" {
    came[disk, ++last[disk]] = at
    next
}
$column["kind"] == "disk-done" {
    begin = came[disk, ++served[disk]]
    wait = begin < free[disk] ? free[disk] - begin : 0
    service = at - begin - wait
    free[disk] = at
    if (begin >= from && begin < from + seconds) {
        n[disk]++
        waits[disk] += wait
        sum[disk] += service
        squares[disk] += service * service
    }
}
END {
    for (disk in n) {
        rate = n[disk] / seconds
        s = sum[disk] / n[disk]
        load += rate * s
        theory += rate * squares[disk] / n[disk] / (2 * (1 - rate * s)) * n[disk]
        measured += waits[disk]
        all += n[disk]
        busy += sum[disk]
        spindles++
    }
    load /= spindles
    printf "%d %.4f %.6f %.6f %.6f\n", all, load, theory / all,
        measured / all, busy / all
}
AWK

while read -r rate seconds; do
    simulate "disk-$rate" disk.yaml --set "load[0].rate=$rate" \
        --set "run.duration=${seconds}s" --trace trace </dev/null
    "$iksim" trace export --csv trace --kind disk-read,disk-done -o events.csv ||
        fail "the events cannot be written"
    # Boot ends with the first request of the warm-up.
    from=$("$iksim" trace export --csv trace --kind phase |
        awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
            $c["phase"] == "window" { print $c["ns"] / 1e9 }')
    read -r n load theory measured service < <(awk -v "from=$from" \
        -v "seconds=$seconds" -f mg1.awk events.csv)
    echo "load $load: a wait of $measured s, by theory $theory ($n requests)"
    awk -v n="$n" -v r="$load" -v t="$theory" -v m="$measured" 'BEGIN {
        error = sqrt(2 * (1 + r)) / ((1 - r) * sqrt(n))
        exit !(m > t * (1 - 3 * error) && m < t * (1 + 3 * error)) }' ||
        fail "M/G/1 at a load of $load: $measured s, by theory $theory"
    # The utilization law: U = X S.
    awk -v u="$(value "disk-$rate" .disk.utilisation)" -v s="$service" \
        -v x="$(value "disk-$rate" '.disk.reads / .virtual_ns * 1e9 / 3')" \
        'BEGIN { exit !(u > x * s * 0.99 && u < x * s * 1.01) }' ||
        fail "U = X S: $(value "disk-$rate" '.disk | tostring'), S = $service"
done <<'END'
75 120
125 120
170 120
210 240
END

# The interactive response time law, N = X (R + Z), with a mean that is known to
# about 1 %: Z is drawn at random, by a hundred clients some forty times each.
cat >closed.yaml <<'END'
run:  {seed: 1, warmup: 5s, duration: 20s}
vms:  [{name: web, image: httpd, count: 20, memory: 4MiB}]
load: [{kind: http, target: web, clients: 100, think: 500ms}]
END
for clients in 100 2000; do
    simulate closed closed.yaml --set "load[0].clients=$clients" --trace trace
    n=$(value closed '.load | .answered_rps * (.latency_ns.mean / 1e9 + 0.5)')
    echo "$clients clients: X (R + Z) = $n"
    awk -v n="$n" -v c="$clients" 'BEGIN { exit !(n > c * 0.97 && n < c * 1.03) }' ||
        fail "N = X (R + Z): $n of $clients"

    # Little's law: as many requests are open, on average over the window, as
    # the rate times the mean latency says.
    "$iksim" trace export --csv trace --kind phase,request,reply,give-up \
        -o events.csv || fail "the events cannot be written"
    l=$(awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        { now = $c["ns"] / 1e9 }
        is_in { area += open * (now - before) }
        { before = now }
        $c["kind"] == "request" { open++ }
        $c["kind"] == "reply" || $c["kind"] == "give-up" { open-- }
        $c["phase"] == "window" { is_in = 1; from = now }
        $c["phase"] == "drain" { if (is_in) print area / (now - from); is_in = 0 }
        ' events.csv)
    w=$(value closed '.load | .answered_rps * .latency_ns.mean / 1e9')
    echo "$clients clients: L = $l, lambda W = $w"
    awk -v l="$l" -v w="$w" 'BEGIN { exit !(l > w * 0.98 && l < w * 1.02) }' ||
        fail "L = lambda W: $l and $w"
done

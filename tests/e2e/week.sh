#!/bin/bash
# A week of an access log, replayed over a thousand VMs, by hand:
#
#     tests/e2e/week.sh build/iksim [LINES [REPORT]]
#
# The log is made here: 1,000,000 lines unless LINES says otherwise, more by day
# than by night, 20,000 paths by Zipf's law, of 5,000 clients. Every request must
# be answered. It prints how long it took, and the memory of it; REPORT becomes
# the run's report, with .log_bytes (tools/evidence week).
. "${0%/*}/lib.sh"
report=$(readlink -m "${3-.}")
cd "$work" || exit 2
lines=${2-1000000}

# Arrivals are thinned: of candidates that are evenly spaced in a day that has
# no night, those of a night are moved to its noon with even odds.
awk -v lines="$lines" 'BEGIN {
    srand(20260101)
    week = 7 * 86400
    paths = 20000
    for (i = 1; i <= paths; i++) sum += 1 / i
    for (i = 1; i <= paths; i++) below[i] = at += 1 / i / sum
    for (n = 0; n < lines; n++) {
        t = week * n / lines
        hour = int(t / 3600) % 24
        if (hour < 8 && rand() < 0.5) t += 8 * 3600
        draw = rand()
        low = 1
        high = paths
        while (low < high) {
            mid = int((low + high) / 2)
            if (below[mid] < draw) low = mid + 1
            else high = mid
        }
        printf "%d %d %d\n", t, low, rand() * 5000
    } }' | sort -n -s -k1,1 |
    awk '{ printf "10.1.%d.%d - - [%02d/Jan/2026:%02d:%02d:%02d +0000] ",
        $3 / 250, $3 % 250, 5 + $1 / 86400, $1 / 3600 % 24, $1 / 60 % 60,
        $1 % 60
        printf "\"GET /page/%d HTTP/1.1\" 200 %d\n", $2, $2 % 9000 }' >week.log
cat >week.yaml <<'END'
run:  {seed: 1, warmup: 1s, duration: 604800s}
vms:  [{name: web, image: httpd, count: 1000, memory: 4MiB, args: "size=1000"}]
load: [{kind: replay, target: web, file: week.log, path: /, prime: 1}]
END
expect "lines" "$lines" "$(wc -l <week.log)"
simulate week week.yaml
all_answered week
sent=$(value week .load.sent)
between "requests within the week" "$((lines - lines / 100))" "$lines" "$sent"
value week '"\(.load.sent) requests of a week, all answered, in \(.host.wall_s |
    round) s of the host, \(.host.max_rss_kib / 1024 | round) MiB"'
bytes=$(stat -c %s week.log)
printf 'the log has %d bytes\n' "$bytes"
[ "$#" -lt 3 ] || jq --arg bytes "$bytes" '. + { log_bytes: $bytes | tonumber }' \
    "$work/week.json" >"$report"

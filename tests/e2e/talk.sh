#!/bin/bash
# Clients that talk otherwise than by HTTP, and clients that behave badly: echo
# over TCP and UDP, scripts of lines, slow readers, closed windows, half closes, as
# a reader of the wire sees them; and why a request failed.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >talk.yaml <<'END'
run:  {seed: 1, warmup: 0s, duration: 1s, drain: 20s}
vms:  [{name: echo, image: echo, count: 2, memory: 4MiB}]
load: [{kind: echo, target: echo, rate: 20, size: 5000, timeout: 10s}]
END
web='send "GET / HTTP/1.1\r\nHost: a\r\n\r\n" expect "HTTP/1.1 200 OK\r\n"'

# set WORD...: those of load[0], for a run of talk.yaml.
words() {
    local word
    set_words=()
    for word; do
        set_words+=(--set "load[0].$word")
    done
}

# answered NAME WORD...: all of it is answered; the wire is in NAME.pcap.
answered() {
    local name=$1
    shift
    words "$@"
    simulate "$name" talk.yaml "${set_words[@]}" --pcap "$work/$name.pcap"
    all_answered "$name"
    [ "$(value "$name" .load.sent)" -gt 5 ] || fail "$name: few requests"
}

# explained WHAT WORD...: a request fails, and this is why.
explained() {
    local what=$1 number
    shift
    words "$@"
    "$iksim" run talk.yaml --json --trace it.trace "${set_words[@]}" \
        >"$work/it.json" 2>err
    expect "exit with $*" 1 $?
    holds it
    expect "no request is answered with $*" 0 "$(value it .load.completed)"
    number=$("$iksim" trace show it.trace | grep ' give-up ' |
        sed -n '1s/.*request \([0-9]*\).*/\1/p')
    "$iksim" explain it.trace --request "$number" >explained ||
        fail "explain: $(cat explained)"
    grep -qE "^The client of echo-[01] expected $what\.\$" explained ||
        fail "with $*: not '$what': $(head -n 3 explained)"
}

# seen NAME FILTER FIELD: what tshark says of the first connection.
seen() {
    tshark -n -r "$1.pcap" -Y "tcp.stream == 0 && ($2)" -T fields -e "$3" \
        2>/dev/null
}

answered tcp
answered kept rate= clients=3 think=10ms keep_alive=true
answered udp transport=udp size=1472
answered udp_clients transport=udp size=1 rate= clients=2 think=10ms
expect "bytes of datagrams" true \
    "$(value udp '.load | .bytes == 1472 * .completed')"
answered lines kind=lines size= \
    'script=send "a\x00\r\n" expect line send "b\"" expect "b\""'
printf '# PING\nsend "PING\\r\\n"\nexpect "PING\\r\\n"\n' >ping.txt
answered file kind=lines size= file=ping.txt
expect "bytes of PING" true "$(value file '.load | .bytes == 6 * .completed')"

# Any server: a web server takes a script, too.
simulate web talk.yaml --set 'vms[0].image=httpd' --set 'load[0].kind=lines' \
    --set 'load[0].size=' --set 'load[0].port=80' \
    --set "load[0].script=$web expect line expect line expect line expect \"\\r\\n\" expect line" \
    --set 'vms[0].args=size=16'
all_answered web

explained 'the byte 0x62 after 0 that were right, and saw 0x61' \
    kind=lines size= 'script=send "a" expect "b"'
explained '3 bytes, and had seen 1 when its time was over' \
    kind=lines size= 'script=send "a" expect "abc"' timeout=200ms
explained 'no more after 1 bytes, and saw the byte 0x62' \
    kind=lines size= 'script=send "ab" expect "a"'
explained '100 bytes, and had seen 0 when its time was over' \
    transport=udp size=100 port=9 timeout=200ms
explained 'a server at that port, and the connection was refused' port=9

# The same of web servers.
sed -i 's/image: echo/image: httpd, args: "size=1000"/' talk.yaml
sed -i 's/^load:.*/load: [{kind: http, target: echo, rate: 20, timeout: 10s}]/' \
    talk.yaml
explained 'status 201, and saw 200' expect.status=201
explained '999 bytes, and saw 1000' expect.bytes=999
sum=$(printf %064d 0)
explained 'a body whose SHA-256 begins with 00000000, and saw one whose begins '\
'with [0-9a-f]{8}' "expect.sha256=$sum"
explained 'status 200, and saw 404' path=/none

# Behaviours: what is answered, and when; and the wire.
answered plain
answered half half_close=true
answered shut zero_window=4s
answered slow read_rate=2KiB receive_buffer=512
expect "answers of slow readers take as long as reading does" true \
    "$(value slow '.load.latency_ns.p50 > 1e9 * 1000 / 2048')"
expect "answers of shut windows take as long" true \
    "$(value shut '.load.latency_ns | .p50 > 4e9 and .max < 10e9')"
expect "a half close changes no latency by much" true "$(jq -s \
    '.[0].load.latency_ns.p50 as $p | .[1].load.latency_ns.p50 < 2 * $p' \
    plain.json half.json)"
expect "VMs alive" true "$(value shut '.vms.faulted == 0')"
needs tshark
first=$(seen half 'tcp.flags.fin == 1' ip.src | head -n 1)
expect "the client's FIN is the first" "$(seen half 'tcp.flags.syn == 1 &&
    tcp.flags.ack == 0' ip.src)" "$first"
at=$(seen half 'tcp.flags.fin == 1' frame.number | head -n 1)
[ "$(seen half "tcp.srcport == 80 && tcp.len > 0" frame.number | tail -n 1)" \
    -gt "$at" ] || fail "nothing comes after the half close"
expect "resets after half closes" 0 "$(tshark -n -r half.pcap \
    -Y 'tcp.flags.reset == 1' 2>/dev/null | wc -l)"
expect "the SYN's window" 0 "$(seen shut 'tcp.flags.syn == 1 &&
    tcp.flags.ack == 0' tcp.window_size_value)"
[ "$(seen shut tcp.analysis.zero_window frame.number | wc -l)" -gt 1 ] ||
    fail "tshark sees no zero window"
[ "$(seen shut tcp.analysis.zero_window_probe frame.number | wc -l)" -gt 0 ] ||
    fail "the server does not probe"
expect "window updates" 1 \
    "$(seen shut tcp.analysis.window_update frame.number | wc -l)"
for what in zero_window window_full window_update; do
    [ "$(seen slow tcp.analysis.$what frame.number | wc -l)" -gt 0 ] ||
        fail "tshark sees no $what of a slow reader"
done
expect "frames that a slow reader had no room for" 0 "$(tshark -n -r slow.pcap \
    -Y 'tcp.analysis.retransmission && tcp.srcport == 80' 2>/dev/null | wc -l)"

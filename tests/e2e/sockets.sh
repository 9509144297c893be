#!/bin/bash
# Sockets of guests do what POSIX says: servers by threads, select and poll, and
# datagrams, are asked by clients in three other VMs at once; time-outs, half
# closes, resets and errors. Another reader of the wire finds nothing wrong with
# it, and nobody wakes for a connection that is idle. What overflows its stack
# is named. lwIP's core and its sockets agree on every structure.
. "${0%/*}/lib.sh"
needs clang-19 ld.lld-19
PATH=${iksim%/*}:$PATH
cd "$work" || exit 2

for name in server client; do
    iksim-cc --net "$tests/data/sockets/$name.c" -o $name.elf 2>err ||
        fail "$name.c: $(cat err)"
done
cat >sockets.yaml <<'END'
run: {boot_instructions: 0, warmup: 0s, duration: 4s}
vms:
  - {name: server, image: ./server.elf}
  - {name: client, image: ./client.elf, count: 3}
END
iksim run sockets.yaml --console --pcap sockets.pcap >out 2>err ||
    fail "the run: $(cat err)"
cat >expected <<'END'
port 7: 9 right
port 8: 9 right
port 9: 9 right
datagrams: 2 6 6 second from 10.16.0.1:7
nothing comes: -1, EAGAIN 1, in time 1
poll: 0, in time 1
select: 0, in time 1
half close: 200 bytes, then 0, send -1 EPIPE 1
windows are full after both: 1, in time 1
without blocking: EAGAIN 1
writable: 0
reset: -1 ECONNRESET 1
shut down beside: wakes 1, closed: -1 EBADF 1
nobody listens: -1 ECONNREFUSED 1
nor later: ECONNREFUSED 1
no way there: -1 ENETUNREACH 1
connect: -1 EINPROGRESS 1, writable 1, error 0
spun: 4, more than once 1; own port 1, peer 10.16.0.1:7
bound twice: -1 EADDRINUSE 1
IPv6: -1 EAFNOSUPPORT 1
no socket: -1 EBADF 1
names: 1 1, services: 1
done
END
for i in 0 1 2; do
    sed -n "s/^client-$i: //p" out >got
    diff expected got >difference || fail "client-$i: $(cat difference)"
done
expect "the server's lines" ready "$(sed -n 's/^server-0: //p' out)"

# An idle connection wakes nobody: lwIP alone would once a second.
cat >idle.c <<'END'
#include <arpa/inet.h>
#include <unistd.h>
int main(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(11) };
    to.sin_addr.s_addr = inet_addr("10.16.0.1");
    usleep(500000);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        return 1;
    }
    char byte;
    read(fd, &byte, 1);
    return 1;
}
END
iksim-cc --net idle.c -o idle.elf || fail "idle.c"
simulate idle sockets.yaml --set 'vms[1].image=./idle.elf' \
    --set run.warmup=2s --set run.duration=20s
expect "switches while three connections are idle" 0 \
    "$(value idle .sched.switches)"

# A recursion without end, found at the call that is too deep.
cat >deep.c <<'END'
#include <pthread.h>
static int deep(int n)
{
    volatile char some[300];
    some[0] = (char)n;
    return deep(n + 1) + some[0];
}
static void *dive(void *nothing)
{
    deep(1);
    return nothing;
}
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, dive, NULL);
    pthread_setname_np(thread, "diver");
    pthread_join(thread, NULL);
    return 0;
}
END
iksim-cc -finstrument-functions deep.c -o deep.elf || fail "deep.c"
iksim run sockets.yaml --set 'vms[1].image=./deep.elf' >out 2>err
expect "VMs that name the thread" 3 "$(grep -c \
    'panic: the stack of thread "diver" overflows in the function at' out)"
grep -q '^server-0: ready' out || fail "a VM that overflows ends another"

# The core is compiled without what the sockets are compiled with.
cat >layout.c <<'END'
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/udp.h"
const unsigned layout[] = {
    sizeof(struct pbuf), sizeof(struct netif), sizeof(struct udp_pcb),
    sizeof(struct tcp_pcb), sizeof(struct tcp_pcb_listen),
    sizeof(struct tcp_seg), offsetof(struct tcp_pcb, keep_cnt_sent),
    offsetof(struct tcp_pcb, so_options), offsetof(struct tcp_pcb, snd_buf),
    offsetof(struct udp_pcb, recv_arg), offsetof(struct netif, mtu),
    TCP_WND, TCP_SND_BUF, TCP_MSS, TCP_SND_QUEUELEN,
};
END
iksim-cc --net -S layout.c -o core.s || fail "layout.c"
iksim-cc --net -DILWACO_SOCKETS -S layout.c -o sockets.s \
    "-I$(iksim guests --sdk)/include/ilwaco/net/socket" || fail "layout.c"
cmp core.s sockets.s || fail "lwIP's core and its sockets differ in a structure"

needs tshark
tshark -n -r sockets.pcap -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
    -o udp.check_checksum:TRUE -Y '_ws.malformed || tcp.checksum.status == 0 ||
    udp.checksum.status == 0 || tcp.analysis.retransmission ||
    tcp.analysis.ack_lost_segment' >wrong 2>/dev/null
[ ! -s wrong ] || fail "tshark: $(head -n 3 wrong)"
# Three clients, and of each: 9 echoes and 5 other connections.
expect "connections that tshark saw opened" 42 "$(tshark -n -r sockets.pcap \
    -Y 'tcp.flags == 0x012' 2>/dev/null | wc -l)"
exit 0

/*
 * test_tcp_late.c - a VM that slept past its deadlines takes what waits for it
 * first, and only then does what is still due; and whoever begins connections
 * without end keeps nobody else out. The peers are made by hand, a packet at a
 * time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/net/hooks.h"
#include "ilwaco/net/syn.h"
#include "ilwaco/net/tcp_clock.h"
#include "ilwaco/panic.h"
#include "isa/abi.h"

#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"
#include "lwip/tcp.h"

#define SECOND_NS UINT64_C(1000000000)
#define SERVER    0x0a100001
#define PEER      0x0a800001
#define ATTACKER  0x0a000064 /* The first of several. */
#define PEER_ISN  5000u
#define DATA      500 /* One segment. */

static struct netif netif;
static struct tcp_pcb *accepted;
static uint64_t now_ns = SECOND_NS;

/* What the server sent since the last look. */
static struct {
    size_t count;
    struct tcp_hdr last;
} sent;

uint32_t random_u32(void)
{
    return 0;
}

u32_t isn_for(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
              u16_t remote_port)
{
    (void)local;
    (void)remote;
    return local_port + (u32_t)remote_port;
}

noreturn void panic(const char *format, ...)
{
    (void)fprintf(stderr, "panic: %s\n", format);
    abort();
}

static err_t send(struct netif *on, struct pbuf *p, const ip4_addr_t *to)
{
    (void)on;
    (void)to;
    sent.count++;
    (void)pbuf_copy_partial(p, &sent.last, sizeof(sent.last), IP_HLEN);
    return ERR_OK;
}

static err_t init_interface(struct netif *on)
{
    on->output = send;
    on->mtu = 1500;
    on->flags = NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static err_t on_accept(void *argument, struct tcp_pcb *pcb, err_t err)
{
    (void)argument;
    (void)err;
    accepted = pcb;
    return ERR_OK;
}

/* A segment without data. */
static void receive_from(u32_t address, u16_t peer_port, u32_t seq, u32_t ack,
                         u16_t flags)
{
    struct pbuf *p = pbuf_alloc(PBUF_IP, TCP_HLEN, PBUF_RAM);
    assert_non_null(p);
    ip4_addr_t from = { lwip_htonl(address) };
    ip4_addr_t to = { lwip_htonl(SERVER) };
    struct tcp_hdr *tcp = p->payload;
    memset(tcp, 0, sizeof(*tcp));
    tcp->src = lwip_htons(peer_port);
    tcp->dest = lwip_htons(80);
    tcp->seqno = lwip_htonl(seq);
    tcp->ackno = lwip_htonl(ack);
    TCPH_HDRLEN_FLAGS_SET(tcp, TCP_HLEN / 4, flags);
    tcp->wnd = lwip_htons(60000);
    tcp->chksum = ip_chksum_pseudo(p, IP_PROTO_TCP, TCP_HLEN, &from, &to);

    assert_int_equal(pbuf_add_header(p, IP_HLEN), 0);
    struct ip_hdr *ip = p->payload;
    memset(ip, 0, sizeof(*ip));
    IPH_VHL_SET(ip, 4, IP_HLEN / 4);
    IPH_LEN_SET(ip, lwip_htons(IP_HLEN + TCP_HLEN));
    IPH_TTL_SET(ip, 64);
    IPH_PROTO_SET(ip, IP_PROTO_TCP);
    ip->src.addr = from.addr;
    ip->dest.addr = to.addr;
    IPH_CHKSUM_SET(ip, inet_chksum(ip, IP_HLEN));
    syn_make_way(p);
    (void)ip4_input(p, &netif);
}

static void receive(u16_t peer_port, u32_t seq, u32_t ack, u16_t flags)
{
    receive_from(PEER, peer_port, seq, ack, flags);
}

/* Sleep for `seconds`, and begin to wake. */
static void wake_after(uint64_t seconds)
{
    now_ns += seconds * SECOND_NS;
    sent.count = 0;
    tcp_clock_begin(now_ns);
}

static bool is_waiting(void)
{
    return tcp_clock_deadline_ns() != ABI_TIME_NEVER;
}

static u32_t end_of_sent(u32_t bytes)
{
    return lwip_htonl(sent.last.seqno) + bytes;
}

static int set_up(void **state)
{
    (void)state;
    lwip_init();
    tcp_clock_init(now_ns);
    ip4_addr_t address = { lwip_htonl(SERVER) };
    ip4_addr_t netmask = { lwip_htonl(ABI_NETMASK) };
    ip4_addr_t router = { 0 };
    (void)netif_add(&netif, &address, &netmask, &router, NULL, init_interface,
                    ip4_input);
    netif_set_default(&netif);
    netif_set_up(&netif);
    struct tcp_pcb *pcb = tcp_new();
    (void)tcp_bind(pcb, IP_ADDR_ANY, 80);
    tcp_accept(tcp_listen(pcb), on_accept);
    return 0;
}

/* Opens a connection with each wake seconds late; nothing is sent twice. */
static void open_late(u16_t peer_port)
{
    wake_after(7);
    receive(peer_port, PEER_ISN, 0, TCP_SYN);
    tcp_clock_end();
    assert_int_equal(sent.count, 1); /* SYN, ACK */
    assert_true(is_waiting());
    u32_t ack = end_of_sent(1);
    wake_after(7);
    receive(peer_port, PEER_ISN + 1, ack, TCP_ACK);
    tcp_clock_end();
    assert_int_equal(sent.count, 0);
    assert_non_null(accepted);
    assert_false(is_waiting());
}

static void close_from_peer(u16_t peer_port, u32_t seq, u32_t ack)
{
    wake_after(1);
    receive(peer_port, seq, ack, TCP_FIN | TCP_ACK);
    tcp_clock_end();
    sent.count = 0;
    (void)tcp_close(accepted);
    wake_after(1);
    receive(peer_port, seq + 1, ack + 1, TCP_ACK);
    tcp_clock_end();
    assert_null(tcp_active_pcbs);
    assert_false(is_waiting());
}

static u32_t send_data(void)
{
    static char data[DATA];
    wake_after(1);
    assert_int_equal(tcp_write(accepted, data, DATA, 0), ERR_OK);
    assert_int_equal(tcp_output(accepted), ERR_OK);
    tcp_clock_end();
    assert_int_equal(sent.count, 1);
    assert_true(is_waiting());
    return end_of_sent(DATA);
}

static void an_ack_that_waits_cancels_what_is_overdue(void **state)
{
    (void)state;
    open_late(5000);
    u32_t ack = send_data();
    wake_after(100);
    receive(5000, PEER_ISN + 1, ack, TCP_ACK);
    tcp_clock_end();
    assert_int_equal(sent.count, 0);
    assert_false(is_waiting());
    close_from_peer(5000, PEER_ISN + 1, ack);
}

static void what_is_still_due_is_done_once(void **state)
{
    (void)state;
    open_late(5001);
    u32_t ack = send_data();
    wake_after(100);
    tcp_clock_end();
    assert_int_equal(sent.count, 1);
    assert_int_equal(end_of_sent(DATA), ack);
    /* The next is a full retransmission time away, not at once. */
    assert_true(tcp_clock_deadline_ns() >= now_ns + SECOND_NS);
    wake_after(0);
    receive(5001, PEER_ISN + 1, ack, TCP_ACK);
    tcp_clock_end();
    assert_int_equal(sent.count, 0);
    close_from_peer(5001, PEER_ISN + 1, ack);
}

/* Brings the connection with `peer_port` to TIME-WAIT; its next sequence. */
static u32_t close_from_server(u16_t peer_port)
{
    open_late(peer_port);
    wake_after(1);
    (void)tcp_close(accepted);
    tcp_clock_end();
    u32_t ack = end_of_sent(1);
    wake_after(0);
    receive(peer_port, PEER_ISN + 1, ack, TCP_FIN | TCP_ACK);
    tcp_clock_end();
    assert_non_null(tcp_tw_pcbs);
    return PEER_ISN + 2;
}

static void time_wait_wakes_nobody_and_ends_when_somebody_wakes(void **state)
{
    (void)state;
    (void)close_from_server(5002);
    assert_false(is_waiting());
    wake_after(2);
    tcp_clock_end();
    assert_null(tcp_tw_pcbs);
}

static void a_newer_syn_ends_time_wait_at_once(void **state)
{
    (void)state;
    u32_t next = close_from_server(5003);
    wake_after(0);
    receive(5003, next - 1, 0, TCP_SYN); /* An old one does not. */
    assert_non_null(tcp_tw_pcbs);
    sent.count = 0;
    receive(5003, next + 1000, 0, TCP_SYN);
    tcp_clock_end();
    assert_int_equal(sent.count, 1);
    assert_int_equal(TCPH_FLAGS(&sent.last), TCP_SYN | TCP_ACK);
    assert_null(tcp_tw_pcbs);
}

/* So many half-open connections of an address. */
static unsigned half_open_of(u32_t address)
{
    unsigned count = 0;
    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
        count += pcb->state == SYN_RCVD &&
                 (address == 0 || pcb->remote_ip.addr == lwip_htonl(address));
    }
    return count;
}

static void forget_half_open(void)
{
    while (tcp_active_pcbs) {
        tcp_abort(tcp_active_pcbs);
    }
}

/* Eight addresses begin connections and finish none: each that comes to the
   server between theirs opens one, and is served. */
static void who_begins_connections_without_end_keeps_nobody_out(void **state)
{
    (void)state;
    wake_after(0);
    for (u16_t i = 0; i < 4000; i++) {
        receive_from(ATTACKER + i % 8u, (u16_t)(10000 + i), i, 0, TCP_SYN);
        assert_true(half_open_of(0) <= TCP_DEFAULT_LISTEN_BACKLOG);
        if (i % 100 == 99) {
            accepted = NULL;
            receive((u16_t)(6000 + i), PEER_ISN, 0, TCP_SYN);
            u32_t ack = end_of_sent(1);
            receive((u16_t)(6000 + i), PEER_ISN + 1, ack, TCP_ACK);
            assert_non_null(accepted);
            tcp_abort(accepted);
        }
    }
    forget_half_open();
}

/* One of each address, as many as there may be: none goes for another, and a
   segment that comes again makes none go. */
static void nobodys_half_open_connection_goes_for_another_address(void **state)
{
    (void)state;
    wake_after(0);
    for (u32_t round = 0; round < 2; round++) {
        for (u32_t i = 0; i < TCP_DEFAULT_LISTEN_BACKLOG; i++) {
            receive_from(ATTACKER + i, 7000, PEER_ISN, 0, TCP_SYN);
        }
    }
    receive(7000, PEER_ISN, 0, TCP_SYN);
    for (u32_t i = 0; i < TCP_DEFAULT_LISTEN_BACKLOG; i++) {
        assert_int_equal(half_open_of(ATTACKER + i), 1);
    }
    assert_int_equal(half_open_of(PEER), 0);
    forget_half_open();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ack_that_waits_cancels_what_is_overdue),
        cmocka_unit_test(what_is_still_due_is_done_once),
        cmocka_unit_test(time_wait_wakes_nobody_and_ends_when_somebody_wakes),
        cmocka_unit_test(a_newer_syn_ends_time_wait_at_once),
        cmocka_unit_test(who_begins_connections_without_end_keeps_nobody_out),
        cmocka_unit_test(nobodys_half_open_connection_goes_for_another_address),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}

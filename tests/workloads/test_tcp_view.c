/*
 * test_tcp_view.c - what is counted of both ends of a connection: timeouts,
 * round trips, and what was sent again in vain. The guest is the test itself.
 */
#include "isa/abi.h"
#include "tests/workloads/world.h"
#include "workloads/net.h"
#include "workloads/tcp/tcp.h"
#include "workloads/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VM_IP     (ABI_VM_NET + 1)
#define GUEST_ISS 7000u

/* Where a frame for the VM ends. */
enum loss { PASSES, IS_LOST };

struct guest {
    struct world w;
    struct net net;
    struct tcp *tcp;
    struct tcp_stats *stats;
    enum loss loss;       /* Of what the client sends next. */
    struct segment heard; /* The client's last; without payload. */
    uint32_t iss;         /* The client's. */
};

static void read_bytes(void *ctx, uint32_t owner, uint32_t offset, uint8_t *to,
                       uint32_t count)
{
    (void)ctx;
    (void)owner;
    (void)offset;
    memset(to, 'x', count);
}

static void deliver(void *ctx, uint32_t owner, const uint8_t *bytes,
                    uint32_t count)
{
    (void)ctx;
    (void)owner;
    (void)bytes;
    (void)count;
}

static void peer_closed(void *ctx, uint32_t owner)
{
    (void)ctx;
    (void)owner;
}

static void ended(void *ctx, uint32_t owner, enum tcp_end why)
{
    (void)ctx;
    (void)owner;
    (void)why;
}

static void retransmits(void *ctx, uint32_t owner, uint32_t connection,
                        uint32_t seq, uint32_t remote_ip)
{
    (void)ctx;
    (void)owner;
    (void)connection;
    (void)seq;
    (void)remote_ip;
}

static const struct tcp_ops ops = { .read = read_bytes,
                                    .deliver = deliver,
                                    .peer_closed = peer_closed,
                                    .ended = ended,
                                    .retransmits = retransmits };

static uint64_t now(const struct guest *g)
{
    return g->w.events.now;
}

/* The VM's queue: what comes may be taken later, by `take`. */
static void receive(void *ctx, struct packet *p)
{
    struct guest *g = ctx;
    union wire_content content;
    assert_int_equal(wire_read(p->bytes, p->length_bytes, &content), WIRE_TCP);
    g->heard = content.tcp;
    g->heard.payload = NULL;
    if (g->loss == PASSES) {
        tcp_watch(g->tcp, WATCH_QUEUED, now(g), p);
    }
    packet_put(&g->w.pool, p);
}

static void guest_init(struct guest *g)
{
    *g = (struct guest){ .loss = PASSES };
    world_init(&g->w, WORLD_MIB(16), NULL);
    net_init(&g->net, &g->w.events, &g->w.link, &g->w.pool);
    link_attach(&g->w.link, LINK_MACHINE, receive, g);
    g->tcp = tcp_create(&g->w.arena, &(struct tcp_config){
                                         .events = &g->w.events,
                                         .net = &g->net,
                                         .ops = &ops,
                                         .cpu_hz = WORLD_HZ,
                                         .seed = 3,
                                         .stats = g->w.stats,
                                     });
    assert_non_null(g->tcp);
    g->net.tcp = g->tcp;
    g->stats = &g->w.stats->tcp;
}

static void guest_release(struct guest *g)
{
    tcp_silence(g->tcp);
    world_run(&g->w, TIME_NEVER);
    assert_int_equal(g->w.pool.in_use, 0);
    world_release(&g->w);
}

static void wait_seconds(struct guest *g, double seconds)
{
    world_run(&g->w, now(g) + world_seconds(seconds));
}

/* The guest's segment, relative to its own first and the client's. */
static void say(struct guest *g, uint8_t flags, uint32_t seq, uint32_t ack,
                uint16_t count, enum loss loss)
{
    struct packet *p = packet_get(&g->w.pool);
    assert_non_null(p);
    struct segment s = { .source = VM_IP,
                         .target = g->heard.source,
                         .source_port = 80,
                         .target_port = g->heard.source_port,
                         .seq = GUEST_ISS + seq,
                         .ack = g->iss + ack,
                         .flags = flags,
                         .window = 8192,
                         .payload_bytes = count };
    memset(wire_payload(p, false), 'y', count);
    wire_write_tcp(p, &s);
    tcp_watch(g->tcp, WATCH_SENT, now(g), p);
    if (loss == IS_LOST) {
        packet_put(&g->w.pool, p);
    } else {
        link_send(&g->w.link, LINK_MACHINE, now(g), p);
    }
    wait_seconds(g, 0.001);
}

/* A frame of the client's at a point of its way, built by hand. */
static void show(struct guest *g, enum watch_point where, uint32_t seq,
                 uint32_t ack, uint16_t count, bool is_again)
{
    struct packet *p = packet_get(&g->w.pool);
    assert_non_null(p);
    struct segment s = { .source = g->heard.source,
                         .target = VM_IP,
                         .source_port = g->heard.source_port,
                         .target_port = 80,
                         .seq = g->iss + seq,
                         .ack = GUEST_ISS + ack,
                         .flags = WIRE_ACK,
                         .window = 8192,
                         .payload_bytes = count };
    memset(wire_payload(p, false), 'x', count);
    wire_write_tcp(p, &s);
    p->is_again = is_again;
    tcp_watch(g->tcp, where, now(g), p);
    packet_put(&g->w.pool, p);
}

static uint32_t open_to(struct guest *g, enum loss loss)
{
    g->loss = loss;
    uint32_t connection = tcp_connect(g->tcp, 0, VM_IP, 80, 1, TCP_WINDOW);
    wait_seconds(g, 0.01);
    g->loss = PASSES;
    assert_int_equal(g->heard.flags, WIRE_SYN);
    g->iss = g->heard.seq;
    return connection;
}

static void a_syn_that_waits_is_sent_again_in_vain(void **state)
{
    static struct guest g;
    (void)state;
    for (int is_lost = 0; is_lost < 2; is_lost++) {
        guest_init(&g);
        open_to(&g, is_lost ? IS_LOST : PASSES);
        wait_seconds(&g, 1.5);
        assert_int_equal(g.stats->clients.timeouts, 1);
        assert_int_equal(g.stats->clients.rto.max, world_seconds(1));
        assert_int_equal(g.stats->clients.retransmits, 1);
        assert_int_equal(g.stats->clients.spurious, is_lost ? 0 : 1);
        wait_seconds(&g, 2);
        /* Whatever became of the first: the second was there. */
        assert_int_equal(g.stats->clients.timeouts, 2);
        assert_int_equal(g.stats->clients.rto.max, world_seconds(2));
        assert_int_equal(g.stats->clients.spurious, is_lost ? 1 : 2);
        guest_release(&g);
    }
}

static void nothing_counts_before_the_window(void **state)
{
    static struct guest g;
    (void)state;
    guest_init(&g);
    g.w.stats->window_start = world_seconds(2);
    open_to(&g, PASSES);
    wait_seconds(&g, 1.5);
    say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
    say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
    assert_int_equal(g.stats->clients.timeouts, 0);
    assert_int_equal(g.stats->clients.retransmits, 0);
    assert_int_equal(g.stats->guests.retransmits, 0);
    assert_int_equal(g.stats->guests.spurious, 0);
    wait_seconds(&g, 1);
    say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
    assert_int_equal(g.stats->guests.retransmits, 1);
    assert_int_equal(g.stats->guests.spurious, 1);
    guest_release(&g);
}

static void a_guest_sends_again_in_vain_what_the_client_has(void **state)
{
    static struct guest g;
    (void)state;
    for (int is_lost = 0; is_lost < 2; is_lost++) {
        guest_init(&g);
        open_to(&g, PASSES);
        say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
        assert_int_equal(g.stats->clients.srtt.count, 1);
        assert_int_equal(g.stats->guests.retransmits, 0);
        say(&g, WIRE_ACK, 1, 1, 100, is_lost ? IS_LOST : PASSES);
        uint64_t sent_at = now(&g) - world_seconds(0.001);
        say(&g, WIRE_ACK, 101, 1, 100, PASSES); /* Kept, if there is a gap. */
        wait_seconds(&g, 0.3);
        say(&g, WIRE_ACK, 1, 1, 100, PASSES);
        uint64_t silence = now(&g) - 2 * world_seconds(0.001) - sent_at;
        assert_int_equal(g.stats->guests.retransmits, 1);
        assert_int_equal(g.stats->guests.spurious, is_lost ? 0 : 1);
        assert_int_equal(g.stats->guests.silence.max, silence);
        /* Some of it is new, so it is not in vain. */
        say(&g, WIRE_ACK, 151, 1, 100, PASSES);
        assert_int_equal(g.stats->guests.retransmits, 2);
        assert_int_equal(g.stats->guests.spurious, is_lost ? 0 : 1);
        /* One that is lost itself is not seen to be. */
        say(&g, WIRE_ACK, 1, 1, 100, IS_LOST);
        assert_int_equal(g.stats->guests.retransmits, 3);
        assert_int_equal(g.stats->guests.spurious, is_lost ? 0 : 1);
        guest_release(&g);
    }
}

static void what_waits_for_a_gap_is_there_already(void **state)
{
    static struct guest g;
    (void)state;
    guest_init(&g);
    open_to(&g, PASSES);
    say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
    say(&g, WIRE_ACK, 101, 1, 100, PASSES);
    say(&g, WIRE_ACK, 101, 1, 100, PASSES);
    assert_int_equal(g.stats->guests.spurious, 1);
    say(&g, WIRE_ACK, 1, 1, 100, PASSES);
    assert_int_equal(g.stats->guests.retransmits, 2);
    assert_int_equal(g.stats->guests.spurious, 1);

    /* The client's own, beyond gaps, in another order. */
    static const struct {
        uint32_t seq;
        uint16_t count;
        bool is_again;
        uint64_t spurious;
    } steps[] = {
        { 201, 100, false, 0 }, { 401, 100, false, 0 }, { 201, 100, true, 1 },
        { 1, 100, true, 1 },    { 251, 100, true, 1 },  { 101, 100, false, 1 },
        { 1, 300, true, 2 },    { 301, 100, true, 2 },  { 1, 500, true, 3 },
        { 1, 500, false, 3 },   { 1, 501, true, 3 },
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        show(&g, WATCH_QUEUED, steps[i].seq, 1, steps[i].count,
             steps[i].is_again);
        assert_int_equal(g.stats->clients.spurious, steps[i].spurious);
    }
    guest_release(&g);
}

static void a_round_trip_lasts_until_the_guest_takes_the_answer(void **state)
{
    static struct guest g;
    (void)state;
    guest_init(&g);
    open_to(&g, PASSES);
    uint64_t sent_at = now(&g);
    say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
    assert_int_equal(g.stats->guests.srtt.count, 0); /* It waits. */
    wait_seconds(&g, 0.25);
    show(&g, WATCH_TAKEN, 1, 1, 0, false);
    uint64_t first = now(&g) - sent_at;
    assert_int_equal(g.stats->guests.srtt.count, 1);
    assert_int_equal(g.stats->guests.srtt.max, first);

    sent_at = now(&g);
    say(&g, WIRE_ACK, 1, 1, 100, PASSES);
    say(&g, WIRE_ACK, 101, 1, 100, PASSES);
    show(&g, WATCH_TAKEN, 1, 100, 0, false); /* Not all of the first. */
    assert_int_equal(g.stats->guests.srtt.count, 1);
    show(&g, WATCH_TAKEN, 1, 201, 0, false);
    uint64_t second = now(&g) - sent_at;
    assert_int_equal(g.stats->guests.srtt.count, 2);
    double smoothed = 0.875 * (double)first + 0.125 * (double)second;
    assert_float_equal((double)g.stats->guests.srtt.min, smoothed, 1.0);

    say(&g, WIRE_ACK, 201, 1, 100, PASSES);
    say(&g, WIRE_ACK, 201, 1, 100, PASSES); /* Whose ACK is it? */
    show(&g, WATCH_TAKEN, 1, 301, 0, false);
    assert_int_equal(g.stats->guests.srtt.count, 2);
    guest_release(&g);
}

static void what_is_no_good_segment_is_not_looked_at(void **state)
{
    static struct guest g;
    (void)state;
    guest_init(&g);
    open_to(&g, PASSES);
    say(&g, WIRE_SYN | WIRE_ACK, 0, 1, 0, PASSES);
    struct packet *p = packet_get(&g.w.pool);
    assert_non_null(p);
    for (uint16_t length = PACKET_MIN_BYTES; length < 100; length++) {
        memset(p->bytes, length, sizeof p->bytes);
        p->length_bytes = length;
        for (int where = WATCH_SENT; where <= WATCH_TAKEN; where++) {
            tcp_watch(g.tcp, (enum watch_point)where, now(&g), p);
        }
    }
    assert_false(p->is_again);
    packet_put(&g.w.pool, p);
    assert_int_equal(g.stats->guests.retransmits, 0);
    assert_int_equal(g.stats->clients.spurious, 0);
    guest_release(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn_that_waits_is_sent_again_in_vain),
        cmocka_unit_test(nothing_counts_before_the_window),
        cmocka_unit_test(a_guest_sends_again_in_vain_what_the_client_has),
        cmocka_unit_test(what_waits_for_a_gap_is_there_already),
        cmocka_unit_test(a_round_trip_lasts_until_the_guest_takes_the_answer),
        cmocka_unit_test(what_is_no_good_segment_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_nic.c - the receive ring, the interrupt line, and what is fetched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/arena.h"
#include "sim/devices/nic.h"

#define FRAME_CYCLES 8000 /* 976 bytes and 24 more at 1 bit a cycle. */
#define LATENCY      1000

struct fixture {
    struct arena arena;
    struct packet_pool pool;
    struct event_queue events;
    struct link link;
    struct nic nic;
    uint32_t reached_clients;
    uint32_t to_send; /* Frames that the card may fetch. */
};

static void take(void *ctx, struct packet *p)
{
    struct fixture *f = ctx;
    f->reached_clients++;
    packet_put(&f->pool, p);
}

static struct packet *make(struct fixture *f)
{
    struct packet *p = packet_get(&f->pool);
    assert_non_null(p);
    p->length_bytes = 976;
    return p;
}

static void fetch_frames(void *ctx, uint64_t now)
{
    struct fixture *f = ctx;
    for (; f->to_send > 0 && nic_tx_room_at(&f->nic) <= now; f->to_send--) {
        nic_transmit(&f->nic, now, make(f));
    }
    nic_fetch_more(&f->nic, f->to_send > 0);
}

static void fixture_init_ahead(struct fixture *f, uint32_t tx_ahead)
{
    static const struct link_config config = { .cpu_hz = 1000000000,
                                               .bits_per_second = 1000000000,
                                               .latency_cycles = LATENCY };
    *f = (struct fixture){ 0 };
    assert_true(arena_map(&f->arena, 1 << 24));
    packet_pool_init(&f->pool, &f->arena);
    events_init(&f->events);
    link_init(&f->link, &config, &f->events, &f->pool, 1);
    link_attach(&f->link, LINK_CLIENTS, take, f);
    nic_init(&f->nic, &f->link, tx_ahead, fetch_frames, f);
}

static void fixture_init(struct fixture *f)
{
    fixture_init_ahead(f, 2);
}

static void run(struct fixture *f, uint64_t until)
{
    while (events_fire_next(&f->events, until)) {
    }
}

static void fixture_release(struct fixture *f)
{
    run(f, TIME_NEVER);
    for (struct packet *p; (p = nic_receive(&f->nic)) != NULL;) {
        packet_put(&f->pool, p);
    }
    assert_int_equal(f->pool.in_use, 0);
    events_release(&f->events);
    arena_unmap(&f->arena);
}

static void the_line_is_up_while_a_packet_waits(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    assert_false(nic_interrupt_is_up(&f.nic));
    assert_null(nic_receive(&f.nic));
    link_send(&f.link, LINK_CLIENTS, 0, make(&f));
    run(&f, FRAME_CYCLES + LATENCY - 1);
    assert_false(nic_interrupt_is_up(&f.nic));
    run(&f, FRAME_CYCLES + LATENCY);
    assert_true(nic_interrupt_is_up(&f.nic));
    struct packet *p = nic_receive(&f.nic);
    assert_non_null(p);
    assert_false(nic_interrupt_is_up(&f.nic));
    packet_put(&f.pool, p);
    fixture_release(&f);
}

static void a_full_receive_ring_drops_and_counts(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    for (uint32_t i = 0; i < NIC_RX_RING + 3; i++) {
        link_send(&f.link, LINK_CLIENTS, 0, make(&f));
    }
    run(&f, TIME_NEVER);
    assert_int_equal(f.nic.rx.count, NIC_RX_RING);
    assert_int_equal(f.nic.rx_overruns, 3);
    assert_int_equal(f.pool.in_use, NIC_RX_RING);
    fixture_release(&f);
}

/* As many frames as the card takes before time passes. */
static uint32_t fill(struct fixture *f, uint64_t now)
{
    uint32_t count = 0;
    for (; nic_tx_room_at(&f->nic) <= now; count++) {
        nic_transmit(&f->nic, now, make(f));
    }
    return count;
}

static void the_card_takes_so_many_ahead(void **state)
{
    (void)state;
    static const uint32_t aheads[] = { 1, 2, 3, NIC_TX_LIMIT };
    for (size_t i = 0; i < sizeof(aheads) / sizeof(aheads[0]); i++) {
        struct fixture f;
        fixture_init_ahead(&f, aheads[i]);
        assert_int_equal(fill(&f, 0), aheads[i]);
        assert_int_equal(nic_tx_room_at(&f.nic), FRAME_CYCLES);
        assert_int_equal(fill(&f, 10 * FRAME_CYCLES),
                         aheads[i] < 10 ? aheads[i] : 10);
        fixture_release(&f);
    }
}

/* One that has 1,000 frames: it is asked when one has left, at that very
   cycle, and the wire never rests. */
static void the_card_fetches_when_a_frame_has_left(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.to_send = 1000;
    fetch_frames(&f, 0);
    assert_int_equal(f.to_send, 998);
    run(&f, FRAME_CYCLES - 1);
    assert_int_equal(f.to_send, 998);
    run(&f, FRAME_CYCLES);
    assert_int_equal(f.to_send, 997);
    run(&f, 1000 * FRAME_CYCLES + LATENCY - 1);
    assert_int_equal(f.reached_clients, 999);
    run(&f, 1000 * FRAME_CYCLES + LATENCY);
    assert_int_equal(f.reached_clients, 1000);
    assert_int_equal(events_next_due(&f.events), TIME_NEVER);
    fixture_release(&f);
}

static void a_card_that_is_not_to_fetch_does_not(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.to_send = 5;
    fetch_frames(&f, 0);
    nic_fetch_more(&f.nic, false);
    run(&f, 100 * FRAME_CYCLES);
    assert_int_equal(f.to_send, 3);
    f.to_send = 0;
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_is_up_while_a_packet_waits),
        cmocka_unit_test(a_full_receive_ring_drops_and_counts),
        cmocka_unit_test(the_card_takes_so_many_ahead),
        cmocka_unit_test(the_card_fetches_when_a_frame_has_left),
        cmocka_unit_test(a_card_that_is_not_to_fetch_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

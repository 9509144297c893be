/* test_nic.c - the rings and the interrupt line. */
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
};

static void take(void *ctx, struct packet *p)
{
    struct fixture *f = ctx;
    f->reached_clients++;
    packet_put(&f->pool, p);
}

static void fixture_init(struct fixture *f)
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
    nic_init(&f->nic, &f->link);
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

static struct packet *make(struct fixture *f)
{
    struct packet *p = packet_get(&f->pool);
    assert_non_null(p);
    p->length_bytes = 976;
    return p;
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

static void fill(struct fixture *f, uint64_t now)
{
    while (nic_tx_room(&f->nic) > 0) {
        nic_transmit(&f->nic, now, make(f));
    }
}

static void the_line_tells_a_driver_that_waits_for_room(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    nic_want_tx_room(&f.nic, true);
    assert_true(nic_interrupt_is_up(&f.nic));
    nic_want_tx_room(&f.nic, false);
    assert_false(nic_interrupt_is_up(&f.nic));

    fill(&f, 0);
    assert_int_equal(nic_tx_room(&f.nic), 0);
    nic_want_tx_room(&f.nic, true);
    assert_false(nic_interrupt_is_up(&f.nic));
    assert_int_equal(events_next_due(&f.events), FRAME_CYCLES);
    run(&f, FRAME_CYCLES);
    assert_true(nic_interrupt_is_up(&f.nic));
    assert_int_equal(nic_tx_room(&f.nic), 1);

    /* It fills the ring again and waits on. */
    nic_transmit(&f.nic, FRAME_CYCLES, make(&f));
    assert_false(nic_interrupt_is_up(&f.nic));
    run(&f, 2 * FRAME_CYCLES);
    assert_true(nic_interrupt_is_up(&f.nic));
    fixture_release(&f);
    assert_int_equal(f.reached_clients, NIC_TX_RING + 1);
}

static void frames_leave_the_ring_by_the_clock(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fill(&f, 0);
    run(&f, 10 * FRAME_CYCLES + LATENCY);
    assert_int_equal(nic_tx_room(&f.nic), 10);
    /* All have left by now, though nobody has looked in between. */
    run(&f, TIME_NEVER);
    assert_int_equal(nic_tx_room(&f.nic), NIC_TX_RING);
    for (uint32_t i = 0; i < 10 * NIC_TX_RING; i++) {
        nic_transmit(&f.nic, (1000 + i) * FRAME_CYCLES, make(&f));
    }
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_is_up_while_a_packet_waits),
        cmocka_unit_test(a_full_receive_ring_drops_and_counts),
        cmocka_unit_test(the_line_tells_a_driver_that_waits_for_room),
        cmocka_unit_test(frames_leave_the_ring_by_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

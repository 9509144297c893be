/* test_datagram_client.c - datagrams that a VM takes, that it does not, and that
   are not what they seem. */
#include "isa/abi.h"
#include "sim/limits.h"
#include "tests/workloads/world.h"
#include "workloads/load.h"
#include "workloads/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MS_NS   1000000u
#define VMS     3
#define TAKE_MS 2 /* From the card to the VM. */

/* The machine's end: packets come, and are taken a little later, or never. */
struct machine_end {
    struct world *w;
    struct load *load;
    /* What becomes of the n-th; NULL: it is taken. */
    bool (*is_taken)(struct machine_end *m, uint64_t n, struct packet *p);
    uint64_t came, taken, bytes;
    uint64_t first, last; /* Cycles: of arrivals. */
    uint32_t size;        /* That each must have. */
    struct packet *waiting[64];
    uint32_t waiting_count;
    struct packet oldest; /* A copy of the first of all. */
    struct sim_timer timer;
};

static void take_all(void *ctx, struct sim_timer *timer)
{
    struct machine_end *m = ctx;
    (void)timer;
    for (uint32_t i = 0; i < m->waiting_count; i++) {
        load_watch(m->load, WATCH_TAKEN, m->w->events.now, m->waiting[i]);
        packet_put(&m->w->pool, m->waiting[i]);
        m->taken++;
    }
    m->waiting_count = 0;
}

static void receive(void *ctx, struct packet *p)
{
    struct machine_end *m = ctx;
    union wire_content content;
    assert_int_equal(wire_read(p->bytes, p->length_bytes, &content), WIRE_UDP);
    assert_in_range(content.udp.target, ABI_VM_NET + 1, ABI_VM_NET + VMS);
    assert_int_equal(content.udp.target_port, 9);
    assert_int_equal(content.udp.payload_bytes, m->size);
    m->first = m->came == 0 ? m->w->events.now : m->first;
    m->last = m->w->events.now;
    m->bytes += content.udp.payload_bytes;
    if (m->is_taken && !m->is_taken(m, m->came++, p)) {
        packet_put(&m->w->pool, p);
        return;
    }
    m->came += !m->is_taken;
    assert_true(m->waiting_count < 64);
    m->waiting[m->waiting_count++] = p;
    timer_set(&m->w->events, &m->timer,
              m->w->events.now + world_seconds(TAKE_MS / 1e3));
}

/* Two seconds at 100 a second, 50 ms apart at most from being given up. */
static void run(struct machine_end *m, struct load_stats *counts)
{
    struct world w;
    struct scenario_vms vms = { .name = "a", .count = VMS };
    struct scenario_load load = { .kind = LOAD_DATAGRAM,
                                  .rate = 100,
                                  .size = m->size,
                                  .arrivals = ARRIVALS_UNIFORM,
                                  .timeout_ns = 50 * MS_NS,
                                  .path = "/" };
    struct scenario scenario = { .vms = &vms,
                                 .group_count = 1,
                                 .vm_count = VMS,
                                 .loads = &load,
                                 .load_count = 1,
                                 .seed = 1 };
    struct scenario_link link = { 0 };
    world_init(&w, WORLD_MIB(16), &link);
    m->w = &w;
    timer_init(&m->timer, take_all, m);
    link_attach(&w.link, LINK_MACHINE, receive, m);
    w.stats->window_end = world_seconds(2);
    m->load = world_load(&w, &scenario, NULL);
    assert_non_null(m->load);
    load_start(m->load, 0);
    world_run(&w, world_seconds(2) - 1); /* What is due later does not count. */
    load_stop(m->load);
    world_run(&w, world_seconds(3));
    assert_true(load_is_drained(m->load));
    *counts = w.stats->load;
    load_abandon(m->load);
    world_release(&w);
}

static void what_a_vm_takes_is_answered(void **state)
{
    (void)state;
    static const uint32_t sizes[] = { DATAGRAM_LEAST, 100, DATAGRAM_MOST };
    for (size_t i = 0; i < 3; i++) {
        struct machine_end m = { .size = sizes[i] };
        struct load_stats counts;
        run(&m, &counts);
        assert_in_range(counts.sent, 199, 201);
        assert_int_equal(m.came, counts.sent);
        assert_int_equal(m.taken, counts.sent);
        assert_int_equal(counts.completed, counts.sent);
        assert_int_equal(counts.bytes, m.bytes);
        /* The wire takes less than a tenth of the least. */
        double ms = hist_mean(&counts.latency) / WORLD_HZ * 1e3;
        assert_true(ms >= TAKE_MS && ms < 1.1 * TAKE_MS);
    }
}

static bool is_odd(struct machine_end *m, uint64_t n, struct packet *p)
{
    (void)m;
    (void)p;
    return n % 2 == 1;
}

static void what_no_vm_takes_times_out(void **state)
{
    (void)state;
    struct machine_end m = { .size = 100, .is_taken = is_odd };
    struct load_stats counts;
    run(&m, &counts);
    assert_int_equal(counts.completed, m.taken);
    assert_int_equal(counts.timed_out, m.came - m.taken);
    assert_int_equal(counts.completed + counts.timed_out, counts.sent);
    assert_in_range(counts.timed_out, counts.sent / 2, counts.sent / 2 + 1);
}

/* The packet once more, changed: as a copy on the wire, or a VM's forgery. */
static void show(struct machine_end *m, const struct packet *p, size_t at,
                 uint8_t change)
{
    struct packet *copy = packet_get(&m->w->pool);
    assert_non_null(copy);
    copy->length_bytes = p->length_bytes;
    memcpy(copy->bytes, p->bytes, p->length_bytes);
    union wire_content content;
    assert_int_equal(wire_read(copy->bytes, copy->length_bytes, &content),
                     WIRE_UDP);
    struct datagram d = content.udp;
    uint8_t *payload = wire_udp_payload(copy);
    payload[at] = (uint8_t)(payload[at] ^ change);
    wire_write_udp(copy, &d);
    load_watch(m->load, WATCH_TAKEN, m->w->events.now, copy);
    packet_put(&m->w->pool, copy);
}

/* Another record's number, beyond all records; another request's. */
static bool is_forged(struct machine_end *m, uint64_t n, struct packet *p)
{
    show(m, p, n % 12, 0x40);
    show(m, p, 3, 0xff);
    load_watch(m->load, WATCH_QUEUED, m->w->events.now, p);
    load_watch(m->load, WATCH_SENT, m->w->events.now, p);
    return false;
}

static void what_was_not_sent_answers_nothing(void **state)
{
    (void)state;
    struct machine_end m = { .size = 100, .is_taken = is_forged };
    struct load_stats counts;
    run(&m, &counts);
    assert_int_equal(counts.completed, 0);
    assert_int_equal(counts.timed_out, counts.sent);
}

/* A copy comes as well: the second answers nothing, nor does it later, when
   the record is another datagram's. */
static bool is_doubled(struct machine_end *m, uint64_t n, struct packet *p)
{
    if (n == 0) {
        m->oldest = *p;
    }
    show(m, p, 0, 0);
    show(m, p, 0, 0);
    show(m, &m->oldest, 0, 0);
    return false;
}

static void a_copy_answers_once(void **state)
{
    (void)state;
    struct machine_end m = { .size = 100, .is_taken = is_doubled };
    struct load_stats counts;
    run(&m, &counts);
    assert_int_equal(counts.completed, counts.sent);
    assert_int_equal(m.came, counts.sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_vm_takes_is_answered),
        cmocka_unit_test(what_no_vm_takes_times_out),
        cmocka_unit_test(what_was_not_sent_answers_nothing),
        cmocka_unit_test(a_copy_answers_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

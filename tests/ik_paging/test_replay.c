/*
 * test_replay.c - the replay on machines in which everything happens at once:
 * held to the kernel after every step, saved and restored, and told nonsense.
 *
 *   ik.replay [FIRST_SEED COUNT]
 */
#include "tests/events.h"
#include "tests/ik_paging/machines.h"
#include "tests/memory.h"

#include <stdlib.h>
#include <string.h>

#include "sim/random.h"

#define VM_PAGES      64
#define DATA          0x00410000
#define PATTERN       0x00421000 /* Above the words of the handler. */
#define PATTERN_PAGES 29
#define FRAMES        (13 + 12 + PAGING_MIN_FRAMES)
#define RUN_CYCLES    1500000

/* Asks its disk, walks through memory, spins, sends to its neighbour, sleeps
   until an alarm; and so on. */
static void busy_guest(struct guest_asm *a, uint32_t rounds)
{
    asm_init(a);
    uint32_t handler = asm_handler(a);
    asm_entry(a);
    asm_use_handler(a, handler);
    uint32_t again = asm_here(a);
    for (uint32_t i = 0; i < 4; i++) {
        asm_mov(a, CPU_EAX, 0);
        asm_mov(a, CPU_ECX, i);
        asm_mov(a, CPU_EDX, DATA + i * ABI_BLOCK_BYTES / 2);
        asm_mov(a, CPU_EBX, i);
        asm_int(a, i % 2 ? ABI_VI_DISK_READ : ABI_VI_DISK_WRITE);
        asm_load_from(a, CPU_EAX, GUEST_REG(DISK_DONE));
        asm_save_to(a, GUEST_REG(DISK_TAKEN), CPU_EAX);
    }
    asm_pattern_rounds(a, &(struct pattern){ PATTERN, PATTERN_PAGES, 7, 1 });
    for (uint32_t page = 0; page < PATTERN_PAGES; page++) {
        uint32_t va = PATTERN + page * ABI_PAGE_BYTES; /* For the next round. */
        asm_store(a, va, 0);
        asm_store(a, va + ABI_PAGE_BYTES - 4, 0);
    }
    uint8_t head[16] = { 0 };
    frame_head(head, ABI_VM_NET + 2, ABI_VM_NET + 1, FRAME_TYPE_OTHER);
    for (uint32_t i = 0; i < sizeof(head); i += 4) {
        uint32_t word;
        memcpy(&word, head + i, sizeof(word));
        asm_store(a, DATA + i, word);
    }
    asm_buffer(a, ABI_VI_PACKET_SEND, DATA, 60 + rounds % 100);
    asm_buffer(a, ABI_VI_PACKET_RECV, DATA, 1514);
    asm_spin(a, rounds);
    asm_load_from(a, CPU_EAX, GUEST_REG(TIME_LOW));
    ASM(a, 0x05, 0x50, 0xc3, 0, 0); /* add $50000, %eax */
    asm_mov(a, CPU_EDX, 0);
    asm_int(a, ABI_VI_ALARM);
    asm_idle(a, ABI_TIME_NEVER);
    asm_jmp(a, again);
}

/* What the machine is made of; kept until it is released. */
struct world {
    struct scenario_disk disk;
    struct scenario_event events[4];
};

static struct bench *make(struct world *world, uint32_t n)
{
    struct guest_asm a;
    struct bench *b = small_machine(FRAMES + n % 40);
    struct scenario *s = &b->scenario;
    b->sched = sched_policies[n % SCHED_COUNT];
    b->gate = gate_policies[n / 2 % GATE_COUNT];
    b->replace = replace_policies[n % REPLACE_COUNT];
    s->interrupts = (enum scenario_interrupts)(n % 3);
    s->page_tables = n % 2 ? TABLES_ON_DEMAND : TABLES_EAGER;
    s->paging_block_bytes = (uint32_t)ABI_PAGE_BYTES << n % 4;
    s->quantum_ns = 2000 + 100 * n;
    s->lease_ns = 30000;
    s->min_free_bytes = 0;
    b->replay_period = 1;
    b->whole_audit_period = 1;
    busy_guest(&a, 100 + 300 * (n % 7));
    bench_add_vms(b, bench_add_image(b, &a), 5, "");
    s->vms[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
    s->vms[0].vm_total = 9;
    s->vm_count = 9;
    world->disk = (struct scenario_disk){ .size_bytes = 8 * ABI_BLOCK_BYTES };
    s->disks = &world->disk;
    s->disk_count = 1;
    for (uint32_t i = 0; i < 4; i++) {
        world->events[i] = (struct scenario_event){
            .at_ns = 40000 + i * 40000,
            .kind = i % 2 ? EVENT_CREATE : EVENT_DESTROY,
            .count = 1 + i / 2,
        };
    }
    s->events = world->events;
    s->event_count = 4;
    return b;
}

static void send_packets(struct bench *b)
{
    for (uint32_t i = 0; i < 30; i++) {
        uint8_t frame[60] = { 0 };
        frame_head(frame, ABI_VM_NET + 1 + i % 6, ABI_CLIENT_NET + 1, 0x800);
        bench_send(b, 5000 + 7001 * i, frame, sizeof(frame));
    }
}

static void the_replay_shows_the_kernel_after_every_step(void **state)
{
    (void)state;
    uint64_t kinds[TRACE_KIND_COUNT] = { 0 };
    uint64_t picks = 0;
    for (uint32_t n = 0; n < 24; n++) {
        struct world world;
        struct bench *b = make(&world, n);
        bench_boot(b);
        small_end_boot(b);
        send_packets(b);
        bench_run(b, RUN_CYCLES);
        for (int i = 0; i < TRACE_KIND_COUNT; i++) {
            kinds[i] += b->replay_check.kinds[i];
        }
        picks += b->replay_check.picks;
        bench_release(b);
    }
    assert_true(picks > 1000);
    /* All that the replay counts on has been seen, but for the clients'. */
    static const enum trace_kind wanted[] = {
        TRACE_RUN,       TRACE_CREATE,    TRACE_END,        TRACE_PICK,
        TRACE_SWITCH,    TRACE_IDLE,      TRACE_ARRIVE,     TRACE_LEASE_END,
        TRACE_FAULT,     TRACE_FILL,      TRACE_TABLE,      TRACE_RAISE,
        TRACE_DELIVER,   TRACE_RX,        TRACE_RX_DROP,    TRACE_RECV,
        TRACE_SEND,      TRACE_TX,        TRACE_EVICT,      TRACE_BLOCK,
        TRACE_DISK_READ, TRACE_DISK_DONE, TRACE_DISK_WRITE, TRACE_SET_ASIDE,
        TRACE_READY,     TRACE_CHARGE,    TRACE_TOUCH,      TRACE_DIRTY,
        TRACE_CLEAN,     TRACE_HAND,      TRACE_TX_DROP,    TRACE_DISK_CANCEL,
    };
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (kinds[wanted[i]] == 0) {
            fail_msg("no event of kind %s", trace_kinds[wanted[i]].name);
        }
    }
}

/* ---- Going back --------------------------------------------------------- */

struct log {
    struct trace_event *events;
    size_t count, room;
};

static void on_event(void *ctx, const struct trace_event *e)
{
    struct log *log = ctx;
    if (log->count == log->room) {
        log->room = log->room ? 2 * log->room : 1024;
        struct trace_event *more =
            realloc(log->events, log->room * sizeof(*log->events));
        assert_non_null(more);
        log->events = more;
    }
    log->events[log->count++] = *e;
}

/* All events of a run; and what the machine was. */
static struct log record(uint32_t n, struct trace_info *info)
{
    struct log log = { 0 };
    struct world world;
    struct bench *b = make(&world, n);
    b->replay_period = 1000000;
    b->whole_audit_period = 1000000;
    b->extra_sink = on_event;
    b->extra_ctx = &log;
    bench_boot(b);
    small_end_boot(b);
    send_packets(b);
    bench_run(b, RUN_CYCLES);
    *info = b->replay_check.replay->info;
    bench_release(b);
    return log;
}

static struct replay *create(const struct trace_info *info)
{
    struct replay *r =
        replay_create(info, &(struct replay_options){ .sample_cycles = 100,
                                                      .sample_limit = 100 });
    assert_non_null(r);
    return r;
}

static void tell(struct replay *r, const struct log *log, size_t from,
                 size_t to)
{
    for (size_t i = from; i < to; i++) {
        replay_event(r, &log->events[i]);
    }
}

static void a_restored_replay_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 3; n++) {
        struct trace_info info;
        struct log log = record(n, &info);
        assert_true(log.count > 5000);
        struct replay *straight = create(&info);
        tell(straight, &log, 0, log.count);
        struct replay *r = create(&info);
        size_t at = 0;
        for (size_t i = 1; i < 8; i++) {
            size_t next = log.count * i / 8;
            tell(r, &log, at, next);
            struct replay_mark *mark = replay_save(r);
            assert_non_null(mark);
            struct replay *half = create(&info);
            tell(half, &log, 0, next);
            tell(r, &log, next, log.count);
            replay_check_alike(r, straight);
            replay_restore(r, mark);
            replay_mark_free(mark);
            replay_check_sound(r);
            replay_check_alike(r, half);
            replay_free(half);
            at = next;
        }
        tell(r, &log, at, log.count);
        replay_check_alike(r, straight);
        /* Told eight times, counted once. */
        replay_settle(r);
        replay_settle(straight);
        assert_int_equal(r->sample_cycles, straight->sample_cycles);
        assert_int_equal(r->sample_count, straight->sample_count);
        assert_memory_equal(r->samples, straight->samples,
                            r->sample_count * sizeof(*r->samples));
        replay_free(r);
        replay_free(straight);
        free(log.events);
    }
}

static void samples_hold_what_happened_whatever_their_span(void **state)
{
    (void)state;
    struct trace_info info;
    struct log log = record(1, &info);
    uint64_t wanted[3] = { 0 };
    for (size_t i = 0; i < log.count; i++) {
        wanted[0] += log.events[i].kind == TRACE_FAULT;
        wanted[1] += log.events[i].kind == TRACE_EVICT;
        wanted[2] += log.events[i].kind == TRACE_DELIVER;
    }
    for (uint64_t span = 0; span < 100000000; span = span * 7 + 1) {
        const struct replay_options options = { .sample_cycles = span,
                                                .sample_limit = span % 13 };
        struct replay *r = replay_create(&info, &options);
        assert_non_null(r);
        tell(r, &log, 0, log.count);
        uint64_t seen[3] = { 0 };
        for (size_t i = 0; i < r->sample_count; i++) {
            const struct replay_sample *s = &r->samples[i];
            uint64_t cycles = 0;
            for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
                cycles += s->cpu[c];
            }
            /* A whole span is spent to the cycle. */
            if (i + 1 < r->sample_count) {
                assert_int_equal(cycles, r->sample_cycles);
            }
            seen[0] += s->faults;
            seen[1] += s->evictions;
            seen[2] += s->deliveries;
        }
        assert_memory_equal(seen, wanted, sizeof(seen));
        assert_int_equal(r->now / r->sample_cycles + 1, r->sample_count);
        assert_true(r->sample_count <= r->sample_limit);
        replay_free(r);
    }
    free(log.events);
}

/* ---- Many VMs ----------------------------------------------------------- */

#define MANY 5000

/* Any of them becomes ready, with a key that others may have, or stops. */
static void thousands_that_are_ready_stand_in_order(void **state)
{
    (void)state;
    const struct trace_info info = { .vm_limit = MANY };
    struct rng rng;
    rng_init(&rng, 1, "many", 0);
    struct replay *r = create(&info);
    for (uint32_t i = 0; i < 100000; i++) {
        bool is_ready = rng_below(&rng, 3) > 0;
        uint64_t key = rng_below(&rng, MANY / 2);
        bool is_preferred = rng_below(&rng, 4) == 0;
        uint32_t vm = (uint32_t)rng_below(&rng, MANY);
        struct trace_event e =
            is_ready
                ? TRACE_EVENT(ready, vm, .key = key, .preferred = is_preferred)
                : TRACE_EVENT(block, vm, .why = VM_WAIT_READ);
        e.time = i;
        replay_event(r, &e);
        if (i % 997 == 0) {
            replay_check_sound(r);
        }
    }
    assert_true(r->lists[VM_READY].count > MANY / 2);
    /* From the head, and from anywhere, until none is left. */
    for (uint32_t i = 0; r->lists[VM_READY].count > 0; i++) {
        uint32_t drawn = (uint32_t)rng_below(&rng, MANY);
        uint32_t vm = i % 2 ? drawn : r->lists[VM_READY].head;
        const struct trace_event e =
            TRACE_EVENT(block, vm, .why = VM_WAIT_READ);
        replay_event(r, &e);
        if (i % 97 == 0) {
            replay_check_sound(r);
        }
    }
    replay_check_sound(r);
    replay_free(r);
}

#define SERIALS 5000 /* More than are kept. */

/* Whatever the order of their coming and going, against a table. */
static void packets_on_their_way_are_found_again(void **state)
{
    (void)state;
    static bool is_kept[SERIALS];
    static uint64_t serials[SERIALS]; /* In no pattern: they collide. */
    const struct trace_info info = { .vm_limit = 1 };
    struct rng rng;
    rng_init(&rng, 1, "flight", 0);
    struct replay *r = create(&info);
    for (uint32_t i = 0; i < SERIALS; i++) {
        serials[i] = rng_u64(&rng) >> 16;
    }
    uint32_t count = 0;
    uint32_t most = 0;
    for (uint32_t i = 0; i < 400000; i++) {
        uint64_t n = rng_below(&rng, SERIALS);
        /* For a while there are more and more of them, then fewer. */
        bool comes = rng_below(&rng, 20) < (i / 50000 % 2 ? 1u : 19u);
        const struct trace_event e =
            comes ? TRACE_EVENT(client_send, 0, .packet = serials[n])
                  : TRACE_EVENT(client_recv, 0, .packet = serials[n]);
        replay_event(r, &e);
        bool has_room = count < REPLAY_FLIGHT_LIMIT || is_kept[n];
        bool is_in = comes && has_room;
        count = count + is_in - is_kept[n];
        is_kept[n] = is_in;
        most = count > most ? count : most;
        assert_int_equal(r->flight_count, count);
    }
    assert_int_equal(most, REPLAY_FLIGHT_LIMIT);
    for (uint32_t n = 0; n < SERIALS; n++) {
        uint32_t found = 0;
        for (uint32_t i = 0; i < r->flight_count; i++) {
            found += r->flight[i].packet == serials[n];
        }
        assert_int_equal(found, is_kept[n]);
    }
    replay_free(r);
}

/* ---- Nonsense ----------------------------------------------------------- */

static uint64_t first_seed = 1;
static uint64_t seed_count = 30;

static uint64_t draw_value(struct rng *r)
{
    static const uint64_t edges[] = { 0,          1,          2,
                                      UINT32_MAX, UINT64_MAX, 1ull << 32,
                                      1ull << 63, 65536,      512 };
    uint64_t pick = rng_below(r, 16);
    if (pick < sizeof(edges) / sizeof(edges[0])) {
        return edges[pick];
    }
    uint64_t low = rng_below(r, 40);
    return pick < 12 ? low : pick < 14 ? low | low << 32 : rng_u64(r);
}

/* Of any kind, with any values, at any time. */
static struct trace_event draw_event(struct rng *r)
{
    uint64_t vm = rng_below(r, 20) ? rng_below(r, 42) : draw_value(r);
    uint64_t a = draw_value(r);
    struct trace_event e =
        event_of_bits((enum trace_kind)rng_below(r, TRACE_KIND_COUNT),
                      (uint32_t)vm, a, draw_value(r));
    e.time = rng_below(r, 1000) ? rng_below(r, 1000000) : draw_value(r);
    return e;
}

static void nonsense_does_no_harm(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
        struct rng rng;
        rng_init(&rng, seed, "nonsense", 0);
        const struct trace_info info = {
            .frames = (uint32_t)rng_below(&rng, 100),
            .disks = (uint32_t)rng_below(&rng, 4),
            .vm_limit = (uint32_t)rng_below(&rng, 40),
        };
        struct replay *r = create(&info);
        struct replay_mark *mark = replay_save(r);
        for (uint32_t i = 0; i < 60000; i++) {
            struct trace_event e = draw_event(&rng);
            replay_event(r, &e);
            if (i % 3001 == 0) {
                replay_check_sound(r);
            }
            if (i % 20011 == 0) {
                replay_mark_free(mark);
                mark = replay_save(r);
            } else if (i % 17011 == 0) {
                replay_restore(r, mark);
            }
        }
        replay_check_sound(r);
        replay_mark_free(mark);
        replay_free(r);
    }
}

/* A real run's events, some lost, some twice, some changed. */
static void a_damaged_run_does_no_harm(void **state)
{
    (void)state;
    struct trace_info info;
    struct log log = record(2, &info);
    for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
        struct rng rng;
        rng_init(&rng, seed, "damage", 0);
        struct replay *r = create(&info);
        for (size_t i = 0; i < log.count; i++) {
            struct trace_event e = log.events[i];
            uint8_t *bytes = (uint8_t *)&e;
            switch (rng_below(&rng, 40)) {
            case 0:
                continue;
            case 1:
                replay_event(r, &e);
                break;
            case 2:
                bytes[rng_below(&rng, sizeof(e))] ^= (uint8_t)rng_u64(&rng);
                break;
            default:
                break;
            }
            if (trace_is_sound(&e)) { /* Or it is no event of a file. */
                replay_event(r, &e);
            }
        }
        replay_check_sound(r);
        replay_free(r);
    }
    free(log.events);
}

/* A header of a few bytes may claim this; marks are copies. */
static void the_largest_machine_takes_memory_for_what_events_name(void **state)
{
    (void)state;
    const struct replay_options options = { .sample_cycles = 1 };
    const struct trace_info info = { .cpu_hz = 1000000000,
                                     .vm_limit = VM_LIMIT,
                                     .frames = FRAME_LIMIT,
                                     .disks = 1024 };
    long before = memory_resident_bytes();
    struct replay *r = replay_create(&info, &options);
    assert_non_null(r);
    struct trace_event e = trace_put_fill(
        VM_LIMIT - 1, (struct trace_fill){ .frame = FRAME_LIMIT - 1 });
    replay_event(r, &e);
    struct replay_mark *mark = replay_save(r);
    assert_non_null(mark);
    e = trace_put_fill(0, (struct trace_fill){ .frame = 5, .page = 7 });
    replay_event(r, &e);
    assert_int_equal(r->frames_used, 2);
    replay_restore(r, mark);
    assert_int_equal(r->frames_used, 1);
    assert_int_equal(r->frames[FRAME_LIMIT - 1].owner, VM_LIMIT - 1);
    assert_int_equal(r->frames[5].flags, 0);
    assert_int_equal(r->frames[5].page, 0);
    /* The tables' sizes are 0.7 GiB, twice; a sanitizer adds an eighth. */
    assert_true(memory_resident_bytes() - before < MEMORY_MIB(300));
    replay_mark_free(mark);
    replay_free(r);
}

static void a_machine_larger_than_any_is_refused(void **state)
{
    (void)state;
    const struct replay_options options = { .sample_cycles = 1 };
    const struct trace_info infos[] = {
        { .frames = UINT32_MAX },
        { .vm_limit = UINT32_MAX },
        { .disks = UINT32_MAX },
    };
    for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
        assert_null(replay_create(&infos[i], &options));
    }
    replay_free(NULL);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seed_count = strtoull(argv[2], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_replay_shows_the_kernel_after_every_step),
        cmocka_unit_test(a_restored_replay_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(samples_hold_what_happened_whatever_their_span),
        cmocka_unit_test(thousands_that_are_ready_stand_in_order),
        cmocka_unit_test(packets_on_their_way_are_found_again),
        cmocka_unit_test(nonsense_does_no_harm),
        cmocka_unit_test(a_damaged_run_does_no_harm),
        cmocka_unit_test(the_largest_machine_takes_memory_for_what_events_name),
        cmocka_unit_test(a_machine_larger_than_any_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_net_policies.c - who may put frames into a receive queue, against the
 * equation in rx_by_source.c; whose frames are sent, against deficit round
 * robin as its paper prints it, and against its theorem.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"
#include "sim/random.h"

#define LONGEST 1514
#define VMS     8
#define DEPTH   64

/* ---- Receive ------------------------------------------------------------ */

#define KEYS 32 /* Buckets of each kind: as many keys share none. */

struct receiver {
    struct arena arena;
    struct rx *rx;
    uint32_t limit, queued;
    uint64_t now; /* A period is 10 cycles. */
    uint32_t of_vms[KEYS];
};

static void receiver_init(struct receiver *r, uint32_t limit)
{
    *r = (struct receiver){ .limit = limit };
    assert_true(arena_map(&r->arena, ARENA_UNLIMITED));
    struct rx_config config = { .vm_limit = 2,
                                .queue_limit = limit,
                                .quantum_cycles = 1 };
    r->rx = rx_by_source.create(&rx_by_source, &r->arena, &config);
    assert_non_null(r->rx);
}

static bool offer(struct receiver *r, bool is_vm, uint64_t key)
{
    struct rx_source from = { .is_vm = is_vm, .key = key };
    if (r->queued == r->limit ||
        !rx_by_source.takes(r->rx, 1, &from, r->queued, r->now)) {
        return false;
    }
    rx_by_source.took(r->rx, 1, &from);
    r->queued++;
    return true;
}

/* Whatever the limit and however many flood, in whatever order: VMs have at most
   half, each of them a tenth, and clients three quarters. Whoever is of the
   other kind finds a quarter. */
static void one_kind_leaves_a_quarter_to_the_other(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 1, "flood", 0);
    for (uint32_t limit = 1; limit <= 1024; limit = limit * 3 / 2 + 1) {
        for (uint32_t i = 0; i < 2 * KEYS; i++) {
            bool are_vms = i % 2 == 0;
            struct receiver r;
            receiver_init(&r, limit);
            uint32_t most = are_vms ? (limit + 1) / 2 : (3 * limit + 3) / 4;
            for (uint32_t n = 0; n < 60 * limit; n++) {
                uint32_t key = (uint32_t)rng_below(&rng, 1 + i / 2);
                r.of_vms[key] += offer(&r, are_vms, key);
            }
            for (uint32_t key = 0; key < KEYS; key++) {
                assert_in_range(r.of_vms[key], 0, (most + 4) / 5);
            }
            assert_in_range(r.queued, (most + 4) / 5, most);
            for (uint32_t n = 0; n < (limit - most) / 4; n++) {
                assert_true(offer(&r, !are_vms, n % KEYS));
            }
            arena_unmap(&r.arena);
        }
    }
}

/* Frames come and go at random: what is taken is what the equation says, of
   queues that are counted afresh. */
static void what_is_taken_is_what_the_equation_says(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 2, "equation", 0);
    struct receiver r;
    receiver_init(&r, 100);
    uint32_t taken = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t vm = (uint32_t)rng_below(&rng, KEYS);
        r.now += 10; /* A period of its own. */
        struct rx_source from = { .is_vm = true, .key = vm };
        if (rng_below(&rng, 2) == 0) {
            double part = (100.0 / 2 - (double)r.queued) / 4;
            bool is_taken = (double)r.of_vms[vm] < part;
            assert_int_equal(offer(&r, true, vm), is_taken);
            r.of_vms[vm] += is_taken;
            taken += is_taken;
        } else if (r.of_vms[vm] > 0) {
            rx_by_source.gave(r.rx, 1, &from);
            r.of_vms[vm]--;
            r.queued--;
        }
    }
    assert_in_range(taken, 50000, 150000);
    arena_unmap(&r.arena);
}

/* All that comes is taken out at once, and yet: in a period VMs put in half a
   queue, and one VM a tenth. Clients may put in what they like. */
static void what_vms_cost_in_a_period_is_bounded(void **state)
{
    (void)state;
    struct receiver r;
    receiver_init(&r, 100);
    uint32_t of_period = 0;
    uint32_t of_clients = 0;
    for (; r.now < 100; r.now++) {
        for (uint32_t i = 0; i < 1000; i++) {
            bool is_vm = i % 2 == 0;
            struct rx_source from = { .is_vm = is_vm, .key = i % 2 + i % 3 };
            if (offer(&r, is_vm, from.key)) {
                rx_by_source.gave(r.rx, 1, &from);
                r.queued--;
                of_period += is_vm;
                of_clients += !is_vm;
            }
        }
        if (r.now % 10 == 9) { /* Three VMs in turn: 4 q >= 50 - 3 q. */
            assert_int_equal(of_period, 22);
            of_period = 0;
        }
    }
    assert_int_equal(of_clients, 100 * 500);
    arena_unmap(&r.arena);
}

/* A client's connection is a source, and so is each of its others. */
static void connections_are_sources_of_their_own(void **state)
{
    (void)state;
    struct receiver r;
    receiver_init(&r, 256);
    uint32_t first = 0;
    while (offer(&r, false, 7)) {
        first++;
    }
    assert_int_equal(first, 39); /* 4 q >= 192 - q */
    uint32_t others = 0;
    for (uint64_t connection = 1000; connection < 1100; connection++) {
        others += offer(&r, false, connection);
    }
    assert_in_range(others, 40, 100);
    arena_unmap(&r.arena);
}

/* ---- Transmit ----------------------------------------------------------- */

/* Queues of frames, by their lengths; and what each VM has sent. */
struct senders {
    struct arena arena;
    struct tx *tx;
    uint32_t frames[VMS][DEPTH];
    uint32_t count[VMS];
    uint64_t sent[VMS]; /* Bytes. */
};

static void senders_init(struct senders *s, const struct tx_policy *policy)
{
    *s = (struct senders){ 0 };
    assert_true(arena_map(&s->arena, ARENA_UNLIMITED));
    struct tx_config config = { .vm_limit = VMS, .max_bytes = LONGEST };
    s->tx = policy->create(policy, &s->arena, &config);
    assert_non_null(s->tx);
}

static void add(struct senders *s, vmid_t vm, uint32_t bytes)
{
    s->frames[vm][s->count[vm]++] = bytes;
    if (s->count[vm] == 1) {
        s->tx->policy->enter(s->tx, vm, bytes);
    }
}

static uint32_t take_first(struct senders *s, vmid_t vm)
{
    uint32_t bytes = s->frames[vm][0];
    s->count[vm]--;
    for (uint32_t i = 0; i < s->count[vm]; i++) {
        s->frames[vm][i] = s->frames[vm][i + 1];
    }
    s->sent[vm] += bytes;
    return bytes;
}

static vmid_t send(struct senders *s)
{
    vmid_t vm = s->tx->policy->next(s->tx);
    take_first(s, vm);
    s->tx->policy->sent(s->tx, vm, s->count[vm] > 0 ? s->frames[vm][0] : 0);
    return vm;
}

/*
 * Deficit round robin as figure 3 of the paper has it, but that a queue's turn
 * is cut into calls: `while (Head(i) <= DC_i) send`, then to the tail of the
 * active list, or, if the queue is empty, DC_i = 0.
 */
struct textbook {
    vmid_t active[VMS];
    uint32_t active_count;
    uint32_t deficit[VMS];
    bool has_quantum; /* The first of the list, in this turn. */
};

static void end_turn(struct textbook *t, bool is_empty)
{
    vmid_t first = t->active[0];
    t->active_count--;
    for (uint32_t i = 0; i < t->active_count; i++) {
        t->active[i] = t->active[i + 1];
    }
    if (is_empty) {
        t->deficit[first] = 0;
    } else {
        t->active[t->active_count++] = first;
    }
    t->has_quantum = false;
}

static vmid_t textbook_next(struct textbook *t, const struct senders *s)
{
    for (;;) {
        vmid_t first = t->active[0];
        if (!t->has_quantum) {
            t->deficit[first] += LONGEST;
            t->has_quantum = true;
        }
        if (s->frames[first][0] <= t->deficit[first]) {
            t->deficit[first] -= s->frames[first][0];
            if (s->count[first] == 1) {
                end_turn(t, true);
            }
            return first;
        }
        end_turn(t, false);
    }
}

static void drr_is_that_of_its_paper(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 3, "drr", 0);
    struct senders s;
    struct textbook t = { 0 };
    senders_init(&s, &tx_drr);
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        vmid_t vm = (vmid_t)rng_below(&rng, VMS);
        if (rng_below(&rng, 2) == 0 && s.count[vm] < DEPTH) {
            uint32_t bytes = 14 + (uint32_t)rng_below(&rng, LONGEST - 13);
            add(&s, vm, vm % 2 == 0 ? 60 : bytes);
            waiting++;
            if (s.count[vm] == 1) {
                t.active[t.active_count++] = vm;
            }
        } else if (waiting > 0) {
            vmid_t expected = textbook_next(&t, &s);
            assert_int_equal(send(&s), expected);
            waiting--;
        }
    }
    arena_unmap(&s.arena);
}

/* Each always has frames, of lengths of its own. At no time do two differ by
   more than three of the longest (theorem 4, from the start on). */
static void drr_gives_the_same_bytes_whatever_the_frames(void **state)
{
    (void)state;
    static const uint32_t lengths[VMS] = { 60,  1514, 1514, 14,
                                           590, 1000, 61,   1513 };
    struct senders s;
    senders_init(&s, &tx_drr);
    for (vmid_t vm = 0; vm < VMS; vm++) {
        add(&s, vm, lengths[vm]);
        add(&s, vm, lengths[vm]);
    }
    for (uint32_t i = 0; i < 100000; i++) {
        vmid_t vm = send(&s);
        add(&s, vm, lengths[vm]);
        for (vmid_t other = 0; other < VMS; other++) {
            assert_true(s.sent[other] + 3ull * LONGEST >= s.sent[vm]);
        }
    }
    assert_true(s.sent[0] > 100000);
    arena_unmap(&s.arena);
}

/* Round robin by frames: none sends twice before all others have once; so beside
   full frames small ones get 60 bytes of 1,514. */
static void round_robin_counts_frames(void **state)
{
    (void)state;
    struct senders s;
    senders_init(&s, &tx_rr);
    for (vmid_t vm = 0; vm < VMS; vm++) {
        add(&s, vm, vm == 0 ? 60 : LONGEST);
        add(&s, vm, vm == 0 ? 60 : LONGEST);
    }
    for (uint32_t i = 0; i < 1000 * VMS; i++) {
        vmid_t vm = send(&s);
        assert_int_equal(vm, i % VMS);
        add(&s, vm, vm == 0 ? 60 : LONGEST);
    }
    assert_int_equal(s.sent[0], 60000);
    assert_int_equal(s.sent[1], 1514000);
    arena_unmap(&s.arena);
}

/* Who ends with frames in its queue leaves nothing behind, in its own turn or
   in another's. */
static void who_ends_is_not_chosen(void **state)
{
    (void)state;
    for (size_t p = 0; tx_policies[p]; p++) {
        struct rng rng;
        rng_init(&rng, 4, "ends", p);
        struct senders s;
        senders_init(&s, tx_policies[p]);
        uint32_t waiting = 0;
        for (uint32_t i = 0; i < 100000; i++) {
            vmid_t vm = (vmid_t)rng_below(&rng, VMS);
            uint64_t what = rng_below(&rng, 8);
            if (what == 0 && s.count[vm] > 0) {
                s.tx->policy->leave(s.tx, vm);
                waiting -= s.count[vm];
                s.count[vm] = 0;
            } else if (what < 5 && s.count[vm] < DEPTH) {
                add(&s, vm, 14 + (uint32_t)rng_below(&rng, LONGEST - 13));
                waiting++;
            } else if (waiting > 0) {
                assert_true(s.count[s.tx->policy->next(s.tx)] > 0);
                send(&s);
                waiting--;
            }
        }
        arena_unmap(&s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_kind_leaves_a_quarter_to_the_other),
        cmocka_unit_test(what_is_taken_is_what_the_equation_says),
        cmocka_unit_test(what_vms_cost_in_a_period_is_bounded),
        cmocka_unit_test(connections_are_sources_of_their_own),
        cmocka_unit_test(drr_is_that_of_its_paper),
        cmocka_unit_test(drr_gives_the_same_bytes_whatever_the_frames),
        cmocka_unit_test(round_robin_counts_frames),
        cmocka_unit_test(who_ends_is_not_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* waits_check.c - see waits_check.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/grow.h"
#include "tests/explain/waits_check.h"

/* Every so many waits the antagonists of one are added up. */
#define LOOK_AT_EVERY 97

struct checked_leg {
    struct request_leg leg;
    uint32_t vm;
};

void waits_check_begin(struct waits_check *c, uint32_t vms, uint32_t disks)
{
    memset(c, 0, sizeof(*c));
    assert_true(waits_index_init(&c->index, vms, disks));
}

void waits_check_legs(struct waits_check *c, uint32_t vm,
                      const struct request_leg *legs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (legs[i].kind != LEG_VM && legs[i].kind != LEG_QUEUE) {
            continue;
        }
        c->legs =
            grow_array(c->legs, c->leg_count, &c->leg_room, sizeof(*c->legs));
        assert_non_null(c->legs);
        c->legs[c->leg_count++] = (struct checked_leg){ legs[i], vm };
    }
}

/* Each VM's stretches follow one another, to the end of the trace, and each has
   a cause that fits its state. */
static void check_stretches(const struct waits_index *x, uint64_t end)
{
    for (uint32_t vm = 0; vm < x->vm_limit; vm++) {
        size_t first = x->starts[vm];
        size_t behind = x->starts[vm + 1];
        for (size_t i = first; i < behind; i++) {
            const struct stretch *s = &x->stretches[i];
            assert_int_equal(s->vm, vm);
            assert_true(s->from < s->to);
            assert_true(i == first || s->from == s[-1].to);
            bool waits = s->state != VM_RUNNING && s->state != VM_DEAD;
            assert_int_equal(s->cause != CAUSE_NONE, waits);
            assert_true(!s->is_open || i + 1 == behind);
            assert_ptr_equal(waits_index_at(x, vm, s->from), s);
            assert_ptr_equal(waits_index_at(x, vm, s->to - 1), s);
        }
        if (behind > first) {
            assert_int_equal(x->stretches[behind - 1].to, end);
        }
    }
}

/* The processor's time has no gap, and is what the run has counted. */
static void check_slices(const struct waits_index *x, const struct stats *stats)
{
    uint64_t sums[CPU_CATEGORY_COUNT] = { 0 };
    for (size_t i = 0; i < x->slice_count; i++) {
        const struct slice *s = &x->slices[i];
        assert_true(s->from < s->to);
        assert_int_equal(s->from, i > 0 ? s[-1].to : 0);
        sums[s->category] += s->to - s->from;
    }
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        assert_int_equal(sums[i], stats->cpu_whole[i]);
    }
}

/* A leg's parts are what its VM did in it. */
static void check_leg(const struct waits_index *x, const struct checked_leg *c)
{
    static const enum latency_part part_of[VM_STATE_COUNT] = {
        [VM_CREATED] = LATENCY_TIMERS,  [VM_WAITING] = LATENCY_GATE,
        [VM_READY] = LATENCY_RUN_QUEUE, [VM_RUNNING] = LATENCY_HANDLER,
        [VM_PAGING] = LATENCY_PAGING,   [VM_IDLE] = LATENCY_TIMERS,
        [VM_DEAD] = LATENCY_TIMERS,
    };
    uint64_t parts[LATENCY_PART_COUNT] = { 0 };
    for (uint64_t at = c->leg.from; at < c->leg.to;) {
        const struct stretch *s = waits_index_at(x, c->vm, at);
        assert_non_null(s);
        uint64_t to = s->to < c->leg.to ? s->to : c->leg.to;
        parts[part_of[s->state]] += to - at;
        at = to;
    }
    if (c->leg.kind == LEG_QUEUE) {
        parts[LATENCY_BATCHING] = parts[LATENCY_HANDLER];
        parts[LATENCY_HANDLER] = 0;
    }
    for (int p = 0; p < LATENCY_PART_COUNT; p++) {
        assert_int_equal(parts[p], c->leg.parts[p]);
    }
}

/* What filled a wait for the processor, or for the spindle, sums to it. */
static void check_antagonists(const struct waits_index *x,
                              const struct stretch *s)
{
    struct antagonist *all = calloc(x->vm_limit * 8 + 8, sizeof(*all));
    assert_non_null(all);
    size_t count = waits_antagonists(x, s, all, x->vm_limit * 8 + 8);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || all[i - 1].cycles >= all[i].cycles);
        /* Who waits for the processor does not have it. */
        assert_true(s->cause != CAUSE_PROCESSOR || all[i].vm != s->vm ||
                    all[i].category != CPU_GUEST);
        sum += all[i].cycles;
    }
    assert_int_equal(sum, s->to - s->from);
    free(all);
}

void waits_check_end(struct waits_check *c, const char *name,
                     const struct stats *stats)
{
    struct waits_index *x = &c->index;
    assert_true(waits_index_finish(x));
    assert_true(x->slice_count > 0 && x->stretch_count > 0);
    /* A client's last event may be later than what the processor did last. */
    uint64_t end = 0;
    uint64_t by_cause[WAIT_CAUSE_COUNT] = { 0 };
    for (size_t i = 0; i < x->stretch_count; i++) {
        const struct stretch *s = &x->stretches[i];
        end = s->to > end ? s->to : end;
        by_cause[s->cause] += s->to - s->from;
        if (i % LOOK_AT_EVERY == 0 && !s->is_open && s->state != VM_RUNNING &&
            s->state != VM_DEAD) {
            check_antagonists(x, s);
        }
    }
    check_stretches(x, end);
    check_slices(x, stats);
    for (size_t i = 0; i < c->leg_count; i++) {
        check_leg(x, &c->legs[i]);
    }
    print_message("%s: %zu stretches, %zu slices, %zu transfers, %zu legs;",
                  name, x->stretch_count, x->slice_count, x->transfer_count,
                  c->leg_count);
    for (uint64_t i = 0; i < WAIT_CAUSE_COUNT; i++) {
        print_message(" %s %.2e", word_name(&wait_cause_words, i),
                      (double)by_cause[i]);
    }
    print_message("\n");
    free(c->legs);
    waits_index_release(x);
}

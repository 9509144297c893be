/*
 * test_series.c - a series of a span is what a count of each of its cycles by
 * itself gives, of random events, in the units that judge.h names.
 */
#include "sim/events.h"
#include "sim/random.h"
#include "sim/steady/series.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define SLOT      64 /* Cycles. */
#define CYCLES    ((uint64_t)SLOT * SERIES_SLOTS)
#define START     CYCLES /* As much again comes before the span, and behind. */
#define END       (START + CYCLES)
#define LAST      (END + CYCLES)
#define HZ        2000000
#define NS        (1e9 / HZ) /* To a cycle. */
#define REQUESTS  3000
#define HISTORIES 10

struct happening {
    uint64_t time;
    enum trace_kind kind;
    uint64_t latency; /* Of replies. */
    uint64_t waiting; /* Of arrivals. */
};

struct history {
    size_t count;
    struct happening all[3 * REQUESTS];
    uint64_t open[LAST], waiting[LAST]; /* In each cycle. */
    struct series series;
    struct steady_input input;
};

static void *zeros(size_t bytes)
{
    void *room = calloc(1, bytes);
    assert_non_null(room);
    return room;
}

static void add(struct history *h, struct happening one)
{
    h->all[h->count++] = one;
}

static int by_time(const void *a, const void *b)
{
    const struct happening *x = a;
    const struct happening *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* Two of three requests are answered, of the others half are given up. */
static void make(struct history *h, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed, "series", 0);
    uint64_t waiting = 0;
    for (size_t i = 0; i < REQUESTS; i++) {
        uint64_t due = rng_below(&rng, LAST);
        uint64_t latency = 1 + rng_below(&rng, CYCLES / 8);
        uint64_t fate = rng_below(&rng, 6);
        bool comes = rng_below(&rng, 2) == 0;
        add(h, (struct happening){ .time = due, .kind = TRACE_REQUEST });
        if (fate < 5 && due + latency < LAST) {
            add(h, (struct happening){ .time = due + latency,
                                       .kind = fate < 4 ? TRACE_REPLY
                                                        : TRACE_GIVE_UP,
                                       .latency = latency });
        }
        add(h, (struct happening){ .time = rng_below(&rng, LAST),
                                   .kind = fate < 3 ? TRACE_FAULT
                                           : comes  ? TRACE_ARRIVE
                                                    : TRACE_ADMIT });
    }
    qsort(h->all, h->count, sizeof(h->all[0]), by_time);
    for (size_t i = 0; i < h->count; i++) {
        struct happening *one = &h->all[i];
        waiting += one->kind == TRACE_ARRIVE;
        waiting -= one->kind == TRACE_ADMIT && waiting > 0;
        one->waiting = waiting;
    }
}

/* What is open, and waits, in each cycle, one happening after the other. */
static void count_cycles(struct history *h)
{
    uint64_t open = 0;
    uint64_t waiting = 0;
    size_t next = 0;
    for (uint64_t cycle = 0; cycle < LAST; cycle++) {
        for (; next < h->count && h->all[next].time == cycle; next++) {
            const struct happening *one = &h->all[next];
            open += one->kind == TRACE_REQUEST;
            open -= one->kind == TRACE_REPLY || one->kind == TRACE_GIVE_UP;
            waiting = one->kind == TRACE_ARRIVE || one->kind == TRACE_ADMIT
                          ? one->waiting
                          : waiting;
        }
        h->open[cycle] = open;
        h->waiting[cycle] = waiting;
    }
}

static void tell(struct series *s, const struct happening *one)
{
    struct trace_event e = TRACE_EVENT(fault, 1, .va = 1);
    if (one->kind == TRACE_REQUEST) {
        e = TRACE_EVENT(request, 1, .request = 1);
    } else if (one->kind == TRACE_REPLY) {
        e = TRACE_EVENT(reply, 1, .request = 1, .latency = one->latency);
    } else if (one->kind == TRACE_GIVE_UP) {
        e = TRACE_EVENT(give_up, 1, .request = 1);
    } else if (one->kind == TRACE_ARRIVE) {
        e = TRACE_EVENT(arrive, 1, .waiting = one->waiting);
    } else if (one->kind == TRACE_ADMIT) {
        e = TRACE_EVENT(admit, 1, .waited = 1);
    }
    e.time = one->time;
    series_event(s, &e);
}

static void tell_all(struct history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        tell(&h->series, &h->all[i]);
    }
    series_pass(&h->series, LAST);
}

/* From one cycle to before another, as the happenings are. */
struct sums {
    uint64_t answers, latency, faults;
    double open, waiting;
};

static struct sums sum_of(const struct history *h, uint64_t from, uint64_t to)
{
    struct sums s = { .answers = 0 };
    for (size_t i = 0; i < h->count; i++) {
        const struct happening *one = &h->all[i];
        uint64_t due = one->time - one->latency;
        if (one->kind == TRACE_REPLY && due >= from && due < to) {
            s.answers++;
            s.latency += one->latency;
        }
        s.faults +=
            one->kind == TRACE_FAULT && one->time >= from && one->time < to;
    }
    for (uint64_t cycle = from; cycle < to; cycle++) {
        s.open += (double)h->open[cycle];
        s.waiting += (double)h->waiting[cycle];
    }
    return s;
}

/* The first cycle of a slot may be counted to the slot before. */
static double off_by(const uint64_t *of_cycle, uint64_t from, uint64_t to)
{
    return (double)(of_cycle[from] > of_cycle[to] ? of_cycle[from]
                                                  : of_cycle[to]) +
           1e-6;
}

static void expect_slots(const struct history *h)
{
    for (size_t i = 0; i < SERIES_SLOTS; i++) {
        uint64_t from = START + i * SLOT;
        uint64_t to = from + SLOT;
        const struct series_slot *got = &h->series.slots[i];
        struct sums want = sum_of(h, from, to);
        assert_int_equal(got->answers, want.answers);
        assert_int_equal(got->latency, want.latency);
        assert_int_equal(got->faults, want.faults);
        assert_true(fabs(got->open - want.open) <= off_by(h->open, from, to));
        assert_true(fabs(got->waiting - want.waiting) <=
                    off_by(h->waiting, from, to));
    }
}

static void each_slot_is_what_its_cycles_are(void **state)
{
    (void)state;
    struct history *h = zeros(sizeof(*h));
    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        h->count = 0;
        make(h, seed);
        count_cycles(h);
        series_init(&h->series);
        series_begin(&h->series, START, END);
        tell_all(h);
        expect_slots(h);
    }
    free(h);
}

/* Its slots were an eighth as long when it began. */
static void one_that_grew_is_as_if_it_had_been_as_long(void **state)
{
    (void)state;
    struct history *h = zeros(sizeof(*h));
    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        h->count = 0;
        make(h, seed);
        while (h->all[h->count - 1].time >= END) {
            h->count--;
        }
        count_cycles(h);
        series_init(&h->series);
        series_begin(&h->series, START, START + CYCLES / 8);
        h->series.grows = true;
        for (size_t i = 0; i < h->count; i++) {
            tell(&h->series, &h->all[i]);
        }
        series_pass(&h->series, END - 1);
        assert_int_equal(h->series.end, END);
        for (size_t i = 0; i + 1 < SERIES_SLOTS; i++) {
            const struct series_slot *got = &h->series.slots[i];
            struct sums want =
                sum_of(h, START + i * SLOT, START + (i + 1) * SLOT);
            assert_int_equal(got->answers, want.answers);
            assert_int_equal(got->latency, want.latency);
            assert_int_equal(got->faults, want.faults);
        }
        series_pass(&h->series, END);
        assert_int_equal(h->series.end, END + CYCLES);
    }
    free(h);
}

/* ---- Observations -------------------------------------------------------- */

static void expect_mean(double got, double want)
{
    if (fabs(got - want) > 0.01 + 0.002 * fabs(want)) {
        fail_msg("%g, not %g", got, want);
    }
}

static void expect_half(const struct history *h, uint64_t from, uint64_t to,
                        const double half[STEADY_QUANTITY_COUNT])
{
    struct sums want = sum_of(h, from, to);
    double cycles = (double)(to - from);
    expect_mean(half[STEADY_LATENCY],
                (double)want.latency / (double)want.answers * NS);
    expect_mean(half[STEADY_FAULTS], (double)want.faults / cycles * HZ);
    expect_mean(half[STEADY_OPEN], want.open / cycles);
    expect_mean(half[STEADY_WAITING], want.waiting / cycles);
}

/* Slots of the part, as shares of it, and what they have in judge.h's units. */
static void expect_part(struct history *h, size_t first, size_t last)
{
    uint64_t from = START + first * SLOT;
    uint64_t to = START + last * SLOT;
    const struct steady_observations *of = h->input.of;
    series_observe(&h->series, from, to, HZ, &h->input);
    assert_int_equal(h->input.answers, sum_of(h, from, to).answers);
    assert_true(fabs(h->input.seconds - (double)(to - from) / HZ) < 1e-12);
    for (int q = STEADY_FAULTS; q < STEADY_QUANTITY_COUNT; q++) {
        assert_int_equal(of[q].count, last - first);
    }
    for (size_t i = first; i < last; i++) {
        size_t k = i - first;
        const struct series_slot *slot = &h->series.slots[i];
        for (int q = STEADY_FAULTS; q < STEADY_QUANTITY_COUNT; q++) {
            double share = (double)k / (double)(last - first);
            assert_true(fabs(of[q].at[k] - share) < 1e-12);
        }
        expect_mean(of[STEADY_FAULTS].values[k],
                    (double)slot->faults / (SLOT / (double)HZ));
        expect_mean(of[STEADY_OPEN].values[k], slot->open / SLOT);
        expect_mean(of[STEADY_WAITING].values[k], slot->waiting / SLOT);
    }
    uint64_t half = from + (last - first) / 2 * SLOT;
    expect_half(h, from, half, h->input.first);
    expect_half(h, half, to, h->input.second);
}

static void observations_are_of_the_part_that_is_asked_for(void **state)
{
    (void)state;
    struct history *h = zeros(sizeof(*h));
    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        h->count = 0;
        make(h, seed);
        count_cycles(h);
        series_init(&h->series);
        series_begin(&h->series, START, END);
        tell_all(h);
        expect_part(h, 0, SERIES_SLOTS);
        expect_part(h, SERIES_SLOTS / 4, SERIES_SLOTS);
        expect_part(h, 37, 288);
    }
    free(h);
}

/* Answers of one latency for each slot whose number is a multiple. */
static void answer_each(struct history *h, size_t multiple)
{
    series_init(&h->series);
    series_begin(&h->series, START, END);
    for (size_t i = 0; i < SERIES_SLOTS; i += multiple) {
        struct happening one = { .time = START + i * SLOT,
                                 .kind = TRACE_REQUEST };
        tell(&h->series, &one);
        one = (struct happening){ .time = one.time + 1 + i % SLOT,
                                  .kind = TRACE_REPLY,
                                  .latency = 1 + i % SLOT };
        tell(&h->series, &one);
    }
    series_observe(&h->series, START, END, HZ, &h->input);
}

/* About 200 observations of latency, each of as many answers, in ns. */
static void latency_is_observed_where_there_are_answers(void **state)
{
    (void)state;
    struct history *h = zeros(sizeof(*h));
    const struct steady_observations *o = &h->input.of[STEADY_LATENCY];
    answer_each(h, 1);
    assert_int_equal(o->count, SERIES_SLOTS / 2);
    for (size_t k = 0; k < o->count; k++) {
        double cycles = (double)(1 + 2 * k % SLOT + 1 + (2 * k + 1) % SLOT) / 2;
        assert_true(fabs(o->values[k] - cycles * NS) < 1e-6);
        assert_true(fabs(o->at[k] - 2.0 * (double)k / SERIES_SLOTS) < 1e-12);
    }
    answer_each(h, 5);
    assert_int_equal(o->count, SERIES_SLOTS / 5);
    for (size_t k = 0; k < o->count; k++) {
        double first = k > 0 ? 5.0 * (double)k - 4 : 0;
        double cycles = (double)(1 + 5 * k % SLOT);
        assert_true(fabs(o->values[k] - cycles * NS) < 1e-6);
        assert_true(fabs(o->at[k] - first / SERIES_SLOTS) < 1e-12);
    }
    free(h);
}

static void what_is_no_part_has_no_observations(void **state)
{
    (void)state;
    struct history *h = zeros(sizeof(*h));
    series_init(&h->series);
    series_observe(&h->series, 0, LAST, HZ, &h->input);
    assert_int_equal(h->input.of[STEADY_OPEN].count, 0);
    answer_each(h, 1);
    series_observe(&h->series, END, END, HZ, &h->input);
    assert_int_equal(h->input.of[STEADY_OPEN].count, 0);
    assert_int_equal(h->input.answers, 0);
    assert_true(h->input.seconds == 0);
    free(h);
}

/* ---- The end moves ------------------------------------------------------- */

/* As if it always had: the slot of what happened last is the first in either. */
static void an_end_may_move_as_long_as_all_is_in_the_first_slot(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 10 * SERIES_SLOTS, 40 * SERIES_SLOTS,
                                        80 * SERIES_SLOTS };
    struct history *h = zeros(sizeof(*h));
    for (size_t i = 0; i < 9; i++) {
        uint64_t was = lengths[i / 3];
        uint64_t is = lengths[i % 3];
        for (uint64_t gone = 0; gone < 100; gone++) {
            struct happening one = { .time = START + gone,
                                     .kind = TRACE_FAULT };
            series_init(&h->series);
            series_begin(&h->series, START, START + was);
            tell(&h->series, &one);
            assert_int_equal(series_move_end(&h->series, START + is),
                             gone * SERIES_SLOTS / was == 0 &&
                                 gone * SERIES_SLOTS / is == 0);
            assert_int_equal(h->series.end, START + is);
        }
    }
    free(h);
}

/* Of so many cycles the last, divided by a slot's, is rounded to one too many. */
static void the_last_cycle_is_in_the_last_slot(void **state)
{
    (void)state;
    struct history *h = zeros(sizeof(*h));
    uint64_t end = (uint64_t)1 << 60;
    struct happening one = { .time = end - 1, .kind = TRACE_FAULT };
    series_init(&h->series);
    series_begin(&h->series, 0, end);
    tell(&h->series, &one);
    assert_int_equal(h->series.slots[SERIES_SLOTS - 1].faults, 1);
    free(h);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_slot_is_what_its_cycles_are),
        cmocka_unit_test(one_that_grew_is_as_if_it_had_been_as_long),
        cmocka_unit_test(observations_are_of_the_part_that_is_asked_for),
        cmocka_unit_test(latency_is_observed_where_there_are_answers),
        cmocka_unit_test(what_is_no_part_has_no_observations),
        cmocka_unit_test(the_last_cycle_is_in_the_last_slot),
        cmocka_unit_test(an_end_may_move_as_long_as_all_is_in_the_first_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

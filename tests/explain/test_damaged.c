/*
 * test_damaged.c - events that no run would say do no harm to what explains
 * them: numbers of any size, in any order, of things that are not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/views/explain/requests.h"
#include "cli/views/explain/sentence.h"
#include "sim/random.h"
#include "tests/events.h"
#include "tests/memory.h"

#define VMS         5
#define ROUNDS      20
#define EVENT_COUNT 20000

/* Mostly small, so that events meet; now and then anything. */
static uint64_t any(struct rng *rng)
{
    uint64_t kind = rng_below(rng, 16);
    return kind == 0   ? rng_u64(rng)
           : kind == 1 ? UINT64_MAX - rng_below(rng, 3)
           : kind < 6  ? rng_below(rng, 40) << 16 | rng_below(rng, 70)
                       : rng_below(rng, 12);
}

static struct trace_event any_event(struct rng *rng, uint64_t time)
{
    enum trace_kind kind = (enum trace_kind)rng_below(rng, TRACE_KIND_COUNT);
    uint32_t vm = rng_below(rng, 10) == 0 ? (uint32_t)any(rng)
                                          : (uint32_t)rng_below(rng, VMS);
    uint64_t a = any(rng);
    struct trace_event e = event_of_bits(kind, vm, a, any(rng));
    e.time = rng_below(rng, 50) == 0 ? any(rng) : time;
    return e;
}

static void count(void *ctx, const struct request *r,
                  const struct request_leg *legs, size_t leg_count)
{
    uint64_t *told = ctx;
    (void)r;
    (void)legs;
    (void)leg_count;
    (*told)++;
}

/* Requests are numbered in turn, or there would hardly be any. */
static void number(struct trace_event *e, uint64_t *next)
{
    const struct trace_field *which = trace_kinds[e->kind].fields;
    if (e->kind == TRACE_REQUEST) {
        *e = event_with(e, which, (*next)++);
    } else if (e->kind == TRACE_REPLY || e->kind == TRACE_CONNECT) {
        *e = event_with(e, which, *next - trace_get_asked(e).request % 8);
    }
}

static void check_round(uint64_t seed, uint64_t *told, uint64_t *sentences)
{
    const struct trace_info info = {
        .cpu_hz = 1000000000, .frames = 16, .disks = 2, .vm_limit = VMS
    };
    const struct replay_options options = { .sample_cycles = 1u << 30 };
    struct rng rng;
    struct replay *replay = replay_create(&info, &options);
    struct requests *requests = requests_create(VMS, count, told);
    struct sentences s = { .replay = replay };
    uint64_t next = 0;
    assert_non_null(replay);
    assert_non_null(requests);
    rng_init(&rng, seed, "damaged", 0);
    for (uint64_t i = 0; i < EVENT_COUNT; i++) {
        char text[SENTENCE_BYTES];
        struct trace_event e = any_event(&rng, 10 * i);
        number(&e, &next);
        enum sentence_kind kind = sentence_write(&s, &e, text);
        *sentences += kind != SENTENCE_NONE;
        assert_int_equal(kind != SENTENCE_NONE, text[0] != '\0');
        assert_true(strlen(text) < SENTENCE_BYTES - 1);
        replay_event(replay, &e);
        requests_event(requests, &e);
    }
    assert_true(requests_finish(requests));
    assert_int_equal(requests_count(requests), next);
    requests_free(requests);
    replay_free(replay);
}

static void events_that_make_no_sense_do_no_harm(void **state)
{
    uint64_t told = 0;
    uint64_t sentences = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        check_round(seed, &told, &sentences);
    }
    assert_true(told > 1000);
    assert_true(sentences > ROUNDS * EVENT_COUNT / 2);
}

/* One event may name any connection, in a file of a few bytes. */
static void a_great_number_takes_no_memory(void **state)
{
    uint64_t told = 0;
    (void)state;
    long before = memory_resident_bytes();
    struct requests *requests = requests_create(1u << 20, count, &told);
    assert_non_null(requests);
    struct trace_event e = trace_put_connect(
        0, (struct trace_connect){ .request = 0, .connection = 5 });
    requests_event(requests, &e);
    e = trace_put_connect(0, (struct trace_connect){
                                 .request = 1, .connection = (1u << 20) - 1 });
    requests_event(requests, &e);
    assert_true(requests_finish(requests));
    /* The tables' sizes are 92 MiB, and more; a sanitizer adds an eighth. */
    assert_true(memory_resident_bytes() - before < MEMORY_MIB(60));
    requests_free(requests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_that_make_no_sense_do_no_harm),
        cmocka_unit_test(a_great_number_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

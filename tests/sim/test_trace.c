/* test_trace.c - fingerprints that never change, and sinks that see all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <xxhash.h>

#include "sim/arena.h"
#include "sim/random.h"
#include "sim/trace/trace.h"

/* Of the kinds there are; a new kind at the end changes no golden value. */
#define KINDS (TRACE_RETRANSMIT + 1)

static struct trace *create(struct arena *arena)
{
    assert_true(arena_map(arena, 1 << 20));
    struct trace *t = trace_create(arena);
    assert_non_null(t);
    return t;
}

static void destroy(struct arena *arena, struct trace *t)
{
    trace_release(t);
    arena_unmap(arena);
}

static void emit_some(struct trace *t, uint32_t count)
{
    struct rng r;
    rng_init(&r, 1, "test", 0);
    for (uint32_t i = 0; i < count; i++) {
        enum trace_kind kind = (enum trace_kind)rng_below(&r, KINDS);
        uint32_t vm = (uint32_t)rng_below(&r, 100);
        uint64_t a = rng_u64(&r);
        struct trace_event e = { .word_a = a,
                                 .word_b = rng_u64(&r),
                                 .vm = vm,
                                 .kind = (uint16_t)kind,
                                 .layer = (uint16_t)trace_kinds[kind].layer };
        trace_emit(t, i * 10, e);
    }
}

static void a_fingerprint_has_its_golden_value(void **state)
{
    (void)state;
    struct arena arena;
    struct trace *t = create(&arena);
    char hex[FINGERPRINT_CHARS];
    trace_fingerprint(t, hex);
    assert_string_equal(hex, "9097375a1eda3634b3c566915f614da5");
    emit_some(t, 10000);
    trace_fingerprint(t, hex);
    assert_string_equal(hex, "1bf36b9d1e02cdb264193cc2a76fdd02");
    trace_layer_fingerprint(t, TRACE_SCHED, hex);
    assert_string_equal(hex, "4ceea4f2c36aabe991d3aba6e7dc956b");
    destroy(&arena, t);
}

struct record {
    uint32_t count;
    struct trace_event events[1000];
};

static void keep(void *ctx, const struct trace_event *event)
{
    struct record *r = ctx;
    r->events[r->count++] = *event;
}

/* What a layer's fingerprint should be, by the header's word. */
static void hash_layer(const struct record *r, enum trace_layer layer,
                       char hex[FINGERPRINT_CHARS])
{
    static struct trace_event own[1000];
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->events[i].layer == layer) {
            own[count++] = r->events[i];
        }
    }
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits(own, count * sizeof(own[0])));
    for (int i = 0; i < 16; i++) {
        snprintf(hex + i * 2, 3, "%02x", hash.digest[i]);
    }
}

static void a_sink_sees_what_is_hashed(void **state)
{
    (void)state;
    struct arena arena;
    struct trace *t = create(&arena);
    static struct record first;
    static struct record second;
    trace_add_sink(t, keep, &first);
    trace_add_sink(t, keep, &second);
    emit_some(t, 1000);
    assert_int_equal(first.count, 1000);
    assert_memory_equal(&first, &second, sizeof(first));
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        char expected[FINGERPRINT_CHARS];
        char hex[FINGERPRINT_CHARS];
        hash_layer(&first, (enum trace_layer)i, expected);
        trace_layer_fingerprint(t, (enum trace_layer)i, hex);
        assert_string_equal(hex, expected);
    }
    destroy(&arena, t);
}

static void looking_at_a_fingerprint_changes_nothing(void **state)
{
    (void)state;
    struct arena arenas[2];
    struct trace *looked_at = create(&arenas[0]);
    struct trace *left_alone = create(&arenas[1]);
    char hex[2][FINGERPRINT_CHARS];
    for (uint32_t i = 0; i < 1000; i++) {
        trace_emit(looked_at, i, TRACE_EVENT(run, 1, .insns = i));
        trace_emit(left_alone, i, TRACE_EVENT(run, 1, .insns = i));
        trace_fingerprint(looked_at, hex[0]);
    }
    trace_fingerprint(left_alone, hex[1]);
    assert_string_equal(hex[0], hex[1]);
    destroy(&arenas[0], looked_at);
    destroy(&arenas[1], left_alone);
}

static void an_arena_too_small_for_a_trace_is_left_as_it_was(void **state)
{
    (void)state;
    static unsigned char block[1000];
    struct arena arena;
    arena_init(&arena, block, sizeof(block));
    assert_null(trace_create(&arena));
    assert_int_equal(arena.used_bytes, 0);
    trace_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fingerprint_has_its_golden_value),
        cmocka_unit_test(a_sink_sees_what_is_hashed),
        cmocka_unit_test(looking_at_a_fingerprint_changes_nothing),
        cmocka_unit_test(an_arena_too_small_for_a_trace_is_left_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

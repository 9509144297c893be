/*
 * test_replace_textbook.c - fault counts on the reference strings of the
 * textbooks.
 *
 * Each policy runs one VM in a memory of 3 and of 4 frames. Beside it stand the
 * algorithms of the textbooks (textbook_paging.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/random.h"
#include "tests/ik_policy/fake_memory.h"
#include "tests/ik_policy/textbook_paging.h"

#define LONG_STRING  5000
#define LENGTH(a)    (sizeof(a) / sizeof((a)[0]))
#define STRING(name) name, LENGTH(name)

/* Belady, Nelson and Shedler 1969, and the string of most textbooks. */
static const uint8_t anomaly[] = { 1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5 };
static const uint8_t textbook[] = { 7, 0, 1, 2, 0, 3, 0, 4, 2, 3,
                                    0, 3, 2, 1, 2, 0, 1, 7, 0, 1 };

/* As the kernel does it: a free frame, or else the victim's. */
static uint32_t faults_of(const struct replace_policy *policy,
                          const uint8_t *string, size_t length, uint32_t frames)
{
    static struct fake_memory m;
    const struct replace_config config = {
        .frame_count = frames,
        .vm_limit = 1,
        .tau_cycles = 3,
    };
    fake_init(&m, policy, &config, 0);
    uint32_t frame_of[PAGE_LIMIT];
    uint32_t page_in[PAGE_LIMIT];
    memset(frame_of, 0xFF, sizeof(frame_of));
    uint32_t used = 0;
    uint32_t faults = 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t page = string[i];
        m.virtual_time[0]++;
        if (frame_of[page] != FRAME_NONE) {
            fake_touch(&m, frame_of[page]);
            continue;
        }
        faults++;
        uint32_t frame = used < frames ? used++ : fake_evict(&m);
        assert_int_not_equal(frame, FRAME_NONE);
        if (faults > frames) {
            frame_of[page_in[frame]] = FRAME_NONE;
        }
        page_in[frame] = page;
        frame_of[page] = frame;
        fake_enter(&m, frame, 0);
    }
    return faults;
}

static void the_faults_are_those_of_the_textbooks(void **state)
{
    (void)state;
    static const struct {
        const struct replace_policy *policy;
        textbook_faults *naive;
        const uint8_t *string;
        size_t length;
        uint32_t frames;
        uint32_t faults;
    } rows[] = {
        { &replace_fifo, textbook_fifo, STRING(anomaly), 3, 9 },
        { &replace_fifo, textbook_fifo, STRING(anomaly), 4, 10 },
        { &replace_lru, textbook_lru, STRING(anomaly), 3, 10 },
        { &replace_lru, textbook_lru, STRING(anomaly), 4, 8 },
        { &replace_clock, textbook_clock, STRING(anomaly), 3, 9 },
        { &replace_clock, textbook_clock, STRING(anomaly), 4, 10 },
        { &replace_fifo, textbook_fifo, STRING(textbook), 3, 15 },
        { &replace_fifo, textbook_fifo, STRING(textbook), 4, 10 },
        { &replace_lru, textbook_lru, STRING(textbook), 3, 12 },
        { &replace_lru, textbook_lru, STRING(textbook), 4, 8 },
        { &replace_clock, textbook_clock, STRING(textbook), 3, 14 },
        { &replace_clock, textbook_clock, STRING(textbook), 4, 9 },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        uint32_t naive =
            rows[i].naive(rows[i].string, rows[i].length, rows[i].frames);
        assert_int_equal(naive, rows[i].faults);
        uint32_t faults = faults_of(rows[i].policy, rows[i].string,
                                    rows[i].length, rows[i].frames);
        assert_int_equal(faults, rows[i].faults);
    }
}

static void more_memory_can_mean_more_faults_for_fifo(void **state)
{
    (void)state;
    uint32_t with_3 = faults_of(&replace_fifo, STRING(anomaly), 3);
    uint32_t with_4 = faults_of(&replace_fifo, STRING(anomaly), 4);
    assert_true(with_4 > with_3);
}

static void nobody_has_fewer_faults_than_opt(void **state)
{
    (void)state;
    assert_int_equal(textbook_opt(STRING(textbook), 3), 9);
    assert_int_equal(textbook_opt(STRING(anomaly), 3), 7);
    assert_int_equal(textbook_opt(STRING(anomaly), 4), 6);
    for (size_t i = 0; replace_policies[i]; i++) {
        for (uint32_t frames = 1; frames <= 6; frames++) {
            const struct replace_policy *p = replace_policies[i];
            assert_true(faults_of(p, STRING(textbook), frames) >=
                        textbook_opt(STRING(textbook), frames));
            assert_true(faults_of(p, STRING(anomaly), frames) >=
                        textbook_opt(STRING(anomaly), frames));
        }
    }
}

static void a_string_that_fits_faults_once_a_page(void **state)
{
    (void)state;
    for (size_t i = 0; replace_policies[i]; i++) {
        assert_int_equal(faults_of(replace_policies[i], STRING(anomaly), 5), 5);
        assert_int_equal(faults_of(replace_policies[i], STRING(textbook), 6),
                         6);
    }
}

/* Pages near a place that moves, and now and then any page. */
static void draw_string(uint8_t *string, size_t length, struct rng *r)
{
    uint64_t place = 0;
    for (size_t i = 0; i < length; i++) {
        if (rng_below(r, 50) == 0) {
            place = rng_below(r, PAGE_LIMIT);
        }
        uint64_t page = rng_below(r, 10) == 0 ? rng_below(r, PAGE_LIMIT)
                                              : place + rng_below(r, 8);
        string[i] = (uint8_t)(page % PAGE_LIMIT);
    }
}

static void long_random_strings_fault_as_the_naive_do(void **state)
{
    (void)state;
    static uint8_t string[LONG_STRING];
    struct rng r;
    for (uint64_t seed = 0; seed < 10; seed++) {
        rng_init(&r, seed, "strings", 0);
        draw_string(string, LONG_STRING, &r);
        uint32_t last_lru = UINT32_MAX;
        for (uint32_t frames = 1; frames <= 40; frames += 3) {
            uint32_t fifo = textbook_fifo(string, LONG_STRING, frames);
            uint32_t lru = textbook_lru(string, LONG_STRING, frames);
            uint32_t clock = textbook_clock(string, LONG_STRING, frames);
            assert_int_equal(
                faults_of(&replace_fifo, string, LONG_STRING, frames), fifo);
            assert_int_equal(
                faults_of(&replace_lru, string, LONG_STRING, frames), lru);
            assert_int_equal(
                faults_of(&replace_clock, string, LONG_STRING, frames), clock);
            assert_true(lru <= last_lru); /* No anomaly. */
            last_lru = lru;
        }
    }
}

static void random_keeps_most_of_a_loop_that_lru_loses(void **state)
{
    (void)state;
    static uint8_t loop[LONG_STRING];
    for (size_t i = 0; i < LONG_STRING; i++) {
        loop[i] = (uint8_t)(i % 21);
    }
    assert_int_equal(faults_of(&replace_lru, loop, LONG_STRING, 20),
                     LONG_STRING);
    assert_int_equal(faults_of(&replace_fifo, loop, LONG_STRING, 20),
                     LONG_STRING);
    assert_true(faults_of(&replace_random, loop, LONG_STRING, 20) <
                LONG_STRING / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_faults_are_those_of_the_textbooks),
        cmocka_unit_test(more_memory_can_mean_more_faults_for_fifo),
        cmocka_unit_test(nobody_has_fewer_faults_than_opt),
        cmocka_unit_test(a_string_that_fits_faults_once_a_page),
        cmocka_unit_test(long_random_strings_fault_as_the_naive_do),
        cmocka_unit_test(random_keeps_most_of_a_loop_that_lru_loses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_tcp_clock.c - without ticks lwIP sends what it sends with them, at the
 * same times.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, fork */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/ilwaco/tcp_clock_world.h"

#define MS UINT64_C(1000000)

static struct world_result *results; /* Shared with the children. */

static int set_up(void **state)
{
    (void)state;
    results = mmap(NULL, 2 * sizeof(*results), PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return results == MAP_FAILED;
}

static int tear_down(void **state)
{
    (void)state;
    return munmap(results, 2 * sizeof(*results));
}

/* In a process of its own, for lwIP begins with the process. */
static void run(struct world_config config, struct world_result *result)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        world_run(&config, result);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void nothing_changes_but_the_waking(void **state)
{
    (void)state;
    static const struct world_config configs[] = {
        { .delay_ns = 1 * MS },
        { .delay_ns = 700 * MS },
        { .delay_ns = 20 * MS, .loss_percent = 5 },
        { .delay_ns = 100 * MS, .loss_percent = 20 },
    };
    for (uint32_t i = 0; i < 16; i++) {
        struct world_config config = configs[i % 4];
        config.seed = i + 1;
        config.mode = WORLD_TICKS;
        run(config, &results[0]);
        config.mode = WORLD_TICKLESS;
        run(config, &results[1]);
        assert_int_equal(results[1].completed, results[0].completed);
        assert_int_equal(results[1].sent_count, results[0].sent_count);
        for (size_t k = 0; k < results[0].sent_count; k++) {
            assert_memory_equal(&results[1].sent[k], &results[0].sent[k],
                                sizeof(results[0].sent[k]));
        }
    }
}

static void ticks_that_only_count_wake_nobody(void **state)
{
    (void)state;
    struct world_config config = { .seed = 1, .delay_ns = 1 * MS };
    config.mode = WORLD_TICKS;
    run(config, &results[0]);
    config.mode = WORLD_TICKLESS;
    run(config, &results[1]);
    assert_int_equal(results[1].completed, WORLD_CLIENTS);
    /* Those that are left are packets, probes and delayed ACKs. */
    uint64_t packets = results[1].sent_count;
    assert_true(results[1].wakes < packets + 50);
    assert_true(results[0].wakes > results[1].wakes + 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_but_the_waking),
        cmocka_unit_test(ticks_that_only_count_wake_nobody),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

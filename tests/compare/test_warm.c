/*
 * test_warm.c - a run that shares its beginning with others is the run it would
 * have been alone; what cannot share it starts cold. Called with httpd's image.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/trial.h"
#include "cli/run/warm.h"

#define SETS_MOST 4

static char path[] = "/tmp/iksim-warm-XXXXXX";
static const char *httpd;

/* One load that runs through warm-up, one that begins with the window. */
static const char text[] =
    "run: {seed: 5, warmup: 60ms, duration: 120ms}\n"
    "vms: [{name: web, image: %s, count: 12, args: size=700}]\n"
    "load:\n"
    "  - {target: web, clients: 3, think: 3ms}\n"
    "  - {target: web, rate: 900, zipf: 1.0, start: window}\n";

struct variant {
    const char *sets[SETS_MOST];   /* Ended by NULL. */
    bool after_boot, after_warmup; /* It can part there. */
};

static const struct variant variants[] = {
    { { NULL }, true, true },
    { { "run.duration=250ms" }, true, true },
    { { "run.drain=1ms" }, true, true },
    { { "load[1].rate=2500" }, true, true },
    { { "load[1].rate=100", "run.duration=90ms" }, true, true },
    { { "load[1].zipf=0.3" }, true, true },
    { { "load[1].timeout=400us" }, true, true },
    { { "load[1].path=/other" }, true, true },
    { { "run.warmup=20ms" }, true, false },
    { { "load[0].clients=9" }, true, false },
    { { "load[0].think=1ms" }, true, false },
    { { "load[0].zipf=2" }, true, false },
    { { "load[0].keep_alive=true" }, true, false },
    { { "load[0].rate=700", "load[0].clients=", "load[0].think=" },
      true,
      false },
    { { "load[1].start=10ms" }, true, false },
    { { "load[1].start=90ms" }, true, false },
    { { "load[1].start=60ms" }, true, false },
    { { "load[1].start=window+30ms" }, true, false },
    { { "load[0].prime=2" }, true, false },
    { { "run.warmup=auto", "run.warmup_max=300ms" }, false, false },
    { { "load[1].arrivals=on-off", "load[1].burst_time=7ms" }, true, false },
    { { "load[1].arrivals=flash", "load[1].onset=20ms", "load[1].rise=9ms" },
      true,
      false },
    { { "load[1].arrivals=uniform" }, true, false },
    { { "run.seed=6" }, false, false },
    { { "vms[0].count=13" }, false, false },
    { { "vms[0].args=size=800" }, false, false },
    { { "kernel.quantum=1ms" }, false, false },
    { { "kernel.lease=5ms" }, false, false },
    { { "kernel.disk_queue=fcfs" }, false, false },
    { { "link.latency=1ms" }, false, false },
    { { "machine.ram=512MiB" }, false, false },
};

#define VARIANT_COUNT (sizeof(variants) / sizeof(variants[0]))

static struct trial trial_of(const struct variant *v)
{
    uint32_t count = 0;
    while (count < SETS_MOST && v->sets[count]) {
        count++;
    }
    return (struct trial){ path, v->sets, count };
}

static void run(const struct trial *trial, struct warm *warm,
                struct trial_result *result)
{
    struct trial_child child;
    assert_true(trial_start(trial, warm, &child));
    trial_finish(&child, result);
    if (!result->report) {
        fail_msg("%s: %s", trial->set_count > 0 ? trial->sets[0] : "base",
                 result->message);
    }
    json_object_del(result->report, "host");
}

enum start { COLD, WARM, EITHER };

static void expect_same_as_cold(const struct variant *v, struct warm *warm,
                                enum start start)
{
    const char *name = v->sets[0] ? v->sets[0] : "base";
    struct trial trial = trial_of(v);
    struct trial_result cold;
    struct trial_result other;
    run(&trial, NULL, &cold);
    run(&trial, warm, &other);
    assert_false(cold.was_warm);
    if (start != EITHER && other.was_warm != (start == WARM)) {
        fail_msg("%s started %s", name, start == WARM ? "cold" : "warm");
    }
    if (!json_equal(cold.report, other.report)) {
        fail_msg(
            "%s: the warm run is another: %s", name,
            json_string_value(json_object_get(other.report, "fingerprint")));
    }
    assert_int_equal(cold.exit_code, other.exit_code);
    trial_result_clear(&cold);
    trial_result_clear(&other);
}

static void try_point(enum warm_point point)
{
    char message[SCENARIO_MESSAGE_BYTES] = "";
    struct trial base = trial_of(&variants[0]);
    struct warm *warm = warm_open(&base, point, NULL, message);
    if (!warm) {
        fail_msg("%s", message);
    }
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        bool is_warm = point == WARM_AFTER_BOOT ? variants[i].after_boot
                                                : variants[i].after_warmup;
        expect_same_as_cold(&variants[i], warm, is_warm ? WARM : COLD);
    }
    warm_close(warm);
}

static void runs_part_after_boot(void **state)
{
    (void)state;
    try_point(WARM_AFTER_BOOT);
}

static void runs_part_after_warm_up(void **state)
{
    (void)state;
    try_point(WARM_AFTER_WARMUP);
}

static void the_latest_point_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        const struct variant *v = &variants[i];
        struct trial both[] = { trial_of(&variants[0]), trial_of(v) };
        enum warm_point point;
        assert_int_equal(warm_find_point(both, 2, &point), v->after_boot);
        if (v->after_boot) {
            assert_int_equal(point, v->after_warmup ? WARM_AFTER_WARMUP
                                                    : WARM_AFTER_BOOT);
        }
    }
}

/* Whatever is decided, the result is that of a run from the start. */
static void what_is_close_to_the_parting_is_exact_too(void **state)
{
    (void)state;
    static const struct variant close[] = {
        { { "load[1].rate=1000000000", "run.duration=1us" }, true, true },
        { { "load[1].rate=0.001" }, true, true },
        { { "run.duration=1ns" }, true, true },
        { { "run.duration=20us" }, true, true },
    };
    char message[SCENARIO_MESSAGE_BYTES] = "";
    for (size_t i = 0; i < sizeof(close) / sizeof(close[0]); i++) {
        struct trial from = trial_of(&close[i]);
        struct warm *warm = warm_open(&from, WARM_AFTER_WARMUP, NULL, message);
        assert_non_null(warm);
        for (size_t k = 0; k < sizeof(close) / sizeof(close[0]); k++) {
            expect_same_as_cold(&close[k], warm, EITHER);
        }
        warm_close(warm);
    }
}

static void a_child_that_is_refused_says_why(void **state)
{
    (void)state;
    static const struct variant bad = { { "vms[0].count=0" }, false, false };
    struct trial trial = trial_of(&bad);
    struct trial_child child;
    struct trial_result result;
    assert_true(trial_start(&trial, NULL, &child));
    trial_finish(&child, &result);
    assert_null(result.report);
    assert_int_equal(result.exit_code, 2);
    assert_non_null(strstr(result.message, "vms[0].count"));
    trial_result_clear(&result);
}

static int write_scenario(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) {
        return -1;
    }
    fprintf(file, text, httpd);
    return fclose(file);
}

static int remove_scenario(void **state)
{
    (void)state;
    return unlink(path);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_part_after_boot),
        cmocka_unit_test(runs_part_after_warm_up),
        cmocka_unit_test(the_latest_point_is_found),
        cmocka_unit_test(what_is_close_to_the_parting_is_exact_too),
        cmocka_unit_test(a_child_that_is_refused_says_why),
    };
    if (argc != 2) {
        return 2;
    }
    httpd = argv[1];
    return cmocka_run_group_tests(tests, write_scenario, remove_scenario);
}

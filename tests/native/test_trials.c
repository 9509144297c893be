/*
 * test_trials.c - iksim's processor against the one of this machine.
 *
 *   native.trials                              what ./check runs
 *   native.trials KIND MODE FIRST COUNT STATES     those trials
 *   native.trials --show KIND MODE SEED STATES N   one, of N instructions
 *   native.trials --undefined                      the table of the document
 *
 * KIND is single, straight, broken, faulting or bytes; MODE whole, cut or
 * interrupted: trial.h and engine.h say what they are. STATES is how many a trial
 * starts from, 0: as many as its kind has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/native/bench.h"
#include "tests/native/undefined.h"

#define SKIPPED  77
#define DOCUMENT "docs/isa-subset.md"

/* clang-format off */
static const struct bench_range checked[] = {
    { TRIAL_BYTES,    ENGINE_WHOLE,       0, UINT32_MAX, 0 },
    { TRIAL_SINGLE,   ENGINE_WHOLE,       1, 8192, 0 },
    { TRIAL_STRAIGHT, ENGINE_WHOLE,       1, 8192, 0 },
    { TRIAL_BROKEN,   ENGINE_WHOLE,       1, 2048, 0 },
    { TRIAL_FAULTING, ENGINE_WHOLE,       1, 4096, 0 },
    { TRIAL_SINGLE,   ENGINE_INTERRUPTED, 1, 1024, 0 },
    { TRIAL_STRAIGHT, ENGINE_CUT,         1, 1024, 0 },
    { TRIAL_BROKEN,   ENGINE_CUT,         1, 1024, 0 },
    { TRIAL_BROKEN,   ENGINE_INTERRUPTED, 1, 1024, 0 },
    { TRIAL_FAULTING, ENGINE_INTERRUPTED, 1, 512, 0 },
};
/* clang-format on */

/* Of all that the generator makes for these. */
#define CHECKED_HASH UINT64_C(0xa14d2d1baec86246)

static void print_counts(const struct bench_range *range,
                         const struct bench_counts *c)
{
    (void)printf(
        "%-8s %-11s %llu trials, %llu executions, %llu faults, "
        "%llu disagreements, hash %016llx\n",
        trial_kind_names[range->kind], engine_mode_names[range->mode],
        (unsigned long long)c->trials, (unsigned long long)c->executions,
        (unsigned long long)c->faults, (unsigned long long)c->disagreements,
        (unsigned long long)c->hash);
}

static void the_processor_does_what_hardware_does(void **state)
{
    (void)state;
    const char *why = NULL;
    struct bench *b = bench_open(&why); /* Now: cmocka takes signals, too. */
    assert_non_null(b);
    struct bench_counts all = { 0 };
    for (size_t i = 0; i < sizeof(checked) / sizeof(checked[0]); i++) {
        struct bench_counts c = { 0 };
        bench_run(b, &checked[i], &c);
        print_counts(&checked[i], &c);
        all.executions += c.executions;
        all.disagreements += c.disagreements;
        all.hash = c.hash;
    }
    bench_close(b);
    assert_int_equal(all.disagreements, 0);
    assert_true(all.executions > 2000000);
    if (all.hash != CHECKED_HASH) {
        fail_msg("The generator makes other trials than it did: %016llx",
                 (unsigned long long)all.hash);
    }
}

static void the_document_lists_what_is_undefined(void **state)
{
    (void)state;
    FILE *file = fopen(DOCUMENT, "r");
    if (!file) {
        fail_msg("%s cannot be read", DOCUMENT);
        return;
    }
    char *table = calloc(1, UNDEFINED_BYTES);
    char *document = calloc(1, 1 << 20);
    assert_true(table != NULL && document != NULL);
    size_t length = fread(document, 1, (1 << 20) - 1, file);
    fclose(file);
    assert_true(length > 0);
    undefined_write(table);
    if (strstr(document, table) == NULL) {
        fail_msg("%s does not have the table of native.trials --undefined:\n%s",
                 DOCUMENT, table);
    }
    free(document);
    free(table);
}

static size_t find(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0) {
        i++;
    }
    return i;
}

static bool read_range(struct bench_range *range, char **args)
{
    size_t kind = find(trial_kind_names, TRIAL_KIND_COUNT, args[0]);
    size_t mode = find(engine_mode_names, ENGINE_MODE_COUNT, args[1]);
    range->kind = (enum trial_kind)kind;
    range->mode = (enum engine_mode)mode;
    range->first = strtoull(args[2], NULL, 10);
    return kind < TRIAL_KIND_COUNT && mode < ENGINE_MODE_COUNT;
}

static int run_named(struct bench *b, int argc, char **argv)
{
    if (strcmp(argv[1], "--undefined") == 0) {
        static char table[UNDEFINED_BYTES];
        undefined_write(table);
        (void)fputs(table, stdout);
        return 0;
    }
    struct bench_range range = { 0 };
    bool is_show = strcmp(argv[1], "--show") == 0;
    if (argc != 6 + is_show || !read_range(&range, argv + 1 + is_show)) {
        (void)fprintf(stderr,
                      "usage: native.trials KIND MODE FIRST COUNT STATES, or\n"
                      "       native.trials --show KIND MODE SEED STATES N\n");
        return 2;
    }
    range.state_count = (uint32_t)strtoul(argv[5], NULL, 10);
    if (range.state_count > STATE_LIMIT) {
        range.state_count = STATE_LIMIT;
    }
    if (is_show) {
        uint32_t limit = (uint32_t)strtoul(argv[6], NULL, 10);
        return bench_show(b, &range, limit) ? 0 : 1;
    }
    struct bench_counts counts = { 0 };
    range.count = strtoull(argv[4], NULL, 10);
    bench_run(b, &range, &counts);
    print_counts(&range, &counts);
    return counts.disagreements == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *why = NULL;
    struct bench *b = bench_open(&why);
    if (b == NULL) {
        (void)printf("skipped: %s\n", why);
        return SKIPPED;
    }
    int code = argc > 1 ? run_named(b, argc, argv) : 0;
    bench_close(b);
    if (argc > 1) {
        return code;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_processor_does_what_hardware_does),
        cmocka_unit_test(the_document_lists_what_is_undefined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

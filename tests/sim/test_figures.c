/* test_figures.c - the list of figures: names, and values that a report is read
   back for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/report/figures.h"
#include "sim/vocabulary/vocabulary.h"
#include "tests/sim/report_fixture.h"

static bool find(const char *name, struct figure_ref *ref)
{
    return figure_find(name, strlen(name), ref);
}

static void parts_are_called_as_people_call_them(void **state)
{
    (void)state;
    static const char *const names[] = { "mean",  "p50", "p90", "p99",
                                         "p99.9", "max", "" };
    _Static_assert(sizeof(names) / sizeof(names[0]) == PART_NONE + 1,
                   "each part has a name");
    for (int i = 0; i <= PART_NONE; i++) {
        assert_string_equal(figure_part_name((enum figure_part)i), names[i]);
    }
}

static void each_figure_has_a_path_and_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *f = &figure_table[i];
        assert_true(strlen(f->path) > 2 && strlen(f->path) < FIGURE_NAME_BYTES);
        assert_int_equal(strncmp(f->path, f->row, strlen(f->row)), 0);
        assert_true(strlen(f->label) > 1);
        assert_true(strlen(f->sentence) > 5);
        /* A cell of a table ends there. */
        assert_null(strchr(f->sentence, '|'));
    }
}

static void categories_are_called_by_their_words(void **state)
{
    (void)state;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        const char *word = word_name(&cpu_category_words, (uint64_t)i);
        assert_string_equal(figure_table[FIGURE_CPU_GUEST + i].label, word);
        assert_string_equal(figure_table[FIGURE_CPU_WHOLE_GUEST + i].label,
                            word);
    }
}

static void no_two_figures_have_one_name(void **state)
{
    (void)state;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        struct figure_ref ref;
        char path[FIGURE_NAME_BYTES];
        figure_path((struct figure_ref){ (enum figure_id)i, 0 }, path);
        assert_true(find(path, &ref));
        assert_int_equal(ref.id, i);
        figure_name(ref, path);
        assert_true(find(path, &ref));
        assert_int_equal(ref.id, i);
    }
}

static void figures_are_found_by_path_and_by_short_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum figure_id id;
        uint32_t group;
    } rows[] = {
        { "virtual_ns", FIGURE_MEASURED_LENGTH, 0 },
        { "p99", FIGURE_LOAD_LATENCY_P99, 0 },
        { "p99.9", FIGURE_LOAD_LATENCY_P999, 0 },
        { "load.latency_ns.p999", FIGURE_LOAD_LATENCY_P999, 0 },
        { "answered", FIGURE_LOAD_ANSWERED, 0 },
        { "load.answered_rps", FIGURE_LOAD_ANSWERED, 0 },
        { "cpu.pio_ns", FIGURE_CPU_PIO, 0 },
        { "cpu_whole.pio_ns", FIGURE_CPU_WHOLE_PIO, 0 },
        { "net.rx_drops_by_cause.no_vm", FIGURE_NET_DROPS_NO_VM, 0 },
        { "tcp.guests.silence_ns.max", FIGURE_TCP_GUESTS_SILENCE_MAX, 0 },
        { "groups[0].least_cpu_ns", FIGURE_GROUP_LEAST_CPU, 0 },
        { "groups[12].sent", FIGURE_GROUP_SENT, 12 },
        { "host.max_rss_kib", FIGURE_HOST_MAX_RSS, 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct figure_ref ref;
        if (!find(rows[i].name, &ref)) {
            fail_msg("%s is not found", rows[i].name);
        }
        assert_int_equal(ref.id, rows[i].id);
        assert_int_equal(ref.group, rows[i].group);
    }
    struct figure_ref ref;
    static const char *const none[] = {
        "",
        "p98",
        "load",
        "load.latency_ns",
        "groups[]",
        "groups[].sent",
        "groups[x].sent",
        "groups[0]sent",
        "groups[0].",
        "schema",
        "load.sent.",
        "groups[0].none",
        "p",
        "groups[99999999999].sent",
    };
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        if (find(none[i], &ref)) {
            fail_msg("'%s' is found", none[i]);
        }
    }
    assert_true(figure_find("p99 > 5", 3, &ref));
    char message[FIGURE_MESSAGE_BYTES];
    figure_describe_unknown("load.answered_rsp > 5", 17, message);
    assert_string_equal(message, "there is no figure 'load.answered_rsp', "
                                 "perhaps load.answered_rps; `iksim figures` "
                                 "lists them");
}

/* ---- Values ------------------------------------------------------------- */

/* Each number is another. */
static void fill(struct report_fixture *f)
{
    f->stats.window_end = 1700000000;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *figure = &figure_table[i];
        uint64_t value = 17 * (uint64_t)(i + 1);
        if (figure->storage == STORAGE_SPLIT ||
            (figure->storage == STORAGE_NUMBER &&
             figure->section != SECTION_GROUP)) {
            memcpy((char *)&f->stats + figure->offset, &value, sizeof(value));
        }
    }
    for (uint64_t i = 1; i <= 1000; i++) {
        hist_record(&f->stats.load.latency, i * 1700);
        hist_record(&f->stats.virq.batch, i % 10);
    }
}

static json_t *write_and_read(const struct report_fixture *f)
{
    char *text = report_fixture_json(f);
    json_t *written = json_loads(text, 0, NULL);
    assert_non_null(written);
    free(text);
    return written;
}

static size_t count_numbers(json_t *value)
{
    size_t count = json_is_number(value);
    const char *key;
    json_t *inner;
    json_object_foreach(value, key, inner)
    {
        count += count_numbers(inner);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        count += count_numbers(json_array_get(value, i));
    }
    return count;
}

static void a_report_has_each_figure_and_no_other_number(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "denali-2002");
    fill(&f);
    json_t *written = write_and_read(&f);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        double value = -1;
        struct figure_ref ref = { (enum figure_id)i, 0 };
        assert_true(figure_read(written, ref, &value));
        if (figure_is_whole(&figure_table[i]) &&
            figure_table[i].section != SECTION_GROUP) {
            assert_true(value == (double)figure_whole(&f.report, ref.id));
        }
    }
    /* `schema` and `seed` are numbers, and no figures. */
    assert_int_equal(count_numbers(written), FIGURE_COUNT + 2);
    json_decref(written);
    report_fixture_release(&f);
}

static void what_a_report_has_not_is_absent_and_not_0(void **state)
{
    (void)state;
    json_t *written = json_pack("{s:{s:i, s:s}, s:[{s:i}]}", "load", "sent", 5,
                                "failed", "5", "groups", "sent", 3);
    double value = 77;
    assert_true(figure_read(written, (struct figure_ref){ FIGURE_LOAD_SENT, 0 },
                            &value));
    assert_true(value == 5);
    assert_true(figure_read(
        written, (struct figure_ref){ FIGURE_GROUP_SENT, 0 }, &value));
    assert_true(value == 3);
    static const struct figure_ref absent[] = {
        { FIGURE_LOAD_FAILED, 0 },      { FIGURE_LOAD_OPEN, 0 },
        { FIGURE_LOAD_LATENCY_P99, 0 }, { FIGURE_GROUP_SENT, 1 },
        { FIGURE_GROUP_COMPLETED, 0 },  { FIGURE_MEASURED_LENGTH, 0 },
    };
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        assert_false(figure_read(written, absent[i], &value));
    }
    assert_false(figure_read(NULL, absent[0], &value));
    json_decref(written);
}

static void figures_are_written_with_their_units(void **state)
{
    (void)state;
    static const struct {
        enum figure_id id;
        double value;
        const char *text;
    } rows[] = {
        { FIGURE_LOAD_LATENCY_P99, 0, "0 ns" },
        { FIGURE_LOAD_LATENCY_P99, 123456, "123 us" },
        { FIGURE_LOAD_LATENCY_P99, -2.5e9, "-2.50 s" },
        { FIGURE_MEMORY_FAULTS, 1234567, "1,234,567" },
        { FIGURE_MEMORY_FAULTS, -1234, "-1,234" },
        { FIGURE_MEMORY_FRAMES, 256, "1.00 MiB" },
        { FIGURE_LOAD_BYTES, 2048, "2.00 KiB" },
        { FIGURE_HOST_MAX_RSS, 2048, "2.00 MiB" },
        { FIGURE_FAIRNESS_CPU, 0.98761, "0.988" },
        { FIGURE_LOAD_ANSWERED, 66.54, "66.5" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(figure_text(rows[i].id, rows[i].value).chars,
                            rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_called_as_people_call_them),
        cmocka_unit_test(each_figure_has_a_path_and_a_sentence),
        cmocka_unit_test(categories_are_called_by_their_words),
        cmocka_unit_test(no_two_figures_have_one_name),
        cmocka_unit_test(figures_are_found_by_path_and_by_short_name),
        cmocka_unit_test(a_report_has_each_figure_and_no_other_number),
        cmocka_unit_test(what_a_report_has_not_is_absent_and_not_0),
        cmocka_unit_test(figures_are_written_with_their_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

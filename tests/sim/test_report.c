/* test_report.c - the fields of the report, and its table's width. */
#define _DEFAULT_SOURCE /* open_memstream */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "sim/devices/machine.h"
#include "sim/quantity.h"
#include "sim/random.h"
#include "sim/steady/interval.h"
#include "tests/sim/report_fixture.h"

/* As if much had happened. */
static void fill(struct report_fixture *f)
{
    struct stats *s = &f->stats;
    s->window_start = 500000000;
    s->window_end = 2500000000;
    s->guest.instructions = 123456789012;
    s->vms.created = 10000;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        s->cpu[i] = (uint64_t)(i + 1) * 2000000000 / 21;
    }
    s->sched.switches = s->sched.preemptions = 12345678;
    s->sched.idles = s->sched.boosts = 12345678;
    s->gate.admissions = 12345678;
    s->memory.frames = 262144;
    s->memory.resident_peak = 30000;
    s->memory.faults = s->memory.zero_fills = 12345678;
    s->memory.page_ins = s->memory.page_outs = 12345678;
    s->virq.raised = s->virq.coalesced = s->virq.deliveries = 12345678;
    s->net.rx_packets = s->net.tx_packets = 12345678;
    s->net.rx_drops = s->net.rx_drops_by_cause.vm_full = 5;
    s->disk.reads = s->disk.writes = 12345678;
    s->disk.busy = 6000000000;
    s->load.sent = 4000;
    s->load.completed = 3999;
    s->load.unanswered = 1;
    s->load.offered = 4000;
    s->load.answered = 3999;
    s->tcp.clients.timeouts = s->tcp.clients.retransmits = 12345678;
    s->tcp.clients.spurious = s->tcp.guests.spurious = 12345678;
    s->tcp.guests.retransmits = 12345678;
    for (uint64_t i = 1; i <= 1000; i++) {
        hist_record(&s->tcp.clients.srtt, i * 1000000);
        hist_record(&s->tcp.clients.rto, i * 1000000);
        hist_record(&s->load.latency, i * 1000);
        hist_record(&s->gate.wait, i * 1000);
        hist_record(&s->virq.delay, i * 1000);
        hist_record(&s->virq.batch, i % 10);
    }
    trace_emit(f->trace, 1, TRACE_EVENT(run, 1, .insns = 2, .cycles = 3));
}

static const char *const fields[] = {
    "schema",       "scenario",      "seed",         "fingerprint",
    "fingerprints", "cpu",           "sched",        "gate",
    "memory",       "virq",          "net",          "disk",
    "load",         "virtual_ns",    "warmup_ns",    "guest",
    "instructions", "blocks",        "vms",          "created",
    "terminated",   "faulted",       "cpu",          "guest_ns",
    "switch_ns",    "interrupt_ns",  "paging_ns",    "pio_ns",
    "idle_ns",      "load",          "sent",         "completed",
    "timed_out",    "failed",        "unanswered",   "latency_ns",
    "mean",         "p50",           "p90",          "p99",
    "p999",         "max",           "offered_rps",  "answered_rps",
    "open_before",  "open",          "sched",        "switches",
    "preemptions",  "idles",         "boosts",       "gate",
    "admissions",   "max_waiting",   "wait_ns",      "memory",
    "frames",       "resident_peak", "faults",       "zero_fills",
    "page_ins",     "page_outs",     "table_frames", "virq",
    "raised",       "coalesced",     "deliveries",   "batch",
    "mean",         "p50",           "p99",          "max",
    "delay_ns",     "net",           "rx_packets",   "rx_drops",
    "tx_packets",   "disk",          "reads",        "writes",
    "busy_ns",      "utilisation",   "cpu_whole",    "fairness",
    "cpu",          "answered",      "latency",      "tcp",
    "clients",      "srtt_ns",       "rto_ns",       "timeouts",
    "retransmits",  "spurious",      "guests",       "srtt_ns",
    "silence_ns",   "retransmits",   "spurious",     "groups",
    "name",         "vms",           "shares",       "cpu_ns",
    "least_cpu_ns", "sent",          "completed",    "host",
    "wall_s",       "mips",          "max_rss_kib",  "unicorn",
};

/* Each name stands behind the one before it. */
static void the_fields_are_there_in_their_order(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    for (int pass = 0; pass < 2; pass++) {
        char *text = report_fixture_json(&f);
        const char *at = text;
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
            char key[64];
            snprintf(key, sizeof(key), "\"%s\":", fields[i]);
            const char *found = strstr(at, key);
            if (found) {
                at = found + strlen(key);
            } else {
                fail_msg("%s is missing or out of order", key);
            }
        }
        free(text);
        fill(&f);
    }
    report_fixture_release(&f);
}

static void the_values_are_in_their_units(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    fill(&f);
    f.stats.disk.busy = 1275000000;
    /* 1.7 cycles a nanosecond. */
    f.scenario.machine = machine_find("denali-2002");
    f.stats.window_end = f.stats.window_start + 3400000000;
    memset(f.stats.cpu, 0, sizeof(f.stats.cpu));
    f.stats.cpu[CPU_GUEST] = 1000000001;
    f.stats.cpu[CPU_SWITCH] = 700000003;
    f.stats.cpu[CPU_PIO] = 1;
    f.stats.cpu[CPU_IDLE] = 1699999995;
    char *text = report_fixture_json(&f);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    const char *scenario = NULL;
    json_int_t seed = 0;
    json_int_t window = 0;
    json_int_t max = 0;
    double rate = 0;
    double mean = 0;
    assert_int_equal(json_unpack(root, "{s:s, s:I, s:I, s:{s:F, s:{s:F, s:I}}}",
                                 "scenario", &scenario, "seed", &seed,
                                 "virtual_ns", &window, "load", "answered_rps",
                                 &rate, "latency_ns", "mean", &mean, "max",
                                 &max),
                     0);
    assert_string_equal(scenario, "first.yaml");
    assert_int_equal(seed, 7);
    assert_int_equal(window, 2000000000);
    assert_true(rate == 1999.5);
    /* 2 s of three spindles. */
    json_int_t busy = 0;
    double utilisation = 0;
    assert_int_equal(json_unpack(root, "{s:{s:I, s:F}}", "disk", "busy_ns",
                                 &busy, "utilisation", &utilisation),
                     0);
    assert_int_equal(busy, 750000000);
    assert_true(utilisation == 0.125);
    /* 500,500 cycles. */
    assert_true(mean == 294411.765);
    assert_int_equal(max, 588235);
    json_t *cpu = json_object_get(root, "cpu");
    const char *key;
    json_t *part;
    json_int_t sum = 0;
    json_object_foreach(cpu, key, part)
    {
        sum += json_integer_value(part);
    }
    assert_int_equal(sum, window);
    json_decref(root);
    free(text);
    report_fixture_release(&f);
}

static void the_same_run_gives_the_same_bytes(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    fill(&f);
    char *first = report_fixture_json(&f);
    char *second = report_fixture_json(&f);
    assert_string_equal(first, second);
    assert_int_equal(first[strlen(first) - 1], '\n');
    free(first);
    free(second);
    report_fixture_release(&f);
}

static void groups_sum_what_their_vms_got(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    struct vm_stats per_vm[] = {
        { .cpu = 30, .sent = 5, .completed = 4, .exists = true },
        { .cpu = 10, .sent = 2, .completed = 2, .exists = true },
        { .cpu = 0 }, /* An event was to create it. */
        { .cpu = 500, .sent = 1, .completed = 0, .exists = true },
    };
    struct scenario_vms groups[] = {
        { .name = "web", .vm_total = 3, .shares = 7 },
        { .name = "busy", .first = 3, .vm_total = 1, .shares = 100 },
    };
    f.stats.per_vm = per_vm;
    f.stats.per_vm_count = 4;
    f.scenario.vms = groups;
    f.scenario.group_count = 2;
    char *text = report_fixture_json(&f);
    json_t *root = json_loads(text, 0, NULL);
    char *found = json_dumps(json_object_get(root, "groups"), JSON_COMPACT);
    /* A cycle of `ideal` is a nanosecond. */
    assert_string_equal(
        found, "[{\"name\":\"web\",\"vms\":2,\"shares\":7,\"cpu_ns\":40,"
               "\"least_cpu_ns\":10,\"sent\":7,\"completed\":6},"
               "{\"name\":\"busy\",\"vms\":1,\"shares\":100,\"cpu_ns\":500,"
               "\"least_cpu_ns\":500,\"sent\":1,\"completed\":0}]");
    free(found);
    free(text);
    json_decref(root);
    report_fixture_release(&f);
}

static void fairness_is_one_over_n_to_one(void **state)
{
    (void)state;
    static struct stats s;
    static struct vm_stats vms[4] = {
        { 10, 10, 1000, 500, true, true },
        { 10, 10, 1000, 500, true, true },
        { 20, 10, 1000, 0, true, true },
        { 0, 0, 0, 900, false, true },
    };
    stats_init(&s);
    assert_true(stats_fairness(&s, FAIRNESS_CPU) >= 1);
    s.per_vm = vms;
    s.per_vm_count = 4;
    /* 500, 500 and 0; the last did not live through the window. */
    assert_float_equal((float)stats_fairness(&s, FAIRNESS_CPU), 2.0F / 3,
                       1e-6F);
    assert_float_equal((float)stats_fairness(&s, FAIRNESS_ANSWERED), 25.0F / 27,
                       1e-6F);
    assert_float_equal((float)stats_fairness(&s, FAIRNESS_LATENCY), 1, 1e-6F);
    vms[1].cpu = 0;
    assert_float_equal((float)stats_fairness(&s, FAIRNESS_CPU), 1.0F / 3,
                       1e-6F);
}

static void a_failed_write_is_said(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    FILE *file = fopen("/dev/full", "w");
    if (!file) {
        fail_msg("/dev/full cannot be written");
        return;
    }
    bool is_written = report_write_json(&f.report, file);
    bool is_closed = fclose(file) == 0;
    assert_false(is_written && is_closed);
    report_fixture_release(&f);
}

/* The caller frees it. */
static char *print(const struct report_fixture *f)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    report_print(&f->report, file);
    fclose(file);
    return text;
}

static void the_table_fits_80_columns(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    fill(&f);
    char *text = print(&f);
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        if (length > 80) {
            fail_msg("%.*s", (int)length, line);
        }
        line += length + (line[length] == '\n');
    }
    assert_non_null(strstr(text, "2,000 offered, 2,000 answered"));
    assert_non_null(strstr(text, "most 1.00 ms"));
    assert_non_null(strstr(text, "5 VM's queue full"));
    assert_non_null(strstr(text, "12,345,678 reads, 12,345,678 writes\n"));
    assert_non_null(strstr(text, "100.0 % of the time of 3 spindles\n"));
    free(text);
    report_fixture_release(&f);
}

/* As interval_find gives them, in ns: 1.7 cycles are one. */
static void the_table_says_between_which_values_percentiles_are(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "denali-2002");
    fill(&f);
    f.steady.verdict.class = STEADY_FLAT;
    struct load_stats *l = &f.stats.load;
    struct rng rng;
    rng_init(&rng, 1, "intervals", 0);
    hist_init(&l->latency);
    for (size_t batch = 0; batch < INTERVAL_BATCHES; batch++) {
        hist_init(&l->batches[batch]);
        for (int i = 0; i < 1000; i++) {
            uint64_t cycles = 1000000 + rng_below(&rng, 1000000);
            hist_record(&l->latency, cycles);
            hist_record(&l->batches[batch], cycles);
        }
    }
    char wanted[2][128];
    char line[256];
    for (uint32_t i = 0; i < 2; i++) {
        struct interval found;
        interval_find(&l->latency, l->batches, i == 0 ? 500 : 900, &found);
        assert_int_equal(found.state, INTERVAL_GIVEN);
        assert_true(found.low < found.high);
        snprintf(wanted[i], sizeof(wanted[i]), "%s %s to %s",
                 i == 0 ? "\n  95 % within  p50" : ", p90",
                 quantity_time((double)found.low / 1.7).chars,
                 quantity_time((double)found.high / 1.7).chars);
    }
    snprintf(line, sizeof(line), "%s%s", wanted[0], wanted[1]);
    char *text = print(&f);
    if (!strstr(text, line)) {
        fail_msg("no \"%s\" in: %s", line, text);
    }
    free(text);
    report_fixture_release(&f);
}

static void sections_in_which_nothing_happened_are_left_out(void **state)
{
    (void)state;
    static struct report_fixture f;
    report_fixture_init(&f, "ideal");
    char *text = print(&f);
    static const char *const heads[] = { "Requests", "Disks", "Network",
                                         "Virtual interrupts", "latency" };
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        assert_null(strstr(text, heads[i]));
    }
    free(text);
    report_fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_are_there_in_their_order),
        cmocka_unit_test(the_values_are_in_their_units),
        cmocka_unit_test(the_same_run_gives_the_same_bytes),
        cmocka_unit_test(groups_sum_what_their_vms_got),
        cmocka_unit_test(fairness_is_one_over_n_to_one),
        cmocka_unit_test(a_failed_write_is_said),
        cmocka_unit_test(the_table_fits_80_columns),
        cmocka_unit_test(the_table_says_between_which_values_percentiles_are),
        cmocka_unit_test(sections_in_which_nothing_happened_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

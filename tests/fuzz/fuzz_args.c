/*
 * fuzz_args.c - texts that are more than words: a guest's command line,
 * arguments of policies, quantities and moments, and lists of VMs. Each reader
 * is given each line. What is written back reads as the same.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "ik/hosts/args.h"
#include "ik/policy/policies.h"
#include "isa/args/args.h"
#include "sim/scenario/moment.h"
#include "sim/units.h"
#include "sim/vocabulary/vm_name.h"

#define VMS 300

static void read_line(const char *line)
{
    static const struct args_rule rules[] = {
        { "count", ARGS_COUNT, 1, 65535, 80, "things" },
        { "size", ARGS_SIZE, 0, 1u << 30, 2258, "bytes" },
        { "time", ARGS_TIME, 1000000, 60000000000, 100000000, "ms" },
        { "way", ARGS_CHOICE, 0, 0, 0, "up down down-under" },
        { "list", ARGS_LIST, 1, 99, 0, "numbers" },
        { NULL, ARGS_COUNT, 0, 0, 0, NULL },
    };
    enum { RULES = sizeof(rules) / sizeof(rules[0]) - 1 };
    struct args_value values[RULES];
    struct args_fault fault = { .kind = ARGS_FINE };
    char text[512];
    if (!args_read(rules, line, values, &fault)) {
        SIM_ASSERT(fault.kind != ARGS_FINE);
        SIM_ASSERT(fault.word >= line &&
                   fault.word + fault.word_bytes <= line + strlen(line));
        args_explain(&fault, text, sizeof(text));
        SIM_ASSERT(text[0] != '\0');
        return;
    }
    for (size_t i = 0; i < RULES; i++) {
        const char *at = values[i].text;
        const char *end = at ? at + values[i].text_bytes : NULL;
        uint64_t number;
        if (rules[i].kind == ARGS_COUNT || rules[i].kind == ARGS_TIME) {
            SIM_ASSERT(values[i].number >= rules[i].low &&
                       values[i].number <= rules[i].high);
        }
        while (at && args_list_next(&at, end, &number)) {
            SIM_ASSERT(number >= rules[i].low && number <= rules[i].high);
        }
    }
}

typedef const char *read_fn(const char *text, uint64_t *value);
typedef void write_fn(uint64_t value, char text[UNITS_BYTES]);

static void read_quantities(const char *text)
{
    static const struct {
        read_fn *read;
        write_fn *write;
    } kinds[] = {
        { units_read_whole, units_write_whole },
        { units_read_time, units_write_time },
        { units_read_size, units_write_size },
        { units_read_bitrate, units_write_bitrate },
        { units_read_fraction, units_write_fraction },
        { moment_read, moment_write },
        { span_read, span_write },
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        uint64_t value;
        uint64_t again;
        char written[UNITS_BYTES];
        if (!kinds[i].read(text, &value)) {
            kinds[i].write(value, written);
            const char *wrong = kinds[i].read(written, &again);
            SIM_ASSERT(!wrong && again == value);
        }
    }
    double real = 0;
    const char *wrong = units_read_real(text, &real);
    SIM_ASSERT(wrong || (real - real == 0));
}

static void read_argument(const struct policy_arg *rows, const char *text)
{
    const struct scenario_arg one = { rows ? rows->name : NULL, text };
    const struct scenario_args given = { &one, 1 };
    for (const struct policy_arg *row = rows; row && row->name; row++) {
        uint64_t value;
        if (!args_read_value(row, text, &value) && value >= row->low &&
            value <= row->high) {
            (void)args_value(&given, row, 1000000000);
        }
    }
}

static void read_arguments(const char *text)
{
    for (size_t i = 0; sched_policies[i]; i++) {
        read_argument(sched_policies[i]->facts.args, text);
        read_argument(sched_policies[i]->facts.vm_args, text);
    }
    for (size_t i = 0; gate_policies[i]; i++) {
        read_argument(gate_policies[i]->facts.args, text);
    }
    for (size_t i = 0; replace_policies[i]; i++) {
        read_argument(replace_policies[i]->facts.args, text);
    }
}

static void read_names(const char *text)
{
    struct vm_group groups[] = { { .name = "web", .first = 0, .count = 100 },
                                 { .name = "b-c", .first = 100, .count = 1 },
                                 { .name = "9", .first = 101, .count = 199 } };
    const struct vm_roster roster = { .groups = groups, .group_count = 3 };
    bool chosen[VMS + 1] = { false };
    char message[VM_NAME_MESSAGE_BYTES] = "";
    bool is_good = vm_name_read_list(&roster, text, chosen, message);
    SIM_ASSERT(is_good || message[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    while (!fuzz_is_over(&in)) {
        struct fuzz_input line = fuzz_until(&in, '\n');
        char *text = fuzz_text(&line);
        read_line(text);
        read_quantities(text);
        read_arguments(text);
        read_names(text);
        free(text);
    }
    return 0;
}

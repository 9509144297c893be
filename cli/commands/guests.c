/* guests.c - `iksim guests`: the bundled guests, and the words that a guest's
   command line takes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "isa/args/carried.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "sim/units.h"

#define GUEST_LIMIT 256
#define NAME_BYTES  64
#define SUMMARY     10 /* Column where summaries start. */
#define INDENT      6

struct call {
    const char *name; /* NULL: all bundled guests. */
};

static const struct cli_option argument_rows[] = {
    ARGUMENT_IMAGE(struct call, name, .is_optional = true), CLI_END
};

/* ---- One guest ---------------------------------------------------------- */

/* Reads the table of the image's words. Returns an exit code. */
static int open_table(const char *name, struct arena *arena,
                      struct args_table *table)
{
    char path[4096];
    char message[IMAGE_MESSAGE_BYTES];
    struct image image;
    const char *why = NULL;
    if (!cli_find_image(name, path, sizeof(path))) {
        return cli_complain(
            "there is no bundled guest '%s', and no file of that name", name);
    }
    if (image_load(&image, arena, path, message) != IMAGE_OK) {
        return cli_complain("%s: %s", name, message);
    }
    if (!args_carried(table, arena, &image, &why)) {
        return cli_complain("%s: %s", name, why);
    }
    return CLI_DONE;
}

/* Writes a number in the form in which a command line takes it. */
static void write_value(const struct args_rule *rule, uint64_t value,
                        char text[UNITS_BYTES])
{
    switch (rule->kind) {
    case ARGS_SIZE:
        units_write_size(value, text);
        return;
    case ARGS_TIME:
        units_write_time(value, text);
        return;
    case ARGS_COUNT:
    case ARGS_CHOICE:
    case ARGS_LIST:
        units_write_whole(value, text);
        return;
    }
}

/* Writes which values a word may have, and its default. */
static void write_bounds(const struct args_rule *rule, char *text, size_t bytes)
{
    char low[UNITS_BYTES];
    char high[UNITS_BYTES];
    char usual[UNITS_BYTES];
    write_value(rule, rule->low, low);
    write_value(rule, rule->high, high);
    write_value(rule, rule->fallback, usual);
    switch (rule->kind) {
    case ARGS_CHOICE:
        snprintf(text, bytes, "One of: %s; the first, if it is not given.",
                 rule->unit);
        return;
    case ARGS_LIST:
        snprintf(text, bytes,
                 "Numbers from %s to %s with commas in between; none, if it is "
                 "not given.",
                 low, high);
        return;
    case ARGS_COUNT:
    case ARGS_SIZE:
    case ARGS_TIME:
        break;
    }
    const char *alone = rule->kind == ARGS_TIME ? rule->unit : "";
    snprintf(text, bytes, "From %s to %s%s%s; %s, if it is not given.", low,
             high, *alone ? "; a bare number is in " : "", alone, usual);
}

static void print_word(const struct args_rule *rule, const char *meaning)
{
    static const char *const values[] = {
        [ARGS_COUNT] = "N",     [ARGS_SIZE] = "SIZE",    [ARGS_TIME] = "TIME",
        [ARGS_CHOICE] = "WORD", [ARGS_LIST] = "N,N,...",
    };
    bool counts = rule->kind != ARGS_TIME && rule->kind != ARGS_CHOICE;
    char bounds[2 * ARGS_MEANING_BYTES];
    char text[4 * ARGS_MEANING_BYTES];
    write_bounds(rule, bounds, sizeof(bounds));
    snprintf(text, sizeof(text), "%s%s%s. %s", counts ? rule->unit : "",
             counts ? " " : "", meaning, bounds);
    printf("\n  %s=%s\n%*s", rule->name, values[rule->kind], INDENT, "");
    (void)cli_print_paragraph(text, INDENT, INDENT);
}

static int print_guest(const char *name, struct arena *arena)
{
    struct args_table table;
    int code = open_table(name, arena, &table);
    if (code != CLI_DONE) {
        return code;
    }
    if (!table.summary) {
        printf("%s: the image does not say which words its command line "
               "takes.\n",
               name);
        return CLI_DONE;
    }
    printf("%s: %s\n", name, table.summary);
    for (uint32_t i = 0; i < table.count; i++) {
        print_word(&table.rules[i], table.meanings[i]);
    }
    if (table.count == 0) {
        puts("\n  Its command line is empty.");
    }
    return CLI_DONE;
}

/* ---- All of them -------------------------------------------------------- */

struct names {
    char items[GUEST_LIMIT][NAME_BYTES];
    size_t count;
};

static void take_name(void *ctx, const char *name)
{
    struct names *names = ctx;
    if (names->count < GUEST_LIMIT && strlen(name) < NAME_BYTES) {
        snprintf(names->items[names->count++], NAME_BYTES, "%s", name);
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int print_all(struct arena *arena)
{
    struct names names = { .count = 0 };
    cli_each_image(take_name, &names);
    qsort(names.items, names.count, NAME_BYTES, compare_names);
    for (size_t i = 0; i < names.count; i++) {
        struct args_table table;
        int code = open_table(names.items[i], arena, &table);
        if (code != CLI_DONE) {
            return code;
        }
        printf("%-9s ", names.items[i]);
        (void)cli_print_paragraph(table.summary ? table.summary : "", SUMMARY,
                                  SUMMARY);
    }
    return CLI_DONE;
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    const struct call *call = ctx;
    struct arena arena;
    if (!arena_map(&arena, ARENA_UNLIMITED)) {
        return cli_complain("out of memory");
    }
    int code = call->name ? print_guest(call->name, &arena) : print_all(&arena);
    arena_unmap(&arena);
    return code;
}

const struct command command_guests = {
    .name = "guests",
    .summary = "Lists the bundled guests, and what their `args` may be",
    .about = "A scenario names a guest in `vms[].image`, and its command line "
             "in `vms[].args`. Of one guest, each word of the command line is "
             "printed with what it means, what it may be and what holds "
             "without it: as the guest itself has it, for the image carries "
             "the table.",
    .arguments = argument_rows,
    .exits = { [CLI_EXIT_DONE] = "The guests, or the words, are listed.",
               [CLI_EXIT_USAGE] = "There is no such image, or the call is "
                                  "wrong." },
    .examples = (const struct cli_example[]){ { "What a web server takes",
                                                "iksim guests httpd" },
                                              { NULL, NULL } },
    .size_bytes = sizeof(struct call),
    .run = run,
};

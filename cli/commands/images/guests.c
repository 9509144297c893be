/* guests.c - `iksim guests`: the bundled guests, and the words that a guest's
   command line takes. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/reference.h"
#include "isa/args/carried.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "sim/units.h"
#include "sim/vocabulary/text.h"

#define SUMMARY 10 /* Column where summaries start. */
#define INDENT  6

struct call {
    const char *name; /* NULL: all bundled guests. */
    bool is_hashes, is_sdk;
    struct arena arena;
    int code;
};

static const struct cli_option option_rows[] = {
    { .name = "hashes",
      CLI_FLAG(struct call, is_hashes),
      .help = "Of all guests, the hashes are printed as `xxhsum -H2` does: "
              "workloads/guests/reference.txt has those of the reference "
              "guests." },
    { .name = "sdk",
      CLI_FLAG(struct call, is_sdk),
      .excludes = "hashes image",
      .help = "The folder is printed that has the headers, libraries and "
              "linker script of guests, for iksim-cc." },
    CLI_END
};

static const struct cli_option argument_rows[] = {
    ARGUMENT_IMAGE(struct call, name, .is_optional = true), CLI_END
};

/* ---- One guest ---------------------------------------------------------- */

/* Loads the image and the table of its words. An exit code. */
static int open_guest(struct image *image, struct args_table *table,
                      struct arena *arena, const char *path)
{
    char message[IMAGE_MESSAGE_BYTES];
    const char *why = message;
    if (image_load(image, arena, path, message) != IMAGE_OK ||
        !args_carried(table, arena, image, &why)) {
        return cli_complain("%s: %s", path, why);
    }
    return CLI_DONE;
}

/* A number as the rule's kind has it, as a command line takes it. */
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

/* What may stand there, and what holds otherwise. */
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
    char path[4096];
    struct image image;
    struct args_table table = { .summary = NULL };
    int code = image_find(name, path, sizeof(path));
    if (code == CLI_DONE) {
        code = open_guest(&image, &table, arena, path);
    }
    if (code != CLI_DONE) {
        return code;
    }
    if (!table.summary) {
        printf("%s: the image does not say which words its command line "
               "takes.\n",
               text_shown(name).chars);
        return CLI_DONE;
    }
    printf("%s: %s\n", text_shown(name).chars, table.summary);
    for (uint32_t i = 0; i < table.count; i++) {
        print_word(&table.rules[i], table.meanings[i]);
    }
    if (table.count == 0) {
        puts("\n  Its command line is empty.");
    }
    return CLI_DONE;
}

/* ---- All of them -------------------------------------------------------- */

/* A reference guest is one under its own name. */
static void print_row(void *ctx, const char *name, const char *path)
{
    struct call *call = ctx;
    struct image image;
    struct args_table table = { .summary = NULL };
    char hash[IMAGE_HASH_CHARS];
    if (call->code == CLI_USAGE) {
        return;
    }
    if (open_guest(&image, &table, &call->arena, path) != CLI_DONE) {
        call->code = CLI_USAGE;
        return;
    }
    image_write_hash(&image, hash);
    bool is_reference = reference_has(hash, name);
    if (!is_reference) {
        call->code = CLI_WRONG;
    }
    if (call->is_hashes) {
        printf("%s  %s.elf\n", hash, name);
        return;
    }
    if (strncmp(name, CLI_ATTACKERS, strlen(CLI_ATTACKERS)) == 0) {
        return; /* They are listed by the command that sends them. */
    }
    char text[2 * ARGS_MEANING_BYTES];
    snprintf(text, sizeof(text), "%s%s", table.summary ? table.summary : "",
             is_reference ? "" : " (not the reference guest)");
    printf("%-9s ", name);
    (void)cli_print_paragraph(text, SUMMARY, SUMMARY);
}

static void print_attacker(void *ctx, const char *name, const char *path)
{
    char whole[256 + sizeof(CLI_ATTACKERS)];
    snprintf(whole, sizeof(whole), CLI_ATTACKERS "%s", name);
    print_row(ctx, whole, path);
}

static int print_all(struct call *call)
{
    cli_each_bundled("guests", ".elf", print_row, call);
    cli_each_bundled("guests/attackers", ".elf", print_attacker, call);
    if (call->code == CLI_WRONG) {
        fputs("iksim: these are not the reference guests, so runs have other "
              "figures than those\nof the documents: were they built by clang "
              "19.1.7, with tools/setup's lwIP?\n",
              stderr);
    }
    return call->code;
}

static int print_sdk(void)
{
    char path[CLI_PATH_BYTES];
    if (!cli_find_bundle("sdk", path, sizeof(path))) {
        return cli_complain(
            "the folder 'sdk' is not where the program has its files");
    }
    puts(path);
    return CLI_DONE;
}

static int run(const struct command *self, void *ctx)
{
    struct call *call = ctx;
    if (call->name && call->is_hashes) {
        return cli_misuse(self, "--hashes is about all guests, not one");
    }
    if (call->is_sdk) {
        return print_sdk();
    }
    if (!arena_map(&call->arena, ARENA_UNLIMITED)) {
        return cli_complain("out of memory");
    }
    int code =
        call->name ? print_guest(call->name, &call->arena) : print_all(call);
    arena_unmap(&call->arena);
    return code;
}

const struct command command_guests = {
    .name = "guests",
    .summary = "Lists the bundled guests, and what their `args` may be",
    .about = "A scenario names a guest in `vms[].image`, and its command line "
             "in `vms[].args`. Of one guest, each word of the command line is "
             "printed with what it means, what it may be and what holds "
             "without it: as the guest itself has it, for the image carries "
             "the table. Reference guests are the same bytes on every machine, "
             "as one compiler builds them; reports and manifests say "
             "`guests: reference` of a run of no others.",
    .options = option_rows,
    .arguments = argument_rows,
    .exits = { [CLI_EXIT_DONE] =
                   "The guests, the words, or the folder are printed.",
               [CLI_EXIT_WRONG] = "All are listed, and not all are reference "
                                  "guests.",
               [CLI_EXIT_USAGE] = "There is no such image, or the call is "
                                  "wrong." },
    .examples = (const struct cli_example[]){ { "What a web server takes",
                                                "iksim guests httpd" },
                                              { NULL, NULL } },
    .size_bytes = sizeof(struct call),
    .run = run,
};

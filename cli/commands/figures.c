/* figures.c - `iksim figures`: what a report can say, and what may be asked of
   it by name. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "sim/report/figures.h"

#define COLUMNS     80
#define INDENT      "      "
#define KIND_BYTES  64
#define SHORT_BYTES 96

enum { OPT_MARKDOWN = 256 };

static const struct option long_options[] = {
    { "markdown", no_argument, NULL, OPT_MARKDOWN },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

/* A row of the list begins at its first figure. */
static bool is_first(int i)
{
    return i == 0 || strcmp(figure_table[i].row, figure_table[i - 1].row) != 0;
}

/* "ns, window" */
static void write_kind(const struct figure *f, char text[KIND_BYTES])
{
    const char *unit = figure_unit_name(f->unit);
    const char *scope = figure_scope_name(f->scope);
    snprintf(text, KIND_BYTES, "%s%s%s", unit, *unit && *scope ? ", " : "",
             scope);
}

/* The short names of all figures of the row that begins at `first`, each
   between two marks. */
static void write_shorts(int first, const char *mark, char text[SHORT_BYTES])
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = first; i < FIGURE_COUNT && (i == first || !is_first(i)); i++) {
        if (figure_table[i].short_name) {
            used += (size_t)snprintf(text + used, SHORT_BYTES - used,
                                     "%s%s%s%s", used > 0 ? ", " : "", mark,
                                     figure_table[i].short_name, mark);
        }
    }
}

static void print_markdown(int first)
{
    char kind[KIND_BYTES];
    char shorts[SHORT_BYTES];
    const struct figure *f = &figure_table[first];
    write_kind(f, kind);
    write_shorts(first, "`", shorts);
    printf("| `%s` | %s%s| %s%s| %s |\n", f->row, kind, *kind ? " " : "",
           shorts, *shorts ? " " : "", f->sentence);
}

/* In lines of at most COLUMNS, each behind INDENT. */
static void print_wrapped(const char *text)
{
    size_t room = COLUMNS - strlen(INDENT);
    while (*text) {
        size_t length = strlen(text);
        if (length > room) {
            length = room;
            while (length > 0 && text[length] != ' ') {
                length--;
            }
        }
        printf(INDENT "%.*s\n", (int)length, text);
        text += length + (text[length] == ' ');
    }
}

static void print_plain(int first)
{
    char kind[KIND_BYTES];
    char shorts[SHORT_BYTES];
    const struct figure *f = &figure_table[first];
    write_kind(f, kind);
    write_shorts(first, "", shorts);
    printf("%s%s%s%s%s%s\n", f->row, *kind ? " (" : "", kind, *kind ? ")" : "",
           *shorts ? ": " : "", shorts);
    print_wrapped(f->sentence);
}

static int take_option(const struct command *self, void *ctx, int option)
{
    (void)self;
    (void)option;
    bool *is_markdown = ctx;
    *is_markdown = true;
    return CLI_DONE;
}

static int run(const struct command *self, int argc, char **argv)
{
    bool is_markdown = false;
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, &is_markdown);
    if (code != CLI_DONE) {
        return code;
    }
    if (words.count > 0) {
        return cli_misuse(self, "takes no arguments");
    }
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (is_first(i)) {
            (is_markdown ? print_markdown : print_plain)(i);
        }
    }
    return CLI_DONE;
}

const struct command command_figures = {
    .name = "figures",
    .arguments = "[--markdown]",
    .summary = "Lists the figures of a report",
    .help =
        "Of each figure: its path, unit and scope, short names, and what it "
        "is. A path\nthat ends in .mean, .p50, .p90, .p99, .p999 or .max is a "
        "part of a distribution.\nWhat compare, capacity and plot look at is "
        "named by path or by short name.\n\n"
        "Options:\n"
        "  --markdown  as rows of the tables of docs/report.md\n",
    .run = run,
};

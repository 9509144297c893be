/* figures.c - `iksim figures`: what a report can say, and what may be asked of
   it by name. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "sim/report/figures.h"

#define INDENT      6
#define KIND_BYTES  64
#define SHORT_BYTES 96

struct call {
    bool is_markdown;
};

static const struct cli_option option_rows[] = {
    { .name = "markdown",
      CLI_FLAG(struct call, is_markdown),
      .help = "The figures are rows of tables, as in docs/report.md." },
    CLI_END
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

static void print_plain(int first)
{
    char kind[KIND_BYTES];
    char shorts[SHORT_BYTES];
    const struct figure *f = &figure_table[first];
    write_kind(f, kind);
    write_shorts(first, "", shorts);
    printf("%s%s%s%s%s%s\n", f->row, *kind ? " (" : "", kind, *kind ? ")" : "",
           *shorts ? ": " : "", shorts);
    printf("%*s", INDENT, "");
    (void)cli_print_paragraph(f->sentence, INDENT, INDENT);
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    const struct call *call = ctx;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (is_first(i)) {
            (call->is_markdown ? print_markdown : print_plain)(i);
        }
    }
    return CLI_DONE;
}

const struct command command_figures = {
    .name = "figures",
    .summary = "Lists the figures of a report",
    .about = "Of each figure, the path, the unit, the scope and the short "
             "names are printed, and what the figure is. A path that ends in "
             "`.mean`, `.p50`, `.p90`, `.p99`, `.p999` or `.max` is a part of "
             "a distribution. `iksim compare`, `iksim capacity` and `iksim "
             "plot` know a figure by its path and by its short name.",
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The figures are listed.",
               [CLI_EXIT_USAGE] = "The call is wrong." },
    .size_bytes = sizeof(struct call),
    .run = run,
};

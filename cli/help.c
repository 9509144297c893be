/* help.c - prints the help of a command, from its rows, in 80 columns. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "sim/units.h"

#define WIDTH    80
#define INDENT   2
#define HELP_COL 20 /* The column in which the help of an option begins. */

const int cli_exit_codes[CLI_EXIT_COUNT] = {
    [CLI_EXIT_DONE] = CLI_DONE,
    [CLI_EXIT_WRONG] = CLI_WRONG,
    [CLI_EXIT_USAGE] = CLI_USAGE,
    [CLI_EXIT_INTERRUPTED] = CLI_INTERRUPTED,
};

bool cli_is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    while (list && *list) {
        size_t found = strcspn(list, " ");
        if (found == length && memcmp(list, name, length) == 0) {
            return true;
        }
        list += found + (list[found] == ' ');
    }
    return false;
}

/* ---- Lines --------------------------------------------------------------- */

const char *cli_print_paragraph(const char *text, int column, int indent)
{
    bool is_first = true;
    while (*text && *text != '\n') {
        int length = 0;
        for (bool is_quoted = false; text[length] && text[length] != '\n' &&
                                     (is_quoted || text[length] != ' ');
             length++) {
            is_quoted ^= text[length] == '`';
        }
        if (!is_first && column + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (!is_first) {
            putchar(' ');
            column++;
        }
        fwrite(text, 1, (size_t)length, stdout);
        column += length;
        text += length;
        text += *text == ' ';
        is_first = false;
    }
    putchar('\n');
    return text;
}

static void print_text(const char *text)
{
    while (*text) {
        text = cli_print_paragraph(text, 0, 0);
        while (*text == '\n') {
            text++;
        }
        if (*text) {
            putchar('\n');
        }
    }
}

static void print_entry(const char *name, const char *help, const char *end)
{
    char text[2048];
    snprintf(text, sizeof(text), "%s%s%s", help, end[0] != '\0' ? " " : "",
             end);
    int used = printf("%*s%s", INDENT, "", name);
    if (used + 2 > HELP_COL) {
        printf("\n%*s", HELP_COL, "");
    } else {
        printf("%*s", HELP_COL - used, "");
    }
    (void)cli_print_paragraph(text, HELP_COL, HELP_COL);
}

/* ---- Options and arguments ----------------------------------------------- */

void cli_write_syntax(const struct cli_option *o, char text[CLI_SYNTAX_BYTES])
{
    size_t used = 0;
    if (o->letter != '\0') {
        used += (size_t)snprintf(text, CLI_SYNTAX_BYTES, "-%c, ", o->letter);
    }
    used +=
        (size_t)snprintf(text + used, CLI_SYNTAX_BYTES - used, "--%s", o->name);
    if (o->alone > 0) {
        snprintf(text + used, CLI_SYNTAX_BYTES - used, "[=%s]", o->argument);
        return;
    }
    for (; o && o->argument; o = o->after) {
        used += (size_t)snprintf(text + used, CLI_SYNTAX_BYTES - used, " %s",
                                 o->argument);
    }
}

void cli_write_note(const struct cli_option *o, char text[CLI_NOTE_BYTES])
{
    char value[UNITS_BYTES] = "";
    text[0] = '\0';
    if (o->initial > 0 && o->initial < UINT32_MAX) {
        units_write_whole(o->initial, value);
    }
    const char *shown = o->otherwise ? o->otherwise : value;
    if (o->alone > 0) {
        snprintf(text, CLI_NOTE_BYTES, "(%s is %llu if it is left out)",
                 o->argument, (unsigned long long)o->alone);
    } else if (shown[0] != '\0') {
        snprintf(text, CLI_NOTE_BYTES, "(default: %s)", shown);
    }
    size_t used = 0;
    for (uint32_t i = 0; o->words && i < o->words->count; i++) {
        used += (size_t)snprintf(text + used, CLI_NOTE_BYTES - used, "%s%s%s",
                                 i == 0 ? "(" : ", ", word_name(o->words, i),
                                 i + 1 == o->words->count ? ")" : "");
    }
}

static void print_rows(const char *heading, const struct cli_option *rows,
                       bool are_options)
{
    bool is_first = true;
    for (const struct cli_option *o = rows; o && o->kind; o++) {
        if (o->is_hidden) {
            continue;
        }
        char name[CLI_SYNTAX_BYTES];
        char end[CLI_NOTE_BYTES];
        if (are_options) {
            cli_write_syntax(o, name);
        } else {
            snprintf(name, sizeof(name), "%s", o->argument);
        }
        cli_write_note(o, end);
        if (is_first) {
            printf("\n%s:\n", heading);
        }
        print_entry(name, o->help, end);
        is_first = false;
    }
}

/* ---- Usage --------------------------------------------------------------- */

/* Finds the option that replaces an argument in the second usage. */
static const struct cli_option *find_instead(const struct command *c)
{
    for (const struct cli_option *a = c->arguments; a && a->kind; a++) {
        for (const struct cli_option *o = c->options; a->unless && o && o->kind;
             o++) {
            if (cli_is_listed(a->unless, o->name)) {
                return o;
            }
        }
    }
    return NULL;
}

static void append(char text[CLI_USAGE_BYTES], const char *before,
                   const char *word, const char *after)
{
    size_t used = strlen(text);
    snprintf(text + used, CLI_USAGE_BYTES - used, "%s%s%s%s",
             used > 0 ? " " : "", before, word, after);
}

static void append_arguments(const struct command *c,
                             const struct cli_option *instead,
                             char text[CLI_USAGE_BYTES])
{
    for (const struct cli_option *a = c->arguments; a && a->kind; a++) {
        bool is_many = a->kind == CLI_KIND_WORDS;
        bool is_left_out = instead && cli_is_listed(a->unless, instead->name);
        if ((a->needs &&
             !(instead && cli_is_listed(a->needs, instead->name))) ||
            (is_left_out && cli_is_listed(instead->excludes, a->name))) {
            continue;
        }
        bool is_optional = a->is_optional || is_left_out;
        append(text, is_optional ? "[" : "", a->argument,
               is_optional && is_many ? "...]"
               : is_optional          ? "]"
               : is_many              ? "..."
                                      : "");
    }
}

/* Writes the options that must be given, as a choice if they are constants.
   Returns whether there are others. */
static bool append_options(const struct command *c,
                           const struct cli_option *instead,
                           char text[CLI_USAGE_BYTES])
{
    bool are_more = false;
    const struct cli_option *previous = NULL;
    for (const struct cli_option *o = c->options; o && o->kind; o++) {
        char syntax[CLI_SYNTAX_BYTES];
        cli_write_syntax(o, syntax);
        if (!o->is_required && o != instead) {
            are_more |= !o->is_hidden;
        } else if (previous && previous->at == o->at) {
            size_t used = strlen(text);
            snprintf(text + used, CLI_USAGE_BYTES - used, "|%s", syntax);
        } else if (o != instead) {
            append(text, "", syntax, "");
        }
        previous = o->is_required ? o : NULL;
    }
    return are_more;
}

bool cli_write_usage(const struct command *c, uint32_t index,
                     char text[CLI_USAGE_BYTES])
{
    const struct cli_option *instead = index > 0 ? find_instead(c) : NULL;
    char syntax[CLI_SYNTAX_BYTES];
    text[0] = '\0';
    if (index > 1 || (index == 1 && !instead)) {
        return false;
    }
    if (c->commands) {
        append(text, "", "COMMAND ...", "");
        return true;
    }
    if (instead) {
        cli_write_syntax(instead, syntax);
        append(text, "", syntax, "");
    }
    append_arguments(c, instead, text);
    if (append_options(c, instead, text)) {
        append(text, "", "[OPTION]...", "");
    }
    return true;
}

static void print_usage(const struct command *c)
{
    char text[CLI_USAGE_BYTES];
    for (uint32_t i = 0; cli_write_usage(c, i, text); i++) {
        int column = printf("%s iksim%s%s%s", i == 0 ? "Usage:" : "      ",
                            c->name[0] != '\0' ? " " : "", c->name,
                            text[0] != '\0' ? " " : "");
        (void)cli_print_paragraph(text, column, column);
    }
}

/* ---- Help ---------------------------------------------------------------- */

static void print_exits(const struct command *c)
{
    puts("\nExit codes:");
    for (int i = 0; i < CLI_EXIT_COUNT; i++) {
        if (c->exits[i]) {
            printf("  %-4d ", cli_exit_codes[i]);
            (void)cli_print_paragraph(c->exits[i], 7, 7);
        }
    }
}

static void print_examples(const struct command *c)
{
    for (const struct cli_example *e = c->examples; e && e->line; e++) {
        if (e == c->examples) {
            puts("\nExamples:");
        }
        if (e->what) {
            printf("  %s:\n", e->what);
        }
        printf("    %s\n", e->line);
    }
}

void cli_help(const struct command *c)
{
    print_usage(c);
    printf("\n%s.\n", c->summary);
    if (c->about) {
        putchar('\n');
        print_text(c->about);
    }
    for (size_t i = 0; c->commands && c->commands[i]; i++) {
        const struct command *each = c->commands[i];
        if (i == 0) {
            puts("\nCommands:");
        }
        char text[CLI_USAGE_BYTES];
        snprintf(text, sizeof(text), "%s.", each->summary);
        int column = printf("  %-11s ", command_word(each));
        (void)cli_print_paragraph(text, column, column);
    }
    if (c->commands) {
        printf("\n`iksim %s%sCOMMAND --help` says more of one of them.\n",
               c->name, c->name[0] != '\0' ? " " : "");
    }
    print_rows("Arguments", c->arguments, false);
    print_rows("Options", c->options, true);
    if (c->run) {
        print_exits(c);
    }
    print_examples(c);
}

/*
 * man.c - prints the manual page, in the mdoc language, from the rows of all
 * commands. docs/man/iksim.1 is the page of all; a test holds them equal. An installed
 * iksim has a page for each command, too.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

#define WIDTH 79
#define DATE  "November 30, 2026" /* The date of the page's last change. */

/* ---- Text ---------------------------------------------------------------- */

/* Prints text so that mdoc takes no character of it for a command. */
static void put_plain(const char *text, size_t length, bool is_at_start)
{
    if (is_at_start && length > 0 && (text[0] == '.' || text[0] == '\'')) {
        fputs("\\&", stdout);
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\') {
            fputs("\\e", stdout);
        } else {
            putchar(text[i]);
        }
    }
}

/* Prints an argument of a macro, so that no word of it is taken for a macro. */
static void put_argument(const char *text, size_t length)
{
    bool is_quoted = memchr(text, ' ', length);
    fputs(is_quoted ? "\"" : "\\&", stdout);
    put_plain(text, length, false);
    fputs(is_quoted ? "\"" : "", stdout);
}

/* A word with the punctuation around it, "(`--set`),". */
struct token {
    const char *core;
    size_t length;
    bool is_quoted, is_option, is_open; /* is_open: "(" stands before it. */
    const char *behind;
    size_t behind_length;
    const char *next;
};

static struct token read_token(const char *text)
{
    struct token t = { .core = text };
    t.is_open = text[0] == '(' && (text[1] == '`' || text[1] == '-');
    t.core += t.is_open;
    t.is_quoted = t.core[0] == '`';
    t.core += t.is_quoted;
    t.length = strcspn(t.core, t.is_quoted ? "`\n" : " \n");
    const char *end = t.core + t.length;
    if (t.is_quoted) {
        end += *end == '`';
        t.behind = end;
        t.behind_length = strcspn(end, " \n");
    } else {
        t.is_option = t.length > 2 && memcmp(t.core, "--", 2) == 0;
        while (t.is_option && ispunct((unsigned char)t.core[t.length - 1])) {
            t.length--;
        }
        t.behind = t.core + t.length;
        t.behind_length = (size_t)(end - t.behind);
    }
    t.next = t.behind + t.behind_length;
    return t;
}

static void put_macro(const struct token *t)
{
    fputs(t->is_open ? ".Pf ( " : ".", stdout);
    if (t->is_option) {
        printf("Fl ");
        put_argument(t->core + 1, t->length - 1);
    } else {
        printf("Ql ");
        put_argument(t->core, t->length);
    }
    for (size_t i = 0; i < t->behind_length; i++) {
        printf(" %c", t->behind[i]);
    }
    putchar('\n');
}

static bool ends_sentence(const struct token *t)
{
    const char *last = t->next - 1;
    return *last == '.' || *last == ':';
}

/* Prints paragraphs, in which each sentence begins a line. */
static void put_text(const char *text)
{
    bool is_at_start = true;
    size_t column = 0;
    while (*text) {
        if (*text == '\n') {
            puts(is_at_start ? ".Pp" : "\n.Pp");
            is_at_start = true;
            text += strspn(text, "\n");
            continue;
        }
        if (*text == ' ') {
            text++;
            continue;
        }
        struct token t = read_token(text);
        if (t.is_quoted || t.is_option) {
            if (!is_at_start) {
                putchar('\n');
            }
            put_macro(&t);
            is_at_start = true;
        } else {
            size_t length = (size_t)(t.next - text);
            if (!is_at_start && column + 1 + length > WIDTH) {
                putchar('\n');
                is_at_start = true;
            } else if (!is_at_start) {
                putchar(' ');
            }
            column = is_at_start ? length : column + 1 + length;
            put_plain(text, length, is_at_start);
            is_at_start = ends_sentence(&t);
            if (is_at_start) {
                putchar('\n');
            }
        }
        text = t.next;
    }
    if (!is_at_start) {
        putchar('\n');
    }
}

/* ---- Commands ------------------------------------------------------------ */

static void put_rows(const struct cli_option *rows, bool are_options)
{
    bool is_first = true;
    for (const struct cli_option *o = rows; o && o->kind; o++) {
        if (o->is_hidden) {
            continue;
        }
        if (is_first) {
            puts(".Bl -tag -width \"--until TIME\"");
        }
        is_first = false;
        printf(are_options ? ".It Fl " : ".It ");
        if (are_options && o->letter != '\0') {
            printf("%c , Fl ", o->letter);
        }
        if (are_options) {
            printf("-%s", o->name);
        }
        if (o->alone > 0) {
            printf(" Ns Op = Ns Ar %s", o->argument);
        } else if (o->argument) {
            printf(are_options ? " Ar" : "Ar");
            for (const struct cli_option *v = o; v; v = v->after) {
                printf(" %s", v->argument);
            }
        }
        putchar('\n');
        char text[CLI_NOTE_BYTES];
        cli_write_note(o, text);
        put_text(o->help);
        if (text[0] != '\0') {
            put_text(text);
        }
    }
    if (!is_first) {
        puts(".El");
    }
}

static void put_exits(const struct command *c)
{
    puts(".Pp\nExit status:\n.Bl -tag -width 130 -compact");
    for (int i = 0; i < CLI_EXIT_COUNT; i++) {
        if (c->exits[i]) {
            printf(".It %d\n", cli_exit_codes[i]);
            put_text(c->exits[i]);
        }
    }
    puts(".El");
}

static void put_examples(const struct command *c)
{
    for (const struct cli_example *e = c->examples; e && e->line; e++) {
        if (e->what) {
            printf(".Pp\n%s:\n", e->what);
        }
        printf(".Bd -literal -offset indent -compact\n");
        put_plain(e->line, strlen(e->line), true);
        puts("\n.Ed");
    }
}

static void put_command(const struct command *c)
{
    printf(".Ss iksim %s\n%s.\n", c->name, c->summary);
    if (c->about) {
        put_text(c->about);
    }
    put_rows(c->arguments, false);
    put_rows(c->options, true);
    if (c->run) {
        put_exits(c);
    }
    put_examples(c);
}

static void put_synopsis(const struct command *c)
{
    char usage[CLI_USAGE_BYTES];
    for (uint32_t i = 0; c->run && cli_write_usage(c, i, usage); i++) {
        printf(".Nm iksim\n.Cm %s\n", c->name);
        if (usage[0] != '\0') {
            put_text(usage);
        }
    }
}

/* Prints each command, and those below it; there is no third level. */
static void put_each(const struct command *root,
                     void (*put)(const struct command *c))
{
    for (size_t i = 0; root->commands[i]; i++) {
        const struct command *c = root->commands[i];
        put(c);
        for (size_t j = 0; c->commands && c->commands[j]; j++) {
            SIM_ASSERT(!c->commands[j]->commands);
            put(c->commands[j]);
        }
    }
}

/* Prints a summary as .Nd has it: not as a sentence. */
static void put_summary(const char *summary)
{
    putchar(tolower((unsigned char)summary[0]));
    puts(summary + 1);
}

/* Prints the command, or those below it if it only names them. */
static void put_page(const struct command *c)
{
    char name[64];
    snprintf(name, sizeof(name), "%s", c->name);
    for (char *at = name; *at; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    printf(".\\\" As `iksim help --man %s` prints it.\n"
           ".Dd " DATE "\n.Dt IKSIM-%s 1\n.Os\n"
           ".Sh NAME\n.Nm iksim-%s\n.Nd ",
           c->name, name, c->name);
    put_summary(c->summary);
    puts(".Sh SYNOPSIS");
    put_synopsis(c);
    for (size_t i = 0; c->commands && c->commands[i]; i++) {
        put_synopsis(c->commands[i]);
    }
    puts(".Sh DESCRIPTION");
    put_command(c);
    for (size_t i = 0; c->commands && c->commands[i]; i++) {
        put_command(c->commands[i]);
    }
    puts(".Sh SEE ALSO\n.Xr iksim 1");
}

static void put_all(const struct command *root)
{
    puts(".\\\" The manual page of iksim, as `iksim help --man` prints it: man "
         "-l iksim.1\n"
         ".Dd " DATE "\n"
         ".Dt IKSIM 1\n"
         ".Os\n"
         ".Sh NAME\n"
         ".Nm iksim\n"
         ".Nd simulate an isolation kernel, instruction by instruction\n"
         ".Sh SYNOPSIS");
    put_each(root, put_synopsis);
    puts(".Nm iksim\n.Op Ar COMMAND\n.Fl -help\n.Nm iksim\n.Fl -version\n"
         ".Sh DESCRIPTION");
    put_text(root->about);
    puts(".Pp\nOptions may stand before or behind the arguments of a command, "
         "and a value\n"
         "behind a blank or a\n.Ql \\&= .\n"
         "What follows\n.Ql \\&-\\&-\nis an argument, whatever it looks like.");
    put_each(root, put_command);
    puts(".Sh EXIT STATUS\n"
         ".Bl -tag -width 130\n"
         ".It 0\nDone.\n"
         ".It 1\nSomething was found wrong; each command says above what that "
         "may be.\n"
         ".It 2\nThe call or an input is wrong, or results could not be "
         "written.\n"
         "Standard error has one sentence.\n"
         ".It 130\nInterrupted.\nThe results so far were written.\n"
         ".El\n"
         ".Sh SEE ALSO\n"
         "In the source tree,\n"
         ".Pa docs/scenario.md\nexplains every key of a scenario,\n"
         ".Pa docs/report.md\nevery field of a report,\n"
         ".Pa docs/trace.md\nevery event of a trace, and\n"
         ".Pa docs/abi.md\nwhat a guest sees.");
}

void cli_print_manual(const struct command *c)
{
    if (c->name[0] == '\0') {
        put_all(c);
    } else {
        put_page(c);
    }
}

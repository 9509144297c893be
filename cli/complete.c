/*
 * complete.c - prints what may stand in the place of a word that is being
 * typed. A shell runs iksim for each completion, so that completions fit this
 * version; `iksim completion` writes the few lines by which the shell does so.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

#define FIRST_SENTENCE 70 /* Columns. */

struct cli_offers {
    const char *begun;  /* What is typed of the value. */
    const char *before; /* The part of the word before the value: "--vm=". */
};

/* Prints the word, and the first sentence of its help. */
void cli_offer(struct cli_offers *to, const char *word, const char *help)
{
    if (strncmp(word, to->begun, strlen(to->begun)) != 0) {
        return;
    }
    printf("%s%s", to->before, word);
    if (help) {
        const char *end = strstr(help, ". ");
        size_t length = end ? (size_t)(end - help) : strcspn(help, "\n");
        length -= length > 0 && help[length - 1] == '.';
        printf("\t%.*s%s",
               (int)(length > FIRST_SENTENCE ? FIRST_SENTENCE - 3 : length),
               help, length > FIRST_SENTENCE ? "..." : "");
    }
    putchar('\n');
}

void cli_offer_item(struct cli_offers *to, const char *name)
{
    const char *comma = strrchr(to->begun, ',');
    char text[256];
    snprintf(text, sizeof(text), "%.*s%s",
             comma ? (int)(comma + 1 - to->begun) : 0, to->begun, name);
    cli_offer(to, text, NULL);
}

void cli_offer_files(struct cli_offers *to)
{
    (void)to;
    puts(":files");
}

const char *cli_offers_begun(const struct cli_offers *to)
{
    return to->begun;
}

/* ---- Values -------------------------------------------------------------- */

static void offer_value(const struct cli_option *o, struct cli_offers *to)
{
    for (size_t i = 0; o->choices && o->choices[i]; i++) {
        cli_offer(to, o->choices[i], NULL);
    }
    for (uint32_t i = 0; o->words && i < o->words->count; i++) {
        cli_offer_item(to, word_name(o->words, i));
    }
    if (o->offer) {
        o->offer(to);
    } else if (o->kind == CLI_KIND_FILE || o->kind == CLI_KIND_WORDS) {
        cli_offer_files(to);
    }
}

static bool may_be_repeated(const struct cli_option *o)
{
    return o->kind == CLI_KIND_LIST || o->kind == CLI_KIND_OWN;
}

static void offer_options(const struct command *c, struct cli_offers *to,
                          const bool given[CLI_ROW_LIMIT])
{
    for (size_t i = 0; c->options && c->options[i].kind; i++) {
        const struct cli_option *o = &c->options[i];
        if (!o->is_hidden && (!given[i] || may_be_repeated(o))) {
            char name[CLI_SYNTAX_BYTES];
            snprintf(name, sizeof(name), "--%s", o->name);
            cli_offer(to, name, o->help);
        }
    }
    cli_offer(to, "--help", "Says how the command is called");
}

static void offer_argument(const struct command *c, struct cli_offers *to,
                           size_t index)
{
    for (size_t i = 0; c->arguments && c->arguments[i].kind; i++) {
        const struct cli_option *o = &c->arguments[i];
        if (i == index || (i < index && o->kind == CLI_KIND_WORDS)) {
            offer_value(o, to);
        }
    }
}

/* ---- The line ------------------------------------------------------------ */

/* Finds the option that the word names, by its name up to `=`, or its
   letter. */
static const struct cli_option *option_of(const struct command *c,
                                          const char *word)
{
    size_t length = strcspn(word, "=");
    for (const struct cli_option *o = c->options; o && o->kind; o++) {
        if (length > 2 && strlen(o->name) == length - 2 &&
            memcmp(word, "--", 2) == 0 &&
            memcmp(word + 2, o->name, length - 2) == 0) {
            return o;
        }
        if (length == 2 && word[0] == '-' && o->letter == word[1]) {
            return o;
        }
    }
    return NULL;
}

static void complete_call(const struct command *c, int count, char **words)
{
    bool given[CLI_ROW_LIMIT] = { false };
    const struct cli_option *open = NULL; /* This option still wants a value. */
    size_t arguments = 0;
    for (int i = 0; i < count - 1; i++) {
        const struct cli_option *o = open ? NULL : option_of(c, words[i]);
        bool is_joined = o && words[i][strcspn(words[i], "=")] == '=';
        arguments += !open && !o && words[i][0] != '-';
        if (open) {
            open = open->after;
        } else if (o) {
            given[o - c->options] = true;
            open = is_joined                      ? o->after
                   : o->argument && o->alone == 0 ? o
                                                  : NULL;
        }
    }
    char *last = words[count - 1];
    char *value = strchr(last, '=');
    const struct cli_option *joined =
        !open && last[0] == '-' && value ? option_of(c, last) : NULL;
    struct cli_offers to = { .begun = last, .before = "" };
    char before[CLI_SYNTAX_BYTES];
    if (joined) {
        snprintf(before, sizeof(before), "%.*s", (int)(value + 1 - last), last);
        to = (struct cli_offers){ .begun = value + 1, .before = before };
        offer_value(joined, &to);
    } else if (open) {
        offer_value(open, &to);
    } else if (last[0] == '-') {
        offer_options(c, &to, given);
    } else {
        offer_argument(c, &to, arguments);
    }
}

void cli_complete(const struct command *root, int count, char **words)
{
    const struct command *c = root;
    while (c->commands && count > 1) {
        c = command_find(c, words[0]);
        words++;
        count--;
        if (!c) {
            return;
        }
    }
    if (count > 0 && c->commands) {
        struct cli_offers to = { .begun = words[0], .before = "" };
        for (size_t i = 0; c->commands[i]; i++) {
            cli_offer(&to, command_word(c->commands[i]),
                      c->commands[i]->summary);
        }
        cli_offer(&to, "--help", "Lists the commands");
    } else if (count > 0) {
        complete_call(c, count, words);
    }
}

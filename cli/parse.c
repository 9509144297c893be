/*
 * parse.c - reads a call by the rows of its command. Complaints about values
 * have one sentence for each kind, whatever the command. A value that begins
 * with a hyphen is a value; "--" ends the options.
 */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/units.h"
#include "sim/vocabulary/nearest.h"

struct parse {
    const struct command *self;
    char *ctx;
    char **words; /* Words of options are removed, so arguments remain. */
    int count, next, kept;
    bool given_options[CLI_ROW_LIMIT];
    bool given_arguments[CLI_ROW_LIMIT];
};

/* ---- Values -------------------------------------------------------------- */

static bool is_whole(const struct cli_option *o)
{
    return o->kind == CLI_KIND_WHOLE || o->kind == CLI_KIND_WHOLE32;
}

static uint64_t greatest(const struct cli_option *o)
{
    uint64_t most = o->kind == CLI_KIND_WHOLE32 ? UINT32_MAX : UINT64_MAX;
    return o->most > 0 ? o->most : most;
}

static void store_whole(const struct cli_option *o, char *at, uint64_t value)
{
    uint32_t narrow = (uint32_t)value;
    if (o->kind == CLI_KIND_WHOLE32) {
        memcpy(at, &narrow, sizeof(narrow));
    } else {
        memcpy(at, &value, sizeof(value));
    }
}

static bool read_whole(const struct cli_option *o, const char *text, char *at,
                       char message[CLI_MESSAGE_BYTES])
{
    uint64_t value = 0;
    unsigned long long least = o->least;
    unsigned long long most = greatest(o);
    if (!units_read_whole(text, &value) && value >= least && value <= most) {
        store_whole(o, at, value);
        return true;
    }
    char limits[64] = "";
    if (o->least > 0 && o->most > 0) {
        snprintf(limits, sizeof(limits), " from %llu to %llu", least, most);
    } else if (o->least > 0) {
        snprintf(limits, sizeof(limits), " from %llu on", least);
    } else {
        snprintf(limits, sizeof(limits), " up to %llu", most);
    }
    snprintf(message, CLI_MESSAGE_BYTES, "must be a whole number%s, not '%s'",
             limits, text);
    return false;
}

static bool read_time(const struct cli_option *o, const char *text, char *at,
                      char message[CLI_MESSAGE_BYTES])
{
    uint64_t ns = 0;
    const char *why = units_read_time(text, &ns);
    if (!why && ns < o->least) {
        why = "must be more than 0";
    }
    if (why) {
        snprintf(message, CLI_MESSAGE_BYTES, "%s, not '%s'", why, text);
        return false;
    }
    memcpy(at, &ns, sizeof(ns));
    return true;
}

static bool read_real(const char *text, char *at,
                      char message[CLI_MESSAGE_BYTES])
{
    struct cli_real real = { .text = text };
    const char *why = units_read_real(text, &real.value);
    if (why) {
        snprintf(message, CLI_MESSAGE_BYTES, "%s, not '%s'", why, text);
        return false;
    }
    memcpy(at, &real, sizeof(real));
    return true;
}

static bool read_choice(const struct cli_option *o, const char *text, char *at,
                        char message[CLI_MESSAGE_BYTES])
{
    int used = snprintf(message, CLI_MESSAGE_BYTES, "must be ");
    for (size_t i = 0; o->choices[i]; i++) {
        if (strcmp(o->choices[i], text) == 0) {
            memcpy(at, &o->choices[i], sizeof(o->choices[i]));
            return true;
        }
        const char *between = i == 0 ? "" : o->choices[i + 1] ? ", " : " or ";
        used += snprintf(message + used, CLI_MESSAGE_BYTES - (size_t)used,
                         "%s%s", between, o->choices[i]);
    }
    snprintf(message + used, CLI_MESSAGE_BYTES - (size_t)used, ", not '%s'",
             text);
    return false;
}

static bool read_item(const struct cli_option *o, const char *text, char *at,
                      char message[CLI_MESSAGE_BYTES])
{
    struct cli_list *list = (struct cli_list *)(void *)at;
    uint64_t most = o->most > 0 ? o->most : CLI_LIST_LIMIT;
    if (list->count == most) {
        snprintf(message, CLI_MESSAGE_BYTES, "may be given %llu times at most",
                 (unsigned long long)most);
        return false;
    }
    list->items[list->count++] = text;
    return true;
}

/* Stores the value in the row's member. False: `message` says why not. */
static bool take_value(const struct parse *p, const struct cli_option *o,
                       const char *text, char message[CLI_MESSAGE_BYTES])
{
    char *at = p->ctx + o->at;
    bool yes = true;
    switch (o->kind) {
    case CLI_KIND_FLAG:
        memcpy(at, &yes, sizeof(yes));
        return true;
    case CLI_KIND_CONSTANT:
        memcpy(at, &o->constant, sizeof(o->constant));
        return true;
    case CLI_KIND_TEXT:
    case CLI_KIND_FILE:
        memcpy(at, &text, sizeof(text));
        return true;
    case CLI_KIND_CHOICE:
        return read_choice(o, text, at, message);
    case CLI_KIND_WHOLE:
    case CLI_KIND_WHOLE32:
        return read_whole(o, text, at, message);
    case CLI_KIND_TIME:
        return read_time(o, text, at, message);
    case CLI_KIND_REAL:
        return read_real(text, at, message);
    case CLI_KIND_LIST:
        return read_item(o, text, at, message);
    case CLI_KIND_OWN:
    case CLI_KIND_NONE:
    case CLI_KIND_WORDS:
        break;
    }
    SIM_ASSERT(o->kind == CLI_KIND_OWN); /* Other kinds take no value. */
    return o->read(text, at, message);
}

/* ---- Options ------------------------------------------------------------- */

static const struct cli_option *find_option(const struct command *c,
                                            const char *name, size_t length)
{
    for (const struct cli_option *o = c->options; o && o->kind; o++) {
        if (strlen(o->name) == length && memcmp(o->name, name, length) == 0) {
            return o;
        }
    }
    return NULL;
}

static const struct cli_option *find_letter(const struct command *c,
                                            char letter)
{
    for (const struct cli_option *o = c->options; o && o->kind; o++) {
        if (o->letter == letter) {
            return o;
        }
    }
    return NULL;
}

static int refuse_option(const struct command *self, const char *word,
                         size_t length)
{
    char name[64];
    snprintf(name, sizeof(name), "%.*s", (int)length, word);
    struct nearest nearest = { .wrong = name + 2 };
    for (const struct cli_option *o = self->options; o && o->kind; o++) {
        if (length > 2 && !o->is_hidden) {
            nearest_try(&nearest, o->name);
        }
    }
    if (!nearest.best) {
        return cli_misuse(self, "there is no option '%s'", name);
    }
    return cli_complain("%s: there is no option '%s'; did you mean --%s?",
                        self->name, name, nearest.best);
}

/* Takes the option's values: the one joined to its name, and words behind
   it. */
static int take_option(struct parse *p, const struct cli_option *o,
                       const char *word, const char *joined)
{
    char message[CLI_MESSAGE_BYTES];
    if (!o->argument && joined) {
        return cli_misuse(p->self, "'%s': this option takes no value", word);
    }
    p->given_options[o - p->self->options] = true;
    if (o->alone > 0 && !joined) {
        store_whole(o, p->ctx + o->at, o->alone);
        return CLI_DONE;
    }
    for (const struct cli_option *value = o; value; value = value->after) {
        if (!joined && value->argument && p->next < p->count) {
            joined = p->words[p->next++];
        }
        if (!joined && value->argument) {
            return cli_misuse(p->self, "'%s' wants a value: %s", word,
                              value->argument);
        }
        if (!take_value(p, value, joined, message)) {
            return cli_misuse(p->self, "--%s %s", o->name, message);
        }
        joined = NULL;
    }
    return CLI_DONE;
}

static int take_long(struct parse *p, const char *word)
{
    size_t length = strcspn(word, "=");
    const char *joined = word[length] == '=' ? word + length + 1 : NULL;
    const struct cli_option *o = find_option(p->self, word + 2, length - 2);
    if (o) {
        return take_option(p, o, word, joined);
    }
    if (length != strlen("--help") || memcmp(word, "--help", length) != 0) {
        return refuse_option(p->self, word, length);
    }
    if (joined) {
        return cli_misuse(p->self, "'%s': this option takes no value", word);
    }
    cli_help(p->self);
    return CLI_HELPED;
}

/* Takes "-o FILE" or "-oFILE". */
static int take_short(struct parse *p, const char *word)
{
    const struct cli_option *o = find_letter(p->self, word[1]);
    if (o) {
        return take_option(p, o, word, word[2] != '\0' ? word + 2 : NULL);
    }
    if (strcmp(word, "-h") != 0) {
        return refuse_option(p->self, word, 2);
    }
    cli_help(p->self);
    return CLI_HELPED;
}

static int take_options(struct parse *p)
{
    int code = CLI_DONE;
    bool are_over = false;
    while (code == CLI_DONE && p->next < p->count) {
        char *word = p->words[p->next++];
        if (are_over || word[0] != '-' || word[1] == '\0') {
            p->words[p->kept++] = word;
        } else if (strcmp(word, "--") == 0) {
            are_over = true;
        } else {
            code = word[1] == '-' ? take_long(p, word) : take_short(p, word);
        }
    }
    return code;
}

/* ---- Which go together --------------------------------------------------- */

/* Returns the first of the listed rows that was given. NULL: none was. */
static const struct cli_option *find_given(const struct parse *p,
                                           const char *list)
{
    const struct command *self = p->self;
    for (size_t i = 0; list && self->options && self->options[i].kind; i++) {
        if (p->given_options[i] && cli_is_listed(list, self->options[i].name)) {
            return &self->options[i];
        }
    }
    for (size_t i = 0; list && self->arguments && self->arguments[i].kind;
         i++) {
        if (p->given_arguments[i] &&
            cli_is_listed(list, self->arguments[i].name)) {
            return &self->arguments[i];
        }
    }
    return NULL;
}

static bool is_argument(const struct command *self, const struct cli_option *o)
{
    for (const struct cli_option *a = self->arguments; a && a->kind; a++) {
        if (a == o) {
            return true;
        }
    }
    return false;
}

static int refuse_pair(const struct command *self, const struct cli_option *a,
                       const struct cli_option *b)
{
    return is_argument(self, b)
               ? cli_misuse(self, "--%s and %s do not go together", a->name,
                            b->argument)
               : cli_misuse(self, "--%s and --%s do not go together", a->name,
                            b->name);
}

static int check_exclusions(const struct parse *p)
{
    const struct command *self = p->self;
    for (size_t i = 0; self->options && self->options[i].kind; i++) {
        const struct cli_option *o = &self->options[i];
        if (!p->given_options[i]) {
            continue;
        }
        const struct cli_option *other = find_given(p, o->excludes);
        for (size_t j = 0; !other && j < i; j++) {
            if (p->given_options[j] && o->kind == CLI_KIND_CONSTANT &&
                self->options[j].kind == o->kind &&
                self->options[j].at == o->at) {
                return refuse_pair(self, &self->options[j], o);
            }
        }
        if (other) {
            return refuse_pair(self, o, other);
        }
        if (o->needs && !find_given(p, o->needs)) {
            const struct cli_option *needed =
                find_option(self, o->needs, strlen(o->needs));
            return needed ? cli_misuse(self, "--%s goes with --%s", o->name,
                                       needed->name)
                          : cli_misuse(self, "--%s goes with a %s", o->name,
                                       o->needs);
        }
    }
    return CLI_DONE;
}

/* Checks that required options are given; of constants that set one member, any
   is enough. */
static int check_required(const struct parse *p)
{
    const struct cli_option *o = p->self->options;
    for (size_t i = 0; o && o[i].kind;) {
        char names[CLI_USAGE_BYTES] = "";
        char syntax[CLI_SYNTAX_BYTES];
        bool is_required = o[i].is_required;
        bool is_given = false;
        size_t used = 0;
        size_t first = i;
        do {
            cli_write_syntax(&o[i], syntax);
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
                                     i > first ? " or " : "", syntax);
            is_given |= p->given_options[i++];
        } while (o[i].kind == CLI_KIND_CONSTANT && o[i].at == o[first].at);
        if (is_required && !is_given) {
            return cli_misuse(p->self, "%s is missing", names);
        }
    }
    return CLI_DONE;
}

/* ---- Arguments ----------------------------------------------------------- */

static bool is_called_for(const struct parse *p, const struct cli_option *o)
{
    return !o->needs || find_given(p, o->needs);
}

static bool may_be_left_out(const struct parse *p, const struct cli_option *o)
{
    return o->is_optional || find_given(p, o->unless);
}

static int refuse_word(const struct command *self, const char *word)
{
    return self->arguments && self->arguments[0].kind
               ? cli_misuse(self, "'%s' is one argument too many", word)
               : cli_misuse(self, "'%s': this command takes no argument", word);
}

static int take_arguments(struct parse *p)
{
    const struct command *self = p->self;
    char message[CLI_MESSAGE_BYTES];
    int at = 0;
    for (size_t i = 0; self->arguments && self->arguments[i].kind; i++) {
        const struct cli_option *o = &self->arguments[i];
        bool is_free = may_be_left_out(p, o);
        if (!is_called_for(p, o)) {
            continue;
        }
        if (at == p->kept && !is_free) {
            return cli_misuse(self, "no %s is named", o->name);
        }
        if (at == p->kept || (is_free && o->fits && !o->fits(p->words[at]))) {
            continue;
        }
        p->given_arguments[i] = true;
        if (o->kind == CLI_KIND_WORDS) {
            struct cli_words rest = { p->words + at, p->kept - at };
            memcpy(p->ctx + o->at, &rest, sizeof(rest));
            at = p->kept;
        } else if (!take_value(p, o, p->words[at++], message)) {
            return cli_misuse(self, "%s %s", o->argument, message);
        }
    }
    return at == p->kept ? CLI_DONE : refuse_word(self, p->words[at]);
}

int cli_parse(const struct command *self, int count, char **words, void *ctx)
{
    struct parse p = {
        .self = self, .ctx = ctx, .words = words, .count = count
    };
    for (const struct cli_option *o = self->options; o && o->kind; o++) {
        SIM_ASSERT(o - self->options < CLI_ROW_LIMIT);
        if (is_whole(o) || o->kind == CLI_KIND_TIME) {
            store_whole(o, p.ctx + o->at, o->initial);
        }
    }
    int code = take_options(&p);
    code = code == CLI_DONE ? take_arguments(&p) : code;
    code = code == CLI_DONE ? check_exclusions(&p) : code;
    return code == CLI_DONE ? check_required(&p) : code;
}

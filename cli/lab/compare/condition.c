/* condition.c - see condition.h. */
#include "cli/lab/compare/condition.h"

#include <stdio.h>
#include <string.h>

#include "sim/units.h"

static bool complain(const char *text, const char *what, char *message)
{
    snprintf(message, CONDITION_MESSAGE_BYTES, "'%.100s': %s", text, what);
    return false;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* Reads the value behind its sign: "100ms", "5%", "12.5". */
static bool parse_value(const char *at, struct condition *c, char *message)
{
    char word[64];
    size_t length = strcspn(at, " \t%");
    c->is_percent = at[length] == '%';
    const char *end = skip_blanks(at + length + (c->is_percent ? 1 : 0));
    if (length == 0 || length >= sizeof(word) || *at == '+' || *at == '-' ||
        *end != '\0') {
        return complain(c->text,
                        "the value must be a number, such as +5% or "
                        "100ms",
                        message);
    }
    snprintf(word, sizeof(word), "%.*s", (int)length, at);
    const char *why;
    uint64_t whole = 0;
    enum figure_unit unit = figure_table[c->figure.id].unit;
    if (!c->is_percent && unit == UNIT_NS) {
        why = units_read_time(word, &whole);
        c->value = (double)whole;
    } else if (!c->is_percent && unit == UNIT_BYTES) {
        why = units_read_size(word, &whole);
        c->value = (double)whole;
    } else {
        why = units_read_real(word, &c->value);
        c->value = c->is_percent ? c->value / 100 : c->value;
    }
    if (why) {
        char what[160];
        snprintf(what, sizeof(what), "the value %s", why);
        return complain(c->text, what, message);
    }
    return true;
}

bool condition_parse(const char *text, struct condition *c,
                     char message[CONDITION_MESSAGE_BYTES])
{
    *c = (struct condition){ .text = text };
    const char *at = skip_blanks(text);
    size_t length = strcspn(at, " \t<>=");
    if (!figure_find(at, length, &c->figure)) {
        figure_describe_unknown(at, length, message);
        return false;
    }
    at = skip_blanks(at + length);
    if (*at != '<' && *at != '>') {
        return complain(text, "one of < <= > >= must stand behind the figure",
                        message);
    }
    bool or_equal = at[1] == '=';
    if (*at == '<') {
        c->relation = or_equal ? LESS_OR_EQUAL : LESS;
    } else {
        c->relation = or_equal ? MORE_OR_EQUAL : MORE;
    }
    at = skip_blanks(at + (or_equal ? 2 : 1));
    c->is_signed = *at == '+' || *at == '-';
    bool is_negative = *at == '-';
    if (!parse_value(at + (c->is_signed ? 1 : 0), c, message)) {
        return false;
    }
    c->value = is_negative ? -c->value : c->value;
    return true;
}

bool conditions_read(const char *text, void *at,
                     char message[CONDITION_MESSAGE_BYTES])
{
    struct conditions *c = at;
    if (c->count == CONDITION_LIMIT) {
        snprintf(message, CONDITION_MESSAGE_BYTES,
                 "may be given %d times at most", CONDITION_LIMIT);
        return false;
    }
    return condition_parse(text, &c->items[c->count++], message);
}

bool condition_value(const struct condition *c, const struct difference *d,
                     double *value)
{
    if (c->is_percent) {
        *value = d->relative.value;
        return d->relative.is_defined;
    }
    *value = c->is_signed ? d->absolute.value : d->b;
    return true;
}

bool condition_holds(const struct condition *c, double value)
{
    switch (c->relation) {
    case LESS:
        return value < c->value;
    case LESS_OR_EQUAL:
        return value <= c->value;
    case MORE:
        return value > c->value;
    case MORE_OR_EQUAL:
        return value >= c->value;
    }
    return false;
}

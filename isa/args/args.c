/*
 * args.c - see args.h. Freestanding: guests link it as well as the host, and
 * both have what it includes.
 */
#include "isa/args/args.h"

#include <stdio.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_text(const char *text, size_t bytes, const char *known)
{
    return strlen(known) == bytes && memcmp(text, known, bytes) == 0;
}

/* ---- Numbers ------------------------------------------------------------ */

/* The digits at `text`, as far as they go; *bytes says how far, and is 0 when
   there are none. A number beyond 64 bits is the greatest that there is. */
static uint64_t read_digits(const char *text, size_t limit, size_t *bytes)
{
    uint64_t number = 0;
    size_t i = 0;
    for (; i < limit && is_digit(text[i]); i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        number = number > (UINT64_MAX - digit) / 10 ? UINT64_MAX
                                                    : number * 10 + digit;
    }
    *bytes = i;
    return number;
}

uint32_t args_unit_ns(const char *unit, size_t bytes)
{
    return is_text(unit, bytes, "ns")   ? 1
           : is_text(unit, bytes, "us") ? 1000
           : is_text(unit, bytes, "ms") ? 1000000
           : is_text(unit, bytes, "s")  ? 1000000000
                                        : 0;
}

static uint32_t unit_bytes(const char *unit, size_t bytes)
{
    return bytes == 0                    ? 1
           : is_text(unit, bytes, "KiB") ? 1u << 10
           : is_text(unit, bytes, "MiB") ? 1u << 20
           : is_text(unit, bytes, "GiB") ? 1u << 30
                                         : 0;
}

/* What one of the unit that follows a number counts; 0: no such unit. */
static uint32_t unit_of(const struct args_rule *rule, const char *unit,
                        size_t bytes)
{
    switch (rule->kind) {
    case ARGS_SIZE:
        return unit_bytes(unit, bytes);
    case ARGS_TIME:
        return bytes > 0 ? args_unit_ns(unit, bytes)
                         : args_unit_ns(rule->unit, strlen(rule->unit));
    case ARGS_COUNT:
    case ARGS_CHOICE:
    case ARGS_LIST:
        break;
    }
    return bytes == 0 ? 1 : 0;
}

static enum args_fault_kind read_number(const struct args_rule *rule,
                                        const char *text, size_t bytes,
                                        uint64_t *number)
{
    size_t digits = 0;
    uint64_t count = read_digits(text, bytes, &digits);
    uint32_t unit = unit_of(rule, text + digits, bytes - digits);
    if (digits == 0 || unit == 0) {
        return ARGS_NO_NUMBER;
    }
    *number = count > UINT64_MAX / unit ? UINT64_MAX : count * unit;
    return *number < rule->low || *number > rule->high ? ARGS_OUT_OF_BOUNDS
                                                       : ARGS_FINE;
}

bool args_list_next(const char **text, const char *end, uint64_t *number)
{
    size_t bytes = 0;
    *number = read_digits(*text, (size_t)(end - *text), &bytes);
    *text += bytes;
    if (*text < end && **text == ',') {
        (*text)++;
    }
    return bytes > 0;
}

static enum args_fault_kind read_list(const struct args_rule *rule,
                                      const char *text, size_t bytes)
{
    const char *end = text + bytes;
    do {
        size_t digits = 0;
        uint64_t number = read_digits(text, (size_t)(end - text), &digits);
        text += digits;
        if (digits == 0 || (text < end && *text != ',')) {
            return ARGS_NO_NUMBER;
        }
        if (number < rule->low || number > rule->high) {
            return ARGS_OUT_OF_BOUNDS;
        }
    } while (text++ < end);
    return ARGS_FINE;
}

static enum args_fault_kind read_choice(const struct args_rule *rule,
                                        const char *text, size_t bytes,
                                        uint64_t *index)
{
    const char *word = rule->unit;
    for (*index = 0; *word != '\0'; (*index)++) {
        size_t length = 0;
        while (word[length] != '\0' && word[length] != ' ') {
            length++;
        }
        if (length == bytes && memcmp(word, text, bytes) == 0) {
            return ARGS_FINE;
        }
        word += word[length] == ' ' ? length + 1 : length;
    }
    return ARGS_NO_CHOICE;
}

/* ---- Words -------------------------------------------------------------- */

static enum args_fault_kind read_value(const struct args_rule *rule,
                                       const char *text, size_t bytes,
                                       struct args_value *value)
{
    if (value->is_given) {
        return ARGS_TWICE;
    }
    value->is_given = true;
    switch (rule->kind) {
    case ARGS_CHOICE:
        return read_choice(rule, text, bytes, &value->number);
    case ARGS_LIST:
        value->text = text;
        value->text_bytes = (uint32_t)bytes;
        return read_list(rule, text, bytes);
    case ARGS_COUNT:
    case ARGS_SIZE:
    case ARGS_TIME:
        break;
    }
    return read_number(rule, text, bytes, &value->number);
}

static const struct args_rule *find_rule(const struct args_rule *rules,
                                         const char *name, size_t bytes)
{
    for (; rules->name != NULL; rules++) {
        if (is_text(name, bytes, rules->name)) {
            return rules;
        }
    }
    return NULL;
}

static enum args_fault_kind read_word(const struct args_rule *rules,
                                      struct args_value *values,
                                      struct args_fault *f)
{
    while (f->name_bytes < f->word_bytes && f->word[f->name_bytes] != '=') {
        f->name_bytes++;
    }
    if (f->name_bytes < f->word_bytes) {
        f->rule = find_rule(rules, f->word, f->name_bytes);
    }
    if (f->rule == NULL) {
        return ARGS_UNKNOWN;
    }
    uint32_t before = f->name_bytes + 1;
    return read_value(f->rule, f->word + before, f->word_bytes - before,
                      &values[f->rule - rules]);
}

bool args_read(const struct args_rule *rules, const char *line,
               struct args_value *values, struct args_fault *fault)
{
    for (uint32_t i = 0; rules[i].name != NULL; i++) {
        values[i] = (struct args_value){ .number = rules[i].fallback };
    }
    *fault = (struct args_fault){ .kind = ARGS_FINE };
    for (;;) {
        while (is_blank(*line)) {
            line++;
        }
        if (*line == '\0') {
            return true;
        }
        struct args_fault f = { .word = line };
        while (*line != '\0' && !is_blank(*line)) {
            line++;
        }
        f.word_bytes = (uint32_t)(line - f.word);
        f.kind = read_word(rules, values, &f);
        if (f.kind != ARGS_FINE) {
            *fault = f;
            return false;
        }
    }
}

/* ---- Sentences ---------------------------------------------------------- */

void args_explain(const struct args_fault *fault, char *text, size_t bytes)
{
    const struct args_rule *rule = fault->rule;
    const char *word = fault->word;
    int length = (int)fault->word_bytes;
    if (rule == NULL) {
        snprintf(text, bytes, "the guest knows no word \"%.*s\"%s",
                 (int)fault->name_bytes, word,
                 fault->name_bytes == fault->word_bytes ? " without a value"
                                                        : "");
        return;
    }
    uint64_t unit = 1;
    const char *name = "";
    if (rule->kind == ARGS_TIME) {
        unit = args_unit_ns(rule->unit, strlen(rule->unit));
        name = rule->unit;
    }
    switch (fault->kind) {
    case ARGS_TWICE:
        snprintf(text, bytes, "%s= is given twice", rule->name);
        return;
    case ARGS_NO_CHOICE:
        snprintf(text, bytes, "%.*s is none of these: %s", length, word,
                 rule->unit);
        return;
    case ARGS_FINE:
    case ARGS_UNKNOWN:
    case ARGS_NO_NUMBER:
    case ARGS_OUT_OF_BOUNDS:
        break;
    }
    /* A time's rule has a unit of time: carried.c sees to those of images.
       NOLINTBEGIN(clang-analyzer-core.DivideZero) */
    snprintf(text, bytes, "%.*s is not %s from %llu%s to %llu%s", length, word,
             rule->kind == ARGS_LIST   ? "a list of numbers"
             : rule->kind == ARGS_SIZE ? "a size in bytes"
             : rule->kind == ARGS_TIME ? "a time"
                                       : "a whole number",
             (unsigned long long)(rule->low / unit), name,
             (unsigned long long)(rule->high / unit), name);
    /* NOLINTEND(clang-analyzer-core.DivideZero) */
}

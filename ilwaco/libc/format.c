/*
 * format.c - see format.h. A conversion is read into a struct, its text made
 * in a small buffer, then put out with its padding: sign or 0x, zeros, digits.
 * A conversion that is not known is put out as it stands.
 */
#include "ilwaco/libc/format.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* 64 bits in octal. */
#define DIGITS_MAX 22

/* The size of an integer argument. */
enum length { LENGTH_INT, LENGTH_HH, LENGTH_H, LENGTH_L, LENGTH_LL };

struct conversion {
    bool is_left, has_zeros, has_plus, has_space, is_alternate;
    bool has_precision;
    size_t width;
    size_t precision; /* Valid with has_precision. */
    enum length length;
    char kind;
};

static void put(struct format_sink *sink, char c)
{
    sink->put(sink, c);
    sink->count++;
}

static void put_many(struct format_sink *sink, char c, size_t count)
{
    for (; count > 0; count--) {
        put(sink, c);
    }
}

/* [prefix][zeros][text], padded to the width. */
static void put_field(struct format_sink *sink, const struct conversion *c,
                      const char *prefix, size_t zeros, const char *text,
                      size_t text_length)
{
    size_t used = strlen(prefix) + zeros + text_length;
    size_t padding = c->width > used ? c->width - used : 0;
    if (!c->is_left) {
        put_many(sink, ' ', padding);
    }
    for (; *prefix != '\0'; prefix++) {
        put(sink, *prefix);
    }
    put_many(sink, '0', zeros);
    for (size_t i = 0; i < text_length; i++) {
        put(sink, text[i]);
    }
    if (c->is_left) {
        put_many(sink, ' ', padding);
    }
}

static void put_number(struct format_sink *sink, const struct conversion *c,
                       uint64_t value, const char *sign)
{
    const char *alphabet =
        c->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    bool is_hex = c->kind == 'x' || c->kind == 'X' || c->kind == 'p';
    uint32_t base = is_hex ? 16 : c->kind == 'o' ? 8 : 10;
    const char *prefix = sign;
    if (c->kind == 'p' || (c->is_alternate && is_hex && value != 0)) {
        prefix = c->kind == 'X' ? "0X" : "0x";
    }

    char digits[DIGITS_MAX];
    size_t length = 0;
    bool is_empty = value == 0 && c->has_precision && c->precision == 0;
    for (uint64_t rest = value; !is_empty && (rest != 0 || length == 0);) {
        length++;
        if (rest <= UINT32_MAX) { /* Cheap where it can be. */
            digits[DIGITS_MAX - length] = alphabet[(uint32_t)rest % base];
            rest = (uint32_t)rest / base;
        } else {
            digits[DIGITS_MAX - length] = alphabet[rest % base];
            rest /= base;
        }
    }

    size_t wanted = c->has_precision ? c->precision : 0;
    if (c->has_zeros && !c->is_left && !c->has_precision &&
        c->width > strlen(prefix)) {
        wanted = c->width - strlen(prefix);
    }
    if (c->is_alternate && c->kind == 'o' && wanted <= length) {
        wanted = length + 1;
    }
    size_t zeros = wanted > length ? wanted - length : 0;
    put_field(sink, c, prefix, zeros, digits + DIGITS_MAX - length, length);
}

static void put_signed(struct format_sink *sink, const struct conversion *c,
                       int64_t value)
{
    const char *sign = value < 0      ? "-"
                       : c->has_plus  ? "+"
                       : c->has_space ? " "
                                      : "";
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    put_number(sink, c, magnitude, sign);
}

static void put_string(struct format_sink *sink, const struct conversion *c,
                       const char *text)
{
    if (text == NULL) {
        text = "(null)";
    }
    size_t length = 0;
    while ((!c->has_precision || length < c->precision) &&
           text[length] != '\0') {
        length++;
    }
    put_field(sink, c, "", 0, text, length);
}

/* A pointer to va_list, so that what is taken here is taken for the caller. */
struct arguments {
    va_list list;
};

static int64_t take_signed(struct arguments *a, enum length length)
{
    switch (length) {
    case LENGTH_HH:
        return (signed char)va_arg(a->list, int);
    case LENGTH_H:
        return (short)va_arg(a->list, int);
    case LENGTH_L:
        return va_arg(a->list, long);
    case LENGTH_LL:
        return va_arg(a->list, long long);
    case LENGTH_INT:
        break;
    }
    return va_arg(a->list, int);
}

static uint64_t take_unsigned(struct arguments *a, enum length length)
{
    switch (length) {
    case LENGTH_HH:
        return (unsigned char)va_arg(a->list, unsigned);
    case LENGTH_H:
        return (unsigned short)va_arg(a->list, unsigned);
    case LENGTH_L:
        return va_arg(a->list, unsigned long);
    case LENGTH_LL:
        return va_arg(a->list, unsigned long long);
    case LENGTH_INT:
        break;
    }
    return va_arg(a->list, unsigned);
}

static const char *read_flags(struct conversion *c, const char *text)
{
    for (;; text++) {
        switch (*text) {
        case '-':
            c->is_left = true;
            break;
        case '0':
            c->has_zeros = true;
            break;
        case '+':
            c->has_plus = true;
            break;
        case ' ':
            c->has_space = true;
            break;
        case '#':
            c->is_alternate = true;
            break;
        default:
            return text;
        }
    }
}

/* A number or `*`. A negative width means left, a negative precision none. */
static const char *read_size(const char *text, struct arguments *a,
                             size_t *size, bool *is_negative)
{
    *size = 0;
    *is_negative = false;
    if (*text == '*') {
        int value = va_arg(a->list, int);
        *is_negative = value < 0;
        *size = *is_negative ? 0 - (size_t)value : (size_t)value;
        return text + 1;
    }
    for (; isdigit((unsigned char)*text); text++) {
        *size = *size * 10 + (size_t)(*text - '0');
    }
    return text;
}

static const char *read_length(struct conversion *c, const char *text)
{
    switch (*text) {
    case 'h':
        c->length = text[1] == 'h' ? LENGTH_HH : LENGTH_H;
        return text + (text[1] == 'h' ? 2 : 1);
    case 'l':
        c->length = text[1] == 'l' ? LENGTH_LL : LENGTH_L;
        return text + (text[1] == 'l' ? 2 : 1);
    case 'j':
        c->length = LENGTH_LL;
        return text + 1;
    case 'z':
    case 't':
        c->length = LENGTH_L; /* As wide as size_t, here and on the host. */
        return text + 1;
    default:
        return text;
    }
}

static const char *read_conversion(struct conversion *c, const char *text,
                                   struct arguments *a)
{
    bool is_negative = false;
    text = read_flags(c, text);
    text = read_size(text, a, &c->width, &is_negative);
    c->is_left = c->is_left || is_negative;
    if (*text == '.') {
        text = read_size(text + 1, a, &c->precision, &is_negative);
        c->has_precision = !is_negative;
    }
    text = read_length(c, text);
    c->kind = *text;
    return *text == '\0' ? text : text + 1;
}

/* False when the kind is not known. */
static bool put_conversion(struct format_sink *sink, const struct conversion *c,
                           struct arguments *a)
{
    char character = '%';
    switch (c->kind) {
    case 'd':
    case 'i':
        put_signed(sink, c, take_signed(a, c->length));
        return true;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_number(sink, c, take_unsigned(a, c->length), "");
        return true;
    case 'p':
        put_number(sink, c, (uintptr_t)va_arg(a->list, void *), "");
        return true;
    case 's':
        put_string(sink, c, va_arg(a->list, const char *));
        return true;
    case 'c':
        character = (char)va_arg(a->list, int);
        put_field(sink, c, "", 0, &character, 1);
        return true;
    case '%':
        put(sink, '%');
        return true;
    default:
        return false;
    }
}

void format(struct format_sink *sink, const char *text, va_list arguments)
{
    struct arguments a;
    va_copy(a.list, arguments);
    while (*text != '\0') {
        if (*text != '%') {
            put(sink, *text++);
            continue;
        }
        struct conversion c = { .length = LENGTH_INT };
        const char *end = read_conversion(&c, text + 1, &a);
        if (!put_conversion(sink, &c, &a)) {
            for (; text < end; text++) {
                put(sink, *text);
            }
        }
        text = end;
    }
    va_end(a.list);
}

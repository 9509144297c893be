/* number.c - strtoul, strtoull and atoi of <stdlib.h>. */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* The value of a digit in any base up to 36; 36 for what is none. */
static unsigned digit_value(char c)
{
    if (isdigit((unsigned char)c)) {
        return (unsigned)(c - '0');
    }
    if (isalpha((unsigned char)c)) {
        return (unsigned)(tolower((unsigned char)c) - 'a') + 10;
    }
    return 36;
}

static const char *read_base(const char *s, int *base)
{
    bool is_hex =
        s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit_value(s[2]) < 16;
    if ((*base == 0 || *base == 16) && is_hex) {
        *base = 16;
        return s + 2;
    }
    if (*base == 0) {
        *base = s[0] == '0' ? 8 : 10;
    }
    return s;
}

unsigned long long strtoull(const char *restrict s, char **restrict end,
                            int base)
{
    const char *at = s;
    while (isspace((unsigned char)*at)) {
        at++;
    }
    bool is_negative = *at == '-';
    if (*at == '-' || *at == '+') {
        at++;
    }
    at = read_base(at, &base);

    const char *digits = at;
    unsigned long long value = 0;
    bool is_over = false;
    for (; digit_value(*at) < (unsigned)base; at++) {
        unsigned digit = digit_value(*at);
        is_over = is_over || value > (ULLONG_MAX - digit) / (unsigned)base;
        value = value * (unsigned)base + digit;
    }
    if (end != NULL) {
        *end = (char *)(uintptr_t)(at == digits ? s : at);
    }
    if (is_over) {
        return ULLONG_MAX;
    }
    return is_negative ? 0 - value : value;
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
    unsigned long long value = strtoull(s, end, base);
    bool fits = value <= ULONG_MAX || 0 - value <= ULONG_MAX;
    return fits ? (unsigned long)value : ULONG_MAX;
}

int atoi(const char *s)
{
    return (int)strtoul(s, NULL, 10);
}

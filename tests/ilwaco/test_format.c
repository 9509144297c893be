/* test_format.c - our conversions print what the host's printf prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/libc/format.h"

struct text_sink {
    struct format_sink base;
    char text[256];
};

static void put(struct format_sink *base, char c)
{
    struct text_sink *sink = (struct text_sink *)base;
    assert_true(base->count < sizeof(sink->text) - 1);
    sink->text[base->count] = c;
}

__attribute__((format(printf, 1, 2))) static void same(const char *text, ...)
{
    char expected[256];
    struct text_sink sink = { .base = { .put = put } };
    va_list arguments;
    va_start(arguments, text);
    (void)vsnprintf(expected, sizeof(expected), text, arguments);
    va_end(arguments);
    va_start(arguments, text);
    format(&sink.base, text, arguments);
    va_end(arguments);
    assert_string_equal(sink.text, expected);
    assert_int_equal(sink.base.count, strlen(expected));
}

static void integers_of_all_sizes(void **state)
{
    (void)state;
    static const long long values[] = {
        0,         1,         -1,         42,        -4711,
        INT32_MAX, INT32_MIN, UINT32_MAX, 1LL << 32, -123456789012345,
        INT64_MAX, INT64_MIN
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        long long v = values[i];
        same("%d %i %u %x %X %o", (int)v, (int)v, (unsigned)v, (unsigned)v,
             (unsigned)v, (unsigned)v);
        same("%lld %llu %llx %llo", v, (unsigned long long)v,
             (unsigned long long)v, (unsigned long long)v);
        same("%ld %lu %zu %zx %td %jd", (long)v, (unsigned long)v, (size_t)v,
             (size_t)v, (ptrdiff_t)v, (intmax_t)v);
        same("%hhd %hhu %hd %hu", (signed char)v, (unsigned char)v, (short)v,
             (unsigned short)v);
    }
}

static void padding_sign_and_precision(void **state)
{
    (void)state;
    same("|%5d|%-5d|%05d|%+d|% d|%+5d|", 42, 42, 42, 42, 42, -42);
    same("|%8.3d|%-8.3d|%.0d|%.0d|%.5x|", 7, 7, 0, 1, 0xabu);
    same("|%#x|%#X|%#o|%#x|%#010x|%-#10x|", 255u, 255u, 8u, 0u, 255u, 255u);
    same("|%*d|%-*d|%.*d|%*d|", 6, 1, 6, 2, 4, 3, -6, 4);
    same("|%010lld|%+.12lld|", -5LL, 5LL);
    same("|%#.3o|%#5o|", 8u, 8u);
}

static void strings_and_characters(void **state)
{
    same("%s|%10s|%-10s|%.2s|%.*s|%c%c|%3c|%-3c|%%", "abc", "abc", "abc", "abc",
         1, "xyz", 'p', 'q', 'r', 's');
    same("nothing");
    same("%s", "");
    same("%p|%20p", (void *)state, (void *)&state);
}

/* Through a pointer, for gcc knows better what a format is. */
static void print(struct text_sink *sink, const char *text, ...)
{
    void (*unchecked)(struct format_sink *, const char *, va_list) = format;
    va_list arguments;
    va_start(arguments, text);
    unchecked(&sink->base, text, arguments);
    va_end(arguments);
}

static void the_unknown_stands_as_it_is(void **state)
{
    (void)state;
    struct text_sink sink = { .base = { .put = put } };
    print(&sink, "a%qb%");
    assert_string_equal(sink.text, "a%qb%");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_of_all_sizes),
        cmocka_unit_test(padding_sign_and_precision),
        cmocka_unit_test(strings_and_characters),
        cmocka_unit_test(the_unknown_stands_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_libc.c - memory, strings, numbers and division as C has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/ilwaco/rename.h"

#define BYTES 80

static void pattern(char *bytes)
{
    for (size_t i = 0; i < BYTES; i++) {
        bytes[i] = (char)(i * 37 + 11);
    }
}

/* What memmove should do, by way of a copy. */
static void expect_move(char *bytes, size_t to, size_t from, size_t count)
{
    char copy[BYTES];
    for (size_t i = 0; i < count; i++) {
        copy[i] = bytes[from + i];
    }
    for (size_t i = 0; i < count; i++) {
        bytes[to + i] = copy[i];
    }
}

static void moves_at_every_offset_and_length(void **state)
{
    (void)state;
    for (size_t to = 0; to < 20; to++) {
        for (size_t from = 0; from < 20; from++) {
            for (size_t count = 0; count <= 40; count++) {
                char got[BYTES];
                char want[BYTES];
                pattern(got);
                pattern(want);
                assert_ptr_equal(memmove(got + to, got + from, count),
                                 got + to);
                expect_move(want, to, from, count);
                assert_memory_equal(got, want, BYTES);
            }
        }
    }
}

static void copies_and_fills_just_what_they_should(void **state)
{
    (void)state;
    for (size_t at = 0; at < 8; at++) {
        for (size_t count = 0; count <= 40; count++) {
            char from[BYTES];
            char got[BYTES] = { 0 };
            char want[BYTES] = { 0 };
            pattern(from);
            assert_ptr_equal(memcpy(got + at, from + 3, count), got + at);
            for (size_t i = 0; i < count; i++) {
                want[at + i] = from[3 + i];
            }
            assert_memory_equal(got, want, BYTES);
            assert_ptr_equal(memset(got + at, 0x1a5, count), got + at);
            for (size_t i = 0; i < count; i++) {
                want[at + i] = (char)0xa5;
            }
            assert_memory_equal(got, want, BYTES);
        }
    }
}

static void strings_compare_and_are_found(void **state)
{
    (void)state;
    assert_int_equal(strlen("abc"), 3);
    assert_int_equal(strcmp("abc", "abc"), 0);
    assert_true(strcmp("abc", "abd") < 0);
    assert_true(strcmp("\xff", "a") > 0);
    assert_true(strcmp("ab", "abc") < 0);
    assert_int_equal(strncmp("abcx", "abcy", 3), 0);
    assert_int_equal(memcmp("a\0b", "a\0c", 2), 0);
    assert_true(memcmp("a\0b", "a\0c", 3) < 0);

    const char *text = "one two one";
    assert_ptr_equal(strchr(text, 'o'), text);
    assert_ptr_equal(strchr(text, '\0'), text + 11);
    assert_null(strchr(text, 'x'));
    assert_ptr_equal(strrchr(text, 'o'), text + 8);
    assert_ptr_equal(strstr(text, "two"), text + 4);
    assert_ptr_equal(strstr(text, ""), text);
    assert_null(strstr(text, "one1"));
    assert_ptr_equal(memchr(text, 't', 11), text + 4);
    assert_null(memchr(text, 't', 4));
}

static void numbers_are_read_in_any_base(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int base;
        unsigned long long value;
        size_t taken;
    } cases[] = {
        { "0", 0, 0, 1 },
        { "  42x", 10, 42, 4 },
        { "0x1fG", 0, 0x1f, 4 },
        { "0x", 0, 0, 1 },
        { "0xg", 16, 0, 1 },
        { "017", 0, 15, 3 },
        { "+7", 10, 7, 2 },
        { "-1", 10, ULLONG_MAX, 2 },
        { "zz", 36, 35 * 36 + 35, 2 },
        { "", 10, 0, 0 },
        { " x", 10, 0, 0 },
        { "18446744073709551615", 10, ULLONG_MAX, 20 },
        { "18446744073709551616", 10, ULLONG_MAX, 20 },
        { "99999999999999999999999", 10, ULLONG_MAX, 23 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *end = NULL;
        assert_true(strtoull(cases[i].text, &end, cases[i].base) ==
                    cases[i].value);
        assert_int_equal(end - cases[i].text, cases[i].taken);
    }
    assert_int_equal(strtoul("123", NULL, 10), 123);
    assert_int_equal(atoi("-12"), -12);
}

/* libgcc's names, from ilwaco/libc/div64.c. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
int64_t __divdi3(int64_t a, int64_t b);
int64_t __moddi3(int64_t a, int64_t b);
uint64_t __udivdi3(uint64_t a, uint64_t b);
uint64_t __umoddi3(uint64_t a, uint64_t b);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static void division_is_the_processors(void **state)
{
    (void)state;
    static const uint64_t values[] = { 1,
                                       2,
                                       3,
                                       10,
                                       0xffffffff,
                                       0x100000000,
                                       0x100000001,
                                       1000000007,
                                       0x123456789abcdef,
                                       INT64_MAX,
                                       0x8000000000000000,
                                       0xfffffffffffffffe,
                                       UINT64_MAX };
    size_t count = sizeof(values) / sizeof(values[0]);
    for (size_t i = 0; i < count * count; i++) {
        uint64_t a = values[i / count];
        uint64_t b = values[i % count];
        assert_true(__udivdi3(a, b) == a / b);
        assert_true(__umoddi3(a, b) == a % b);
        int64_t sa = (int64_t)a;
        int64_t sb = (int64_t)b;
        if (sa != INT64_MIN || sb != -1) {
            assert_true(__divdi3(sa, sb) == sa / sb);
            assert_true(__moddi3(sa, sb) == sa % sb);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_at_every_offset_and_length),
        cmocka_unit_test(copies_and_fills_just_what_they_should),
        cmocka_unit_test(strings_compare_and_are_found),
        cmocka_unit_test(numbers_are_read_in_any_base),
        cmocka_unit_test(division_is_the_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_cmdline.c - words of the boot command line are found, or named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/cmdline.h"

static void the_value_of_a_key(void **state)
{
    (void)state;
    static const struct {
        const char *line, *key, *value; /* NULL: not found. */
    } cases[] = {
        { "size=2258 port=80", "size", "2258" },
        { "size=2258 port=80", "port", "80" },
        { "  size=1\tport=2  ", "port", "2" },
        { "size=1 size=2", "size", "2" },
        { "size=", "size", "" },
        { "size=a=b", "size", "a=b" },
        { "sizes=1", "size", NULL },
        { "asize=1", "size", NULL },
        { "size", "size", NULL },
        { "", "size", NULL },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t bytes = 0;
        const char *value = cmdline_find(cases[i].line, cases[i].key, &bytes);
        if (cases[i].value == NULL) {
            assert_null(value);
        } else {
            assert_non_null(value);
            assert_int_equal(bytes, strlen(cases[i].value));
            assert_memory_equal(value, cases[i].value, bytes);
        }
    }
}

static void the_first_word_that_is_not_known(void **state)
{
    (void)state;
    static const char *const keys[] = { "size", "port" };
    static const struct {
        const char *line, *word; /* NULL: all are known. */
    } cases[] = {
        { "", NULL },       { "port=1 size=2", NULL },
        { "size=", NULL },  { "port=1 sise=2", "sise=2" },
        { "port", "port" }, { "=1", "=1" },
        { "x y=1", "x" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t bytes = 0;
        const char *word = cmdline_unknown(cases[i].line, keys, 2, &bytes);
        if (cases[i].word == NULL) {
            assert_null(word);
        } else {
            assert_non_null(word);
            assert_int_equal(bytes, strlen(cases[i].word));
            assert_memory_equal(word, cases[i].word, bytes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_value_of_a_key),
        cmocka_unit_test(the_first_word_that_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

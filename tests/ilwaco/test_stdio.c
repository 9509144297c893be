/* test_stdio.c - strings of any room get what the host's snprintf gives them,
   and the console all that is printed. */
#include "ilwaco/console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int host_vsnprintf(char *to, size_t room, const char *text, va_list list)
    __attribute__((format(__printf__, 3, 0)));

static int host_vsnprintf(char *to, size_t room, const char *text, va_list list)
{
    return vsnprintf(to, room, text, list);
}

#include "tests/ilwaco/renamed_stdio.h"

#define BYTES 64

static char console[BYTES];
static size_t printed;

void console_put(char c)
{
    assert_true(printed < BYTES - 1);
    console[printed++] = c;
    console[printed] = '\0';
}

/* In each room that is too small for the text, and in some that are not. What
   is behind it stays as it was. */
__attribute__((format(__printf__, 1, 2))) static void same(const char *text,
                                                           ...)
{
    for (size_t room = 0; room < BYTES; room++) {
        char got[BYTES];
        char want[BYTES];
        va_list list;
        memset(got, '#', BYTES);
        memset(want, '#', BYTES);
        va_start(list, text);
        int wanted = host_vsnprintf(want, room, text, list);
        va_end(list);
        va_start(list, text);
        assert_int_equal(vsnprintf(got, room, text, list), wanted);
        va_end(list);
        assert_memory_equal(got, want, BYTES);
    }
}

static void a_string_is_cut_to_its_room(void **state)
{
    (void)state;
    same("nothing to convert");
    same("%d of %s", 4711, "many");
    same("%s", "");
    same("%30d|", 7);
}

static void room_for_nothing_may_be_nowhere(void **state)
{
    (void)state;
    assert_int_equal(snprintf(NULL, 0, "%d", 123), 3);
    char one = '#';
    assert_int_equal(snprintf(&one, 1, "%s", "abc"), 3);
    assert_int_equal(one, '\0');
}

static void the_console_gets_all(void **state)
{
    (void)state;
    printed = 0;
    assert_int_equal(printf("%d and %s", 12, "more"), 11);
    assert_string_equal(console, "12 and more");
    printed = 0;
    assert_true(puts("a line") >= 0);
    assert_string_equal(console, "a line\n");
    printed = 0;
    assert_int_equal(putchar(0x141), 'A'); /* As an unsigned char. */
    assert_int_equal(putchar((signed char)-1), 0xff);
    assert_int_equal(printed, 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_cut_to_its_room),
        cmocka_unit_test(room_for_nothing_may_be_nowhere),
        cmocka_unit_test(the_console_gets_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

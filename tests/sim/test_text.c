/* test_text.c - what may be shown: bytes of RFC 3629 and marks of
   UAX 9, by hand. */
#include "sim/vocabulary/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *text, *tamed;
};

static const struct row plain[] = {
    { "", "" },
    { "web-3", "web-3" },
    { "a b'c\"d<e>&;$`|\\", "a b'c\"d<e>&;$`|\\" },
    { "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80", /* ï, the euro, a face. */
      "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80" },
    { "\xc2\xa0\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbd",
      "\xc2\xa0\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbd" },
};

static const struct row wild[] = {
    { "a\nb", "a?b" },
    { "a\tb", "a?b" },
    { "\x1b[31mred", "?[31mred" },
    { "\x1b]0;title\x07", "?]0;title?" },
    { "\x7f", "?" },
    { "\xc2\x9b"
      "31m",
      "??31m" }, /* CSI, of C1. */
    { "abc\xe2\x80\xae"
      "fed\xe2\x80\xac",
      "abc???fed???" },                         /* RIGHT-TO-LEFT OVERRIDE */
    { "\xe2\x81\xa6x\xe2\x81\xa9", "???x???" }, /* Isolates. */
    { "\xe2\x80\x8f", "???" },
    { "\xe2\x80\xa8", "???" }, /* LINE SEPARATOR */
    { "\xff", "?" },
    { "\xc3", "?" },   /* Cut short. */
    { "\xc3<", "?<" }, /* Hides nothing. */
    { "\xe2\x82", "??" },
    { "\xc0\xbc", "??" }, /* Overlong. */
    { "\xe0\x80\xbc", "???" },
    { "\xf0\x80\x80\xbc", "????" },
    { "\xed\xa0\x80", "???" },      /* Half of a pair. */
    { "\xef\xbf\xbf", "???" },      /* No character. */
    { "\xf4\x90\x80\x80", "????" }, /* Beyond the last. */
    { "\xf8\x88\x80\x80\x80", "?????" },
};

static void expect(const struct row *rows, size_t count, bool is_plain)
{
    for (size_t i = 0; i < count; i++) {
        char text[64];
        memcpy(text, rows[i].text, strlen(rows[i].text) + 1);
        assert_int_equal(text_is_plain(text), is_plain);
        assert_string_equal(text_shown(text).chars, rows[i].tamed);
        text_tame(text);
        assert_string_equal(text, rows[i].tamed);
        assert_true(text_is_plain(text));
    }
}

static void what_may_be_shown_stays(void **state)
{
    (void)state;
    expect(plain, sizeof(plain) / sizeof(plain[0]), true);
}

static void what_moves_the_cursor_does_not_pass(void **state)
{
    (void)state;
    expect(wild, sizeof(wild) / sizeof(wild[0]), false);
}

static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char text[3 * TEXT_SHOWN_BYTES + 1];
    for (size_t i = 0; i < TEXT_SHOWN_BYTES; i++) {
        memcpy(text + 3 * i, "\xe2\x82\xac", 4);
    }
    struct text_shown shown = text_shown(text);
    assert_true(text_is_plain(shown.chars));
    assert_in_range(strlen(shown.chars), TEXT_SHOWN_BYTES - 4,
                    TEXT_SHOWN_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_be_shown_stays),
        cmocka_unit_test(what_moves_the_cursor_does_not_pass),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

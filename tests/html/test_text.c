/* test_text.c - what may stand in a page, and how quantities are written. */
#define _GNU_SOURCE
#include "cli/views/page/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NONE "\xef\xbf\xbd" /* U+FFFD */

static void expect_put(const char *text, const char *wanted)
{
    char *got = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&got, &bytes);
    assert_non_null(file);
    html_put(file, text);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(got, wanted);
    free(got);
}

static void nothing_becomes_markup(void **state)
{
    (void)state;
    expect_put("", "");
    expect_put("a & b", "a &amp; b");
    expect_put("</pre><script>x='\"'</script>",
               "&lt;/pre&gt;&lt;script&gt;x=&#39;&quot;&#39;&lt;/script&gt;");
    expect_put("&amp;", "&amp;amp;");
    expect_put("]]>", "]]&gt;");
}

static void what_is_no_character_is_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        { "tab\tand\nline", "tab\tand\nline" },
        { "a\x01z", "a" NONE "z" },
        { "\x1b[0m", NONE "[0m" },
        { "\xff", NONE },
        { "\xc3\xa9", "\xc3\xa9" },
        { "\xc3", NONE },                   /* Cut short. */
        { "\xc3<", NONE "&lt;" },           /* Hides nothing. */
        { "\xc0\xbc", NONE NONE },          /* An overlong '<'. */
        { "\xe0\x80\xbc", NONE NONE NONE }, /* Another one. */
        { "\xed\xa0\x80", NONE NONE NONE }, /* Half of a pair. */
        { "\xef\xbf\xbf", NONE NONE NONE }, /* U+FFFF */
        { "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
        { "\xf4\x90\x80\x80", NONE NONE NONE NONE },
        { "\xf8\x88\x80\x80\x80", NONE NONE NONE NONE NONE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect_put(rows[i].text, rows[i].wanted);
    }
}

static void marks_tell_neighbours_apart(void **state)
{
    (void)state;
    assert_string_equal(html_number(0, 1).chars, "0");
    assert_string_equal(html_number(20000, 5000).chars, "20,000");
    assert_string_equal(html_number(-20000, 5000).chars, "-20,000");
    assert_string_equal(html_number(0.5, 0.5).chars, "0.5");
    assert_string_equal(html_number(2, 0.5).chars, "2.0");
    assert_string_equal(html_number(0.02, 0.01).chars, "0.02");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_becomes_markup),
        cmocka_unit_test(what_is_no_character_is_replaced),
        cmocka_unit_test(marks_tell_neighbours_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

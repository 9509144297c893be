/* test_plot.c - plots: axes, gaps, and odd data, read back from the SVG. */
#define _GNU_SOURCE
#include "cli/views/page/plot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GAP ((double)NAN)

static char *write(const struct html_plot *p)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    assert_non_null(file);
    html_plot_write(file, p);
    assert_int_equal(fclose(file), 0);
    /* Whatever the data: no coordinate that is no number. */
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    return text;
}

static size_t count(const char *text, const char *word)
{
    size_t found = 0;
    for (; (text = strstr(text, word)) != NULL; text += strlen(word)) {
        found++;
    }
    return found;
}

static const double xs[] = { 0, 1e6, 2e6, 3e6, 4e6 };

static struct html_plot plot_of(const double *y)
{
    return (struct html_plot){
        .title = "Title",
        .x_name = "x",
        .y_name = "y",
        .x_unit = PLOT_NS,
        .x = xs,
        .count = 5,
        .lines = { { "one", y, 0 } },
        .line_count = 1,
    };
}

static void axes_end_at_round_values(void **state)
{
    (void)state;
    const double y[] = { 0, 700, 1234, 900, 3 };
    struct html_plot p = plot_of(y);
    char *text = write(&p);
    assert_int_equal(count(text, "<svg"), 1);
    assert_non_null(strstr(text, ">1,500<"));
    assert_null(strstr(text, ">2,000<"));
    assert_non_null(strstr(text, ">x (ms)<"));
    assert_non_null(strstr(text, ">4.0<"));
    /* The greatest, at 1234 of 1500: 206 - 1234 / 1500 * 184. */
    assert_non_null(strstr(text, " 54.6L"));
    free(text);
}

static void a_gap_parts_a_line(void **state)
{
    (void)state;
    const double y[] = { 1, 2, GAP, 3, GAP };
    struct html_plot p = plot_of(y);
    char *text = write(&p);
    assert_int_equal(count(text, "<path"), 1);
    assert_int_equal(count(text, "<circle"), 1);
    free(text);
}

static bool is_near(double a, double b, double most)
{
    return fabs(a - b) <= most;
}

/* The number behind `before`, with which the text begins; returns what follows. */
static const char *read_number(const char *text, const char *before,
                               double *number)
{
    char *end = NULL;
    assert_memory_equal(text, before, strlen(before));
    text += strlen(before);
    *number = strtod(text, &end);
    assert_ptr_not_equal(end, text);
    return end;
}

/* Equal values are equally high and equal distances equally wide, be the value
   the first of a stretch, a later one, or alone. */
static void a_value_stands_where_the_axes_say(void **state)
{
    (void)state;
    const double y[] = { 1, 2, 1, GAP, 2 };
    struct html_plot p = plot_of(y);
    char *text = write(&p);
    double at[3][2];
    double dot[2];
    const char *path = strstr(text, " d=\"M");
    const char *circle = strstr(text, " cx=\"");
    assert_non_null(path);
    assert_non_null(circle);
    path = read_number(path, " d=\"M", &at[0][0]);
    path = read_number(path, " ", &at[0][1]);
    path = read_number(path, "L", &at[1][0]);
    path = read_number(path, " ", &at[1][1]);
    path = read_number(path, "L", &at[2][0]);
    path = read_number(path, " ", &at[2][1]);
    assert_int_equal(*path, '"');
    circle = read_number(circle, " cx=\"", &dot[0]);
    (void)read_number(circle, "\" cy=\"", &dot[1]);
    assert_true(at[1][0] > at[0][0]);
    assert_true(at[1][1] < at[0][1]);
    assert_true(is_near(at[2][1], at[0][1], 0.05));
    assert_true(is_near(dot[1], at[1][1], 0.05));
    assert_true(is_near(at[2][0] - at[1][0], at[1][0] - at[0][0], 0.15));
    assert_true(is_near(dot[0] - at[0][0], 4 * (at[1][0] - at[0][0]), 0.35));
    free(text);
}

static void nothing_is_said_to_be_nothing(void **state)
{
    (void)state;
    const double y[] = { GAP, GAP, GAP, GAP, GAP };
    struct html_plot p = plot_of(y);
    for (int i = 0; i < 3; i++) {
        char *text = write(&p);
        assert_int_equal(count(text, "<svg"), 0);
        assert_non_null(strstr(text, "There are no values to show"));
        free(text);
        p.line_count = i == 0 ? 0 : 1;
        p.count = 0;
    }
}

static void zero_has_no_place_on_a_logarithmic_axis(void **state)
{
    (void)state;
    const double y[] = { 0, 5, 50, 0, 2000 };
    struct html_plot p = plot_of(y);
    p.has_log_y = true;
    char *text = write(&p);
    assert_int_equal(count(text, "<path"), 1);
    assert_int_equal(count(text, "<circle"), 1);
    assert_non_null(strstr(text, ">1<"));
    assert_non_null(strstr(text, ">10,000<"));
    free(text);
}

static void odd_data_is_drawn_all_the_same(void **state)
{
    (void)state;
    static const double values[] = { 0, 1e-300, 1e-9, 1, 1e18, 1e300 };
    for (size_t i = 0; i < 6; i++) {
        double x[] = { values[i], values[i] };
        double y[] = { values[5 - i], values[i] };
        for (int n = 0; n < 32; n++) {
            struct html_plot p = plot_of(y);
            p.x = x;
            p.count = 1 + (size_t)(n & 1);
            p.has_log_x = n & 2;
            p.has_log_y = n & 4;
            p.kind = n & 8 ? PLOT_STACK : PLOT_STEPS;
            p.x_unit = n & 16 ? PLOT_BYTES : PLOT_NUMBER;
            free(write(&p));
        }
    }
}

static void phases_are_named_where_there_is_room(void **state)
{
    (void)state;
    const double y[] = { 1, 1, 1, 1, 1 };
    struct html_plot p = plot_of(y);
    p.bands[0] = (struct plot_band){ "narrow <&>", 0, 1e4, false };
    p.bands[1] = (struct plot_band){ "window <&>", 1e4, 4e6, true };
    p.band_count = 2;
    char *text = write(&p);
    assert_null(strstr(text, "narrow"));
    assert_non_null(strstr(text, ">window &lt;&amp;&gt;<"));
    assert_int_equal(count(text, "<rect class=\"window\""), 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_end_at_round_values),
        cmocka_unit_test(a_gap_parts_a_line),
        cmocka_unit_test(a_value_stands_where_the_axes_say),
        cmocka_unit_test(nothing_is_said_to_be_nothing),
        cmocka_unit_test(zero_has_no_place_on_a_logarithmic_axis),
        cmocka_unit_test(odd_data_is_drawn_all_the_same),
        cmocka_unit_test(phases_are_named_where_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

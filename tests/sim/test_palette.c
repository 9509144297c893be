/*
 * test_palette.c - text can be read, and colours are told apart, by the
 * formulas of WCAG 2.2 (contrast) and CIE 142 (CIEDE2000, its distance).
 */
#include "sim/vocabulary/palette.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_CONTRAST 4.5 /* WCAG 2.2, 1.4.3. */
#define LEGEND_LEAST  16  /* Between two colours of one legend. */
#define ANY_LEAST     12  /* Between any two that mean something. */

#define PI 3.14159265358979323846

static const enum palette_ground grounds[] = { PALETTE_ON_LIGHT,
                                               PALETTE_ON_DARK };

/* ---- WCAG --------------------------------------------------------------- */

static double linear(uint32_t byte)
{
    double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) +
           0.0722 * linear(rgb & 255);
}

static double contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a) + 0.05;
    double y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

/* ---- CIEDE2000 ---------------------------------------------------------- */

struct lab {
    double l, a, b;
};

static double cube(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab lab_of(uint32_t rgb)
{
    double r = linear(rgb >> 16 & 255);
    double g = linear(rgb >> 8 & 255);
    double b = linear(rgb & 255);
    double x = cube((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    double y = cube(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    double z = cube((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    return (struct lab){ 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

static double degrees(double a, double b)
{
    double angle = a == 0 && b == 0 ? 0 : atan2(b, a) * 180 / PI;
    return angle < 0 ? angle + 360 : angle;
}

static double cosine(double angle)
{
    return cos(angle * PI / 180);
}

/* The difference of two hues, and their mean, in degrees. */
static void compare_hues(double h1, double h2, double *difference, double *mean)
{
    *difference = h2 - h1;
    *mean = (h1 + h2) / 2;
    if (fabs(*difference) > 180) {
        *difference += *difference > 0 ? -360 : 360;
        *mean += *mean < 180 ? 180 : -180;
    }
}

/* After Sharma, Wu and Dalal, 2005; none of the colours is grey enough for the
   rule about achromatic ones to matter. */
static double distance(struct lab p, struct lab q)
{
    double mean = pow((hypot(p.a, p.b) + hypot(q.a, q.b)) / 2, 7);
    double stretch = 1.5 - 0.5 * sqrt(mean / (mean + pow(25, 7)));
    double c1 = hypot(p.a * stretch, p.b);
    double c2 = hypot(q.a * stretch, q.b);
    double dh;
    double h;
    compare_hues(degrees(p.a * stretch, p.b), degrees(q.a * stretch, q.b), &dh,
                 &h);
    double l = (p.l + q.l) / 2;
    double c = (c1 + c2) / 2;
    double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) +
               0.32 * cosine(3 * h + 6) - 0.20 * cosine(4 * h - 63);
    double off = (l - 50) * (l - 50);
    double dl = (q.l - p.l) / (1 + 0.015 * off / sqrt(20 + off));
    double dc = (c2 - c1) / (1 + 0.045 * c);
    double dH =
        2 * sqrt(c1 * c2) * sin(dh / 2 * PI / 180) / (1 + 0.015 * c * t);
    double turn = 60 * exp(-(h - 275) / 25 * (h - 275) / 25);
    double c7 = pow(c, 7);
    double rt = -sin(turn * PI / 180) * 2 * sqrt(c7 / (c7 + pow(25, 7)));
    return sqrt(dl * dl + dc * dc + dH * dH + rt * dc * dH);
}

/* ---- Tests -------------------------------------------------------------- */

/* Published pairs (Sharma, Wu and Dalal, table 1). */
static void the_distance_is_that_of_the_papers(void **state)
{
    (void)state;
    static const struct {
        struct lab p, q;
        double distance;
    } pairs[] = {
        { { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
        { { 50, 2.5, 0 }, { 73, 25, -18 }, 27.1492 },
        { { 50, 2.5, 0 }, { 56, -27, -3 }, 31.9030 },
        { { 60.2574, -34.0099, 36.2677 },
          { 60.4626, -34.1751, 39.4387 },
          1.2644 },
        { { 2.0776, 0.0795, -1.135 }, { 0.9033, -0.0636, -0.5514 }, 0.9082 },
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        double got = distance(pairs[i].p, pairs[i].q);
        assert_true(fabs(got - pairs[i].distance) < 0.0001);
    }
    assert_true(fabs(contrast(0x000000, 0xffffff) - 21) < 1e-9);
    assert_true(fabs(contrast(0x777777, 0xffffff) - 4.478) < 0.001);
}

static void text_can_be_read_on_what_it_is_drawn_on(void **state)
{
    (void)state;
    static const struct {
        enum palette_color text, on;
    } pairs[] = {
        { COLOR_TEXT, COLOR_GROUND },   { COLOR_TEXT, COLOR_PANEL },
        { COLOR_TEXT, COLOR_WELL },     { COLOR_TEXT, COLOR_RULE },
        { COLOR_DIM, COLOR_GROUND },    { COLOR_DIM, COLOR_PANEL },
        { COLOR_DIM, COLOR_WELL },      { COLOR_DIM, COLOR_RULE },
        { COLOR_ACCENT, COLOR_GROUND }, { COLOR_ACCENT, COLOR_PANEL },
        { COLOR_MARK, COLOR_PANEL },
    };
    for (size_t g = 0; g < 2; g++) {
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
            double got = contrast(palette_rgb(pairs[i].text, grounds[g]),
                                  palette_rgb(pairs[i].on, grounds[g]));
            if (got < TEXT_CONTRAST) {
                fail_msg("%s on %s, ground %zu: %.2f",
                         palette_name(pairs[i].text), palette_name(pairs[i].on),
                         g, got);
            }
        }
    }
}

static void the_ink_can_be_read_on_every_box(void **state)
{
    (void)state;
    for (size_t g = 0; g < 2; g++) {
        for (int c = COLOR_NONE; c < COLOR_SERIES_1; c++) {
            uint32_t box = palette_rgb((enum palette_color)c, grounds[g]);
            double got =
                contrast(palette_rgb(palette_ink_on(box), grounds[g]), box);
            if (got < TEXT_CONTRAST) {
                fail_msg("ink on %s, ground %zu: %.2f",
                         palette_name((enum palette_color)c), g, got);
            }
        }
    }
}

#define LEGEND_LIMIT 9

/* What stands beside each other; ended by COLOR_NONE. */
static const enum palette_color legends[][LEGEND_LIMIT] = {
    { COLOR_CREATED, COLOR_GATE, COLOR_READY, COLOR_GUEST, COLOR_PAGING,
      COLOR_IDLE },
    { COLOR_GUEST, COLOR_SWITCH, COLOR_INTERRUPT, COLOR_PAGING, COLOR_PIO,
      COLOR_IDLE },
    { COLOR_GUEST, COLOR_SWITCH, COLOR_GATE, COLOR_PAGING, COLOR_INTERRUPT,
      COLOR_NET, COLOR_DISK, COLOR_LOAD },
    { COLOR_NET, COLOR_GATE, COLOR_READY, COLOR_PAGING, COLOR_INTERRUPT,
      COLOR_GUEST, COLOR_SENT, COLOR_IDLE },
    { COLOR_PAGE, COLOR_DIRTY, COLOR_TABLE },
    { COLOR_DISK, COLOR_DISK_WRITE },
    { COLOR_NET, COLOR_SENT },
    { COLOR_LOAD, COLOR_SENT, COLOR_TROUBLE },
    { COLOR_LOAD, COLOR_WINDOW },
    { COLOR_SERIES_1, COLOR_SERIES_2, COLOR_SERIES_3, COLOR_SERIES_4,
      COLOR_SERIES_5, COLOR_SERIES_6, COLOR_SERIES_7, COLOR_SERIES_8 },
};

static void expect_apart(enum palette_color a, enum palette_color b,
                         enum palette_ground ground, double least)
{
    double got = distance(lab_of(palette_rgb(a, ground)),
                          lab_of(palette_rgb(b, ground)));
    if (got < least) {
        fail_msg("%s and %s, ground %d: %.1f", palette_name(a), palette_name(b),
                 (int)ground, got);
    }
}

static void colours_of_one_legend_are_told_apart(void **state)
{
    (void)state;
    for (size_t l = 0; l < sizeof(legends) / sizeof(legends[0]); l++) {
        for (size_t i = 0; legends[l][i] != COLOR_NONE; i++) {
            for (size_t j = 0; j < i; j++) {
                expect_apart(legends[l][i], legends[l][j], PALETTE_ON_LIGHT,
                             LEGEND_LEAST);
                expect_apart(legends[l][i], legends[l][j], PALETTE_ON_DARK,
                             LEGEND_LEAST);
            }
        }
    }
}

/* All but what is dead, which gives way to the ground. */
static void no_colour_means_two_things(void **state)
{
    (void)state;
    for (int i = COLOR_GUEST; i <= COLOR_TABLE; i++) {
        for (int j = COLOR_GUEST; j < i; j++) {
            if (i != COLOR_DEAD && j != COLOR_DEAD) {
                expect_apart((enum palette_color)i, (enum palette_color)j,
                             PALETTE_ON_LIGHT, ANY_LEAST);
                expect_apart((enum palette_color)i, (enum palette_color)j,
                             PALETTE_ON_DARK, ANY_LEAST);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_is_that_of_the_papers),
        cmocka_unit_test(text_can_be_read_on_what_it_is_drawn_on),
        cmocka_unit_test(the_ink_can_be_read_on_every_box),
        cmocka_unit_test(colours_of_one_legend_are_told_apart),
        cmocka_unit_test(no_colour_means_two_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

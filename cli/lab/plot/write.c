/* write.c - writes a plot as a program for gnuplot. */
#include <math.h>
#include <string.h>

#include "cli/lab/plot/plot.h"
#include "sim/quantity.h"
#include "sim/vocabulary/palette.h"
#include "sim/vocabulary/text.h"

#define TICS_LIMIT    12   /* With more values, gnuplot chooses the tics. */
#define TICS_GAP      0.07 /* The least gap of two tics, as part of the axis. */
#define TEXT_BYTES    256
#define DECADES_LIMIT 1e4 /* The ratio of an axis' ends. */
#define THIN_DASH     2   /* The first kind of dashes. */

struct span {
    double low, high;
};

/* Writes text in gnuplot's single quotes. A line's end would end the command,
   and the next line could be one for a shell: it is shown as a blank. */
static void put_escaped(FILE *file, const char *text, const char *doubled)
{
    fputc('\'', file);
    while (*text) {
        size_t count = text_plain_bytes(text);
        if (strchr(doubled, *text)) {
            fputc(*text, file);
        }
        fwrite(count > 0 ? text : " ", 1, count > 0 ? count : 1, file);
        text += count > 0 ? count : 1;
    }
    fputc('\'', file);
}

static void put_quoted(FILE *file, const char *text)
{
    put_escaped(file, text, "'");
}

/* The label of a tic, which gnuplot takes for the format of a number. */
static void put_tic(FILE *file, const char *text)
{
    put_escaped(file, text, "'%");
}

static void put_label(FILE *file, const char *axis, const char *name,
                      const struct plot_axis *a)
{
    char text[QUANTITY_LABEL_BYTES];
    quantity_axis_label(name, a->unit, text);
    fprintf(file, "set %slabel ", axis);
    put_quoted(file, text);
    fputc('\n', file);
}

static void widen(struct span *s, double low, double high)
{
    s->low = fmin(s->low, low);
    s->high = fmax(s->high, high);
}

static struct span x_span(const struct plot *p)
{
    struct span s = { HUGE_VAL, -HUGE_VAL };
    for (size_t i = 0; i < p->count; i++) {
        double x = p->points[i].x_value / p->x_axis.scale;
        widen(&s, x, x);
    }
    for (size_t i = 0; i < p->mark_count; i++) {
        if (p->marks[i].is_x) {
            widen(&s, p->marks[i].low / p->x_axis.scale,
                  p->marks[i].high / p->x_axis.scale);
        }
    }
    return s;
}

/* Sets the range of x, with room on both sides. */
static void put_x_range(const struct plot *p, FILE *file)
{
    struct span s = x_span(p);
    if (p->options->has_log_x) {
        double factor = s.high > s.low ? pow(s.high / s.low, 0.05) : 2;
        fprintf(file, "set xrange [%.15g:%.15g]\n", s.low / factor,
                s.high * factor);
        return;
    }
    double room = s.high > s.low ? (s.high - s.low) * 0.05 : 1;
    room = p->x_axis.is_number ? room : 0.5;
    fprintf(file, "set xrange [%.15g:%.15g]\n", s.low - room, s.high + room);
}

/* Sets a tic at each value of x, if there is room for them. */
static void put_x_tics(const struct plot *p, FILE *file)
{
    struct span s = x_span(p);
    bool is_log = p->options->has_log_x;
    double values[TICS_LIMIT];
    const char *names[TICS_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) {
        double x = p->points[i].x_value / p->x_axis.scale;
        bool is_new = true;
        for (size_t j = 0; j < count && is_new; j++) {
            double gap = is_log ? fabs(log(x / values[j])) /
                                      log(s.high > s.low ? s.high / s.low : 2)
                                : fabs(x - values[j]) /
                                      (s.high > s.low ? s.high - s.low : 1);
            is_new = x != values[j];
            if (is_new && gap < TICS_GAP && p->x_axis.is_number) {
                return; /* They are too close: gnuplot chooses the tics. */
            }
        }
        if (is_new && count == TICS_LIMIT) {
            return;
        }
        if (is_new) {
            names[count] = p->points[i].x;
            values[count++] = x;
        }
    }
    fputs("set xtics (", file);
    for (size_t i = 0; i < count; i++) {
        char number[32];
        snprintf(number, sizeof(number), "%.6g", values[i]);
        fputs(i > 0 ? ", " : "", file);
        put_tic(file, p->x_axis.is_number ? number : names[i]);
        fprintf(file, " %.15g", values[i]);
    }
    fputs(")\n", file);
}

/* The axis of y begins at 0, or, if it is logarithmic, a little below the
   lowest value. */
static struct span y_span(const struct plot *p)
{
    struct span s = { HUGE_VAL, 0 };
    for (size_t i = 0; i < p->count; i++) {
        const struct plot_point *point = &p->points[i];
        if (point->style != PLOT_MISSING) {
            widen(&s, fmax(point->low, point->value / 10), point->high);
        }
    }
    for (size_t i = 0; i < p->mark_count; i++) {
        if (!p->marks[i].is_x) {
            widen(&s, p->marks[i].low, p->marks[i].high);
        }
    }
    if (!p->options->has_log_y) {
        return (struct span){ 0, s.high > 0 ? s.high * 1.08 : 1 };
    }
    return (struct span){ s.low / 1.3, s.high * 1.3 };
}

/* Sets tics at 1, 2 and 5 of each decade of a logarithmic axis of few decades,
   on which gnuplot would write one number. */
static void put_y_tics(const struct plot *p, FILE *file, struct span y)
{
    static const double steps[] = { 1, 2, 5 };
    double low = y.low / p->y_axis.scale;
    double high = y.high / p->y_axis.scale;
    if (!p->options->has_log_y || high / low > DECADES_LIMIT) {
        return;
    }
    const char *comma = "";
    fputs("unset mytics\nset ytics (", file);
    for (int power = (int)floor(log10(low)); power <= log10(high); power++) {
        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
            double value = steps[i] * pow(10, power);
            if (value >= low && value <= high) {
                fprintf(file, "%s'%.6g' %.15g", comma, value, value);
                comma = ", ";
            }
        }
    }
    fputs(")\n", file);
}

static uint32_t series_color(uint32_t line)
{
    uint32_t color = COLOR_SERIES_1 + line % PALETTE_SERIES;
    return palette_rgb((enum palette_color)color, PALETTE_ON_LIGHT);
}

/* Writes how what is given is drawn: the first mark, and the lines, with longer
   dashes than the next mark. */
static void put_given(size_t mark, FILE *file)
{
    fprintf(file, "lc rgb '#%06x' lw 1.5 dt (%s)",
            palette_rgb(COLOR_TEXT, PALETTE_ON_LIGHT),
            mark % 2 == 0 ? "12, 6" : "3, 5");
}

static bool begins_line(const struct plot *p, size_t i)
{
    return i == 0 || strcmp(p->points[i].by, p->points[i - 1].by) != 0;
}

/* Writes a block of data for each line. */
static void put_data(const struct plot *p, FILE *file, struct span y)
{
    double scale = p->y_axis.scale;
    size_t lines = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct plot_point *point = &p->points[i];
        bool is_missing = point->style == PLOT_MISSING;
        if (begins_line(p, i)) {
            fprintf(file, "%s$line%zu << END\n", i > 0 ? "END\n" : "", lines++);
        }
        fprintf(file, "%.15g %.15g %.15g %.15g\n",
                point->x_value / p->x_axis.scale,
                (is_missing ? y.low : point->value) / scale,
                fmax(point->low, y.low) / scale, point->high / scale);
    }
    fputs("END\n", file);
}

/* Writes how the line that the point begins is drawn; `measured` counts the
   measured lines before it. */
static void put_style(const struct plot *p, const struct plot_point *point,
                      size_t measured, FILE *file)
{
    bool is_number = p->x_axis.is_number;
    switch (point->style) {
    case PLOT_MEASURED:
        fprintf(file, "1:2:3:4 with %s ls %zu",
                is_number ? "yerrorlines" : "yerrorbars",
                measured % PALETTE_SERIES + 1);
        return;
    case PLOT_THIN:
        fprintf(file, "1:2 with lines lc rgb '#%06x' lw 0.8 dt %u",
                series_color(point->color), point->variant + THIN_DASH);
        return;
    case PLOT_GIVEN:
        fputs("1:2 with lines ", file);
        put_given(0, file);
        return;
    case PLOT_MISSING:
        fprintf(file, "1:2 with points pt 2 ps 1.2 lw 2 lc rgb '#%06x'",
                palette_rgb(COLOR_TROUBLE, PALETTE_ON_LIGHT));
        return;
    }
}

static void put_lines(const struct plot *p, FILE *file)
{
    size_t line = 0;
    size_t measured = 0;
    fputs("plot ", file);
    for (size_t i = 0; i < p->count; i++) {
        const struct plot_point *point = &p->points[i];
        if (!begins_line(p, i)) {
            continue;
        }
        fprintf(file, "%s$line%zu using ", line > 0 ? ", \\\n     " : "", line);
        put_style(p, point, measured, file);
        if (point->style == PLOT_THIN) {
            fputs(" notitle", file);
        } else {
            fputs(" title ", file);
            put_quoted(file, *point->by ? point->by : "(none)");
        }
        measured += point->style == PLOT_MEASURED;
        line++;
    }
    for (size_t i = 0; i < p->variant_count; i++) {
        fprintf(file,
                ", \\\n     keyentry with lines lc rgb '#%06x' lw 0.8 dt %zu "
                "title ",
                palette_rgb(COLOR_DIM, PALETTE_ON_LIGHT), i + THIN_DASH);
        put_quoted(file, p->variants[i]);
    }
    for (size_t i = 0; i < p->mark_count; i++) {
        fputs(", \\\n     keyentry with lines ", file);
        put_given(i, file);
        fputs(" title ", file);
        put_quoted(file, p->marks[i].label);
    }
    fputc('\n', file);
}

/* Writes a place on the mark's value, at one end of the other axis. */
static void put_place(const struct plot *p, const struct plot_mark *m,
                      double value, int end, FILE *file)
{
    if (m->is_x) {
        fprintf(file, "first %.15g, graph %d", value / p->x_axis.scale, end);
    } else {
        fprintf(file, "graph %d, first %.15g", end, value / p->y_axis.scale);
    }
}

/* Draws the marks: lines across the plot, and bands behind all else. */
static void put_marks(const struct plot *p, FILE *file)
{
    for (size_t i = 0; i < p->mark_count; i++) {
        const struct plot_mark *m = &p->marks[i];
        double ends[] = { m->low, m->high };
        if (m->low < m->high) {
            fputs("set object rectangle from ", file);
            put_place(p, m, m->low, 0, file);
            fputs(" to ", file);
            put_place(p, m, m->high, 1, file);
            fprintf(file, " behind fs solid noborder fc rgb '#%06x'\n",
                    palette_rgb(COLOR_PANEL, PALETTE_ON_LIGHT));
        }
        for (size_t end = 0; end < (m->low < m->high ? 2 : 1); end++) {
            fputs("set arrow from ", file);
            put_place(p, m, ends[end], 0, file);
            fputs(" to ", file);
            put_place(p, m, ends[end], 1, file);
            fputs(" nohead ", file);
            put_given(i, file);
            fputc('\n', file);
        }
    }
}

static void put_title(const struct plot *p, FILE *file)
{
    char seeds[64];
    char title[TEXT_BYTES];
    if (p->seeds_min == p->seeds_max) {
        snprintf(seeds, sizeof(seeds), "%lld", (long long)p->seeds_min);
    } else {
        snprintf(seeds, sizeof(seeds), "%lld to %lld", (long long)p->seeds_min,
                 (long long)p->seeds_max);
    }
    const char *colon = *p->base ? ": " : "";
    if (p->title) {
        snprintf(title, sizeof(title), "%s", p->title);
    } else if (p->seeds_max == 1) {
        snprintf(title, sizeof(title), "%s%sone seed, so no error bars",
                 p->base, colon);
    } else {
        snprintf(title, sizeof(title),
                 "%s%smean of %s seeds, with its 95 %% confidence interval",
                 p->base, colon, seeds);
    }
    fputs("set title ", file);
    put_quoted(file, title);
    fprintf(file, " font ',12' textcolor rgb '#%06x' noenhanced\n",
            palette_rgb(COLOR_DIM, PALETTE_ON_LIGHT));
}

/* What the windows of the runs were, in a corner. */
static void put_steady(const struct plot *p, FILE *file)
{
    char classes[STEADY_TALLY_BYTES];
    char text[TEXT_BYTES];
    steady_tally_write(&p->steady, classes);
    snprintf(text, sizeof(text), "windows: %s", classes);
    fputs("set label 1 ", file);
    put_quoted(file, text);
    fprintf(file,
            " at screen 0.99, 0.02 right font ',9' textcolor rgb '#%06x' "
            "noenhanced\n",
            palette_rgb(COLOR_DIM, PALETTE_ON_LIGHT));
}

static void put_styles(FILE *file)
{
    for (uint32_t i = 0; i < PALETTE_SERIES; i++) {
        fprintf(file, "set style line %u lc rgb '#%06x' lw 2 pt %u ps 0.8\n",
                i + 1, series_color(i), 5 + 2 * (i % 5));
    }
    fprintf(file,
            "set errorbars small\n"
            "set border 3 lc rgb '#%06x'\n"
            "set tics nomirror out\n"
            "set grid y lc rgb '#%06x' lt 1 lw 1\n",
            palette_rgb(COLOR_DIM, PALETTE_ON_LIGHT),
            palette_rgb(COLOR_RULE, PALETTE_ON_LIGHT));
}

/* The legend stands at the side if it has the names of `by` only, and else
   below, since what is given has long names. */
static void put_key(const struct plot *p, FILE *file)
{
    bool is_plain = p->mark_count == 0;
    for (size_t i = 0; i < p->count; i++) {
        is_plain = is_plain && p->points[i].style == PLOT_MEASURED;
    }
    if (!is_plain) {
        fputs("set key below left Left reverse samplen 3 maxcols 1 "
              "font ',10'\n",
              file);
    } else if (p->options->by) {
        fputs("set key outside right top Left reverse samplen 2 title ", file);
        put_quoted(file, p->options->by);
        fputc('\n', file);
    } else {
        fputs("set key off\n", file);
    }
}

void plot_write(const struct plot *p, const char *path, FILE *file)
{
    const struct plot_options *o = p->options;
    size_t length = path ? strlen(path) : 0;
    bool is_png = length > 4 && strcmp(path + length - 4, ".png") == 0;
    struct span y = y_span(p);
    fputs(is_png ? "set terminal pngcairo size 1600,1000 fontscale 1.8 "
                   "linewidth 1.6 pointscale 1.8 noenhanced\n"
                 : "set terminal svg size 800,500 font 'sans-serif,14' "
                   "background 'white' noenhanced\n",
          file);
    fputs("set encoding utf8\n", file);
    put_styles(file);
    put_title(p, file);
    put_steady(p, file);
    put_label(file, "y", p->y_name, &p->y_axis);
    put_label(file, "x", p->x_name, &p->x_axis);
    put_x_range(p, file);
    put_x_tics(p, file);
    if (o->has_log_x || o->has_log_y) {
        fprintf(file, "set logscale %s%s\n", o->has_log_x ? "x" : "",
                o->has_log_y ? "y" : "");
    }
    fprintf(file, "set yrange [%.15g:%.15g]\n", y.low / p->y_axis.scale,
            y.high / p->y_axis.scale);
    fputs("set format y '%.6g'\n", file);
    put_key(p, file);
    put_y_tics(p, file, y);
    put_marks(p, file);
    put_data(p, file, y);
    put_lines(p, file);
}

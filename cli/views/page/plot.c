/*
 * plot.c - see plot.h. Axes are linear from zero, or logarithmic; the marks of
 * linear axes are at 1, 2 or 5 times a power of ten (of two, for bytes).
 */
#include "cli/views/page/plot.h"

#include <math.h>

#include "cli/views/page/text.h"
#include "sim/quantity.h"

#define WIDTH       760.0
#define HEIGHT      250.0
#define LEFT        76.0
#define RIGHT       26.0
#define TOP         22.0
#define BOTTOM      44.0
#define Y_MARKS     5
#define X_MARKS     8
#define LOG_DECADES 12
#define CHAR_WIDTH  6.2 /* The mean width of a label's letters, about. */

/* An axis shows values divided by `scale`, in `unit`. */
struct axis {
    double low, high; /* The range of the values. */
    double from, to;  /* The range in the picture. */
    double scale, step;
    const char *unit;
    bool is_log;
};

/* ---- Axes --------------------------------------------------------------- */

static void choose_scale(struct axis *a, enum plot_unit unit)
{
    static const char *const names[] = { [PLOT_NUMBER] = "",
                                         [PLOT_NS] = "ns",
                                         [PLOT_BYTES] = "bytes",
                                         [PLOT_PERCENT] = "%" };
    struct quantity_unit u = quantity_axis_unit(names[unit], a->high);
    a->scale = u.size;
    a->unit = u.name;
}

/* Returns the least number >= `least` that is 1, 2 or 5 times a power of
   ten. */
static double nice_step(double least)
{
    double power = pow(10, floor(log10(least)));
    double part = least / power;
    double times = part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10;
    return times * power;
}

/* Chooses the step between marks; if `is_rounded`, the axis ends at a mark. */
static void choose_marks(struct axis *a, int marks, bool is_rounded)
{
    double length = (a->high - a->low) / a->scale;
    a->step = nice_step(length / marks);
    if (is_rounded) {
        double steps = ceil(a->high / a->scale / a->step - 1e-9);
        a->high = steps * a->step * a->scale;
    }
}

static double place(const struct axis *a, double value)
{
    double part =
        a->is_log ? (log(value) - log(a->low)) / (log(a->high) - log(a->low))
                  : (value - a->low) / (a->high - a->low);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return a->from + part * (a->to - a->from);
}

/* ---- Values ------------------------------------------------------------- */

/* True: the value can be shown; a logarithmic axis has no place for zero. */
static bool is_shown(const struct html_plot *p, double y)
{
    return !isnan(y) && (!p->has_log_y || y > 0);
}

static double stacked(const struct html_plot *p, uint32_t lines, size_t i)
{
    double sum = 0;
    for (uint32_t n = 0; n < lines; n++) {
        double y = p->lines[n].y[i];
        sum += isnan(y) ? 0 : y;
    }
    return sum;
}

/* Returns the greatest y, or 0 if there is none. */
static double greatest(const struct html_plot *p, bool *has_any)
{
    double high = 0;
    *has_any = false;
    for (size_t i = 0; i < p->count; i++) {
        for (uint32_t n = 0; n < p->line_count; n++) {
            double y =
                p->kind == PLOT_STACK ? stacked(p, n + 1, i) : p->lines[n].y[i];
            if (is_shown(p, p->lines[n].y[i])) {
                *has_any = true;
                high = y > high ? y : high;
            }
        }
    }
    return high;
}

/* Extends the axis to whole powers of ten, over at least one decade. */
static void make_log(struct axis *a)
{
    a->is_log = true;
    a->low = pow(10, floor(log10(a->low > 0 ? a->low : 1) + 1e-9));
    a->high = pow(10, ceil(log10(a->high > 0 ? a->high : 1) - 1e-9));
    if (a->high <= a->low) {
        a->high = 10 * a->low;
    }
}

static struct axis x_axis(const struct html_plot *p)
{
    struct axis a = { .from = LEFT, .to = WIDTH - RIGHT };
    a.low = p->x[0];
    a.high = p->x[p->count - 1];
    for (uint32_t i = 0; i < p->band_count; i++) {
        a.low = p->bands[i].from < a.low ? p->bands[i].from : a.low;
        a.high = p->bands[i].to > a.high ? p->bands[i].to : a.high;
    }
    if (p->has_log_x) {
        make_log(&a);
    } else {
        /* An axis that begins close to zero begins at zero. */
        a.low = a.low < a.high / 20 ? 0 : a.low;
        a.high = a.high > a.low ? a.high : a.low + (a.low > 1 ? a.low : 1);
    }
    choose_scale(&a, p->x_unit);
    if (!a.is_log) {
        choose_marks(&a, X_MARKS, false);
    }
    return a;
}

static double least_above_0(const struct html_plot *p)
{
    double low = HUGE_VAL;
    for (size_t i = 0; i < p->count; i++) {
        for (uint32_t n = 0; n < p->line_count; n++) {
            double y = p->lines[n].y[i];
            low = y > 0 && y < low ? y : low;
        }
    }
    return low < HUGE_VAL ? low : 1;
}

static struct axis y_axis(const struct html_plot *p, double high)
{
    struct axis a = { .from = HEIGHT - BOTTOM, .to = TOP };
    a.high = high > p->y_least ? high : p->y_least;
    a.high = a.high > 0 ? a.high : 1;
    if (p->has_log_y) {
        a.low = least_above_0(p);
        make_log(&a);
        return a;
    }
    choose_scale(&a, p->y_unit);
    choose_marks(&a, Y_MARKS, true);
    return a;
}

/* ---- Drawing ------------------------------------------------------------ */

static void write_bands(FILE *f, const struct html_plot *p,
                        const struct axis *x)
{
    for (uint32_t i = 0; i < p->band_count; i++) {
        const struct plot_band *b = &p->bands[i];
        double from = place(x, b->from);
        double to = place(x, b->to);
        if (b->is_marked) {
            fprintf(f,
                    "<rect class=\"window\" x=\"%.1f\" y=\"%.1f\" "
                    "width=\"%.1f\" height=\"%.1f\"/>\n",
                    from, TOP, to - from, HEIGHT - BOTTOM - TOP);
        }
        if (from > LEFT + 0.5) {
            fprintf(f,
                    "<line class=\"phase\" x1=\"%.1f\" y1=\"%.1f\" "
                    "x2=\"%.1f\" y2=\"%.1f\"/>\n",
                    from, TOP - 6, from, HEIGHT - BOTTOM);
        }
    }
    double free_from = 0; /* The names of bands must not overlap. */
    for (uint32_t i = 0; i < p->band_count; i++) {
        const struct plot_band *b = &p->bands[i];
        double middle = (place(x, b->from) + place(x, b->to)) / 2;
        double half = CHAR_WIDTH / 2;
        for (const char *c = b->name; *c; c++) {
            half += CHAR_WIDTH / 2;
        }
        if (place(x, b->to) - place(x, b->from) >= 2 * half &&
            middle - half >= free_from) {
            fprintf(f,
                    "<text class=\"phase\" x=\"%.1f\" y=\"%.1f\" "
                    "text-anchor=\"middle\">",
                    middle, TOP - 8);
            html_put(f, b->name);
            fputs("</text>\n", f);
            free_from = middle + half;
        }
    }
}

/* Returns "10 us" rather than "10.0 us", for a power of ten. */
static struct quantity decade_text(double value, enum plot_unit unit)
{
    struct axis a = { .high = value };
    choose_scale(&a, unit);
    struct quantity t;
    if (a.unit[0] == '\0') {
        return quantity_count((uint64_t)(value + 0.5));
    }
    snprintf(t.chars, sizeof(t.chars), "%.0f %s", value / a.scale, a.unit);
    return t;
}

static void write_y_mark(FILE *f, double at, bool is_axis, const char *label)
{
    fprintf(f,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
            "y2=\"%.1f\"/><text x=\"%.1f\" y=\"%.1f\" "
            "text-anchor=\"end\">%s</text>\n",
            is_axis ? "axis" : "grid", LEFT, at, WIDTH - RIGHT, at, LEFT - 6,
            at + 4, label);
}

static void write_y_axis(FILE *f, const struct html_plot *p,
                         const struct axis *y)
{
    if (y->is_log) {
        double value = y->low;
        for (int i = 0; i <= LOG_DECADES && value <= y->high * 1.001; i++) {
            write_y_mark(f, place(y, value), i == 0,
                         decade_text(value, p->y_unit).chars);
            value *= 10;
        }
        return;
    }
    for (int i = 0;; i++) {
        double value = i * y->step;
        if (value * y->scale > y->high * (1 + 1e-9)) {
            return;
        }
        write_y_mark(f, place(y, value * y->scale), i == 0,
                     html_number(value, y->step).chars);
    }
}

static void write_x_mark(FILE *f, double at, const char *label)
{
    fprintf(f,
            "<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
            "y2=\"%.1f\"/>",
            at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 4);
    fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
            at, HEIGHT - BOTTOM + 17, label);
}

static void write_x_axis(FILE *f, const struct html_plot *p,
                         const struct axis *x)
{
    if (x->is_log) {
        double value = x->low;
        for (int i = 0; i <= LOG_DECADES && value <= x->high * 1.001; i++) {
            write_x_mark(f, place(x, value),
                         decade_text(value, p->x_unit).chars);
            value *= 10;
        }
        return;
    }
    double first = ceil(x->low / x->scale / x->step - 1e-9) + 0.0;
    for (int i = 0;; i++) {
        double value = (first + i) * x->step;
        if (value * x->scale > x->high * (1 + 1e-9)) {
            return;
        }
        write_x_mark(f, place(x, value * x->scale),
                     html_number(value, x->step).chars);
    }
}

/* Draws the values from `from` on that can be shown; one alone is a dot.
   Returns the first that cannot be shown. */
static size_t write_stretch(FILE *f, const struct html_plot *p,
                            const struct plot_line *line, size_t from,
                            const struct axis axes[2])
{
    size_t to = from;
    while (to < p->count && is_shown(p, line->y[to])) {
        to++;
    }
    double x = place(&axes[0], p->x[from]);
    double y = place(&axes[1], line->y[from]);
    if (to == from + 1) {
        fprintf(
            f, "<circle class=\"f c-%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.8\"/>\n",
            palette_name(line->color), x, y);
        return to;
    }
    fprintf(f, "<path class=\"s c-%s\" d=\"M%.1f %.1f",
            palette_name(line->color), x, y);
    for (size_t i = from + 1; i < to; i++) {
        if (p->kind == PLOT_STEPS) {
            fprintf(f, "H%.1f", place(&axes[0], p->x[i]));
        }
        fprintf(f, "L%.1f %.1f", place(&axes[0], p->x[i]),
                place(&axes[1], line->y[i]));
    }
    fputs("\"/>\n", f);
    return to;
}

static void write_line(FILE *f, const struct html_plot *p,
                       const struct plot_line *line, const struct axis axes[2])
{
    for (size_t i = 0; i < p->count;) {
        i = is_shown(p, line->y[i]) ? write_stretch(f, p, line, i, axes)
                                    : i + 1;
    }
}

/* Draws the area of line `n`, stacked on the lines before it. */
static void write_area(FILE *f, const struct html_plot *p, uint32_t n,
                       const struct axis axes[2])
{
    fprintf(f, "<path class=\"f c-%s\" d=\"", palette_name(p->lines[n].color));
    for (size_t i = 0; i < p->count; i++) {
        fprintf(f, "%c%.1f %.1f", i ? 'L' : 'M', place(&axes[0], p->x[i]),
                place(&axes[1], stacked(p, n + 1, i)));
    }
    for (size_t i = p->count; i-- > 0;) {
        fprintf(f, "L%.1f %.1f", place(&axes[0], p->x[i]),
                place(&axes[1], stacked(p, n, i)));
    }
    fputs("Z\"/>\n", f);
}

/* The marks of a logarithmic axis have their units with them. */
static void write_label(FILE *f, const char *name, const struct axis *a)
{
    char label[QUANTITY_LABEL_BYTES];
    quantity_axis_label(name, a->is_log ? "" : a->unit, label);
    html_put(f, label);
}

static void write_names(FILE *f, const struct html_plot *p,
                        const struct axis axes[2])
{
    fprintf(f,
            "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" "
            "text-anchor=\"middle\">",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8);
    write_label(f, p->x_name, &axes[0]);
    fprintf(f,
            "</text>\n<text class=\"name\" transform=\"translate(14 %.1f) "
            "rotate(-90)\" text-anchor=\"middle\">",
            (TOP + HEIGHT - BOTTOM) / 2);
    write_label(f, p->y_name, &axes[1]);
    fputs("</text>\n", f);
}

static void write_legend(FILE *f, const struct html_plot *p)
{
    if (p->line_count < 2) {
        return;
    }
    fputs("<div class=\"legend\">", f);
    for (uint32_t n = 0; n < p->line_count; n++) {
        fprintf(f, "<span><i class=\"b c-%s\"></i>",
                palette_name(p->lines[n].color));
        html_put(f, p->lines[n].name);
        fputs("</span> ", f);
    }
    fputs("</div>\n", f);
}

static void write_picture(FILE *f, const struct html_plot *p, double high)
{
    const struct axis axes[2] = { x_axis(p), y_axis(p, high) };
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f "
            "%.0f\" role=\"img\" aria-label=\"",
            WIDTH, HEIGHT);
    html_put(f, p->title);
    fputs("\">\n", f);
    write_bands(f, p, &axes[0]);
    for (uint32_t n = 0; n < p->line_count; n++) {
        if (p->kind == PLOT_STACK) {
            write_area(f, p, n, axes);
        }
    }
    write_y_axis(f, p, &axes[1]);
    write_x_axis(f, p, &axes[0]);
    for (uint32_t n = 0; n < p->line_count; n++) {
        if (p->kind != PLOT_STACK) {
            write_line(f, p, &p->lines[n], axes);
        }
    }
    write_names(f, p, axes);
    fputs("</svg>\n", f);
}

void html_plot_write(FILE *f, const struct html_plot *p)
{
    bool has_any = false;
    double high = greatest(p, &has_any);
    fputs("<figure>\n<figcaption>", f);
    html_put(f, p->title);
    fputs("</figcaption>\n", f);
    if (has_any) {
        write_legend(f, p);
        write_picture(f, p, high);
    } else {
        fputs("<p class=\"none\">There are no values to show.</p>\n", f);
    }
    fputs("</figure>\n", f);
}

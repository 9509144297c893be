/* plots.c - the run over time: answers, latency, processor, states of VMs. */
#include <stdio.h>

#include "sim/random.h"
#include "viz/view/views.h"

#include "sim/banned.h"

#define BAND_LIMIT 8
_Static_assert(CPU_CATEGORY_COUNT <= BAND_LIMIT, "a band a category");

/* A plot's values at one column of pixels, from one sample or several. */
struct column {
    double bands[BAND_LIMIT]; /* Stacked, from below. */
    double peak;              /* A point above them; < 0: none. */
};

struct plot_look {
    const char *title;
    const char *unit_note;
    const enum palette_color *colors; /* The colours of the bands. */
    void (*read)(const struct model *m, const struct replay_sample *s,
                 struct column *c);
    struct quantity (*label)(double value);
    double top; /* The end of the axis; 0: it follows from the values. */
    uint32_t band_count;
    bool is_log; /* The axis is logarithmic; there is one band. */
};

/* The axis of values, from `low`, at the foot, to `top`. */
struct scale {
    double low, top;
    bool is_log;
};

static double seconds_of_sample(const struct model *m)
{
    return (double)m->edge->sample_cycles / (double)m->edge->info.cpu_hz;
}

static void read_answers(const struct model *m, const struct replay_sample *s,
                         struct column *c)
{
    c->bands[0] = s->replies / seconds_of_sample(m);
    c->bands[1] = s->lost / seconds_of_sample(m);
}

static void read_latency(const struct model *m, const struct replay_sample *s,
                         struct column *c)
{
    double hz = (double)m->edge->info.cpu_hz;
    if (s->replies > 0) {
        c->bands[0] = (double)s->latency_sum / s->replies / hz * 1e9;
        c->peak = (double)s->latency_max / hz * 1e9;
    }
}

static void read_processor(const struct model *m, const struct replay_sample *s,
                           struct column *c)
{
    (void)m;
    double sum = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        sum += (double)s->cpu[i];
    }
    for (int i = 0; i < CPU_CATEGORY_COUNT && sum > 0; i++) {
        c->bands[i] = 100 * (double)s->cpu[i] / sum;
    }
}

static void read_states(const struct model *m, const struct replay_sample *s,
                        struct column *c)
{
    (void)m;
    c->bands[0] = s->ready;
    c->bands[1] = s->paging;
    c->bands[2] = s->waiting;
    c->bands[3] = s->idle;
}

static struct quantity label_count(double value)
{
    return quantity_short((uint64_t)(value + 0.5));
}

static struct quantity label_percent(double value)
{
    struct quantity q;
    snprintf(q.chars, sizeof(q.chars), "%.0f %%", value);
    return q;
}

static const enum palette_color answer_colors[] = { COLOR_SENT, COLOR_TROUBLE };
static const enum palette_color latency_colors[] = { COLOR_SENT };
static const enum palette_color state_colors[] = { COLOR_READY, COLOR_PAGING,
                                                   COLOR_GATE, COLOR_IDLE };

static const struct plot_look looks[] = {
    [PLOT_ANSWERS] = { .title = "Answers a second",
                       .unit_note = "lost ones above",
                       .colors = answer_colors,
                       .band_count = 2,
                       .read = read_answers,
                       .label = label_count },
    [PLOT_LATENCY] = { .title = "Latency",
                       .unit_note = "mean, longest, in decades",
                       .colors = latency_colors,
                       .band_count = 1,
                       .read = read_latency,
                       .label = quantity_time,
                       .is_log = true },
    [PLOT_PROCESSOR] = { .title = "Processor time",
                         .unit_note = "by category",
                         .colors = paint_categories,
                         .band_count = CPU_CATEGORY_COUNT,
                         .read = read_processor,
                         .label = label_percent,
                         .top = 100 },
    [PLOT_STATES] = { .title = "VMs by state",
                      .unit_note = "ready, paging, waiting, idle",
                      .colors = state_colors,
                      .band_count = 4,
                      .read = read_states,
                      .label = label_count },
};

/* Samples that lie in column x of `columns`, as [*from, *to). */
static void samples_at(const struct model *m, int32_t x, int32_t columns,
                       size_t *from, size_t *to)
{
    double each = (double)m->end / (double)m->edge->sample_cycles / columns;
    *from = (size_t)(each * x);
    *to = (size_t)(each * (x + 1));
    if (*to <= *from) {
        *to = *from + 1;
    }
    if (*to > m->edge->sample_count) {
        *to = m->edge->sample_count;
    }
}

/* The mean of what the samples say; the highest of their peaks. False: none. */
static bool read_column(const struct model *m, const struct plot_look *look,
                        int32_t x, int32_t columns, struct column *c)
{
    size_t from = 0;
    size_t to = 0;
    samples_at(m, x, columns, &from, &to);
    if (from >= to) {
        return false;
    }
    *c = (struct column){ .peak = -1 };
    uint32_t counted = 0;
    for (size_t i = from; i < to; i++) {
        struct column one = { .peak = -1 };
        look->read(m, &m->edge->samples[i], &one);
        for (uint32_t b = 0; b < look->band_count; b++) {
            c->bands[b] += one.bands[b];
        }
        c->peak = one.peak > c->peak ? one.peak : c->peak;
        counted += look->read != read_latency || one.peak >= 0;
    }
    for (uint32_t b = 0; b < look->band_count && counted > 0; b++) {
        c->bands[b] /= counted;
    }
    return counted > 0;
}

static double height_of(const struct plot_look *look, const struct column *c)
{
    double sum = 0;
    for (uint32_t b = 0; b < look->band_count; b++) {
        sum += c->bands[b];
    }
    return c->peak > sum ? c->peak : sum;
}

/* The least 1, 2 or 5 times a power of ten that is not below `value`; of a
   scale by decades, the least power of ten. */
static double nice_above(double value, bool is_log)
{
    double power = 1;
    while (power * 10 <= value) {
        power *= 10;
    }
    static const double steps[] = { 1, 2, 5, 10 };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        bool is_step = !is_log || i == 0 || i == 3;
        if (is_step && power * steps[i] >= value) {
            return power * steps[i];
        }
    }
    return power * 10;
}

/* Returns the place of a value on the scale, from 0 at its foot to 1. */
static double place_of(const struct scale *s, double value)
{
    double share = value / s->top;
    if (s->is_log) {
        share = value <= s->low
                    ? 0
                    : det_log(value / s->low) / det_log(s->top / s->low);
    }
    return share < 1 ? share : 1;
}

static void axis(struct ui *ui, const struct plot_look *look,
                 const struct scale *scale, struct draw_box chart,
                 int32_t label_w)
{
    int32_t line = ui_line(ui, DRAW_SMALL);
    double middle =
        scale->is_log ? det_pow(scale->low * scale->top, 0.5) : scale->top / 2;
    const double values[] = { scale->is_log ? scale->low : 0, middle,
                              scale->top };
    for (int32_t i = 0; i <= 2; i++) {
        int32_t y = chart.y + chart.h - chart.h * i / 2;
        draw_fill(ui->draw, (struct draw_box){ chart.x, y, chart.w, 1 },
                  paint(COLOR_RULE));
        int32_t at = i == 2 ? y : i == 1 ? y - line / 2 : y - line;
        ui_text_right(ui, DRAW_SMALL,
                      (struct draw_box){ chart.x - label_w - ui_px(ui, 6), at,
                                         label_w, 0 },
                      paint(COLOR_DIM), look->label(values[i]).chars);
    }
}

static void draw_column(struct ui *ui, const struct plot_look *look,
                        const struct column *c, struct draw_box at,
                        const struct scale *scale)
{
    double below = 0;
    for (uint32_t b = 0; b < look->band_count; b++) {
        int32_t from = (int32_t)(at.h * place_of(scale, below) + 0.5);
        below += c->bands[b];
        int32_t to = (int32_t)(at.h * place_of(scale, below) + 0.5);
        draw_fill(ui->draw,
                  (struct draw_box){ at.x, at.y + at.h - to, at.w, to - from },
                  paint(look->colors[b]));
    }
    if (c->peak >= 0) {
        int32_t high = (int32_t)(at.h * place_of(scale, c->peak));
        draw_fill(
            ui->draw,
            (struct draw_box){ at.x, at.y + at.h - high, at.w, ui_px(ui, 2) },
            paint(COLOR_TEXT));
    }
}

/* Makes a scale as high as the values shown; a logarithmic one has five
   decades. */
static struct scale scale_for(const struct model *m,
                              const struct plot_look *look, int32_t columns)
{
    double top = look->top;
    for (int32_t x = 0; x < columns && look->top <= 0; x++) {
        struct column c;
        if (read_column(m, look, x, columns, &c) && height_of(look, &c) > top) {
            top = height_of(look, &c);
        }
    }
    top = look->top > 0 ? top : nice_above(top, look->is_log);
    if (look->is_log && top < 1e6) {
        top = 1e6; /* A millisecond, while nothing is known. */
    }
    top = top < 2 ? 2 : top;
    return (struct scale){ .low = look->is_log ? top / 1e4 : 0,
                           .top = top,
                           .is_log = look->is_log };
}

static int32_t column_width(const struct ui *ui)
{
    return ui_px(ui, 3);
}

static void point_at(struct ui *ui, const struct model *m,
                     const struct plot_look *look, struct draw_box chart)
{
    struct column c;
    int32_t wide = column_width(ui);
    if (!ui_is_over(ui, chart) ||
        !read_column(m, look, (ui->in.mouse_x - chart.x) / wide, chart.w / wide,
                     &c)) {
        return;
    }
    double share = (double)(ui->in.mouse_x - chart.x) / chart.w;
    struct quantity at = model_time(m, (uint64_t)((double)m->end * share));
    char values[160] = "";
    int used = 0;
    for (uint32_t b = 0; b < look->band_count; b++) {
        used += snprintf(values + used, sizeof(values) - (size_t)used, "%s%s",
                         b > 0 ? ", " : "", look->label(c.bands[b]).chars);
    }
    if (c.peak >= 0) {
        snprintf(values + used, sizeof(values) - (size_t)used, ", at most %s",
                 look->label(c.peak).chars);
    }
    ui_tip(ui, chart, "%s at %s: %s", look->title, at.chars, values);
}

void view_plot(struct ui *ui, const struct model *m, struct draw_box box,
               enum view_plot plot)
{
    const struct plot_look *look = &looks[plot];
    struct draw_box in = ui_panel(ui, box, look->title, look->unit_note);
    int32_t label_w = draw_text_width(ui->metrics, DRAW_SMALL, "99.9 ms");
    int32_t left = label_w + ui_px(ui, 6);
    struct draw_box chart = { in.x + left, in.y, in.w - left, in.h };
    chart.w -= chart.w % column_width(ui);
    if (chart.w <= 0 || chart.h < 2 || m->end == 0) {
        return;
    }
    int32_t wide = column_width(ui);
    int32_t columns = chart.w / wide;
    struct scale scale = scale_for(m, look, columns);
    axis(ui, look, &scale, chart, label_w);
    for (int32_t x = 0; x < columns; x++) {
        struct column c;
        if (read_column(m, look, x, columns, &c)) {
            draw_column(
                ui, look, &c,
                (struct draw_box){ chart.x + x * wide, chart.y, wide, chart.h },
                &scale);
        }
    }
    int32_t at = (int32_t)(chart.w * ((double)m->now->now / (double)m->end));
    draw_fill(ui->draw, (struct draw_box){ chart.x + at, chart.y, 1, chart.h },
              paint(COLOR_MARK));
    point_at(ui, m, look, chart);
    if (ui_is_clicked(ui, chart)) {
        ui->wants_seek = true;
        ui->seek_share = (double)(ui->in.mouse_x - chart.x) / chart.w;
    }
}

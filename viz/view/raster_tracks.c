/* raster_tracks.c - what all VMs share, on the raster's axis: the phases, the
   processor, how many VMs wait, and the times. */
#include <stdio.h>
#include <string.h>

#include "viz/view/raster_own.h"

#include "sim/banned.h"

#define BANDS_MOST 8

/* What is stacked in a track, from below. */
struct bands {
    const uint64_t *cycles[BANDS_MOST]; /* By column. */
    draw_color colors[BANDS_MOST];
    uint32_t count;
};

/* Draws the bands; the box is `top` times as high as a column is wide. Each
   that is there has a pixel while there is room. */
static void stack(struct ui *ui, struct draw_box box,
                  const struct raster_grid *g, const struct bands *b,
                  double top)
{
    draw_fill(ui->draw, box, paint(COLOR_WELL));
    uint32_t *pixels = draw_image(ui->draw, box, g->columns, (uint32_t)box.h);
    if (!pixels) {
        return;
    }
    for (uint32_t x = 0; x < g->columns; x++) {
        double whole = (double)(g->edges[x + 1] - g->edges[x]) * top;
        double sum = 0;
        int32_t y = box.h;
        for (uint32_t i = 0; i < b->count; i++) {
            if (b->cycles[i][x] == 0) {
                continue;
            }
            sum += (double)b->cycles[i][x];
            int32_t to = box.h - (int32_t)(box.h * sum / whole + 0.5);
            to = to < y ? to : y - 1;
            for (; y > to && y > 0; y--) {
                pixels[(size_t)(y - 1) * g->columns + x] = b->colors[i];
            }
        }
        for (; y > 0; y--) {
            pixels[(size_t)(y - 1) * g->columns + x] = paint(COLOR_WELL);
        }
    }
}

static void label(struct ui *ui, const struct raster_places *at,
                  struct draw_box track, const char *title, const char *note)
{
    struct draw_box line = { at->names.x, track.y, at->names.w - ui_px(ui, 6),
                             0 };
    ui_text_right(ui, DRAW_SMALL, line, paint(COLOR_TEXT), title);
    line.y += ui_line(ui, DRAW_SMALL);
    if (note[0] != '\0' && 2 * ui_line(ui, DRAW_SMALL) <= track.h) {
        ui_text_right(ui, DRAW_SMALL, line, paint(COLOR_DIM), note);
    }
}

static void processor(struct ui *ui, const struct model *m,
                      const struct raster_places *at,
                      const struct raster_grid *g)
{
    struct bands b = { .count = 0 };
    uint64_t busy = 0;
    for (uint32_t i = 0; i < CPU_CATEGORY_COUNT; i++) {
        if (i == CPU_IDLE) {
            continue;
        }
        const uint64_t *cycles = m->raster->processor + (size_t)i * g->columns;
        for (uint32_t x = 0; x < g->columns; x++) {
            busy += cycles[x];
        }
        b.cycles[b.count] = cycles;
        b.colors[b.count++] = paint(paint_categories[i]);
    }
    char note[64];
    snprintf(note, sizeof(note), "%.1f %% busy",
             100 * (double)busy / (double)(g->span.to - g->span.from));
    stack(ui, at->processor, g, &b, 1);
    label(ui, at, at->processor, "Processor", note);
}

/* The mean of VMs in each state that waits. */
static void queues(struct ui *ui, const struct model *m,
                   const struct raster_places *at, const struct raster_grid *g)
{
    static const enum vm_state states[] = { VM_PAGING, VM_WAITING, VM_READY };
    struct bands b = { .count = 0 };
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        b.cycles[b.count] = m->raster->totals + (size_t)states[i] * g->columns;
        b.colors[b.count++] = paint_word(&vm_state_words, states[i]);
    }
    double top = 0;
    for (uint32_t x = 0; x < g->columns; x++) {
        double sum = 0;
        for (uint32_t i = 0; i < b.count; i++) {
            sum += (double)b.cycles[i][x];
        }
        double mean = sum / (double)(g->edges[x + 1] - g->edges[x]);
        top = mean > top ? mean : top;
    }
    char note[64];
    snprintf(note, sizeof(note), "at most %s", quantity_number(top).chars);
    stack(ui, at->queues, g, &b, top > 0 ? top : 1);
    label(ui, at, at->queues, "VMs that wait", note);
}

static int32_t x_of(const struct raster_places *at, const struct raster_grid *g,
                    uint64_t time)
{
    if (time <= g->span.from) {
        return at->rows.x;
    }
    return time >= g->span.to ? at->rows.x + at->rows.w
                              : at->rows.x + (int32_t)raster_column(g, time);
}

static void phases(struct ui *ui, const struct model *m,
                   const struct raster_places *at, const struct raster_grid *g)
{
    draw_fill(ui->draw, at->phases, paint(COLOR_WELL));
    for (uint32_t i = 0; i < m->phase_count; i++) {
        int32_t from = x_of(at, g, m->phases[i].start);
        int32_t to =
            x_of(at, g,
                 i + 1 < m->phase_count ? m->phases[i + 1].start : UINT64_MAX);
        struct draw_box bar = { from, at->phases.y, to - from, at->phases.h };
        const char *name = word_name(&phase_words, m->phases[i].phase);
        draw_color color = paint_word(&phase_words, m->phases[i].phase);
        draw_fill(ui->draw, bar, draw_mix(color, paint(COLOR_WELL), 110));
        if (draw_text_width(ui->metrics, DRAW_SMALL, name) + ui_px(ui, 8) <
            bar.w) {
            ui_text_middle(ui, DRAW_SMALL, bar, paint(COLOR_TEXT), name);
        }
    }
    label(ui, at, at->phases, "Phase", "");
}

/* Round times from the left edge on, whose own time stands there whole. */
static void axis(struct ui *ui, const struct model *m,
                 const struct raster_places *at, const struct raster_grid *g)
{
    static const double factors[] = { 2, 2.5, 2 };
    double hz = (double)m->now->info.cpu_hz;
    double ns = (double)(g->span.to - g->span.from) / hz * 1e9;
    double step = 1;
    for (int i = 0; at->axis.w * (step / ns) < ui_px(ui, 90); i++) {
        step *= factors[i % 3];
    }
    int32_t y = at->axis.y + ui_px(ui, 2);
    bool is_whole = g->span.from == 0;
    if (!is_whole) {
        struct draw_box box = { at->names.x, y, at->names.w - ui_px(ui, 6), 0 };
        ui_text_right(ui, DRAW_SMALL, box, paint(COLOR_TEXT),
                      text_moment(model_ns(m, g->span.from)).bytes);
    }
    for (int32_t i = is_whole ? 0 : 1; i * step <= ns; i++) {
        char text[QUANTITY_BYTES + 2];
        snprintf(text, sizeof(text), "%s%s", is_whole ? "" : "+",
                 quantity_time(i * step).chars);
        int32_t x = at->axis.x + (int32_t)(at->axis.w * (i * step / ns));
        int32_t w = draw_text_width(ui->metrics, DRAW_SMALL, text);
        if (x + ui_px(ui, 4) + w > at->axis.x + at->axis.w) {
            break;
        }
        draw_fill(ui->draw, (struct draw_box){ x, at->axis.y, 1, ui_px(ui, 5) },
                  paint(COLOR_DIM));
        draw_text(ui->draw, DRAW_SMALL, x + ui_px(ui, 4), y, paint(COLOR_DIM),
                  text);
    }
}

void raster_tracks(struct ui *ui, const struct model *m,
                   const struct raster_places *at, const struct raster_grid *g)
{
    phases(ui, m, at, g);
    processor(ui, m, at, g);
    queues(ui, m, at, g);
    axis(ui, m, at, g);
}

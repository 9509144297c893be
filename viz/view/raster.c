/* raster.c - all VMs over time: a row a VM, or several; what is pointed at, in
   explain's words; nearer, farther and along, by the pointer and by keys. */
#include <stdio.h>
#include <string.h>

#include "sim/waits/tell.h"
#include "viz/view/raster_own.h"

#include "sim/banned.h"

#define ZOOM_STEP 0.8 /* A notch. */
#define PAN_STEP  0.1 /* A key, as a share of what is shown. */

static void place(const struct ui *ui, struct draw_box in,
                  struct raster_places *at)
{
    int32_t names_w = ui_px(ui, 124);
    int32_t gap = ui_px(ui, 4);
    int32_t axis_h = ui_line(ui, DRAW_SMALL) + ui_px(ui, 4);
    int32_t x = in.x + names_w;
    int32_t w = in.w - names_w;
    w = w < RASTER_COLUMNS_MOST ? w : RASTER_COLUMNS_MOST;
    int32_t track_h = ui_px(ui, 48);
    int32_t y = in.y;
    at->phases = (struct draw_box){ x, y, w, ui_px(ui, 16) };
    y += at->phases.h + gap;
    at->processor = (struct draw_box){ x, y, w, track_h };
    y += track_h + gap;
    int32_t foot = in.y + in.h - axis_h;
    at->axis = (struct draw_box){ x, foot, w, axis_h };
    at->queues = (struct draw_box){ x, foot - track_h, w, track_h };
    at->rows = (struct draw_box){ x, y, w, foot - track_h - gap - y };
    at->names = (struct draw_box){ in.x, y, names_w, at->rows.h };
}

/* What few VMs leave free is the tracks'. */
static void stretch_tracks(struct raster_places *at, int32_t used)
{
    int32_t free = at->rows.h - used;
    at->processor.h += free / 2;
    at->rows.y += free / 2;
    at->rows.h = used;
    at->names.y = at->rows.y;
    at->names.h = used;
    at->queues.y -= free - free / 2;
    at->queues.h += free - free / 2;
}

/* ---- What the watcher does ---------------------------------------------- */

static uint64_t cycle_at(const struct raster_places *at, struct raster_span s,
                         int32_t x)
{
    double share = (x - at->rows.x + 0.5) / at->rows.w;
    return s.from + (uint64_t)(share * (double)(s.to - s.from));
}

static bool is_in_time(const struct ui *ui, const struct raster_places *at)
{
    struct draw_box box = at->phases;
    box.h = at->axis.y + at->axis.h - box.y;
    return ui_is_over(ui, box);
}

/* Nearer or farther to the pointer, else to the moment shown. */
static void zoom_time(struct ui *ui, const struct model *m,
                      const struct raster_places *at, int32_t notches)
{
    struct raster_span *s = &ui->raster.span;
    uint64_t middle =
        is_in_time(ui, at) ? cycle_at(at, *s, ui->in.mouse_x) : m->now->now;
    for (; notches != 0; notches += notches < 0 ? 1 : -1) {
        *s = raster_span_zoom(*s, m->raster->end, middle,
                              notches > 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
    }
    ui->raster.is_whole = false;
}

/* Fewer or more VMs, around the row that is pointed at. */
static void zoom_rows(struct ui *ui, const struct model *m,
                      const struct raster_places *at)
{
    uint32_t all = m->raster->vm_count;
    uint32_t count = ui->raster.count > 0 ? ui->raster.count : all;
    uint32_t wanted = ui->in.wheel > 0 ? (count + 1) / 2 : 2 * count;
    wanted = wanted > all ? all : wanted;
    double share = (double)(ui->in.mouse_y - at->names.y) / at->names.h;
    double place = ui->raster.first + share * count - share * wanted;
    uint32_t first = place > 0 ? (uint32_t)place : 0;
    ui->raster.first = first > all - wanted ? all - wanted : first;
    ui->raster.count = wanted == all ? 0 : wanted;
}

static void turn_page(struct ui *ui, const struct model *m)
{
    uint32_t all = m->raster->vm_count;
    uint32_t count = ui->raster.count;
    uint32_t *first = &ui->raster.first;
    if (count == 0 || ui->in.page == 0) {
        return;
    }
    if (ui->in.page < 0) {
        *first = *first > count ? *first - count : 0;
    } else {
        *first = *first + 2 * count > all ? all - count : *first + count;
    }
}

static void drag(struct ui *ui, const struct model *m,
                 const struct raster_places *at)
{
    int32_t by = ui->raster.held_x - ui->in.mouse_x;
    if (by > ui_px(ui, 3) || -by > ui_px(ui, 3)) {
        ui->raster.has_moved = true;
    }
    if (ui->raster.has_moved) {
        ui->raster.is_whole = false;
        ui->raster.span = raster_span_pan(ui->raster.held, m->raster->end,
                                          (double)by / at->rows.w);
    }
}

/* Dragging moves; a click goes to the moment, when the button is let go. */
static void press(struct ui *ui, const struct model *m,
                  const struct raster_places *at)
{
    if (ui->in.pressed && is_in_time(ui, at)) {
        ui->raster.is_held = true;
        ui->raster.has_moved = false;
        ui->raster.held_x = ui->in.mouse_x;
        ui->raster.held = ui->raster.span;
    }
    if (!ui->raster.is_held) {
        return;
    }
    drag(ui, m, at);
    if (!ui->in.is_down) {
        ui->raster.is_held = false;
        if (!ui->raster.has_moved) {
            ui->wants_seek = true;
            ui->seek_share =
                (double)cycle_at(at, ui->raster.span, ui->in.mouse_x) /
                (double)m->end;
        }
    }
}

/* A moment that was stepped to comes into view. One that is played stays in view,
   but does not call the watcher back who looks elsewhere. */
static void follow(struct ui *ui, const struct model *m)
{
    uint64_t old = ui->raster.cursor;
    if (m->now->now == old) {
        return;
    }
    ui->raster.cursor = m->now->now;
    if (m->is_paused ||
        (old >= ui->raster.span.from && old < ui->raster.span.to)) {
        ui->raster.span =
            raster_span_show(ui->raster.span, m->raster->end, m->now->now);
    }
}

static void obey(struct ui *ui, const struct model *m,
                 const struct raster_places *at)
{
    if (ui->raster.is_whole) {
        ui->raster.span = (struct raster_span){ 0, m->raster->end };
    }
    ui->raster.span = raster_span_fit(ui->raster.span, m->raster->end);
    int32_t notches = ui->in.zoom;
    if (ui->in.wheel != 0 && is_in_time(ui, at)) {
        notches += ui->in.wheel;
    }
    if (notches != 0) {
        zoom_time(ui, m, at, notches);
    }
    if (ui->in.wheel != 0 && ui_is_over(ui, at->names)) {
        zoom_rows(ui, m, at);
    }
    if (ui->in.pan != 0) {
        ui->raster.is_whole = false;
        ui->raster.span = raster_span_pan(ui->raster.span, m->raster->end,
                                          PAN_STEP * ui->in.pan);
    }
    turn_page(ui, m);
    press(ui, m, at);
    if (!ui->raster.is_held) {
        follow(ui, m);
    }
}

/* ---- The picture -------------------------------------------------------- */

static void names(struct ui *ui, const struct model *m,
                  const struct raster_places *at,
                  const struct raster_rows *rows)
{
    int32_t line = ui_line(ui, DRAW_SMALL);
    int32_t free = at->rows.y;
    int32_t least = rows->fold > 1 ? ui_px(ui, 24) : 0;
    for (uint32_t row = 0; row < raster_row_count(rows); row++) {
        int32_t top = at->rows.y + raster_row_top(rows, row);
        int32_t high = at->rows.y + raster_row_top(rows, row + 1) - top;
        int32_t y = high > line ? top + (high - line) / 2 : top;
        if (y < free || y + line > at->rows.y + at->rows.h) {
            continue;
        }
        uint32_t first = 0;
        uint32_t vms = raster_row_vms(rows, row, &first);
        uint32_t vm = m->raster->vms[first];
        char text[VM_NAME_BYTES + 16];
        snprintf(text, sizeof(text), "%s", model_vm_name(m, vm).chars);
        if (vms > 1) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof(text) - used, " +%u", vms - 1);
        }
        struct draw_box box = { at->names.x, y, at->names.w - ui_px(ui, 6), 0 };
        ui_text_right(ui, DRAW_SMALL, box,
                      vms == 1 && vm == ui->selected ? paint(COLOR_MARK)
                                                     : paint(COLOR_DIM),
                      text);
        free = y + line + least;
    }
}

static void mark_selected(struct ui *ui, const struct model *m,
                          const struct raster_places *at,
                          const struct raster_rows *rows)
{
    uint32_t row = 0;
    if (ui->selected == REPLAY_NONE ||
        !raster_row_of(m->raster, rows, ui->selected, &row)) {
        return;
    }
    int32_t top = at->rows.y + raster_row_top(rows, row);
    int32_t high = at->rows.y + raster_row_top(rows, row + 1) - top;
    int32_t side = ui_px(ui, 3);
    draw_fill(ui->draw,
              (struct draw_box){ at->rows.x - side - 1, top, side,
                                 high > side ? high : side },
              paint(COLOR_MARK));
}

static void cursor(struct ui *ui, const struct model *m,
                   const struct raster_places *at, const struct raster_grid *g)
{
    uint64_t now = m->now->now;
    if (now < g->span.from || now >= g->span.to) {
        return;
    }
    int32_t x = at->rows.x + (int32_t)raster_column(g, now);
    draw_fill(
        ui->draw,
        (struct draw_box){ x, at->phases.y, 1, at->axis.y - at->phases.y },
        paint(COLOR_MARK));
}

/* ---- What is pointed at ------------------------------------------------- */

static void tell_stretch(const struct model *m, const struct stretch *s,
                         char text[WAITS_TELL_BYTES])
{
    if (s->cause == CAUSE_NONE) {
        snprintf(text, WAITS_TELL_BYTES, "%s is %s for %s",
                 model_vm_number_name(m, s->vm).chars,
                 word_phrase(&vm_state_words, s->state),
                 model_time(m, s->to - s->from).chars);
    } else if (!waits_tell(&m->raster->index, &m->now->info, s, text)) {
        snprintf(text, WAITS_TELL_BYTES, "the host is out of memory");
    }
}

static void point(struct ui *ui, const struct model *m,
                  const struct raster_places *at,
                  const struct raster_rows *rows, const struct raster_grid *g)
{
    if (!ui_is_over(ui, at->rows) || ui->raster.is_held) {
        return;
    }
    uint32_t column = (uint32_t)(ui->in.mouse_x - at->rows.x);
    uint32_t row = raster_row_at(rows, ui->in.mouse_y - at->rows.y);
    const struct stretch *s = raster_at(m->raster, rows, row, g, column);
    struct text when = text_moment(model_ns(m, g->edges[column]));
    if (!s) {
        ui_tip(ui, at->rows, "%s: no VM is there yet.", when.bytes);
        return;
    }
    char text[WAITS_TELL_BYTES];
    tell_stretch(m, s, text);
    ui_tip(ui, at->rows, "%s: %s.", when.bytes, text);
    if (ui->in.pressed) {
        ui->selected = s->vm;
    }
}

static void note(const struct ui *ui, const struct model *m,
                 const struct raster_rows *rows, char text[256])
{
    struct raster_span s = ui->raster.span;
    int used = snprintf(text, 256, "%s of %s VMs by %s",
                        quantity_count(rows->count).chars,
                        quantity_count(m->raster->vm_count).chars,
                        raster_order_name(ui->raster.order));
    if (rows->fold > 1) {
        used += snprintf(text + used, 256 - (size_t)used, ", %u in a row",
                         rows->fold);
    }
    snprintf(text + used, 256 - (size_t)used, " \xc2\xb7 %s from %s",
             model_time(m, s.to - s.from).chars,
             text_moment(model_ns(m, s.from)).bytes);
}

static void rows_of(struct ui *ui, const struct model *m,
                    const struct raster_places *at,
                    const struct raster_rows *rows, const struct raster_grid *g)
{
    uint32_t colors[VM_STATE_COUNT];
    for (uint32_t i = 0; i < VM_STATE_COUNT; i++) {
        colors[i] = paint_word(&vm_state_words, i);
    }
    const struct raster_paint with = { colors, paint(COLOR_WELL) };
    uint32_t *pixels =
        draw_image(ui->draw, at->rows, g->columns, (uint32_t)at->rows.h);
    if (pixels) {
        raster_paint(m->raster, rows, g, &with, pixels);
    }
}

void view_raster(struct ui *ui, const struct model *m, struct draw_box box)
{
    const char *title = "Virtual machines over time";
    if (!m->raster || m->raster->vm_count == 0) {
        struct draw_box in = ui_panel(ui, box, title, NULL);
        ui_text_middle(ui, DRAW_BODY, in, paint(COLOR_DIM),
                       m->raster ? "no VMs" : m->raster_absence);
        return;
    }
    struct raster_places at;
    int32_t pad = ui_px(ui, 8);
    int32_t head = ui_px(ui, 10) + ui_line(ui, DRAW_BOLD);
    const struct draw_box in = { box.x + pad, box.y + head, box.w - 2 * pad,
                                 box.h - head - pad };
    uint32_t all = m->raster->vm_count;
    for (int i = 0; i < 2; i++) { /* Again, as a wheel may change the rows. */
        place(ui, in, &at);
        uint32_t count = ui->raster.count > 0 ? ui->raster.count : all;
        struct raster_rows rows =
            raster_rows_fit(ui->raster.count > 0 ? ui->raster.first : 0, count,
                            at.rows.h, 2, ui_px(ui, 30));
        stretch_tracks(&at, rows.height);
        if (i == 0) {
            obey(ui, m, &at);
            continue;
        }
        struct raster_grid g;
        raster_grid_make(&g, ui->raster.span, (uint32_t)at.rows.w);
        char text[256];
        note(ui, m, &rows, text);
        (void)ui_panel(ui, box, title, text);
        rows_of(ui, m, &at, &rows, &g);
        raster_tracks(ui, m, &at, &g);
        names(ui, m, &at, &rows);
        mark_selected(ui, m, &at, &rows);
        cursor(ui, m, &at, &g);
        point(ui, m, &at, &rows, &g);
    }
}

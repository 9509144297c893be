/*
 * memory.c - physical memory, frame by frame: whose it is, what was touched or
 * written since the hand last passed, and the hand of WSClock.
 *
 * Frames stand in rows by number. As many are shown as have ever been needed,
 * rounded up; the wheel halves and doubles that. Where a cell stands for
 * several frames, it has their mean colour.
 */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

#define FRAMES_LEAST 256

/* The part of memory that is shown, and its cells. */
struct span {
    uint32_t first, count;
    uint32_t per_cell;
    uint32_t columns, rows;
    int32_t w;    /* Pixels of a cell, its gap included. */
    int32_t high; /* The height of all rows. */
};

/* A power of two of frames that holds all that are used, and begins well. */
static void fit_span(struct ui *ui, const struct replay *r, struct span *s)
{
    uint32_t low = 0;
    uint32_t high = r->info.frames;
    while (high > 0 && r->frames[high - 1].flags == 0) {
        high--;
    }
    while (low < high && r->frames[low].flags == 0) {
        low++;
    }
    s->count = FRAMES_LEAST;
    s->first = 0;
    for (; s->count < r->info.frames; s->count *= 2) {
        s->first = low / (s->count / 4) * (s->count / 4);
        if (s->first + s->count >= high) {
            break;
        }
    }
    ui->memory_first = s->first;
}

/* The largest cells with which all of the span has room. */
static void choose_cells(const struct ui *ui, struct draw_box area,
                         struct span *s)
{
    s->per_cell = 1;
    for (s->w = ui_px(ui, 26); s->w > 2; s->w--) {
        uint64_t room = (uint64_t)(area.w / s->w) * (uint64_t)(area.h / s->w);
        if (room >= s->count) {
            break;
        }
    }
    s->columns = (uint32_t)(area.w / s->w);
    s->rows = (uint32_t)(area.h / s->w);
    uint32_t room = s->columns * s->rows;
    if (room == 0 || s->count == 0) {
        s->count = 0;
        return;
    }
    s->per_cell = (s->count + room - 1) / room;
    uint32_t cells = (s->count + s->per_cell - 1) / s->per_cell;
    s->rows = (cells + s->columns - 1) / s->columns;
    int32_t most = 2 * s->w * (int32_t)s->rows;
    s->high = area.h < most ? area.h : most;
}

static void choose_span(struct ui *ui, const struct replay *r,
                        struct draw_box area, struct span *s)
{
    if (ui->memory_zoom == 0) {
        fit_span(ui, r, s);
    } else {
        s->count = r->info.frames >> (ui->memory_zoom - 1);
        s->count = s->count < FRAMES_LEAST ? FRAMES_LEAST : s->count;
    }
    s->count = s->count > r->info.frames ? r->info.frames : s->count;
    if (ui->memory_first > r->info.frames - s->count) {
        ui->memory_first = r->info.frames - s->count;
    }
    s->first = ui->memory_first;
    choose_cells(ui, area, s);
}

static draw_color by_state(const struct replay_frame *f)
{
    if (f->flags & REPLAY_FRAME_TABLE) {
        return paint(COLOR_TABLE);
    }
    draw_color color =
        paint(f->flags & REPLAY_FRAME_DIRTY ? COLOR_DIRTY : COLOR_PAGE);
    return f->flags & REPLAY_FRAME_TOUCHED
               ? color
               : draw_mix(color, paint(COLOR_WELL), 115);
}

/* The colours that frames may have, each mixed once a picture. */
struct shades {
    draw_color owners[PAINT_OWNERS][2]; /* Not referenced, referenced. */
    draw_color states[16];              /* By flags. */
    uint32_t selected;
    enum ui_memory memory;
};

static void mix_shades(const struct ui *ui, struct shades *shades)
{
    for (uint32_t i = 0; i < PAINT_OWNERS; i++) {
        draw_color hue = paint_owner(i);
        shades->owners[i][0] = draw_mix(hue, paint(COLOR_WELL), 128);
        shades->owners[i][1] = hue;
    }
    for (uint32_t flags = 0; flags < 16; flags++) {
        struct replay_frame frame = { .flags = (uint8_t)flags };
        shades->states[flags] = by_state(&frame);
    }
    shades->selected = ui->selected;
    shades->memory = ui->memory;
}

static draw_color color_of(const struct shades *s, const struct replay_frame *f)
{
    if (!(f->flags & REPLAY_FRAME_USED)) {
        return paint(COLOR_RULE);
    }
    if (f->owner == s->selected) {
        return paint(COLOR_MARK);
    }
    if (s->memory == UI_MEMORY_STATE) {
        return s->states[f->flags & 15];
    }
    return s->owners[f->owner % PAINT_OWNERS]
                    [(f->flags & REPLAY_FRAME_TOUCHED) != 0];
}

/* Returns the mean colour of the frames of cell `cell`. */
static draw_color cell_color(const struct shades *shades,
                             const struct replay *r, const struct span *s,
                             uint32_t cell)
{
    uint32_t from = s->first + cell * s->per_cell;
    uint32_t end = s->first + s->count;
    uint32_t to = from + s->per_cell < end ? from + s->per_cell : end;
    uint32_t red = 0;
    uint32_t green = 0;
    uint32_t blue = 0;
    for (uint32_t i = from; i < to; i++) {
        draw_color c = color_of(shades, &r->frames[i]);
        red += (c >> 16) & 0xff;
        green += (c >> 8) & 0xff;
        blue += c & 0xff;
    }
    if (to <= from) {
        return paint(COLOR_WELL);
    }
    uint32_t n = to - from;
    return 0xff000000u | (red / n) << 16 | (green / n) << 8 | blue / n;
}

static struct draw_box cell_box(const struct span *s, struct draw_box area,
                                uint32_t cell)
{
    int32_t row = (int32_t)(cell / s->columns);
    int32_t top = row * s->high / (int32_t)s->rows;
    int32_t end = (row + 1) * s->high / (int32_t)s->rows;
    return (struct draw_box){ area.x + (int32_t)(cell % s->columns) * s->w,
                              area.y + top, s->w, end - top };
}

/* Cells large enough for a gap between them, and for a mark of dirt. */
static void large_cells(struct ui *ui, const struct replay *r,
                        const struct span *s, struct draw_box area)
{
    struct shades shades;
    mix_shades(ui, &shades);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct replay_frame *f = &r->frames[s->first + i];
        struct draw_box box = cell_box(s, area, i);
        box.w--;
        box.h--;
        draw_color color = color_of(&shades, f);
        draw_fill(ui->draw, box, color);
        if (ui->memory == UI_MEMORY_OWNER && (f->flags & REPLAY_FRAME_DIRTY)) {
            int32_t side = (box.w + 1) / 2;
            draw_fill(ui->draw,
                      (struct draw_box){ box.x + box.w - side,
                                         box.y + box.h - side, side, side },
                      paint(COLOR_INK));
        }
    }
}

static void small_cells(struct ui *ui, const struct replay *r,
                        const struct span *s, struct draw_box area)
{
    struct draw_box box = { area.x, area.y, (int32_t)s->columns * s->w,
                            s->high };
    struct shades shades;
    mix_shades(ui, &shades);
    draw_color *pixels = draw_image(ui->draw, box, s->columns, s->rows);
    for (uint32_t i = 0; pixels && i < s->columns * s->rows; i++) {
        pixels[i] = cell_color(&shades, r, s, i);
    }
}

static void draw_hand(struct ui *ui, const struct replay *r,
                      const struct span *s, struct draw_box area)
{
    if (r->hand < s->first || r->hand >= s->first + s->count) {
        return;
    }
    struct draw_box at = cell_box(s, area, (r->hand - s->first) / s->per_cell);
    int32_t least = ui_px(ui, 6);
    int32_t grow = at.w < least ? (least - at.w + 1) / 2 : 1;
    struct draw_box ring = draw_inset(at, -grow);
    draw_edge(ui->draw, ring, paint(COLOR_MARK));
    draw_edge(ui->draw, draw_inset(ring, -1), paint(COLOR_INK));
    draw_edge(ui->draw, draw_inset(ring, -2), paint(COLOR_MARK));
}

static void frame_tip(struct ui *ui, const struct model *m,
                      const struct span *s, struct draw_box area)
{
    if (!ui_is_over(ui, area)) {
        return;
    }
    uint32_t x = (uint32_t)((ui->in.mouse_x - area.x) / s->w);
    uint32_t y =
        (uint32_t)((ui->in.mouse_y - area.y) * (int32_t)s->rows / s->high);
    uint32_t cell = y * s->columns + x;
    if (x >= s->columns || cell >= (s->count + s->per_cell - 1) / s->per_cell) {
        return;
    }
    uint32_t frame = s->first + cell * s->per_cell;
    const struct replay_frame *f = &m->now->frames[frame];
    if (!(f->flags & REPLAY_FRAME_USED)) {
        ui_tip(ui, area, "Frame %u holds no page: it is free, or the kernel's.",
               frame);
    } else {
        ui_tip(ui, area, "Frame %u: %s %u of %s%s%s.", frame,
               f->flags & REPLAY_FRAME_TABLE ? "page table" : "page", f->page,
               model_vm_name(m, f->owner).chars,
               f->flags & REPLAY_FRAME_DIRTY ? ", dirty" : "",
               f->flags & REPLAY_FRAME_TOUCHED ? ", referenced" : "");
        if (ui->in.pressed) {
            ui->selected = f->owner;
        }
    }
}

static void take_wheel(struct ui *ui, const struct replay *r,
                       const struct span *s, struct draw_box area)
{
    if (!ui_is_over(ui, area)) {
        return;
    }
    if (ui->in.wheel > 0 && s->count > FRAMES_LEAST) {
        uint32_t now = 1;
        while (now < 20 && r->info.frames >> now >= s->count) {
            now++;
        }
        ui->memory_zoom = now + 1;
    } else if (ui->in.wheel < 0 && ui->memory_zoom > 1) {
        ui->memory_zoom--;
    } else if (ui->in.wheel < 0 && s->count < r->info.frames) {
        ui->memory_zoom = 1;
    }
    if (ui->in.page > 0 && ui->memory_zoom > 1) {
        ui->memory_first += s->count / 2;
    } else if (ui->in.page < 0) {
        uint32_t half = s->count / 2;
        ui->memory_first =
            ui->memory_first > half ? ui->memory_first - half : 0;
    }
}

void view_memory(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    char note[256];
    int used = snprintf(note, sizeof(note),
                        "%s of %s frames hold pages \xc2\xb7 %s dirty",
                        quantity_count(r->frames_used).chars,
                        quantity_count(r->info.frames).chars,
                        quantity_count(r->frames_dirty).chars);
    if (r->hand < r->info.frames) {
        snprintf(note + used, sizeof(note) - (size_t)used,
                 " \xc2\xb7 hand at %s", quantity_count(r->hand).chars);
    }
    struct draw_box in = ui_panel(ui, box, "Memory", note);
    int32_t small = ui_line(ui, DRAW_SMALL);
    struct draw_box area = { in.x, in.y, in.w, in.h - small - ui_px(ui, 3) };
    struct span s;
    choose_span(ui, r, area, &s);
    draw_fill(ui->draw, area, paint(COLOR_WELL));
    if (s.count == 0) {
        return;
    }
    if (s.w >= 5 && s.per_cell == 1) {
        large_cells(ui, r, &s, area);
    } else {
        small_cells(ui, r, &s, area);
    }
    draw_hand(ui, r, &s, area);
    frame_tip(ui, m, &s, area);
    take_wheel(ui, r, &s, box);
    char range[192];
    snprintf(range, sizeof(range), "Frames %s to %s%s",
             quantity_count(s.first).chars,
             quantity_count(s.first + s.count - 1).chars,
             s.per_cell > 1 ? ", several to a cell" : "");
    struct draw_box foot = { in.x, in.y + in.h - small, in.w, 0 };
    int32_t range_w = draw_text(ui->draw, DRAW_SMALL, foot.x, foot.y,
                                paint(COLOR_DIM), range);
    foot.x += range_w + ui_px(ui, 8);
    foot.w -= range_w + ui_px(ui, 8);
    ui_text_right(
        ui, DRAW_SMALL, foot, paint(COLOR_DIM),
        ui->memory == UI_MEMORY_OWNER
            ? "colour: owner \xc2\xb7 dim: not referenced \xc2\xb7 notch: dirty"
            : "by state, see below \xc2\xb7 M: by owner");
}

/* top.c - what is shown, when in its time, and whether it moves. */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

/* A word on a coloured ground; returns the width. */
static int32_t chip(struct ui *ui, int32_t x, struct draw_box bar,
                    draw_color ground, const char *word)
{
    int32_t pad = ui_px(ui, 8);
    int32_t high = ui_line(ui, DRAW_BODY) + ui_px(ui, 6);
    struct draw_box box = { x, bar.y + (bar.h - high) / 2,
                            draw_text_width(ui->metrics, DRAW_BODY, word) +
                                2 * pad,
                            high };
    draw_fill(ui->draw, box, ground);
    ui_text_middle(ui, DRAW_BODY, box, paint_ink_on(ground), word);
    return box.w;
}

static const char *state_word(const struct model *m)
{
    if (m->is_at_end) {
        return "at the end";
    }
    return m->is_paused ? "\xe2\x80\x96 paused" : "\xe2\x96\xb6 playing";
}

/* How many events and pictures, at the right edge; returns where it begins. */
static int32_t counts(struct ui *ui, const struct model *m, struct draw_box bar)
{
    char text[160];
    int used = snprintf(text, sizeof(text), "event %s",
                        quantity_count(m->event_index).chars);
    if (m->frames_hz > 0) {
        snprintf(text + used, sizeof(text) - (size_t)used, " \xc2\xb7 %u fps",
                 m->frames_hz);
    }
    int32_t width = draw_text_width(ui->metrics, DRAW_BODY, text);
    int32_t x = bar.x + bar.w - width - ui_px(ui, 12);
    draw_text(ui->draw, DRAW_BODY, x,
              bar.y + (bar.h - ui_line(ui, DRAW_BODY)) / 2, paint(COLOR_DIM),
              text);
    return x;
}

void view_top(struct ui *ui, const struct model *m, struct draw_box box)
{
    struct draw_list *d = ui->draw;
    draw_clip(d, box);
    draw_fill(d, box, paint(COLOR_PANEL));
    int32_t gap = ui_px(ui, 12);
    int32_t mid = box.y + (box.h - ui_line(ui, DRAW_BODY)) / 2;
    int32_t right = counts(ui, m, box) - gap;

    int32_t x = box.x + gap;
    x += draw_text(
        d, DRAW_LARGE, x, box.y + (box.h - ui_line(ui, DRAW_LARGE)) / 2,
        paint(COLOR_TEXT), text_moment(model_ns(m, m->now->now)).bytes);
    x += gap;
    const struct replay *r = m->now;
    x +=
        chip(ui, x, box, paint(COLOR_RULE), word_name(&phase_words, r->phase)) +
        gap / 2;
    draw_color ground =
        paint(m->is_paused || m->is_at_end ? COLOR_ACCENT : COLOR_RULE);
    struct draw_box before = { x, box.y, 0, box.h };
    x += chip(ui, x, box, ground, state_word(m));
    before.w = x - before.x;
    ui_tip(ui, before, "Space plays and pauses; the right arrow is one event.");
    if (ui_is_clicked(ui, before)) {
        ui->wants_pause = true;
    }
    x += gap / 2;
    x += chip(ui, x, box, paint(COLOR_RULE), text_speed(m->speed).bytes) + gap;

    char name[160];
    snprintf(name, sizeof(name), "%s \xc2\xb7 seed %llu%s", m->source,
             (unsigned long long)r->info.seed,
             m->is_live ? " \xc2\xb7 live" : "");
    const char *words = m->notice[0] != '\0' ? m->notice : name;
    struct draw_box rest = { x, mid, right - x, 0 };
    draw_text_within(
        d, DRAW_BODY, rest,
        m->notice[0] != '\0' ? paint(COLOR_ACCENT) : paint(COLOR_DIM), words);
    rest.y = box.y;
    rest.h = box.h;
    ui_tip(ui, rest, "%s", words);
}

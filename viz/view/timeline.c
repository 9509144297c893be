/* timeline.c - the whole run as a line: phases, where it is, where to go. */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

static int32_t x_of(const struct model *m, struct draw_box line, uint64_t time)
{
    double share = (double)time / (double)m->end;
    return line.x + (int32_t)(line.w * (share < 1 ? share : 1));
}

static void phase_bars(struct ui *ui, const struct model *m,
                       struct draw_box line)
{
    for (uint32_t i = 0; i < m->phase_count; i++) {
        int32_t from = x_of(m, line, m->phases[i].start);
        int32_t to = i + 1 < m->phase_count
                         ? x_of(m, line, m->phases[i + 1].start)
                         : line.x + line.w;
        struct draw_box bar = { from, line.y, to - from, line.h };
        draw_color color = paint_word(&phase_words, m->phases[i].phase);
        draw_fill(ui->draw, bar, draw_mix(color, paint(COLOR_WELL), 110));
        draw_fill(ui->draw, (struct draw_box){ from, line.y, 1, line.h },
                  paint(COLOR_PANEL));
        const char *name = word_name(&phase_words, m->phases[i].phase);
        if (draw_text_width(ui->metrics, DRAW_SMALL, name) + ui_px(ui, 8) <
            bar.w) {
            ui_text_middle(ui, DRAW_SMALL, bar, paint(COLOR_TEXT), name);
        }
    }
}

/* Round times under the line, as many as have room. */
static void ticks(struct ui *ui, const struct model *m, struct draw_box line)
{
    double ns = (double)model_ns(m, m->end);
    if (ns < 1) {
        return;
    }
    double step = 1;
    static const double factors[] = { 2, 2.5, 2 };
    int32_t least = ui_px(ui, 90);
    for (int i = 0; line.w * (step / ns) < least; i++) {
        step *= factors[i % 3];
    }
    int32_t y = line.y + line.h + ui_px(ui, 2);
    for (int32_t i = 0; i * step <= ns; i++) {
        double at = i * step;
        int32_t x = line.x + (int32_t)(line.w * (at / ns));
        struct quantity t = quantity_time(at);
        int32_t w = draw_text_width(ui->metrics, DRAW_SMALL, t.chars);
        if (x + w > line.x + line.w) {
            break;
        }
        draw_fill(ui->draw,
                  (struct draw_box){ x, line.y + line.h, 1, ui_px(ui, 4) },
                  paint(COLOR_DIM));
        draw_text(ui->draw, DRAW_SMALL, x + ui_px(ui, 4), y, paint(COLOR_DIM),
                  t.chars);
    }
}

void view_timeline(struct ui *ui, const struct model *m, struct draw_box box)
{
    draw_clip(ui->draw, box);
    draw_fill(ui->draw, box, paint(COLOR_PANEL));
    struct draw_box line = { box.x + ui_px(ui, 8), box.y + ui_px(ui, 7),
                             box.w - ui_px(ui, 16), ui_px(ui, 20) };
    draw_fill(ui->draw, line, paint(COLOR_WELL));
    if (m->end == 0) {
        return;
    }
    phase_bars(ui, m, line);
    if (m->is_indexing) {
        int32_t from = x_of(m, line, m->edge->now);
        draw_fill(
            ui->draw,
            (struct draw_box){ from, line.y, line.x + line.w - from, line.h },
            paint(COLOR_WELL));
    }
    ticks(ui, m, line);
    if (ui->view == UI_RASTER && m->raster && !ui->raster.is_whole) {
        int32_t from = x_of(m, line, ui->raster.span.from);
        int32_t to = x_of(m, line, ui->raster.span.to);
        draw_edge(ui->draw,
                  (struct draw_box){ from, line.y - ui_px(ui, 2),
                                     to - from > 3 ? to - from : 3,
                                     line.h + ui_px(ui, 4) },
                  paint(COLOR_ACCENT));
    }
    int32_t at = x_of(m, line, m->now->now);
    draw_fill(ui->draw,
              (struct draw_box){ at - ui_px(ui, 1), line.y - ui_px(ui, 4),
                                 ui_px(ui, 3), line.h + ui_px(ui, 8) },
              paint(COLOR_MARK));
    if (!ui_is_over(ui, line)) {
        return;
    }
    double share = (double)(ui->in.mouse_x - line.x) / line.w;
    ui_tip(ui, line, "Go to %s",
           model_time(m, (uint64_t)((double)m->end * share)).chars);
    if (ui->in.is_down || ui->in.pressed) {
        ui->wants_seek = true;
        ui->seek_share = share;
        ui->raster.span = raster_span_show(ui->raster.span, m->end,
                                           (uint64_t)((double)m->end * share));
    }
}

/* ui.c - see ui.h. */
#include "viz/ui.h"

#include <stdarg.h>
#include <stdio.h>

#include "sim/banned.h"

/* Half of what the window has more than 1280 x 800 goes into larger type and
   boxes, half into more of them. */
double ui_scale(int32_t width, int32_t height)
{
    double wide = width / 1280.0;
    double high = height / 800.0;
    double least = wide < high ? wide : high;
    return least < 1 ? 1 : 1 + (least - 1) / 2;
}

void ui_begin(struct ui *ui, struct draw_list *draw,
              const struct draw_metrics *metrics, const struct ui_input *in)
{
    ui->draw = draw;
    ui->metrics = metrics;
    ui->in = *in;
    ui->scale = ui_scale(in->width, in->height);
    ui->tip[0] = '\0';
    ui->wants_seek = false;
    ui->wants_pause = false;
    draw_begin(draw, metrics, in->width, in->height);
    draw_fill(draw, (struct draw_box){ 0, 0, in->width, in->height },
              paint(COLOR_GROUND));
}

int32_t ui_px(const struct ui *ui, int32_t n)
{
    return (int32_t)(n * ui->scale + 0.5);
}

int32_t ui_line(const struct ui *ui, enum draw_font font)
{
    return ui->metrics->fonts[font].height;
}

bool ui_is_over(const struct ui *ui, struct draw_box box)
{
    return !ui->shows_help && ui->in.mouse_x >= 0 &&
           draw_box_has(box, ui->in.mouse_x, ui->in.mouse_y);
}

bool ui_is_clicked(const struct ui *ui, struct draw_box box)
{
    return ui->in.pressed && ui_is_over(ui, box);
}

void ui_tip(struct ui *ui, struct draw_box box, const char *format, ...)
{
    if (!ui_is_over(ui, box)) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(ui->tip, sizeof(ui->tip), format, args);
    va_end(args);
}

struct draw_box ui_panel(struct ui *ui, struct draw_box box, const char *title,
                         const char *note)
{
    struct draw_list *d = ui->draw;
    draw_clip(d, box);
    draw_fill(d, box, paint(COLOR_PANEL));
    int32_t pad = ui_px(ui, 8);
    struct draw_box inner = draw_inset(box, pad);
    int32_t used = draw_text(d, DRAW_BOLD, inner.x, box.y + ui_px(ui, 6),
                             paint(COLOR_TEXT), title);
    if (note) {
        int32_t gap = ui_px(ui, 10);
        struct draw_box rest = { inner.x + used + gap, box.y + ui_px(ui, 7),
                                 inner.w - used - gap, 0 };
        ui_text_right(ui, DRAW_SMALL, rest, paint(COLOR_DIM), note);
    }
    int32_t head = ui_px(ui, 10) + ui_line(ui, DRAW_BOLD);
    return (struct draw_box){ inner.x, box.y + head, inner.w,
                              box.h - head - pad };
}

void ui_text_right(struct ui *ui, enum draw_font font, struct draw_box box,
                   draw_color color, const char *text)
{
    int32_t width = draw_text_width(ui->metrics, font, text);
    if (width < box.w) {
        box.x += box.w - width;
        box.w = width;
    }
    draw_text_within(ui->draw, font, box, color, text);
}

void ui_text_middle(struct ui *ui, enum draw_font font, struct draw_box box,
                    draw_color color, const char *text)
{
    int32_t width = draw_text_width(ui->metrics, font, text);
    box.y += (box.h - ui_line(ui, font)) / 2;
    if (width < box.w) {
        box.x += (box.w - width) / 2;
        box.w = width;
    }
    draw_text_within(ui->draw, font, box, color, text);
}

void ui_shares(struct ui *ui, struct draw_box box, const uint64_t *parts,
               const enum palette_color *colors, uint32_t count)
{
    draw_fill(ui->draw, box, paint(COLOR_WELL));
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += parts[i];
    }
    uint64_t before = 0;
    for (uint32_t i = 0; i < count && sum > 0; i++) {
        /* As doubles: cycles times pixels can pass 64 bits. */
        double width = box.w;
        int32_t from = (int32_t)(width * (double)before / (double)sum);
        before += parts[i];
        int32_t to = (int32_t)(width * (double)before / (double)sum);
        draw_fill(ui->draw,
                  (struct draw_box){ box.x + from, box.y, to - from, box.h },
                  paint(colors[i]));
    }
}

void ui_gauge(struct ui *ui, struct draw_box box, uint64_t part, uint64_t whole,
              draw_color color)
{
    draw_fill(ui->draw, box, paint(COLOR_WELL));
    if (whole > 0) {
        double share = (double)part / (double)whole;
        box.w = (int32_t)(box.w * (share < 1 ? share : 1));
        draw_fill(ui->draw, box, color);
    }
}

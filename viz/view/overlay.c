/* overlay.c - what lies over the panels for a moment: the tip beside the
   pointer, and the field in which a VM is searched. */
#include <stdio.h>
#include <string.h>

#include "viz/view/views.h"

#include "sim/banned.h"

#define TIP_LINES 9

/* Breaks `text` at blanks into lines no wider than `width`. */
static int32_t wrap(const struct ui *ui, const char *text, int32_t width,
                    char lines[TIP_LINES][UI_TIP_BYTES])
{
    int32_t count = 0;
    lines[0][0] = '\0';
    while (*text != '\0' && count < TIP_LINES) {
        size_t word = strcspn(text, " ");
        char longer[2 * UI_TIP_BYTES];
        snprintf(longer, sizeof(longer), "%s%s%.*s", lines[count],
                 lines[count][0] != '\0' ? " " : "", (int)word, text);
        if (lines[count][0] != '\0' &&
            draw_text_width(ui->metrics, DRAW_BODY, longer) > width) {
            if (++count < TIP_LINES) {
                lines[count][0] = '\0';
            }
            continue;
        }
        snprintf(lines[count], UI_TIP_BYTES, "%.*s", UI_TIP_BYTES - 1, longer);
        text += word;
        text += strspn(text, " ");
    }
    return count < TIP_LINES ? count + 1 : TIP_LINES;
}

static void tip(struct ui *ui, struct draw_box window)
{
    char lines[TIP_LINES][UI_TIP_BYTES];
    int32_t count = wrap(ui, ui->tip, ui_px(ui, 330), lines);
    int32_t pad = ui_px(ui, 8);
    int32_t line = ui_line(ui, DRAW_BODY);
    struct draw_box box = { ui->in.mouse_x + ui_px(ui, 14),
                            ui->in.mouse_y + ui_px(ui, 14), 0,
                            count * line + 2 * pad };
    for (int32_t i = 0; i < count; i++) {
        int32_t w = draw_text_width(ui->metrics, DRAW_BODY, lines[i]);
        box.w = w + 2 * pad > box.w ? w + 2 * pad : box.w;
    }
    if (box.x + box.w > window.w) {
        box.x = ui->in.mouse_x - box.w - ui_px(ui, 6);
    }
    if (box.y + box.h > window.h) {
        box.y = ui->in.mouse_y - box.h - ui_px(ui, 6);
    }
    box.x = box.x < 0 ? 0 : box.x;
    draw_clip(ui->draw, box);
    draw_fill(ui->draw, box, paint(COLOR_RULE));
    draw_edge(ui->draw, box, paint(COLOR_NONE));
    for (int32_t i = 0; i < count; i++) {
        draw_text(ui->draw, DRAW_BODY, box.x + pad, box.y + pad + i * line,
                  paint(COLOR_TEXT), lines[i]);
    }
}

/* What is typed, and beneath it what is wrong with it. */
static void search_field(struct ui *ui, struct draw_box window)
{
    int32_t pad = ui_px(ui, 12);
    bool is_wrong = ui->search_wrong[0] != '\0';
    struct draw_box box = { 0, ui_px(ui, 56), ui_px(ui, is_wrong ? 640 : 260),
                            ui_line(ui, DRAW_LARGE) + 2 * pad };
    if (is_wrong) {
        box.h += ui_line(ui, DRAW_BODY) + pad / 2;
    }
    box.x = (window.w - box.w) / 2;
    draw_clip(ui->draw, box);
    draw_fill(ui->draw, box, paint(COLOR_PANEL));
    draw_edge(ui->draw, box, paint(COLOR_ACCENT));
    char text[160];
    snprintf(text, sizeof(text), "VM %s_", ui->search);
    struct draw_box at = { box.x + pad, box.y + pad, box.w - 2 * pad, 0 };
    draw_text_within(ui->draw, DRAW_LARGE, at, paint(COLOR_TEXT), text);
    at.y += ui_line(ui, DRAW_LARGE) + pad / 2;
    draw_text_within(ui->draw, DRAW_BODY, at, paint(COLOR_ACCENT),
                     ui->search_wrong);
}

void view_overlay(struct ui *ui, const struct model *m, struct draw_box box)
{
    (void)m;
    if (!ui->is_searching && ui->tip[0] == '\0') {
        return;
    }
    draw_layer(ui->draw);
    if (ui->is_searching) {
        search_field(ui, box);
    }
    if (ui->tip[0] != '\0') {
        tip(ui, box);
    }
}

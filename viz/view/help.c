/* help.c - all keys and what the mouse does, over everything. */
#include "viz/view/views.h"

#include "sim/banned.h"

static const char *const lines[][2] = {
    { "Space", "play or pause" },
    { "\xe2\x86\x92", "one event on (Shift: to the next of the selected VM)" },
    { "Tab", "to the end of the quantum: the next choice of the scheduler" },
    { "\xe2\x86\x90", "a hundredth of the run back" },
    { "Home, End", "to the beginning; to the last moment known" },
    { "+ and \xe2\x80\x93", "twice as fast, half as fast" },
    { "/", "go to a VM, by number or name, or to a time, such as 1.5s; Enter" },
    { "N", "select the VM that runs" },
    { "V", "the moment as panels; all of time as a raster" },
    { "W, S, A, D", "raster: nearer, farther, earlier, later" },
    { "O", "raster: the next order of its rows" },
    { "M", "memory by owner, or by state" },
    { "Wheel",
      "over a list, the memory, the raster or its names: nearer, farther" },
    { "Page keys", "move along the list or memory under the pointer" },
    { "0", "all lists and the memory as they fit; the raster whole" },
    { "Click", "select a VM; on the time line or a plot: go there" },
    { "?, F1", "this help" },
    { "Esc, Q", "close the help or the search; leave" },
};

#define LINE_COUNT ((int32_t)(sizeof(lines) / sizeof(lines[0])))

void view_help(struct ui *ui, const struct model *m, struct draw_box box)
{
    (void)m;
    struct draw_list *d = ui->draw;
    draw_layer(d);
    draw_clip(d, box);
    draw_fill(d, box, 0xb0000000u);
    int32_t pitch = ui_line(ui, DRAW_BODY) + ui_px(ui, 8);
    int32_t pad = ui_px(ui, 24);
    int32_t head = ui_line(ui, DRAW_LARGE) + ui_px(ui, 16);
    int32_t high = head + LINE_COUNT * pitch + 2 * pad - ui_px(ui, 8);
    int32_t wide = ui_px(ui, 600);
    struct draw_box card = { box.x + (box.w - wide) / 2,
                             box.y + (box.h - high) / 2, wide, high };
    draw_clip(d, card);
    draw_fill(d, card, paint(COLOR_PANEL));
    draw_edge(d, card, paint(COLOR_NONE));
    int32_t y = card.y + pad;
    draw_text(d, DRAW_LARGE, card.x + pad, y, paint(COLOR_TEXT),
              "Keys and the mouse");
    y += head;
    int32_t key_w = ui_px(ui, 130);
    for (int32_t i = 0; i < LINE_COUNT; i++, y += pitch) {
        draw_text(d, DRAW_BOLD, card.x + pad, y, paint(COLOR_ACCENT),
                  lines[i][0]);
        struct draw_box at = { card.x + pad + key_w, y, wide - 2 * pad - key_w,
                               0 };
        draw_text_within(d, DRAW_BODY, at, paint(COLOR_TEXT), lines[i][1]);
    }
}

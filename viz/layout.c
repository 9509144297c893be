/* layout.c - see layout.h. */
#include "viz/layout.h"

#include "sim/banned.h"

/* Cuts a column into boxes whose heights are in proportion to `weights`. */
static void stack(struct draw_box column, int32_t gap, const int32_t *weights,
                  struct draw_box *const *boxes, uint32_t count)
{
    int32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    int32_t room = column.h - gap * (int32_t)(count - 1);
    int32_t before = 0;
    for (uint32_t i = 0; i < count; i++) {
        int32_t from = room * before / sum;
        before += weights[i];
        int32_t to = room * before / sum;
        *boxes[i] =
            (struct draw_box){ column.x, column.y + from + gap * (int32_t)i,
                               column.w, to - from };
    }
}

static void place_plots(struct layout *l, struct draw_box row, int32_t gap)
{
    int32_t room = row.w - gap * (LAYOUT_PLOTS - 1);
    for (int32_t i = 0; i < LAYOUT_PLOTS; i++) {
        int32_t from = room * i / LAYOUT_PLOTS;
        int32_t to = room * (i + 1) / LAYOUT_PLOTS;
        l->plots[i] = (struct draw_box){ row.x + from + gap * i, row.y,
                                         to - from, row.h };
    }
}

void layout_make(struct layout *l, const struct ui *ui)
{
    int32_t gap = ui_px(ui, 8);
    int32_t wide = ui->in.width - 2 * gap;
    int32_t plots_h = ui->in.height * 15 / 100;
    int32_t timeline_h = ui_px(ui, 46);
    int32_t legend_h = ui_px(ui, 18);
    l->top = (struct draw_box){ 0, 0, ui->in.width, ui_px(ui, 40) };

    int32_t bottom = ui->in.height - ui_px(ui, 6) - legend_h;
    l->legend = (struct draw_box){ gap, bottom, wide, legend_h };
    bottom -= ui_px(ui, 6) + timeline_h;
    l->timeline = (struct draw_box){ gap, bottom, wide, timeline_h };
    l->raster = (struct draw_box){ gap, l->top.h + gap, wide,
                                   bottom - 2 * gap - l->top.h };
    bottom -= gap + plots_h;
    place_plots(l, (struct draw_box){ gap, bottom, wide, plots_h }, gap);

    int32_t top = l->top.h + gap;
    int32_t high = bottom - gap - top;
    int32_t left_w = wide * 23 / 100;
    int32_t right_w = wide * 28 / 100;
    struct draw_box left = { gap, top, left_w, high };
    struct draw_box right = { gap + wide - right_w, top, right_w, high };
    struct draw_box middle = { left.x + left_w + gap, top,
                               wide - left_w - right_w - 2 * gap, high };
    stack(left, gap, (const int32_t[]){ 112, 148, 100, 90 },
          (struct draw_box *const[]){ &l->processor, &l->interrupts,
                                      &l->network, &l->disks },
          4);
    stack(middle, gap, (const int32_t[]){ 54, 46 },
          (struct draw_box *const[]){ &l->lists, &l->memory }, 2);
    stack(right, gap, (const int32_t[]){ 68, 32 },
          (struct draw_box *const[]){ &l->vm, &l->log }, 2);
}

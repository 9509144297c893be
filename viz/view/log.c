/* log.c - the last events, the latest at the foot. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/trace/describe.h"
#include "viz/view/views.h"

#include "sim/banned.h"

/* What it says, at the right: as many of its fields as there is room for. */
static void detail(struct ui *ui, const char *says, struct draw_box rest)
{
    char text[DESCRIBE_BYTES];
    snprintf(text, sizeof(text), "%s", says);
    while (draw_text_width(ui->metrics, DRAW_SMALL, text) > rest.w) {
        char *last = strrchr(text, ',');
        if (!last) {
            return;
        }
        *last = '\0';
    }
    ui_text_right(ui, DRAW_SMALL, rest, paint(COLOR_DIM), text);
}

static void event_line(struct ui *ui, const struct model *m,
                       const struct trace_event *e, struct draw_box row)
{
    const struct trace_kind_info *kind = &trace_kinds[e->kind];
    struct draw_list *d = ui->draw;
    int32_t bar = ui_px(ui, 3);
    draw_fill(d, (struct draw_box){ row.x, row.y + 1, bar, row.h - 2 },
              paint_word(&trace_layer_words, kind->layer));
    int32_t x = row.x + bar + ui_px(ui, 6);
    char when[32];
    uint64_t ns = model_ns(m, e->time);
    snprintf(when, sizeof(when), "%" PRIu64 ".%03" PRIu64 " %03" PRIu64,
             ns / 1000000 % 1000, ns / 1000 % 1000, ns % 1000);
    int32_t when_w = draw_text_width(ui->metrics, DRAW_SMALL, "999.999 999");
    draw_text(d, DRAW_SMALL, x, row.y, paint(COLOR_DIM), when);
    x += when_w + ui_px(ui, 8);
    draw_text(d, DRAW_SMALL, x, row.y, paint(COLOR_TEXT), kind->name);
    x += draw_text_width(ui->metrics, DRAW_SMALL, "client-send") + ui_px(ui, 8);
    int32_t vm_w = draw_text_width(ui->metrics, DRAW_SMALL, "large-10000");
    if (e->vm != TRACE_NO_VM) {
        struct draw_box at = { x, row.y, vm_w, 0 };
        draw_text_within(d, DRAW_SMALL, at,
                         e->vm == ui->selected ? paint(COLOR_MARK)
                                               : paint(COLOR_DIM),
                         model_vm_name(m, e->vm).chars);
        if (ui_is_clicked(ui, row)) {
            ui->selected = e->vm;
        }
    }
    x += vm_w + ui_px(ui, 8);
    char says[DESCRIBE_BYTES];
    describe_event(&m->now->info, e, says);
    detail(ui, says, (struct draw_box){ x, row.y, row.x + row.w - x, 0 });
    ui_tip(ui, row, "%s: %s. %s", kind->name, kind->meaning, says);
}

void view_log(struct ui *ui, const struct model *m, struct draw_box box)
{
    struct draw_box in = ui_panel(ui, box, "Events", "ms, and what happened");
    int32_t pitch = ui_line(ui, DRAW_SMALL) + ui_px(ui, 2);
    int32_t rows = in.h / pitch;
    for (int32_t i = 0; i < rows; i++) {
        const struct trace_event *e = recent_event(m->recent, (uint64_t)i);
        if (!e) {
            break;
        }
        if (e->kind < TRACE_KIND_COUNT) {
            event_line(ui, m, e,
                       (struct draw_box){ in.x, in.y + in.h - (i + 1) * pitch,
                                          in.w, pitch });
        }
    }
}

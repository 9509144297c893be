/* processor.c - who runs, how far through its quantum, and where time went. */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

static void running_vm(struct ui *ui, const struct model *m,
                       struct draw_box line)
{
    const struct replay *r = m->now;
    struct vm_name name = { "no VM runs" };
    draw_color color = paint(COLOR_DIM);
    struct draw_box mark = { line.x, line.y, ui_px(ui, 5), line.h };
    if (r->running < r->info.vm_limit) {
        name = model_vm_name(m, r->running);
        color = paint(COLOR_TEXT);
        draw_fill(ui->draw, mark, paint_word(&vm_state_words, VM_RUNNING));
        if (ui_is_clicked(ui, line)) {
            ui->selected = r->running;
        }
        char reason[DESCRIBE_BYTES] = "";
        const struct replay_vm *v = &r->vms[r->running];
        if (v->has_reason) {
            describe_reason(&r->info, &v->reason, reason);
        }
        ui_tip(ui, line, "On the processor%s%s. Click to select it.",
               reason[0] ? ": " : "", reason);
    } else {
        draw_fill(ui->draw, mark, paint(COLOR_RULE));
    }
    char aside[160] = "";
    if (r->set_aside < r->info.vm_limit) {
        char others[32] = "";
        if (r->aside_count > 1) {
            snprintf(others, sizeof(others), " and %u more",
                     r->aside_count - 1);
        }
        snprintf(aside, sizeof(aside), "set aside: %s%s",
                 model_vm_name(m, r->set_aside).chars, others);
    }
    int32_t x = line.x + ui_px(ui, 12);
    int32_t aside_w = draw_text_width(ui->metrics, DRAW_SMALL, aside);
    struct draw_box at = { x, line.y, line.w - ui_px(ui, 18) - aside_w, 0 };
    draw_text_within(ui->draw, DRAW_LARGE, at, color, name.chars);
    at = (struct draw_box){ line.x + line.w - aside_w, line.y + ui_px(ui, 5),
                            aside_w, 0 };
    draw_text_within(ui->draw, DRAW_SMALL, at, paint(COLOR_DIM), aside);
}

static void quantum(struct ui *ui, const struct model *m, struct draw_box row)
{
    const struct replay *r = m->now;
    bool runs = r->running < r->info.vm_limit;
    char label[160] = "no quantum";
    if (runs) {
        snprintf(label, sizeof(label), "%s of %s", model_time(m, r->used).chars,
                 model_time(m, r->granted).chars);
    }
    int32_t line = ui_line(ui, DRAW_SMALL);
    draw_text(ui->draw, DRAW_SMALL, row.x, row.y, paint(COLOR_DIM), "Quantum");
    ui_text_right(ui, DRAW_SMALL, row,
                  runs ? paint(COLOR_TEXT) : paint(COLOR_DIM), label);
    struct draw_box bar = { row.x, row.y + line + ui_px(ui, 2), row.w,
                            ui_px(ui, 6) };
    ui_gauge(ui, bar, runs ? r->used : 0, r->granted,
             paint_word(&vm_state_words, VM_RUNNING));
    ui_tip(ui, row,
           "Used of the quantum granted: guest cycles and the VM's "
           "own virtual instructions.");
}

/* Of the whole run, with the share of each category when pointed at. */
static void categories(struct ui *ui, const struct model *m,
                       struct draw_box row)
{
    const struct replay *r = m->now;
    uint64_t sum = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        sum += r->cpu[i];
    }
    uint64_t busy = sum - r->cpu[CPU_IDLE];
    char label[160];
    snprintf(label, sizeof(label), "%s busy",
             quantity_share((double)busy, (double)sum).chars);
    int32_t line = ui_line(ui, DRAW_SMALL);
    draw_text(ui->draw, DRAW_SMALL, row.x, row.y, paint(COLOR_DIM),
              "Time since the start");
    ui_text_right(ui, DRAW_SMALL, row, paint(COLOR_TEXT), label);
    struct draw_box bar = { row.x, row.y + line + ui_px(ui, 2), row.w,
                            ui_px(ui, 12) };
    ui_shares(ui, bar, r->cpu, paint_categories, CPU_CATEGORY_COUNT);
    char tip[UI_TIP_BYTES] = "";
    int used = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        used += snprintf(tip + used, sizeof(tip) - (size_t)used, "%s%s %s",
                         i > 0 ? ", " : "",
                         word_name(&cpu_category_words, (uint64_t)i),
                         quantity_share((double)r->cpu[i], (double)sum).chars);
    }
    ui_tip(ui, row, "%s", tip);
}

void view_processor(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    uint64_t insns = 0;
    if (r->running < r->info.vm_limit) {
        insns = r->vms[r->running].insns;
    }
    char note[160] = "";
    if (insns > 0) {
        snprintf(note, sizeof(note), "%s instructions",
                 quantity_short(insns).chars);
    }
    struct draw_box in = ui_panel(ui, box, "Processor", note);
    int32_t large = ui_line(ui, DRAW_LARGE);
    int32_t small = ui_line(ui, DRAW_SMALL);
    int32_t bars = 2 * small + ui_px(ui, 22);
    int32_t gap = (in.h - large - bars) / 2;
    gap = gap > ui_px(ui, 12) ? ui_px(ui, 12) : gap;
    running_vm(ui, m, (struct draw_box){ in.x, in.y, in.w, large });
    int32_t y = in.y + large + gap;
    quantum(ui, m, (struct draw_box){ in.x, y, in.w, small + ui_px(ui, 8) });
    y += small + ui_px(ui, 8) + gap;
    categories(ui, m,
               (struct draw_box){ in.x, y, in.w, small + ui_px(ui, 14) });
}

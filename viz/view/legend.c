/* legend.c - which colour means what, in one line at the foot. */
#include "viz/view/views.h"

#include "sim/banned.h"

static int32_t entry(struct ui *ui, struct draw_box line, int32_t x,
                     draw_color color, const char *name)
{
    int32_t side = ui_px(ui, 9);
    int32_t used = side + ui_px(ui, 4);
    int32_t width = draw_text_width(ui->metrics, DRAW_SMALL, name);
    if (x + used + width > line.x + line.w) {
        return x;
    }
    draw_fill(ui->draw,
              (struct draw_box){ x, line.y + (line.h - side) / 2, side, side },
              color);
    draw_text(ui->draw, DRAW_SMALL, x + used,
              line.y + (line.h - ui_line(ui, DRAW_SMALL)) / 2, paint(COLOR_DIM),
              name);
    return x + used + width + ui_px(ui, 10);
}

static int32_t heading(struct ui *ui, struct draw_box line, int32_t x,
                       const char *name)
{
    draw_text(ui->draw, DRAW_SMALL, x,
              line.y + (line.h - ui_line(ui, DRAW_SMALL)) / 2,
              paint(COLOR_TEXT), name);
    return x + draw_text_width(ui->metrics, DRAW_SMALL, name) + ui_px(ui, 8);
}

void view_legend(struct ui *ui, const struct model *m, struct draw_box box)
{
    (void)m;
    draw_clip(ui->draw, box);
    int32_t x = heading(ui, box, box.x, "VMs");
    static const enum vm_state states[] = { VM_WAITING, VM_READY, VM_RUNNING,
                                            VM_PAGING, VM_IDLE };
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        x = entry(ui, box, x, paint_word(&vm_state_words, states[i]),
                  word_name(&vm_state_words, states[i]));
    }
    x = heading(ui, box, x + ui_px(ui, 14), "Time");
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        x = entry(ui, box, x, paint(paint_categories[i]),
                  word_name(&cpu_category_words, (uint64_t)i));
    }
    if (ui->memory == UI_MEMORY_STATE) {
        x = heading(ui, box, x + ui_px(ui, 14), "Frames");
        x = entry(ui, box, x, paint(COLOR_PAGE), "referenced");
        x = entry(ui, box, x, paint(COLOR_DIRTY), "dirty");
        x = entry(ui, box, x, paint(COLOR_TABLE), "page table");
    } else {
        x = heading(ui, box, x + ui_px(ui, 14), "Disks");
        x = entry(ui, box, x, paint_word(&disk_op_words, DISK_OP_READ),
                  word_name(&disk_op_words, DISK_OP_READ));
        x = entry(ui, box, x, paint_word(&disk_op_words, DISK_OP_WRITE),
                  word_name(&disk_op_words, DISK_OP_WRITE));
    }
    struct draw_box rest = { x, box.y + (box.h - ui_line(ui, DRAW_SMALL)) / 2,
                             box.x + box.w - x, 0 };
    ui_text_right(ui, DRAW_SMALL, rest, paint(COLOR_DIM), "? helps");
}

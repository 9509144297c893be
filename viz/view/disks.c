/* disks.c - each spindle's queue, in order of coming. */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

static void request(struct ui *ui, const struct model *m,
                    const struct replay_io *io, struct draw_box at)
{
    draw_color color =
        paint_word(&disk_op_words, io->is_write ? DISK_OP_WRITE : DISK_OP_READ);
    draw_fill(ui->draw, at, io->vm == ui->selected ? paint(COLOR_MARK) : color);
    ui_tip(ui, at, "%s of %u block%s at %llu for %s, %s in the queue.",
           io->is_write ? "Write" : "Read", io->blocks,
           io->blocks == 1 ? "" : "s", (unsigned long long)io->block,
           model_vm_name(m, io->vm).chars,
           model_time(m, m->now->now - io->since).chars);
    if (ui_is_clicked(ui, at) && io->vm < m->now->info.vm_limit) {
        ui->selected = io->vm;
    }
}

static void spindle(struct ui *ui, const struct model *m, uint32_t number,
                    struct draw_box row)
{
    const struct replay_disk *disk = &m->now->disks[number];
    char text[160];
    int32_t y = row.y + (row.h - ui_line(ui, DRAW_SMALL)) / 2;
    int32_t label_w =
        draw_text_width(ui->metrics, DRAW_SMALL, "00") + ui_px(ui, 6);
    int32_t value_w =
        draw_text_width(ui->metrics, DRAW_SMALL, "10,000") + ui_px(ui, 4);
    snprintf(text, sizeof(text), "%u", number);
    draw_text(ui->draw, DRAW_SMALL, row.x, y, paint(COLOR_DIM), text);
    struct draw_box well = { row.x + label_w, row.y + 1,
                             row.w - label_w - value_w, row.h - 2 };
    draw_fill(ui->draw, well, paint(COLOR_WELL));
    ui_tip(ui, row, "Spindle %u: %s reads and %s writes so far.", number,
           quantity_count(disk->reads).chars,
           quantity_count(disk->writes).chars);
    int32_t pitch = ui_px(ui, 7);
    uint32_t room = (uint32_t)(well.w / pitch);
    for (uint32_t i = 0; i < disk->shown && i < room; i++) {
        request(ui, m, &disk->io[i],
                (struct draw_box){ well.x + 1 + (int32_t)i * pitch, well.y + 1,
                                   pitch - 1, well.h - 2 });
    }
    ui_text_right(ui, DRAW_SMALL,
                  (struct draw_box){ row.x + row.w - value_w, y, value_w, 0 },
                  disk->depth > 0 ? paint(COLOR_TEXT) : paint(COLOR_DIM),
                  quantity_count(disk->depth).chars);
}

void view_disks(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    uint64_t reads = 0;
    uint64_t writes = 0;
    for (uint32_t i = 0; i < r->info.disks; i++) {
        reads += r->disks[i].reads;
        writes += r->disks[i].writes;
    }
    char note[128];
    snprintf(note, sizeof(note), "%s reads \xc2\xb7 %s writes",
             quantity_short(reads).chars, quantity_short(writes).chars);
    struct draw_box in = ui_panel(ui, box, "Disks and swap", note);
    int32_t least = ui_line(ui, DRAW_SMALL) + ui_px(ui, 1);
    uint32_t fit = (uint32_t)(in.h / least);
    uint32_t count = r->info.disks <= fit ? r->info.disks : fit;
    if (count == 0) {
        return;
    }
    int32_t pitch = in.h / (int32_t)count;
    pitch = pitch > 2 * least ? 2 * least : pitch;
    for (uint32_t i = 0; i < count; i++) {
        spindle(
            ui, m, i,
            (struct draw_box){ in.x, in.y + (int32_t)i * pitch, in.w, pitch });
    }
}

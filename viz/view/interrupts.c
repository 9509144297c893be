/* interrupts.c - what is pending, by kind, and in what batches it came in. */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

struct pending {
    uint32_t vms[VIRQ_COUNT]; /* With that bit. */
    uint32_t any;
};

static void count_pending(const struct replay *r, struct pending *p)
{
    *p = (struct pending){ 0 };
    for (uint32_t i = 0; i < r->info.vm_limit; i++) {
        uint32_t mask = r->vms[i].pending;
        p->any += mask != 0;
        for (uint32_t bit = 0; mask != 0 && bit < VIRQ_COUNT; bit++) {
            p->vms[bit] += (mask >> bit) & 1;
        }
    }
}

static void pending_rows(struct ui *ui, const struct model *m,
                         const struct pending *p, struct draw_box box)
{
    uint32_t most = 1;
    for (uint32_t bit = 0; bit < VIRQ_COUNT; bit++) {
        most = p->vms[bit] > most ? p->vms[bit] : most;
    }
    (void)m;
    int32_t pitch = box.h / VIRQ_COUNT;
    int32_t label_w =
        draw_text_width(ui->metrics, DRAW_SMALL, "console") + ui_px(ui, 8);
    int32_t value_w =
        draw_text_width(ui->metrics, DRAW_SMALL, "10,000") + ui_px(ui, 4);
    for (int32_t bit = 0; bit < VIRQ_COUNT; bit++) {
        struct draw_box row = { box.x, box.y + bit * pitch, box.w, pitch };
        int32_t y = row.y + (pitch - ui_line(ui, DRAW_SMALL)) / 2;
        draw_text(ui->draw, DRAW_SMALL, row.x, y, paint(COLOR_DIM),
                  word_name(&virq_words, (uint64_t)bit));
        int32_t bar_h = ui_px(ui, 6);
        ui_gauge(ui,
                 (struct draw_box){ row.x + label_w,
                                    row.y + (pitch - bar_h) / 2,
                                    row.w - label_w - value_w, bar_h },
                 p->vms[bit], most, paint_word(&virq_words, (uint64_t)bit));
        ui_text_right(
            ui, DRAW_SMALL,
            (struct draw_box){ row.x + row.w - value_w, y, value_w, 0 },
            p->vms[bit] > 0 ? paint(COLOR_TEXT) : paint(COLOR_DIM),
            quantity_count(p->vms[bit]).chars);
        ui_tip(ui, row, "%u VMs have %s pending.", p->vms[bit],
               word_name(&virq_words, (uint64_t)bit));
    }
}

/* The last deliveries, the latest at the right: height is the batch. */
static void batches(struct ui *ui, const struct model *m, struct draw_box box)
{
    draw_fill(ui->draw, box, paint(COLOR_WELL));
    int32_t pitch = ui_px(ui, 6);
    int32_t room = box.w / pitch;
    uint32_t most = 4;
    for (int32_t i = 0; i < room; i++) {
        const struct recent_delivery *d =
            recent_delivery(m->recent, (uint64_t)i);
        if (d && d->batch > most) {
            most = d->batch;
        }
    }
    for (int32_t i = 0; i < room; i++) {
        const struct recent_delivery *d =
            recent_delivery(m->recent, (uint64_t)i);
        if (!d) {
            break;
        }
        int32_t high = (int32_t)((int64_t)(box.h - ui_px(ui, 3)) *
                                 (int64_t)d->batch / (int64_t)most);
        high += ui_px(ui, 2);
        struct draw_box bar = { box.x + box.w - (i + 1) * pitch,
                                box.y + box.h - high, pitch - 1, high };
        draw_fill(ui->draw, bar,
                  d->vm == ui->selected ? paint(COLOR_MARK) : paint(COLOR_NET));
        char mask[WORD_SET_BYTES];
        word_set(&virq_words, d->mask, mask);
        struct draw_box column = { bar.x, box.y, pitch, box.h };
        ui_tip(ui, column, "%s took %s with %u packets waiting in its queue.",
               model_vm_name(m, d->vm).chars, mask, d->batch);
        if (ui_is_clicked(ui, column)) {
            ui->selected = d->vm;
        }
    }
}

void view_interrupts(struct ui *ui, const struct model *m, struct draw_box box)
{
    struct pending p;
    count_pending(m->now, &p);
    char note[160];
    snprintf(note, sizeof(note), "pending at %s VM%s",
             quantity_count(p.any).chars, p.any == 1 ? "" : "s");
    struct draw_box in = ui_panel(ui, box, "Interrupts", note);
    int32_t small = ui_line(ui, DRAW_SMALL);
    int32_t bars_h = ui_px(ui, 22) + (in.h - ui_px(ui, 120)) / 4;
    int32_t rows_h = VIRQ_COUNT * small;
    int32_t most = in.h - rows_h - small - ui_px(ui, 4);
    bars_h = bars_h > most ? most : bars_h;
    struct draw_box rows = in;
    rows.h -= bars_h + small + ui_px(ui, 4);
    pending_rows(ui, m, &p, rows);
    int32_t y = rows.y + rows.h + ui_px(ui, 2);
    draw_text(ui->draw, DRAW_SMALL, in.x, y, paint(COLOR_DIM),
              "Packets at each delivery");
    ui_text_right(ui, DRAW_SMALL, (struct draw_box){ in.x, y, in.w, 0 },
                  paint(COLOR_DIM), "latest \xe2\x86\x92");
    batches(ui, m,
            (struct draw_box){ in.x, y + small + ui_px(ui, 2), in.w, bars_h });
}

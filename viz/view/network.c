/* network.c - packets on their way, by how long they have been. */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

/* The oldest packet of that way, in cycles; at least `least`. */
static uint64_t oldest(const struct replay *r, bool is_reply, uint64_t least)
{
    uint64_t most = least;
    for (uint32_t i = 0; i < r->flight_count; i++) {
        const struct replay_packet *p = &r->flight[i];
        if (p->is_reply == is_reply && r->now - p->since > most) {
            most = r->now - p->since;
        }
    }
    return most;
}

/* Packets along a lane by age; those of replies move to the left. */
static void lane(struct ui *ui, const struct model *m, struct draw_box box,
                     bool is_reply)
{
    const struct replay *r = m->now;
    draw_fill(ui->draw, box, PALETTE_WELL);
    uint64_t span = oldest(r, is_reply, r->info.cpu_hz / 10000);
    int32_t size = ui_px(ui, 5);
    int32_t rows = box.h / (size + 1);
    for (uint32_t i = 0; i < r->flight_count; i++) {
        const struct replay_packet *p = &r->flight[i];
        if (p->is_reply != is_reply) {
            continue;
        }
        double age = (double)(r->now - p->since) / (double)span;
        int32_t at = (int32_t)((box.w - size) * (age < 1 ? age : 1));
        int32_t row = rows > 0 ? (int32_t)(p->packet % (uint64_t)rows) : 0;
        struct draw_box dot = { is_reply ? box.x + box.w - size - at
                                         : box.x + at,
                                box.y + 1 + row * (size + 1), size, size };
        bool is_chosen = p->vm == ui->selected;
        draw_fill(ui->draw, dot,
                  is_chosen   ? PALETTE_MARK
                  : is_reply  ? PALETTE_GREEN
                              : PALETTE_ORANGE);
        ui_tip(ui, dot, "Packet %llu of %u bytes, %s VM %u, %s under way.",
               (unsigned long long)p->packet, p->bytes,
               is_reply ? "from" : "to", p->vm,
               text_span(model_ns(m, r->now - p->since)).bytes);
        if (ui_is_clicked(ui, dot)) {
            ui->selected = p->vm;
        }
    }
}

static uint32_t count_way(const struct replay *r, bool is_reply)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->flight_count; i++) {
        count += r->flight[i].is_reply == is_reply;
    }
    return count;
}

static void way(struct ui *ui, const struct model *m, struct draw_box box,
                bool is_reply)
{
    char text[64];
    snprintf(text, sizeof(text), "%s", text_whole(count_way(m->now,
                                                            is_reply)).bytes);
    draw_text(ui->draw, DRAW_SMALL, box.x, box.y, PALETTE_DIM,
              is_reply ? "clients \xe2\x86\x90 VMs" : "clients \xe2\x86\x92 VMs");
    ui_text_right(ui, DRAW_SMALL, box, PALETTE_TEXT, text);
    int32_t line = ui_line(ui, DRAW_SMALL) + ui_px(ui, 1);
    struct draw_box road = { box.x, box.y + line, box.w, box.h - line };
    lane(ui, m, road, is_reply);
}

void view_network(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    char note[96];
    snprintf(note, sizeof(note), "%s asked \xc2\xb7 %s answered \xc2\xb7 %s lost",
             text_count(r->requests).bytes, text_count(r->replies).bytes,
             text_count(r->lost).bytes);
    struct draw_box in = ui_panel(ui, box, "Network", note);
    int32_t gap = ui_px(ui, 4);
    int32_t half = (in.h - gap) / 2;
    way(ui, m, (struct draw_box){ in.x, in.y, in.w, half }, false);
    way(ui, m, (struct draw_box){ in.x, in.y + half + gap, in.w, half }, true);
}

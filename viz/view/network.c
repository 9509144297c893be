/*
 * network.c - packets on their way: on the wire by how long they have been,
 * then in the VMs' queues.
 */
#include <stdio.h>

#include "viz/view/views.h"

#include "sim/banned.h"

#define PLACES 4

struct flights {
    uint32_t counts[PLACES];
    uint64_t oldest[PLACES]; /* Cycles. */
};

static void count_flights(const struct replay *r, struct flights *f)
{
    *f = (struct flights){ 0 };
    for (uint32_t i = 0; i < r->flight_count; i++) {
        const struct replay_packet *p = &r->flight[i];
        uint64_t age = r->now - p->since;
        f->counts[p->place]++;
        if (age > f->oldest[p->place]) {
            f->oldest[p->place] = age;
        }
    }
}

static void packet(struct ui *ui, const struct model *m,
                   const struct replay_packet *p, struct draw_box dot)
{
    static const char *const places[PLACES] = { "on its way to",
                                                "in the receive queue of",
                                                "to be sent by",
                                                "on its way from" };
    draw_color color = paint(p->is_reply ? COLOR_SENT : COLOR_NET);
    draw_fill(ui->draw, dot, p->vm == ui->selected ? paint(COLOR_MARK) : color);
    if (!ui_is_over(ui, dot)) {
        return;
    }
    ui_tip(ui, dot, "Packet %llu of %u bytes, %s %s for %s.",
           (unsigned long long)p->packet, p->bytes, places[p->place],
           model_vm_name(m, p->vm).chars,
           model_time(m, m->now->now - p->since).chars);
    if (ui->in.pressed && p->vm < m->now->info.vm_limit) {
        ui->selected = p->vm;
    }
}

/* Along the way by age: from the left to the machine, back from the right. */
static void wire(struct ui *ui, const struct model *m, const struct flights *f,
                 enum replay_place place, struct draw_box box)
{
    const struct replay *r = m->now;
    draw_fill(ui->draw, box, paint(COLOR_WELL));
    uint64_t span = r->info.cpu_hz / 10000;
    span = f->oldest[place] > span ? f->oldest[place] : span;
    int32_t size = ui_px(ui, 5);
    int32_t rows = (box.h - 1) / (size + 1);
    for (uint32_t i = 0; i < r->flight_count && rows > 0; i++) {
        const struct replay_packet *p = &r->flight[i];
        if (p->place != place) {
            continue;
        }
        double age = (double)(r->now - p->since) / (double)span;
        int32_t at = (int32_t)((box.w - size) * age);
        int32_t row = (int32_t)(p->packet % (uint64_t)rows);
        packet(ui, m, p,
               (struct draw_box){ place == REPLAY_TO_CLIENTS
                                      ? box.x + box.w - size - at
                                      : box.x + at,
                                  box.y + 1 + row * (size + 1), size, size });
    }
}

/* Side by side, as many as there are. */
static void queue(struct ui *ui, const struct model *m, enum replay_place place,
                  struct draw_box box)
{
    const struct replay *r = m->now;
    draw_fill(ui->draw, box, paint(COLOR_WELL));
    int32_t size = ui_px(ui, 5);
    int32_t rows = (box.h - 1) / (size + 1);
    int32_t room = rows * ((box.w - 1) / (size + 1));
    int32_t n = 0;
    for (uint32_t i = 0; i < r->flight_count && n < room; i++) {
        const struct replay_packet *p = &r->flight[i];
        if (p->place == place) {
            packet(ui, m, p,
                   (struct draw_box){ box.x + 1 + n / rows * (size + 1),
                                      box.y + 1 + n % rows * (size + 1), size,
                                      size });
            n++;
        }
    }
}

static void part(struct ui *ui, struct draw_box box, const char *name,
                 uint32_t count)
{
    draw_text(ui->draw, DRAW_SMALL, box.x, box.y, paint(COLOR_DIM), name);
    ui_text_right(ui, DRAW_SMALL, box,
                  count > 0 ? paint(COLOR_TEXT) : paint(COLOR_DIM),
                  quantity_count(count).chars);
}

static void way(struct ui *ui, const struct model *m, const struct flights *f,
                struct draw_box box, bool is_reply)
{
    enum replay_place on_wire =
        is_reply ? REPLAY_TO_CLIENTS : REPLAY_TO_MACHINE;
    enum replay_place queued = is_reply ? REPLAY_IN_TX : REPLAY_IN_RX;
    int32_t gap = ui_px(ui, 10);
    struct draw_box left = { box.x, box.y, (box.w - gap) * 55 / 100, box.h };
    struct draw_box right = { left.x + left.w + gap, box.y,
                              box.w - left.w - gap, box.h };
    part(ui, left,
         is_reply ? "\xe2\x86\x90 to clients" : "to the VMs \xe2\x86\x92",
         f->counts[on_wire]);
    part(ui, right, is_reply ? "to be sent" : "received", f->counts[queued]);
    int32_t line = ui_line(ui, DRAW_SMALL) + ui_px(ui, 1);
    left.y += line;
    left.h -= line;
    right.y += line;
    right.h -= line;
    wire(ui, m, f, on_wire, left);
    queue(ui, m, queued, right);
}

void view_network(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    struct flights f;
    count_flights(r, &f);
    char note[192];
    snprintf(note, sizeof(note), "%s of %s completed, %s lost",
             quantity_short(r->replies).chars,
             quantity_short(r->requests).chars, quantity_short(r->lost).chars);
    struct draw_box in = ui_panel(ui, box, "Network", note);
    int32_t gap = ui_px(ui, 4);
    int32_t half = (in.h - gap) / 2;
    way(ui, m, &f, (struct draw_box){ in.x, in.y, in.w, half }, false);
    way(ui, m, &f, (struct draw_box){ in.x, in.y + half + gap, in.w, half },
        true);
}

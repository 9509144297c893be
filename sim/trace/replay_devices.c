/*
 * replay_devices.c - what is where: pages in frames, requests at spindles, and
 * packets between the clients and the VMs.
 */
#include <string.h>

#include "sim/trace/replay_own.h"

/* ---- Frames ------------------------------------------------------------- */

static void give_back(struct replay *r, struct replay_frame *f)
{
    if (!(f->flags & REPLAY_FRAME_USED)) {
        return;
    }
    r->frames_used--;
    r->frames_dirty -= (f->flags & REPLAY_FRAME_DIRTY) != 0;
    struct replay_vm *v = &r->vms[f->owner];
    if (f->flags & REPLAY_FRAME_TABLE) {
        v->tables--;
    } else {
        v->resident--;
    }
    *f = (struct replay_frame){ .flags = 0 };
}

static void take(struct replay *r, struct replay_frame *f, uint32_t vm,
                 uint32_t page, uint8_t flags)
{
    give_back(r, f);
    *f = (struct replay_frame){ .owner = vm, .page = page, .flags = flags };
    r->frames_used++;
    struct replay_vm *v = &r->vms[vm];
    if (flags & REPLAY_FRAME_TABLE) {
        v->tables++;
    } else {
        v->resident++;
    }
}

/* The frame, of the event's VM; NULL: there is no such. */
static struct replay_frame *frame_at(struct replay *r, uint32_t frame,
                                     const struct trace_event *e)
{
    return frame < r->info.frames && replay_vm_of(r, e) ? &r->frames[frame]
                                                        : NULL;
}

/* The same of a page; NULL also: none is there, and the event says nothing. */
static struct replay_frame *used_frame(struct replay *r,
                                       const struct trace_event *e)
{
    struct replay_frame *f = frame_at(r, trace_get_resident(e).frame, e);
    return f && (f->flags & REPLAY_FRAME_USED) ? f : NULL;
}

void replay_fill(struct replay *r, const struct trace_event *e)
{
    struct trace_fill fill = trace_get_fill(e);
    struct replay_frame *f = frame_at(r, fill.frame, e);
    if (f) {
        take(r, f, e->vm, fill.page, REPLAY_FRAME_USED);
    }
}

void replay_table(struct replay *r, const struct trace_event *e)
{
    struct trace_table table = trace_get_table(e);
    struct replay_frame *f = frame_at(r, table.frame, e);
    if (!f) {
        return;
    }
    switch (table.change) {
    case TABLE_FREED:
        give_back(r, f);
        break;
    case TABLE_ALLOCATED:
        take(r, f, e->vm, table.table, REPLAY_FRAME_USED | REPLAY_FRAME_TABLE);
        break;
    }
}

void replay_evict(struct replay *r, const struct trace_event *e)
{
    struct replay_frame *f = frame_at(r, trace_get_evict(e).frame, e);
    if (f) {
        give_back(r, f);
        r->own->current->evictions++;
    }
}

void replay_touch(struct replay *r, const struct trace_event *e)
{
    struct replay_frame *f = used_frame(r, e);
    if (f) {
        f->flags |= REPLAY_FRAME_TOUCHED;
        f->touched = r->now;
    }
}

void replay_dirty(struct replay *r, const struct trace_event *e)
{
    struct replay_frame *f = used_frame(r, e);
    if (f) {
        r->frames_dirty += !(f->flags & REPLAY_FRAME_DIRTY);
        f->flags |= REPLAY_FRAME_DIRTY;
    }
}

void replay_clean(struct replay *r, const struct trace_event *e)
{
    struct replay_frame *f = used_frame(r, e);
    if (f) {
        r->frames_dirty -= (f->flags & REPLAY_FRAME_DIRTY) != 0;
        f->flags &= (uint8_t)~REPLAY_FRAME_DIRTY;
    }
}

void replay_hand(struct replay *r, const struct trace_event *e)
{
    uint32_t frame = trace_get_hand(e).frame;
    r->hand = frame < r->info.frames ? frame : REPLAY_NONE;
    if (r->hand != REPLAY_NONE) {
        r->frames[r->hand].flags &= (uint8_t)~REPLAY_FRAME_TOUCHED;
    }
}

/* ---- Spindles ----------------------------------------------------------- */

void replay_begin_io(struct replay *r, const struct trace_event *e,
                     enum disk_op op)
{
    struct trace_transfer t = trace_get_transfer(e);
    if (t.disk >= r->info.disks) {
        return;
    }
    struct replay_disk *d = &r->disks[t.disk];
    d->depth += d->depth < UINT32_MAX;
    d->reads += op == DISK_OP_READ;
    d->writes += op == DISK_OP_WRITE;
    if (d->shown < REPLAY_IO_LIMIT) {
        d->io[d->shown++] = (struct replay_io){
            .block = t.block,
            .since = r->now,
            .vm = e->vm < r->info.vm_limit ? e->vm : REPLAY_NONE,
            .blocks = (uint32_t)t.blocks,
            .is_write = op == DISK_OP_WRITE,
        };
    }
}

void replay_end_io(struct replay *r, const struct trace_event *e)
{
    struct trace_transfer t = trace_get_transfer(e);
    if (t.disk >= r->info.disks) {
        return;
    }
    struct replay_disk *d = &r->disks[t.disk];
    for (uint32_t i = 0; i < d->shown; i++) {
        if (d->io[i].block == t.block && d->io[i].blocks == t.blocks) {
            d->depth--;
            d->shown--;
            memmove(&d->io[i], &d->io[i + 1],
                    (d->shown - i) * sizeof(d->io[0]));
            return;
        }
    }
    /* One that was not shown, or a damaged trace. */
    d->depth -= d->depth > d->shown;
}

/* ---- Packets ------------------------------------------------------------ */

/* Open addressing; a serial's slot is the first of its own or free. */
static uint32_t home_of(uint64_t packet)
{
    return (uint32_t)(packet * 0x9e3779b97f4a7c15ull >> 32) % FLIGHT_SLOTS;
}

static uint32_t slot_of(const struct replay *r, uint64_t packet)
{
    const uint16_t *slots = r->own->slots;
    uint32_t i = home_of(packet);
    while (slots[i] != 0 && r->flight[slots[i] - 1].packet != packet) {
        i = (i + 1) % FLIGHT_SLOTS;
    }
    return i;
}

/* NULL: it is not kept. */
static struct replay_packet *find_flight(struct replay *r, uint64_t packet)
{
    uint16_t slot = r->own->slots[slot_of(r, packet)];
    return slot ? &r->flight[slot - 1] : NULL;
}

/* Empties a slot; who stands behind it moves up, or would not be found. */
static void empty_slot(struct replay *r, uint32_t hole)
{
    uint16_t *slots = r->own->slots;
    uint32_t i = hole;
    for (;;) {
        i = (i + 1) % FLIGHT_SLOTS;
        if (slots[i] == 0) {
            break;
        }
        uint32_t home = home_of(r->flight[slots[i] - 1].packet);
        uint32_t from_home = (i - home) % FLIGHT_SLOTS;
        if (from_home >= (i - hole) % FLIGHT_SLOTS) {
            slots[hole] = slots[i];
            hole = i;
        }
    }
    slots[hole] = 0;
}

static void forget_flight(struct replay *r, struct replay_packet *p)
{
    uint32_t at = (uint32_t)(p - r->flight);
    empty_slot(r, slot_of(r, p->packet));
    r->flight_count--;
    if (at != r->flight_count) {
        struct replay_packet *last = &r->flight[r->flight_count];
        r->own->slots[slot_of(r, last->packet)] = (uint16_t)(at + 1);
        *p = *last;
    }
}

void replay_drop_flights(struct replay *r, uint32_t vm)
{
    for (uint32_t i = 0; i < r->flight_count;) {
        struct replay_packet *p = &r->flight[i];
        bool is_queued = p->place == REPLAY_IN_RX || p->place == REPLAY_IN_TX;
        if (p->vm == vm && is_queued) {
            forget_flight(r, p);
        } else {
            i++;
        }
    }
}

void replay_put_flight(struct replay *r, const struct trace_event *e,
                       enum replay_place place)
{
    struct trace_packet sent = trace_get_packet(e);
    uint16_t *index = &r->own->slots[slot_of(r, sent.packet)];
    bool is_new = *index == 0;
    if (is_new) {
        if (r->flight_count == REPLAY_FLIGHT_LIMIT) {
            return;
        }
        *index = (uint16_t)++r->flight_count;
    }
    struct replay_packet *p = &r->flight[*index - 1];
    *p = (struct replay_packet){
        .since = r->now,
        .packet = sent.packet,
        .vm = e->vm < r->info.vm_limit ? e->vm : REPLAY_NONE,
        .bytes = (uint16_t)sent.bytes,
        .is_reply = place >= REPLAY_IN_TX || (!is_new && p->is_reply),
        .place = place,
    };
}

void replay_end_flight(struct replay *r, const struct trace_event *e)
{
    struct replay_packet *p = find_flight(r, trace_get_packet(e).packet);
    if (p) {
        forget_flight(r, p);
    }
}

void replay_copy_flight(struct replay *r, const struct trace_event *e)
{
    const struct replay_packet *p =
        find_flight(r, trace_get_link_copy(e).original);
    replay_put_flight(r, e, p ? p->place : REPLAY_TO_MACHINE);
}

void replay_rx(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        v->rx = (uint32_t)trace_get_rx(e).queued;
    }
    r->own->current->rx_packets++;
    replay_put_flight(r, e, REPLAY_IN_RX);
}

void replay_recv(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        v->rx = (uint32_t)trace_get_recv(e).queued;
    }
    replay_end_flight(r, e);
}

void replay_send(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        v->tx = (uint32_t)trace_get_send(e).queued;
    }
    replay_put_flight(r, e, REPLAY_IN_TX);
}

/* A packet leaves the VM's transmit queue. */
static void leave_tx(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        v->tx -= v->tx > 0;
    }
}

void replay_tx(struct replay *r, const struct trace_event *e)
{
    leave_tx(r, e);
    r->own->current->tx_packets++;
    replay_put_flight(r, e, REPLAY_TO_CLIENTS);
}

void replay_tx_drop(struct replay *r, const struct trace_event *e)
{
    leave_tx(r, e);
    replay_end_flight(r, e);
}

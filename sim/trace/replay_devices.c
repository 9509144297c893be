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
    *f = (struct replay_frame){ .owner = REPLAY_NONE };
}

static void take(struct replay *r, struct replay_frame *f,
                 const struct trace_event *e, uint8_t flags)
{
    give_back(r, f);
    *f = (struct replay_frame){
        .owner = e->vm,
        .page = (uint32_t)e->a,
        .flags = flags,
    };
    r->frames_used++;
    struct replay_vm *v = &r->vms[e->vm];
    if (flags & REPLAY_FRAME_TABLE) {
        v->tables++;
    } else {
        v->resident++;
    }
}

/* Of a page that is there; otherwise it says nothing. */
static void mark(struct replay *r, struct replay_frame *f, uint16_t kind)
{
    if (!(f->flags & REPLAY_FRAME_USED)) {
        return;
    }
    bool was_dirty = f->flags & REPLAY_FRAME_DIRTY;
    if (kind == TRACE_TOUCH) {
        f->flags |= REPLAY_FRAME_TOUCHED;
        f->touched = r->now;
    } else if (kind == TRACE_DIRTY) {
        f->flags |= REPLAY_FRAME_DIRTY;
        r->frames_dirty += !was_dirty;
    } else {
        f->flags &= (uint8_t)~REPLAY_FRAME_DIRTY;
        r->frames_dirty -= was_dirty;
    }
}

static void move_hand(struct replay *r, uint64_t frame)
{
    r->hand = frame < r->info.frames ? (uint32_t)frame : REPLAY_NONE;
    if (r->hand != REPLAY_NONE) {
        r->frames[r->hand].flags &= (uint8_t)~REPLAY_FRAME_TOUCHED;
    }
}

/* The frame that the event is of. */
static uint32_t frame_in(const struct trace_event *e)
{
    return e->kind == TRACE_TABLE ? (uint32_t)(e->a >> 32) : (uint32_t)e->b;
}

static void change_frame(struct replay *r, struct replay_frame *f,
                         const struct trace_event *e)
{
    switch ((int)e->kind) {
    case TRACE_FILL:
        take(r, f, e, REPLAY_FRAME_USED);
        break;
    case TRACE_TABLE:
        if (e->b == 0) {
            give_back(r, f);
        } else {
            take(r, f, e, REPLAY_FRAME_USED | REPLAY_FRAME_TABLE);
        }
        break;
    case TRACE_EVICT:
        give_back(r, f);
        r->own->current->evictions++;
        break;
    default:
        mark(r, f, e->kind);
        break;
    }
}

void replay_memory_event(struct replay *r, const struct trace_event *e)
{
    if (e->kind == TRACE_FAULT) {
        r->own->current->faults++;
    } else if (e->kind == TRACE_HAND) {
        move_hand(r, e->a);
    } else if (frame_in(e) < r->info.frames && e->vm < r->info.vm_limit) {
        change_frame(r, &r->frames[frame_in(e)], e);
    }
}

/* ---- Spindles ----------------------------------------------------------- */

static void begin_io(struct replay *r, struct replay_disk *d,
                     const struct trace_event *e)
{
    bool is_write = e->kind == TRACE_DISK_WRITE;
    d->depth += d->depth < UINT32_MAX;
    d->reads += !is_write;
    d->writes += is_write;
    if (d->shown < REPLAY_IO_LIMIT) {
        d->io[d->shown++] = (struct replay_io){
            .block = e->a,
            .since = r->now,
            .vm = e->vm < r->info.vm_limit ? e->vm : REPLAY_NONE,
            .blocks = (uint32_t)e->b,
            .is_write = is_write,
        };
    }
}

static void end_io(struct replay_disk *d, const struct trace_event *e)
{
    for (uint32_t i = 0; i < d->shown; i++) {
        if (d->io[i].block == e->a && d->io[i].blocks == (uint32_t)e->b) {
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

void replay_disk_event(struct replay *r, const struct trace_event *e)
{
    uint64_t disk = e->b >> 32;
    if (disk >= r->info.disks) {
        return;
    }
    if (e->kind == TRACE_DISK_READ || e->kind == TRACE_DISK_WRITE) {
        begin_io(r, &r->disks[disk], e);
    } else {
        end_io(&r->disks[disk], e);
    }
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

/* The packet is there from now on, wherever it was. */
static void put_flight(struct replay *r, const struct trace_event *e,
                       enum replay_place place)
{
    uint64_t packet = e->a >> 16;
    uint32_t slot = slot_of(r, packet);
    uint16_t *index = &r->own->slots[slot];
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
        .packet = packet,
        .vm = e->vm < r->info.vm_limit ? e->vm : REPLAY_NONE,
        .bytes = (uint16_t)e->a,
        .is_reply = place >= REPLAY_IN_TX || (!is_new && p->is_reply),
        .place = place,
    };
}

static void end_flight(struct replay *r, const struct trace_event *e)
{
    struct replay_packet *p = find_flight(r, e->a >> 16);
    if (p) {
        forget_flight(r, p);
    }
}

/* A copy sets out from where the first one is. */
static void copy_flight(struct replay *r, const struct trace_event *e)
{
    const struct replay_packet *p = find_flight(r, e->b);
    put_flight(r, e, p ? p->place : REPLAY_TO_MACHINE);
}

static void change_queue(struct replay_vm *v, const struct trace_event *e)
{
    if (e->kind == TRACE_RX || e->kind == TRACE_RECV) {
        v->rx = (uint32_t)e->b;
    } else if (e->kind == TRACE_SEND) {
        v->tx = (uint32_t)e->b;
    } else if (e->kind == TRACE_TX || e->kind == TRACE_TX_DROP) {
        v->tx -= v->tx > 0;
    }
}

void replay_net_event(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        change_queue(v, e);
    }
    switch ((int)e->kind) {
    case TRACE_CLIENT_SEND:
        put_flight(r, e, REPLAY_TO_MACHINE);
        break;
    case TRACE_RX:
        r->own->current->rx_packets++;
        put_flight(r, e, REPLAY_IN_RX);
        break;
    case TRACE_SEND:
        put_flight(r, e, REPLAY_IN_TX);
        break;
    case TRACE_TX:
        r->own->current->tx_packets++;
        put_flight(r, e, REPLAY_TO_CLIENTS);
        break;
    case TRACE_LINK_COPY:
        copy_flight(r, e);
        break;
    default:
        end_flight(r, e);
        break;
    }
}

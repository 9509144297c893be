/* waits.c - see waits.h. */
#include "sim/waits/waits.h"

#include <stdlib.h>

#include "sim/grow.h"
#include "sim/vocabulary/vocabulary.h"

/* Who made room, or left, last; and as which event. */
struct leaver {
    uint32_t vm;
    uint64_t order; /* 0: nobody yet. */
};

struct waiting_vm {
    bool exists;
    enum vm_state state;
    uint64_t since;       /* Cycles. */
    uint64_t order;       /* The event that began the state. */
    enum vm_wait blocked; /* PAGING: for what. */
    bool has_read;        /* PAGING: its transfer is done: `read`. */
    struct transfer_span read;
    uint32_t behind; /* Valid with has_read: whose transfer was the last before;
                        TRACE_NO_VM: nobody's. */
    /* The first interrupt since it idles; CAUSE_NONE: there is none. */
    enum wait_cause raised;
    uint64_t packet; /* The last frame in its receive queue; 0: none. */
    uint32_t sender; /* That frame's VM; TRACE_NO_VM: a client. */
};

struct spindle {
    struct transfer_span *open; /* Owned; by no order. */
    size_t count, room;
    uint64_t free_at; /* Cycles: when it was done last. */
    uint32_t last;    /* For whom; TRACE_NO_VM: nobody yet. */
};

struct waits {
    struct waits_sink sink;
    struct waiting_vm *vms;
    struct spindle *spindles;
    uint32_t vm_limit, disks;
    uint64_t now;   /* The latest time of an event. */
    uint64_t order; /* The number of the event, from 1. */
    uint64_t asked; /* The last event before which the gate had been asked. */
    struct leaver processor, room, frame;
    uint64_t sent;      /* The frame that the switch sent on last, */
    uint32_t sender;    /* and of which VM. */
    struct slice slice; /* What the processor does; to == 0: nothing yet. */
    bool is_short;      /* Host memory was short. */
};

struct waits *waits_create(uint32_t vm_limit, uint32_t disks,
                           const struct waits_sink *sink)
{
    struct waits *w = calloc(1, sizeof(*w));
    if (!w) {
        return NULL;
    }
    w->sink = *sink;
    w->vm_limit = vm_limit;
    w->disks = disks;
    w->vms = calloc(vm_limit > 0 ? vm_limit : 1, sizeof(*w->vms));
    w->spindles = calloc(disks > 0 ? disks : 1, sizeof(*w->spindles));
    if (!w->vms || !w->spindles) {
        waits_free(w);
        return NULL;
    }
    for (uint32_t i = 0; i < disks; i++) {
        w->spindles[i].last = TRACE_NO_VM;
    }
    return w;
}

void waits_free(struct waits *w)
{
    if (!w) {
        return;
    }
    for (uint32_t i = 0; w->spindles && i < w->disks; i++) {
        free(w->spindles[i].open);
    }
    free(w->spindles);
    free(w->vms);
    free(w);
}

/* ---- Stretches ---------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Gives out the VM's time until cycle `to`, and goes on from there. */
static void give(struct waits *w, uint32_t vm, uint64_t to, struct stretch s)
{
    struct waiting_vm *v = &w->vms[vm];
    if (to <= v->since) {
        return;
    }
    s.from = v->since;
    s.to = to;
    s.vm = vm;
    s.state = v->state;
    v->since = to;
    if (w->sink.stretch) {
        w->sink.stretch(w->sink.ctx, &s);
    }
}

static struct stretch because(enum wait_cause cause, uint32_t by)
{
    return (struct stretch){ .cause = cause, .by = by, .disk = WAITS_NO_DISK };
}

/* The wait ends by what `l` says, if that came since the state began. */
static uint32_t leaver_since(const struct waiting_vm *v, const struct leaver *l)
{
    return l->order > v->order ? l->vm : TRACE_NO_VM;
}

/* Returns why the VM, which is admitted now, has waited at the gate. */
static struct stretch at_gate(const struct waits *w, const struct waiting_vm *v)
{
    if (w->asked <= v->order) {
        return because(CAUSE_KERNEL, TRACE_NO_VM);
    }
    /* Frames that became free later than the last room would have been too
       late, and the other way round: what came last let the VM in. */
    bool is_frame = w->frame.order > w->room.order && w->frame.order > v->order;
    return is_frame ? because(CAUSE_FRAME, w->frame.vm)
                    : because(CAUSE_GATE, leaver_since(v, &w->room));
}

/* The VM's page is in: it waited for the spindle, for the transfer, and for the
   kernel. */
static void give_read(struct waits *w, uint32_t vm, uint64_t to)
{
    const struct waiting_vm *v = &w->vms[vm];
    if (v->has_read) {
        struct stretch s = because(CAUSE_SPINDLE, v->behind);
        s.disk = v->read.disk;
        s.detail = v->read.block;
        give(w, vm, least(v->read.begun, to), s);
        s.cause = CAUSE_TRANSFER;
        s.by = TRACE_NO_VM;
        give(w, vm, least(v->read.done, to), s);
    }
    give(w, vm, to, because(CAUSE_KERNEL, TRACE_NO_VM));
}

/* Gives out the state that ends at cycle `to`. */
static void end_state(struct waits *w, uint32_t vm, uint64_t to)
{
    const struct waiting_vm *v = &w->vms[vm];
    struct stretch s = because(CAUSE_NONE, TRACE_NO_VM);
    switch (v->state) {
    case VM_CREATED:
        s = because(CAUSE_KERNEL, TRACE_NO_VM);
        break;
    case VM_WAITING:
        s = at_gate(w, v);
        break;
    case VM_READY:
        s = because(CAUSE_PROCESSOR, leaver_since(v, &w->processor));
        break;
    case VM_PAGING:
        if (v->blocked == VM_WAIT_READ) {
            give_read(w, vm, to);
            return;
        }
        s = because(CAUSE_FRAME, leaver_since(v, &w->frame));
        break;
    case VM_IDLE:
        s = because(v->raised == CAUSE_NONE ? CAUSE_TIMEOUT : v->raised,
                    TRACE_NO_VM);
        if (s.cause == CAUSE_PACKET) {
            s.by = v->sender;
            s.detail = v->packet;
        }
        break;
    case VM_RUNNING:
    case VM_DEAD:
        break;
    }
    give(w, vm, to, s);
}

static struct waiting_vm *vm_of(struct waits *w, const struct trace_event *e)
{
    return e->vm < w->vm_limit ? &w->vms[e->vm] : NULL;
}

/* The event's VM is in the state from now on. */
static void enter(struct waits *w, const struct trace_event *e,
                  enum vm_state state)
{
    struct waiting_vm *v = vm_of(w, e);
    if (!v) {
        return;
    }
    if (v->exists) {
        end_state(w, e->vm, e->time);
    }
    /* The kernel's clock may be ahead of an event that fires late. */
    v->since = v->exists ? most(v->since, e->time) : e->time;
    v->exists = true;
    v->state = state;
    v->order = w->order;
    v->has_read = false;
    v->raised = CAUSE_NONE;
}

/* ---- The processor ------------------------------------------------------ */

static void end_slice(struct waits *w)
{
    if (w->slice.to > w->slice.from && w->sink.slice) {
        w->sink.slice(w->sink.ctx, &w->slice);
    }
    w->slice.from = w->slice.to;
}

/* A charge is said when its cycles have passed. */
static void charge(struct waits *w, const struct trace_event *e,
                   enum cpu_category category, uint64_t cycles)
{
    uint32_t vm = e->vm < w->vm_limit ? e->vm : TRACE_NO_VM;
    uint64_t from = e->time > cycles ? e->time - cycles : 0;
    struct slice *s = &w->slice;
    if (s->vm != vm || s->category != category || s->to != from) {
        end_slice(w);
        *s = (struct slice){ .from = most(from, s->to),
                             .vm = vm,
                             .category = category };
    }
    s->to = most(s->from, e->time);
    if (category == CPU_GUEST || category == CPU_IDLE) {
        w->asked = w->order; /* A VM runs, or none can: the gate was asked. */
    }
}

/* ---- The disks ---------------------------------------------------------- */

static void begin_transfer(struct waits *w, const struct trace_event *e,
                           enum disk_op op)
{
    struct trace_transfer t = trace_get_transfer(e);
    if (t.disk >= w->disks) {
        return;
    }
    struct spindle *s = &w->spindles[t.disk];
    struct transfer_span *open =
        grow_array(s->open, s->count, &s->room, sizeof(*open));
    if (!open) {
        w->is_short = true;
        return;
    }
    s->open = open;
    s->open[s->count++] = (struct transfer_span){
        .queued = e->time,
        .block = t.block,
        .blocks = (uint32_t)t.blocks,
        .disk = t.disk,
        .vm = e->vm,
        .op = op,
    };
}

/* Takes the event's request out of those that are open. False: it is not there. */
static bool take_transfer(struct waits *w, const struct trace_event *e,
                          struct transfer_span *taken)
{
    struct trace_transfer t = trace_get_transfer(e);
    struct spindle *s = t.disk < w->disks ? &w->spindles[t.disk] : NULL;
    for (size_t i = 0; s && i < s->count; i++) {
        if (s->open[i].vm == e->vm && s->open[i].block == t.block &&
            s->open[i].blocks == t.blocks) {
            *taken = s->open[i];
            s->open[i] = s->open[--s->count];
            return true;
        }
    }
    return false;
}

static void end_transfer(struct waits *w, const struct trace_event *e)
{
    struct transfer_span t;
    if (!take_transfer(w, e, &t)) {
        return;
    }
    struct spindle *s = &w->spindles[t.disk];
    t.done = most(e->time, t.queued);
    t.begun = least(most(t.queued, s->free_at), t.done);
    struct waiting_vm *v = vm_of(w, e);
    if (v && t.op == DISK_OP_READ && v->state == VM_PAGING) {
        v->read = t;
        v->behind = s->free_at > t.queued ? s->last : TRACE_NO_VM;
        v->has_read = true;
    }
    if (t.op == DISK_OP_WRITE) {
        w->frame = (struct leaver){ t.vm, w->order };
    }
    s->free_at = t.done;
    s->last = t.vm;
    if (w->sink.transfer) {
        w->sink.transfer(w->sink.ctx, &t);
    }
}

/* ---- Interrupts --------------------------------------------------------- */

/* The first interrupt for an idle VM is what it waited for. */
static void raise(struct waits *w, const struct trace_event *e)
{
    static const enum wait_cause causes[VIRQ_COUNT] = {
        [VIRQ_NET_RX] = CAUSE_PACKET, [VIRQ_NET_TX] = CAUSE_ROOM,
        [VIRQ_ALARM] = CAUSE_ALARM,   [VIRQ_CONSOLE] = CAUSE_INPUT,
        [VIRQ_DISK] = CAUSE_DISK,
    };
    struct waiting_vm *v = vm_of(w, e);
    if (!v || v->state != VM_IDLE || v->raised != CAUSE_NONE) {
        return;
    }
    for (int i = 0; i < VIRQ_COUNT; i++) {
        if (word_set_has(trace_get_raise(e).virqs, (uint32_t)i)) {
            v->raised = causes[i];
            return;
        }
    }
}

static void receive(struct waits *w, const struct trace_event *e)
{
    struct waiting_vm *v = vm_of(w, e);
    uint64_t packet = trace_get_packet(e).packet;
    if (v && v->raised == CAUSE_NONE) {
        v->packet = packet;
        v->sender = packet == w->sent ? w->sender : TRACE_NO_VM;
    }
}

/* ---- Events ------------------------------------------------------------- */

static void leave(struct leaver *l, const struct waits *w,
                  const struct trace_event *e)
{
    *l = (struct leaver){ e->vm, w->order };
}

/* The VM that ran does not run any longer. */
static void stop(struct waits *w, const struct trace_event *e,
                 enum vm_state state)
{
    const struct waiting_vm *v = vm_of(w, e);
    if (v && v->exists && v->state == VM_RUNNING) {
        leave(&w->processor, w, e);
    }
    enter(w, e, state);
}

/* One line for each kind that is about a wait: a flat switch.
   NOLINTNEXTLINE(readability-function-size) */
static void fold(struct waits *w, const struct trace_event *e)
{
    switch (trace_kind(e)) {
    case TRACE_RUN:
        charge(w, e, CPU_GUEST, trace_get_run(e).cycles);
        break;
    case TRACE_CHARGE:
        charge(w, e, trace_get_charge(e).category, trace_get_charge(e).cycles);
        break;
    case TRACE_CREATE:
        enter(w, e, VM_CREATED);
        break;
    case TRACE_ARRIVE:
        stop(w, e, VM_WAITING);
        break;
    case TRACE_READY:
    case TRACE_SET_ASIDE:
        stop(w, e, VM_READY);
        break;
    case TRACE_PICK:
        enter(w, e, VM_RUNNING);
        break;
    case TRACE_BLOCK:
        stop(w, e, VM_PAGING);
        if (vm_of(w, e)) {
            vm_of(w, e)->blocked = trace_get_block(e).why;
        }
        break;
    case TRACE_IDLE:
        leave(&w->room, w, e);
        stop(w, e, VM_IDLE);
        break;
    case TRACE_LEASE_END:
        leave(&w->room, w, e);
        break;
    case TRACE_END:
        leave(&w->room, w, e);
        leave(&w->frame, w, e);
        stop(w, e, VM_DEAD);
        break;
    case TRACE_EVICT:
        leave(&w->frame, w, e);
        break;
    case TRACE_RAISE:
        raise(w, e);
        break;
    case TRACE_TX:
        w->sent = trace_get_packet(e).packet;
        w->sender = e->vm;
        break;
    case TRACE_RX:
        receive(w, e);
        break;
    case TRACE_DISK_READ:
        begin_transfer(w, e, DISK_OP_READ);
        break;
    case TRACE_DISK_WRITE:
        begin_transfer(w, e, DISK_OP_WRITE);
        break;
    case TRACE_DISK_DONE:
        end_transfer(w, e);
        break;
    case TRACE_DISK_CANCEL: {
        struct transfer_span t;
        (void)take_transfer(w, e, &t);
        break;
    }
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CONSOLE:
    case TRACE_SWITCH:
    case TRACE_PREEMPT:
    case TRACE_WAKE:
    case TRACE_ADMIT:
    case TRACE_FAULT:
    case TRACE_FILL:
    case TRACE_TABLE:
    case TRACE_DELIVER:
    case TRACE_RX_DROP:
    case TRACE_RECV:
    case TRACE_SEND:
    case TRACE_REQUEST:
    case TRACE_REPLY:
    case TRACE_GIVE_UP:
    case TRACE_RETRANSMIT:
    case TRACE_RECLAIM: /* TRACE_EVICT has said it of each frame. */
    case TRACE_PHASE:
    case TRACE_TOUCH:
    case TRACE_DIRTY:
    case TRACE_CLEAN:
    case TRACE_HAND:
    case TRACE_CONNECT:
    case TRACE_CLIENT_SEND:
    case TRACE_CLIENT_RECV:
    case TRACE_TX_DROP:
    case TRACE_LINK_DROP:
    case TRACE_LINK_COPY:
    case TRACE_GIVE_WAY:
    case TRACE_REASON:
    case TRACE_REFUSE_CREATE:
    case TRACE_WRONG:
        break;
    }
}

void waits_event(void *ctx, const struct trace_event *e)
{
    struct waits *w = ctx;
    w->order++;
    w->now = most(w->now, e->time);
    fold(w, e);
}

bool waits_finish(struct waits *w)
{
    end_slice(w);
    for (uint32_t i = 0; i < w->vm_limit; i++) {
        const struct waiting_vm *v = &w->vms[i];
        if (!v->exists) {
            continue;
        }
        bool waits = v->state != VM_RUNNING && v->state != VM_DEAD;
        struct stretch s =
            because(waits ? CAUSE_OPEN : CAUSE_NONE, TRACE_NO_VM);
        s.is_open = true;
        give(w, i, w->now, s);
    }
    return !w->is_short;
}

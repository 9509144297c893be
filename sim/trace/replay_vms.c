/*
 * replay_vms.c - whose state the events change: VMs, their lists, their time
 * and their interrupts.
 */
#include "sim/trace/replay_own.h"

enum { RANK_SET_ASIDE, RANK_PREFERRED, RANK_OTHERS };

struct replay_vm *replay_vm_of(struct replay *r, const struct trace_event *e)
{
    return e->vm < r->info.vm_limit ? &r->vms[e->vm] : NULL;
}

/* ---- Lists -------------------------------------------------------------- */

static void list_push(struct replay *r, struct replay_list *list, uint32_t vm)
{
    struct replay_vm *v = &r->vms[vm];
    v->prev = list->tail;
    v->next = REPLAY_NONE;
    *(list->tail == REPLAY_NONE ? &list->head : &r->vms[list->tail].next) = vm;
    list->tail = vm;
    list->count++;
}

static void list_remove(struct replay *r, struct replay_list *list, uint32_t vm)
{
    const struct replay_vm *v = &r->vms[vm];
    *(v->prev == REPLAY_NONE ? &list->head : &r->vms[v->prev].next) = v->next;
    *(v->next == REPLAY_NONE ? &list->tail : &r->vms[v->next].prev) = v->prev;
    list->count--;
}

static void find_set_aside(struct replay *r)
{
    r->set_aside = r->aside_count > 0 ? r->lists[VM_READY].head : REPLAY_NONE;
}

static void leave_state(struct replay *r, uint32_t vm)
{
    struct replay_vm *v = &r->vms[vm];
    if (!v->exists) {
        return;
    }
    if (v->state == VM_READY) {
        bool was_aside = v->ready_rank == RANK_SET_ASIDE;
        ready_remove(r, vm);
        r->aside_count -= was_aside;
        find_set_aside(r);
    } else {
        list_remove(r, &r->lists[v->state], vm);
    }
    r->running = r->running == vm ? REPLAY_NONE : r->running;
}

static void begin_state(struct replay *r, uint32_t vm, enum vm_state state)
{
    struct replay_vm *v = &r->vms[vm];
    v->exists = true;
    v->is_preferred = false;
    v->state = state;
    v->since = r->now;
}

static void change_state(struct replay *r, uint32_t vm, enum vm_state state)
{
    leave_state(r, vm);
    begin_state(r, vm, state);
    list_push(r, &r->lists[state], vm);
}

static void make_ready(struct replay *r, uint32_t vm, uint8_t rank,
                       uint64_t key)
{
    leave_state(r, vm);
    begin_state(r, vm, VM_READY);
    struct replay_vm *v = &r->vms[vm];
    v->is_preferred = rank == RANK_PREFERRED;
    v->ready_rank = rank;
    v->ready_key = key;
    v->ready_order = r->own->order++;
    ready_insert(r, vm);
}

/* ---- States ------------------------------------------------------------- */

void replay_enter(struct replay *r, const struct trace_event *e,
                  enum vm_state state)
{
    if (replay_vm_of(r, e)) {
        change_state(r, e->vm, state);
    }
}

void replay_ready(struct replay *r, const struct trace_event *e)
{
    struct trace_ready ready = trace_get_ready(e);
    if (replay_vm_of(r, e)) {
        make_ready(r, e->vm, ready.preferred ? RANK_PREFERRED : RANK_OTHERS,
                   ready.key);
    }
}

void replay_set_aside(struct replay *r, const struct trace_event *e)
{
    if (replay_vm_of(r, e)) {
        make_ready(r, e->vm, RANK_SET_ASIDE, UINT64_MAX - r->own->order);
        r->aside_count++;
        find_set_aside(r);
    }
}

void replay_reason(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        v->has_reason = true;
        v->reason = trace_get_reason(e);
    }
}

void replay_pick(struct replay *r, const struct trace_event *e)
{
    if (!replay_vm_of(r, e)) {
        return;
    }
    if (r->running != REPLAY_NONE && r->running != e->vm) {
        /* Who ran before was to leave first: the trace is damaged. */
        make_ready(r, r->running, RANK_OTHERS, 0);
    }
    change_state(r, e->vm, VM_RUNNING);
    r->running = e->vm;
    r->granted = trace_get_pick(e).quantum;
    r->used = 0;
}

void replay_idle(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        change_state(r, e->vm, VM_IDLE);
        v->deadline = trace_get_idle(e).deadline;
    }
}

void replay_end(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        change_state(r, e->vm, VM_DEAD);
        v->rx = 0;
        v->tx = 0;
        replay_drop_flights(r, e->vm);
    }
}

/* ---- Interrupts --------------------------------------------------------- */

void replay_raise(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (v) {
        v->pending |= trace_get_raise(e).virqs;
    }
}

void replay_deliver(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (!v) {
        return;
    }
    r->own->current->deliveries++;
    if (word_set_has(trace_get_deliver(e).virqs, VIRQ_NET_RX)) {
        v->batch = v->rx;
    }
    v->pending = 0;
}

/* ---- Time --------------------------------------------------------------- */

static void charge(struct replay *r, struct replay_vm *v, uint64_t cycles,
                   enum cpu_category category)
{
    /* A charge is said when its cycles have passed. */
    uint64_t from = r->now > cycles ? r->now - cycles : 0;
    r->cpu[category] += cycles;
    if (v) {
        v->cpu[category] += cycles;
    }
    samples_charge(r, from, cycles, category);
}

/* Of the cycles that the running VM is charged, programmed I/O alone is of its
   quantum: what it asks for by virtual instructions. */
void replay_charge(struct replay *r, const struct trace_event *e)
{
    struct trace_charge c = trace_get_charge(e);
    charge(r, replay_vm_of(r, e), c.cycles, c.category);
    if (e->vm == r->running && e->vm != REPLAY_NONE && c.category == CPU_PIO) {
        r->used += c.cycles;
    }
}

void replay_run(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    struct trace_run run = trace_get_run(e);
    charge(r, v, run.cycles, CPU_GUEST);
    if (v) {
        v->insns += run.insns;
    }
    if (v && e->vm == r->running) {
        r->used += run.cycles;
    }
}

/*
 * replay_vms.c - whose state the events change: VMs, their lists, their time
 * and their interrupts.
 */
#include "sim/trace/replay_own.h"

/* Bit of a packet's arrival among virtual interrupts; isa/abi.h has them. */
#define IRQ_NET_RX 1u

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

static void leave_state(struct replay *r, uint32_t vm)
{
    struct replay_vm *v = &r->vms[vm];
    if (!v->exists) {
        return;
    }
    if (v->state == VM_READY) {
        ready_remove(r, vm);
    } else {
        list_remove(r, &r->lists[v->state], vm);
    }
    r->running = r->running == vm ? REPLAY_NONE : r->running;
    r->set_aside = r->set_aside == vm ? REPLAY_NONE : r->set_aside;
}

static void begin_state(struct replay *r, uint32_t vm, enum vm_state state)
{
    struct replay_vm *v = &r->vms[vm];
    v->exists = true;
    v->is_preferred = false;
    v->state = state;
    v->since = r->now;
}

/* To any state but READY. */
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

static void begin_run(struct replay *r, const struct trace_event *e)
{
    if (r->running != REPLAY_NONE && r->running != e->vm) {
        /* Who ran before was to leave first: the trace is damaged. */
        make_ready(r, r->running, RANK_OTHERS, 0);
    }
    change_state(r, e->vm, VM_RUNNING);
    r->running = e->vm;
    r->granted = e->a;
    r->used = 0;
}

static void end_vm(struct replay *r, struct replay_vm *v, uint32_t vm)
{
    change_state(r, vm, VM_DEAD);
    v->rx = 0;
    v->tx = 0;
    replay_drop_flights(r, vm);
}

/* ---- What is counted ---------------------------------------------------- */

static void charge(struct replay *r, struct replay_vm *v, uint64_t cycles,
                   uint64_t category)
{
    if (category >= CPU_CATEGORY_COUNT) {
        return;
    }
    /* It is said when it has passed. */
    uint64_t from = r->now > cycles ? r->now - cycles : 0;
    r->cpu[category] += cycles;
    if (v) {
        v->cpu[category] += cycles;
    }
    samples_charge(r, from, cycles, (enum cpu_category)category);
}

/* Of the cycles that the running VM is charged, programmed I/O alone is of its
   quantum: what it asks for by virtual instructions. */
static void charge_kernel(struct replay *r, const struct trace_event *e)
{
    charge(r, replay_vm_of(r, e), e->a, e->b);
    if (e->vm == r->running && e->vm != REPLAY_NONE && e->b == CPU_PIO) {
        r->used += e->a;
    }
}

static void run(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    charge(r, v, e->b, CPU_GUEST);
    if (v) {
        v->insns += e->a;
    }
    if (v && e->vm == r->running) {
        r->used += e->b;
    }
}

static void deliver(struct replay *r, struct replay_vm *v, uint64_t mask)
{
    r->own->current->deliveries++;
    if (mask & IRQ_NET_RX) {
        v->batch = v->rx;
    }
    v->pending = 0;
}

/* ---- Events ------------------------------------------------------------- */

static void change(struct replay *r, struct replay_vm *v,
                   const struct trace_event *e)
{
    switch ((int)e->kind) {
    case TRACE_CREATE:
        change_state(r, e->vm, VM_CREATED);
        break;
    case TRACE_ARRIVE:
        change_state(r, e->vm, VM_WAITING);
        break;
    case TRACE_READY:
        make_ready(r, e->vm, (e->b >> 8 & 1) ? RANK_PREFERRED : RANK_OTHERS,
                   e->a);
        break;
    case TRACE_PICK:
        begin_run(r, e);
        break;
    case TRACE_SET_ASIDE:
        make_ready(r, e->vm, RANK_SET_ASIDE, 0);
        r->set_aside = e->vm;
        break;
    case TRACE_BLOCK:
        change_state(r, e->vm, VM_PAGING);
        break;
    case TRACE_IDLE:
        change_state(r, e->vm, VM_IDLE);
        v->deadline = e->a;
        break;
    case TRACE_END:
        end_vm(r, v, e->vm);
        break;
    case TRACE_RAISE:
        v->pending |= (uint32_t)e->a;
        break;
    case TRACE_DELIVER:
        deliver(r, v, e->a);
        break;
    default:
        break;
    }
}

void replay_vm_event(struct replay *r, const struct trace_event *e)
{
    struct replay_vm *v = replay_vm_of(r, e);
    if (e->kind == TRACE_RUN) {
        run(r, e);
    } else if (e->kind == TRACE_CHARGE) {
        charge_kernel(r, e);
    } else if (v) {
        change(r, v, e);
    }
}

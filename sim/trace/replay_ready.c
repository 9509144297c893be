/*
 * replay_ready.c - the VMs that are READY, in the scheduler's order: a skip
 * list (Pugh, 1990), so that a place in the midst of ten thousand costs no
 * walk.
 *
 * The list itself is doubly linked in the VMs; three of four VMs stand in
 * nothing else. How high one stands follows from its number, not from a draw:
 * the same trace gives the same list.
 */
#include "sim/trace/replay_own.h"

#define TOP READY_LEVELS

uint32_t ready_height(uint32_t vm)
{
    /* A bijection that leaves no pattern of numbers (murmur3's finish). */
    uint32_t x = vm + 1;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    x ^= x >> 16;
    uint32_t height = x ? (uint32_t)__builtin_ctz(x) / 2 : TOP;
    return height < TOP ? height : TOP;
}

/* The link at `level`, counted from 1, of `vm`, or of the list's head. */
static uint32_t *link_of(struct replay *r, uint32_t vm, uint32_t level)
{
    struct replay_own *own = r->own;
    return vm == REPLAY_NONE ? &own->ready_up[level - 1]
                             : &own->up[own->up_at[vm] + level - 1];
}

static bool is_before(const struct replay_vm *a, const struct replay_vm *b)
{
    if (a->ready_rank != b->ready_rank) {
        return a->ready_rank < b->ready_rank;
    }
    if (a->ready_key != b->ready_key) {
        return a->ready_key < b->ready_key;
    }
    return a->ready_order < b->ready_order;
}

/* The last that stands before `vm` at each level up to its own height, and the
   last at level 0; REPLAY_NONE: the head. */
static uint32_t find(struct replay *r, uint32_t vm, uint32_t before[TOP])
{
    const struct replay_vm *vms = r->vms;
    uint32_t at = REPLAY_NONE;
    for (uint32_t level = TOP; level > 0; level--) {
        uint32_t next = *link_of(r, at, level);
        while (next != REPLAY_NONE && is_before(&vms[next], &vms[vm])) {
            at = next;
            next = *link_of(r, at, level);
        }
        before[level - 1] = at;
    }
    uint32_t next = at == REPLAY_NONE ? r->lists[VM_READY].head : vms[at].next;
    while (next != REPLAY_NONE && is_before(&vms[next], &vms[vm])) {
        at = next;
        next = vms[at].next;
    }
    return at;
}

static void link_after(struct replay *r, uint32_t vm, uint32_t at)
{
    struct replay_list *list = &r->lists[VM_READY];
    struct replay_vm *v = &r->vms[vm];
    uint32_t *from_left = at == REPLAY_NONE ? &list->head : &r->vms[at].next;
    v->prev = at;
    v->next = *from_left;
    *(v->next == REPLAY_NONE ? &list->tail : &r->vms[v->next].prev) = vm;
    *from_left = vm;
    list->count++;
}

void ready_insert(struct replay *r, uint32_t vm)
{
    uint32_t height = ready_height(vm);
    uint32_t tail = r->lists[VM_READY].tail;
    if (height == 0 &&
        (tail == REPLAY_NONE || is_before(&r->vms[tail], &r->vms[vm]))) {
        link_after(r, vm, tail);
        return;
    }
    uint32_t before[TOP];
    link_after(r, vm, find(r, vm, before));
    for (uint32_t level = 1; level <= height; level++) {
        uint32_t *from_left = link_of(r, before[level - 1], level);
        *link_of(r, vm, level) = *from_left;
        *from_left = vm;
    }
}

void ready_remove(struct replay *r, uint32_t vm)
{
    struct replay_list *list = &r->lists[VM_READY];
    const struct replay_vm *v = &r->vms[vm];
    uint32_t height = ready_height(vm);
    if (height > 0) {
        uint32_t before[TOP];
        find(r, vm, before);
        for (uint32_t level = 1; level <= height; level++) {
            *link_of(r, before[level - 1], level) = *link_of(r, vm, level);
        }
    }
    *(v->prev == REPLAY_NONE ? &list->head : &r->vms[v->prev].next) = v->next;
    *(v->next == REPLAY_NONE ? &list->tail : &r->vms[v->next].prev) = v->prev;
    list->count--;
}

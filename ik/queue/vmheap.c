/* vmheap.c - see vmheap.h. */
#include "ik/queue/vmheap.h"

#include "sim/arena.h"

bool vmheap_init(struct vmheap *h, struct arena *arena, uint32_t vm_limit)
{
    *h = (struct vmheap){ 0 };
    h->slots =
        arena_alloc(arena, vm_limit * sizeof(*h->slots), alignof(uint64_t));
    return h->slots;
}

static bool is_before(const struct vmheap *h, vmid_t a, vmid_t b)
{
    const struct vmheap_slot *x = &h->slots[a];
    const struct vmheap_slot *y = &h->slots[b];
    return x->key != y->key ? x->key < y->key : x->order < y->order;
}

static void put(struct vmheap *h, uint32_t place, vmid_t vm)
{
    h->slots[place].vm = vm;
    h->slots[vm].place_plus_1 = place + 1;
}

/* Puts `vm` at `place`, or above it. */
static void sift_up(struct vmheap *h, uint32_t place, vmid_t vm)
{
    while (place > 0) {
        uint32_t parent = (place - 1) / 2;
        vmid_t above = h->slots[parent].vm;
        if (!is_before(h, vm, above)) {
            break;
        }
        put(h, place, above);
        place = parent;
    }
    put(h, place, vm);
}

/* Puts `vm` at `place`, or below it. */
static void sift_down(struct vmheap *h, uint32_t place, vmid_t vm)
{
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child >= h->count) {
            break;
        }
        if (child + 1 < h->count &&
            is_before(h, h->slots[child + 1].vm, h->slots[child].vm)) {
            child++;
        }
        vmid_t below = h->slots[child].vm;
        if (!is_before(h, below, vm)) {
            break;
        }
        put(h, place, below);
        place = child;
    }
    put(h, place, vm);
}

void vmheap_push(struct vmheap *h, vmid_t vm, uint64_t key)
{
    SIM_ASSERT(h->slots[vm].place_plus_1 == 0);
    h->slots[vm].key = key;
    h->slots[vm].order = h->arrivals++;
    sift_up(h, h->count++, vm);
}

void vmheap_remove(struct vmheap *h, vmid_t vm)
{
    SIM_ASSERT(h->slots[vm].place_plus_1 > 0);
    uint32_t place = h->slots[vm].place_plus_1 - 1;
    h->slots[vm].place_plus_1 = 0;
    vmid_t last = h->slots[--h->count].vm;
    if (last == vm) {
        return;
    }
    if (is_before(h, last, vm)) {
        sift_up(h, place, last);
    } else {
        sift_down(h, place, last);
    }
}

/* transfer.c - see transfer.h. */
#include "ik/memory/transfer.h"

#include "ik/kernel.h"
#include "sim/arena.h"

void transfers_init(struct transfers *t, struct arena *arena)
{
    *t = (struct transfers){ .arena = arena };
}

struct transfer *transfer_get(struct transfers *t)
{
    struct transfer *x = t->free;
    if (x) {
        t->free = x->next;
    } else {
        x = arena_alloc(t->arena, sizeof(*x), alignof(struct transfer));
        if (!x) {
            return NULL;
        }
    }
    *x = (struct transfer){ .vm = VM_NONE };
    for (uint32_t i = 0; i < TRANSFER_PAGES; i++) {
        x->frames[i] = FRAME_NONE;
    }
    return x;
}

static void unlink_flying(struct transfers *t, struct transfer *x)
{
    if (x->prev) {
        x->prev->next = x->next;
    } else {
        t->flying = x->next;
    }
    if (x->next) {
        x->next->prev = x->prev;
    }
    t->in_flight--;
    if (x->kind == TRANSFER_PAGE_OUT) {
        t->pages_writing -= x->count;
    }
}

/* The spindle has served it: the kernel hears of it by an interrupt. */
static void on_done(void *ctx, struct disk_request *request)
{
    struct transfers *t = ctx;
    struct transfer *x = CONTAINER_OF(request, struct transfer, request);
    x->finished_next = NULL;
    if (t->finished_tail) {
        t->finished_tail->finished_next = x;
    } else {
        t->finished_head = x;
    }
    t->finished_tail = x;
}

/* Its disk and length, as events say it. */
static uint64_t place_of(const struct kernel *k, const struct transfer *x)
{
    return (uint64_t)(x->disk - k->swap.disks) << 32 | x->count;
}

void transfer_issue(struct kernel *k, struct transfer *x, uint64_t first)
{
    SIM_ASSERT(x->count > 0);
    SIM_ASSERT(x->count <= TRANSFER_PAGES);
    struct transfers *t = &k->transfers;
    uint64_t block;
    x->disk = swap_locate(&k->swap, first, &block);
    bool is_write =
        x->kind != TRANSFER_PAGE_IN && x->kind != TRANSFER_DISK_READ;
    x->request = (struct disk_request){
        .block = block,
        .count = x->count,
        .is_write = is_write,
        .done = on_done,
        .ctx = t,
    };
    x->prev = NULL;
    x->next = t->flying;
    if (t->flying) {
        t->flying->prev = x;
    }
    t->flying = x;
    t->in_flight++;
    if (x->kind == TRANSFER_PAGE_OUT) {
        t->pages_writing += x->count;
    }
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->disk.reads += !is_write;
        s->disk.writes += is_write;
    }
    kernel_emit(k, is_write ? TRACE_DISK_WRITE : TRACE_DISK_READ, x->vm, block,
                place_of(k, x));
    disk_submit(x->disk, k->now, &x->request);
}

struct transfer *transfer_next_finished(struct transfers *t)
{
    struct transfer *x = t->finished_head;
    if (x) {
        t->finished_head = x->finished_next;
        if (!t->finished_head) {
            t->finished_tail = NULL;
        }
        unlink_flying(t, x);
    }
    return x;
}

void transfer_put(struct transfers *t, struct transfer *x)
{
    x->next = t->free;
    t->free = x;
}

bool transfer_cancel(struct kernel *k, struct transfer *x)
{
    if (!disk_cancel(x->disk, &x->request)) {
        return false;
    }
    kernel_emit(k, TRACE_DISK_CANCEL, TRACE_NO_VM, x->request.block,
                place_of(k, x));
    unlink_flying(&k->transfers, x);
    transfer_put(&k->transfers, x);
    return true;
}

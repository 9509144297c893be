/* index.c - see index.h. */
#include "sim/waits/index.h"

#include <stdlib.h>

#include "sim/grow.h"

/* ---- Taking in ---------------------------------------------------------- */

static void keep_stretch(void *ctx, const struct stretch *s)
{
    struct waits_index *x = ctx;
    struct stretch *all = grow_array(x->stretches, x->stretch_count,
                                     &x->stretch_room, sizeof(*all));
    if (!all) {
        x->is_short = true;
        return;
    }
    x->stretches = all;
    x->stretches[x->stretch_count++] = *s;
}

static void keep_slice(void *ctx, const struct slice *s)
{
    struct waits_index *x = ctx;
    struct slice *all =
        grow_array(x->slices, x->slice_count, &x->slice_room, sizeof(*all));
    if (!all) {
        x->is_short = true;
        return;
    }
    x->slices = all;
    x->slices[x->slice_count++] = *s;
}

static void keep_transfer(void *ctx, const struct transfer_span *t)
{
    struct waits_index *x = ctx;
    struct transfer_span *all = grow_array(x->transfers, x->transfer_count,
                                           &x->transfer_room, sizeof(*all));
    if (!all) {
        x->is_short = true;
        return;
    }
    x->transfers = all;
    x->transfers[x->transfer_count++] = *t;
}

bool waits_index_init(struct waits_index *x, uint32_t vm_limit, uint32_t disks)
{
    const struct waits_sink sink = {
        .ctx = x,
        .stretch = keep_stretch,
        .slice = keep_slice,
        .transfer = keep_transfer,
    };
    *x = (struct waits_index){ .vm_limit = vm_limit };
    x->waits = waits_create(vm_limit, disks, &sink);
    x->starts = calloc((size_t)vm_limit + 1, sizeof(*x->starts));
    return x->waits && x->starts;
}

void waits_index_release(struct waits_index *x)
{
    waits_free(x->waits);
    free(x->starts);
    free(x->stretches);
    free(x->slices);
    free(x->transfers);
    *x = (struct waits_index){ 0 };
}

void waits_index_event(void *ctx, const struct trace_event *event)
{
    struct waits_index *x = ctx;
    waits_event(x->waits, event);
}

/* Sorts the stretches by VM; those of a VM keep their order. */
static bool sort_stretches(struct waits_index *x)
{
    struct stretch *sorted =
        calloc(x->stretch_count > 0 ? x->stretch_count : 1, sizeof(*sorted));
    if (!sorted) {
        return false;
    }
    for (size_t i = 0; i < x->stretch_count; i++) {
        x->starts[x->stretches[i].vm]++;
    }
    size_t sum = 0;
    for (size_t vm = 0; vm <= x->vm_limit; vm++) {
        size_t count = x->starts[vm];
        x->starts[vm] = sum;
        sum += count;
    }
    for (size_t i = 0; i < x->stretch_count; i++) {
        sorted[x->starts[x->stretches[i].vm]++] = x->stretches[i];
    }
    /* Each start has become the next one. */
    for (size_t vm = x->vm_limit; vm > 0; vm--) {
        x->starts[vm] = x->starts[vm - 1];
    }
    x->starts[0] = 0;
    free(x->stretches);
    x->stretches = sorted;
    return true;
}

bool waits_index_finish(struct waits_index *x)
{
    bool is_whole = waits_finish(x->waits);
    waits_free(x->waits);
    x->waits = NULL;
    return is_whole && !x->is_short && sort_stretches(x);
}

/* ---- Looking up --------------------------------------------------------- */

const struct stretch *waits_index_at(const struct waits_index *x, uint32_t vm,
                                     uint64_t cycle)
{
    if (vm >= x->vm_limit) {
        return NULL;
    }
    size_t low = x->starts[vm];
    size_t high = x->starts[vm + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct stretch *s = &x->stretches[middle];
        if (cycle < s->from) {
            high = middle;
        } else if (cycle >= s->to) {
            low = middle + 1;
        } else {
            return s;
        }
    }
    return NULL;
}

static uint64_t end_of_slice(const struct waits_index *x, size_t i)
{
    return x->slices[i].to;
}

static uint64_t end_of_transfer(const struct waits_index *x, size_t i)
{
    return x->transfers[i].done;
}

/* Returns the first of `count` slices, or transfers, that ends after the cycle. */
static size_t first_after(const struct waits_index *x, size_t count,
                          uint64_t (*end)(const struct waits_index *, size_t),
                          uint64_t cycle)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (end(x, middle) > cycle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* ---- Antagonists -------------------------------------------------------- */

struct shares {
    struct antagonist *all; /* Owned. */
    size_t count, room;
    bool is_short;
};

/* Adds what [from, to) has in common with the stretch. */
static void add(struct shares *h, const struct stretch *s, uint64_t from,
                uint64_t to, struct antagonist who)
{
    from = from > s->from ? from : s->from;
    to = to < s->to ? to : s->to;
    if (from >= to) {
        return;
    }
    struct antagonist *all =
        grow_array(h->all, h->count, &h->room, sizeof(*all));
    if (!all) {
        h->is_short = true;
        return;
    }
    who.cycles = to - from;
    h->all = all;
    h->all[h->count++] = who;
}

static int by_who(const void *left, const void *right)
{
    const struct antagonist *a = left;
    const struct antagonist *b = right;
    if (a->vm != b->vm) {
        return a->vm < b->vm ? -1 : 1;
    }
    return (int)a->category - (int)b->category;
}

static int by_share(const void *left, const void *right)
{
    const struct antagonist *a = left;
    const struct antagonist *b = right;
    if (a->cycles != b->cycles) {
        return a->cycles > b->cycles ? -1 : 1;
    }
    return by_who(left, right);
}

/* Makes one of the shares of each. */
static void sum_up(struct shares *h)
{
    if (h->count == 0) {
        return;
    }
    qsort(h->all, h->count, sizeof(*h->all), by_who);
    size_t kept = 0;
    for (size_t i = 1; i < h->count; i++) {
        if (by_who(&h->all[kept], &h->all[i]) == 0) {
            h->all[kept].cycles += h->all[i].cycles;
        } else {
            h->all[++kept] = h->all[i];
        }
    }
    h->count = kept + 1;
    qsort(h->all, h->count, sizeof(*h->all), by_share);
}

size_t waits_antagonists(const struct waits_index *x, const struct stretch *s,
                         struct antagonist *to, size_t limit)
{
    struct shares h = { .all = NULL };
    if (s->cause == CAUSE_SPINDLE) {
        for (size_t i =
                 first_after(x, x->transfer_count, end_of_transfer, s->from);
             i < x->transfer_count; i++) {
            const struct transfer_span *t = &x->transfers[i];
            if (t->disk == s->disk && t->begun < s->to) {
                add(&h, s, t->begun, t->done,
                    (struct antagonist){ .vm = t->vm, .category = CPU_GUEST });
            } else if (t->disk == s->disk) {
                break;
            }
        }
    } else {
        for (size_t i = first_after(x, x->slice_count, end_of_slice, s->from);
             i < x->slice_count && x->slices[i].from < s->to; i++) {
            const struct slice *c = &x->slices[i];
            add(&h, s, c->from, c->to,
                (struct antagonist){ .vm = c->vm, .category = c->category });
        }
    }
    sum_up(&h);
    size_t count = h.is_short ? SIZE_MAX : h.count;
    for (size_t i = 0; count != SIZE_MAX && i < count && i < limit; i++) {
        to[i] = h.all[i];
    }
    free(h.all);
    return count;
}

/* raster.c - a trace as stretches, and the order of the VMs; see raster.h. */
#include "viz/raster/raster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/banned.h"

/* Returns room for a value in each column of each of `kinds` things. */
static uint64_t *picture(struct arena *arena, size_t kinds)
{
    return arena_alloc(arena, kinds * RASTER_COLUMNS_MOST * sizeof(uint64_t),
                       alignof(uint64_t));
}

bool raster_init(struct raster *r, struct arena *arena, uint32_t vm_count,
                 uint32_t disks)
{
    *r = (struct raster){ .vm_count = vm_count };
    size_t room = vm_count > 0 ? vm_count : 1;
    r->vms = arena_alloc(arena, room * sizeof(*r->vms), alignof(uint32_t));
    r->sums =
        arena_alloc(arena, room * sizeof(*r->sums), alignof(struct raster_vm));
    r->cells = picture(arena, VM_STATE_COUNT);
    r->totals = picture(arena, VM_STATE_COUNT);
    r->processor = picture(arena, CPU_CATEGORY_COUNT);
    size_t pixels = (size_t)RASTER_COLUMNS_MOST * RASTER_HEIGHT_MOST;
    r->pixels =
        arena_alloc(arena, pixels * sizeof(*r->pixels), alignof(uint32_t));
    return waits_index_init(&r->index, vm_count, disks) && r->vms && r->sums &&
           r->cells && r->totals && r->processor && r->pixels;
}

void raster_release(struct raster *r)
{
    waits_index_release(&r->index);
    *r = (struct raster){ 0 };
}

static void sum_up(struct raster *r, const struct vm_roster *v)
{
    for (uint32_t vm = 0; vm < r->vm_count; vm++) {
        struct raster_vm *sum = &r->sums[vm];
        *sum = (struct raster_vm){ .vm = vm, .group = vm_roster_group(v, vm) };
        for (size_t i = r->index.starts[vm]; i < r->index.starts[vm + 1]; i++) {
            const struct stretch *s = &r->index.stretches[i];
            if (s->state == VM_RUNNING) {
                sum->running += s->to - s->from;
            } else if (s->state != VM_IDLE && s->state != VM_DEAD) {
                sum->waiting += s->to - s->from;
            }
            r->end = s->to > r->end ? s->to : r->end;
        }
    }
}

bool raster_finish(struct raster *r, const struct vm_roster *v)
{
    if (!waits_index_finish(&r->index)) {
        return false;
    }
    sum_up(r, v);
    raster_sort(r, RASTER_BY_NUMBER);
    return true;
}

bool raster_load(struct raster *r, struct arena *arena, const char *path,
                 char message[TRACE_MESSAGE_BYTES])
{
    *r = (struct raster){ 0 };
    struct trace_file *file = trace_file_open(path, message);
    if (!file) {
        return false;
    }
    const struct trace_info *info = trace_file_info(file);
    bool is_good = raster_init(r, arena, info->vm_limit, info->disks);
    struct trace_event event;
    while (is_good && trace_file_next(file, &event) == TRACE_READ_EVENT) {
        waits_index_event(&r->index, &event);
    }
    is_good = is_good && raster_finish(r, &info->roster);
    trace_file_close(file);
    if (!is_good) {
        snprintf(message, TRACE_MESSAGE_BYTES,
                 "the host has too little memory for the raster");
    }
    return is_good;
}

/* ---- Order -------------------------------------------------------------- */

static int more_first(uint64_t a, uint64_t b)
{
    return a == b ? 0 : a > b ? -1 : 1;
}

static int by_number(const void *left, const void *right)
{
    const struct raster_vm *a = left;
    const struct raster_vm *b = right;
    return a->vm < b->vm ? -1 : a->vm > b->vm;
}

static int by_processor(const void *left, const void *right)
{
    const struct raster_vm *a = left;
    const struct raster_vm *b = right;
    int order = more_first(a->running, b->running);
    return order != 0 ? order : by_number(left, right);
}

static int by_group(const void *left, const void *right)
{
    const struct raster_vm *a = left;
    const struct raster_vm *b = right;
    int order = a->group < b->group ? -1 : a->group > b->group;
    return order != 0 ? order : by_processor(left, right);
}

static int by_waiting(const void *left, const void *right)
{
    const struct raster_vm *a = left;
    const struct raster_vm *b = right;
    int order = more_first(a->waiting, b->waiting);
    return order != 0 ? order : by_number(left, right);
}

static const struct {
    const char *name;
    int (*compare)(const void *left, const void *right);
} orders[RASTER_ORDER_COUNT] = {
    [RASTER_BY_NUMBER] = { "number", by_number },
    [RASTER_BY_GROUP] = { "group", by_group },
    [RASTER_BY_PROCESSOR] = { "processor", by_processor },
    [RASTER_BY_WAITING] = { "waiting", by_waiting },
};

const char *raster_order_name(enum raster_order order)
{
    return orders[order].name;
}

bool raster_order_read(const char *name, enum raster_order *order,
                       char message[TRACE_MESSAGE_BYTES])
{
    int used = snprintf(message, TRACE_MESSAGE_BYTES,
                        "there is no order '%s'; there are", name);
    for (int i = 0; i < RASTER_ORDER_COUNT; i++) {
        if (strcmp(orders[i].name, name) == 0) {
            *order = (enum raster_order)i;
            return true;
        }
        if (used > 0 && used < TRACE_MESSAGE_BYTES) {
            used += snprintf(message + used, TRACE_MESSAGE_BYTES - (size_t)used,
                             "%s %s", i > 0 ? "," : "", orders[i].name);
        }
    }
    return false;
}

void raster_sort(struct raster *r, enum raster_order order)
{
    r->is_painted = false;
    if (r->vm_count > 0) {
        qsort(r->sums, r->vm_count, sizeof(*r->sums), orders[order].compare);
    }
    for (uint32_t i = 0; i < r->vm_count; i++) {
        r->vms[i] = r->sums[i].vm;
    }
}

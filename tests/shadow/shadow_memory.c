/*
 * shadow_memory.c - pages, page tables and frames.
 *
 * Frames of pages on their way in are taken when their read begins, and shown
 * when it ends: the first reading has counted them. Of a read that does not
 * end, or ends for a VM that is gone, only bounds are known.
 */
#include "tests/shadow/shadow.h"

/* docs/report.md: the kernel's own. */
#define PAGE_BYTES        4096
#define KERNEL_BYTES      (1u << 20)
#define WRITE_BYTES       (1u << 20)
#define POOL_PACKET_BYTES 2048
#define VM_BYTES          8472

bool shadow_memory_init(struct shadow *s)
{
    const json_t *kernel = json_object_get(s->info->scenario, "kernel");
    double pool = shadow_number(kernel, "rx_pool");
    uint64_t bytes =
        KERNEL_BYTES + WRITE_BYTES + (uint64_t)pool * POOL_PACKET_BYTES;
    s->kernel_frames = bytes / PAGE_BYTES;
    return pool > 0;
}

static void note_peak(struct shadow *s)
{
    uint64_t kernel =
        s->kernel_frames + (s->living * VM_BYTES + PAGE_BYTES - 1) / PAGE_BYTES;
    uint64_t least = s->used_least + kernel;
    uint64_t most = s->used_most + kernel;
    s->peak_least = least > s->peak_least ? least : s->peak_least;
    s->peak_most = most > s->peak_most ? most : s->peak_most;
}

void shadow_use(struct shadow *s, int64_t least, int64_t most)
{
    s->used_least += (uint64_t)least;
    s->used_most += (uint64_t)most;
    note_peak(s);
}

static void use(struct shadow *s, int64_t frames)
{
    shadow_use(s, frames, frames);
}

static void take_table(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    vm->tables += f->is_allocated ? 1 : (uint64_t)-1;
    s->tables += f->is_allocated ? 1 : (uint64_t)-1;
    s->table_peak = s->tables > s->table_peak ? s->tables : s->table_peak;
    use(s, f->is_allocated ? 1 : -1);
}

/* A page comes to a VM that waits for it from a disk, to another without. */
static void take_fill(struct shadow *s, struct shadow_vm *vm,
                      const struct fact *f)
{
    vm->resident++;
    use(s, 1);
    s->count.zero_fills += s->in_window && f->is_zero;
    s->count.page_ins += s->in_window && vm->state == SHADOW_PAGING;
}

static void take_evict(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    (void)f;
    vm->resident--;
    use(s, -1);
}

static void take_fault(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    (void)vm;
    s->count.faults += s->in_window;
    s->groups[shadow_group_of(s, f->vm)].faults++;
}

static void take_clean(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    (void)vm;
    (void)f;
    s->count.page_outs += s->in_window;
}

static shadow_taker *const takers[TRACE_KIND_COUNT] = {
    [TRACE_TABLE] = take_table, [TRACE_FILL] = take_fill,
    [TRACE_EVICT] = take_evict, [TRACE_FAULT] = take_fault,
    [TRACE_CLEAN] = take_clean,
};

void shadow_memory(struct shadow *s, const struct fact *f)
{
    shadow_tell(s, takers, f);
}

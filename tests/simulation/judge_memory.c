/* judge_memory.c - frames, pages and the spindles; see judge.h. */
#include <string.h>

#include "sim/devices/machine.h"
#include "tests/simulation/judge_own.h"

/* However far the arm and the platter are, a spindle is done with a request
   within this, and its blocks at a tenth of the slowest rate there is. */
#define SERVICE_NS 200000000ull
#define BLOCK_NS   2000000ull

static uint64_t service_cycles(const struct judge *j, uint64_t blocks)
{
    return cycles_from_ns(SERVICE_NS + blocks * BLOCK_NS, j->info->cpu_hz);
}

/* ---- Frames ------------------------------------------------------------- */

static struct judged_page *page_at(struct judge *j, const struct trace_event *e,
                                   uint32_t page)
{
    struct judged_vm *vm = judge_vm(j, e);
    if (page >= vm->page_count) {
        judge_find(j, "frames", "VM %u has no page %u", e->vm, page);
        j->no_page = (struct judged_page){ .frame = TRACE_NONE };
        return &j->no_page;
    }
    return &vm->pages[page];
}

/* The frame was nobody's. */
static void give(struct judge *j, const struct trace_event *e, uint32_t frame,
                 uint32_t page)
{
    if (frame >= j->info->frames) {
        judge_find(j, "frames", "there is no frame %u", frame);
        return;
    }
    if (j->owners[frame] != TRACE_NO_VM) {
        judge_find(j, "frames", "VM %u gets frame %u, which VM %u has", e->vm,
                   frame, j->owners[frame]);
    }
    j->owners[frame] = e->vm;
    j->frame_page[frame] = page;
}

/* Returns the page, which is in that frame. */
static struct judged_page *resident(struct judge *j,
                                    const struct trace_event *e)
{
    struct trace_resident r = trace_get_resident(e);
    struct judged_page *p = page_at(j, e, r.page);
    if (p->frame != r.frame) {
        judge_find(j, "frames", "page %u of VM %u is in frame %u, not in %u",
                   r.page, e->vm, p->frame, r.frame);
    }
    return p;
}

static void take_fill(struct judge *j, const struct trace_event *e)
{
    struct trace_fill f = trace_get_fill(e);
    struct judged_page *p = page_at(j, e, f.page);
    if (p->frame != TRACE_NONE) {
        judge_find(j, "frames", "page %u of VM %u is in frames %u and %u",
                   f.page, e->vm, p->frame, f.frame);
    }
    if (f.zeroed && p->is_written) {
        judge_find(j, "frames", "page %u of VM %u was written, and is zero",
                   f.page, e->vm);
    }
    give(j, e, f.frame, f.page);
    p->frame = f.frame;
    p->is_dirty = false;
}

static void take_touch(struct judge *j, const struct trace_event *e)
{
    resident(j, e);
}

static void take_dirty(struct judge *j, const struct trace_event *e)
{
    struct judged_page *p = resident(j, e);
    if (p->is_dirty) {
        judge_find(j, "frames", "a dirty page of VM %u becomes dirty", e->vm);
    }
    p->is_dirty = true;
    p->is_written = true;
}

static void take_clean(struct judge *j, const struct trace_event *e)
{
    struct judged_page *p = resident(j, e);
    if (!p->is_dirty) {
        judge_find(j, "frames", "a clean page of VM %u is cleaned", e->vm);
    }
    p->is_dirty = false;
}

static void take_evict(struct judge *j, const struct trace_event *e)
{
    struct judged_page *p = resident(j, e);
    struct trace_evict v = trace_get_evict(e);
    if (p->is_dirty && (!v.dirty || v.why != EVICTION_END)) {
        judge_find(j, "frames",
                   "page %u of VM %u leaves its frame and was not copied",
                   v.page, e->vm);
    }
    if (p->frame < j->info->frames) {
        j->owners[p->frame] = TRACE_NO_VM;
    }
    p->frame = TRACE_NONE;
}

static void take_table(struct judge *j, const struct trace_event *e)
{
    struct trace_table t = trace_get_table(e);
    if (t.change == TABLE_ALLOCATED) {
        give(j, e, t.frame, TRACE_NONE);
        return;
    }
    if (t.frame >= j->info->frames || j->owners[t.frame] != e->vm ||
        j->frame_page[t.frame] != TRACE_NONE) {
        judge_find(j, "frames", "frame %u holds no table of VM %u", t.frame,
                   e->vm);
        return;
    }
    j->owners[t.frame] = TRACE_NO_VM;
}

void judge_memory_end(struct judge *j, const struct trace_event *e)
{
    for (uint32_t i = 0; i < j->info->frames; i++) {
        if (j->owners[i] == e->vm) {
            judge_find(j, "frames", "VM %u is dead, and has frame %u", e->vm,
                       i);
        }
    }
}

/* ---- The spindles ------------------------------------------------------- */

static void begin(struct judge *j, const struct trace_event *e)
{
    struct trace_transfer t = trace_get_transfer(e);
    uint64_t room = j->io_room;
    j->ios = judge_grow(j->ios, sizeof(*j->ios), &room, j->io_count);
    j->io_room = (uint32_t)room;
    if (t.disk >= j->info->disks) {
        judge_find(j, "disk", "there is no spindle %u", t.disk);
        return;
    }
    bool is_write = trace_kind(e) == TRACE_DISK_WRITE;
    struct judged_disk *d = &j->disks[t.disk];
    d->moved = d->open > 0 ? d->moved : e->time;
    d->open++;
    d->most_open = d->open > d->most_open ? d->open : d->most_open;
    j->ios[j->io_count++] = (struct judged_io){
        .block = t.block,
        .begun = e->time,
        .disk = t.disk,
        .blocks = (uint32_t)t.blocks,
        .vm = e->vm,
        .is_write = is_write,
    };
    judge_vm(j, e)->reads++;
}

static void end(struct judge *j, const struct trace_event *e)
{
    struct trace_transfer t = trace_get_transfer(e);
    uint32_t at = 0;
    while (at < j->io_count &&
           (j->ios[at].disk != t.disk || j->ios[at].block != t.block ||
            j->ios[at].blocks != t.blocks)) {
        at++;
    }
    if (at == j->io_count) {
        judge_find(j, "disk", "spindle %u ends what it was not asked for",
                   t.disk);
        return;
    }
    struct judged_disk *d = &j->disks[t.disk];
    d->open--;
    d->moved = e->time;
    j->vms[j->ios[at].vm < j->vm_limit ? j->ios[at].vm : j->vm_limit].reads--;
    j->io_count--;
    memmove(&j->ios[at], &j->ios[at + 1], (j->io_count - at) * sizeof(*j->ios));
    for (uint32_t i = 0; i < at; i++) {
        /* Those asked before: a sweep to and fro lets each of those that wait
           pass twice; a new one comes after them. */
        j->ios[i].passed += j->ios[i].disk == t.disk;
        if (j->ios[i].passed > 2ull * d->most_open + 2) {
            judge_find(j, "disk", "%llu requests to spindle %u pass one",
                       (unsigned long long)j->ios[i].passed, t.disk);
        }
    }
}

static bool has_read(const struct judge *j, uint32_t vm)
{
    for (uint32_t i = 0; i < j->io_count; i++) {
        if (j->ios[i].vm == vm && !j->ios[i].is_write) {
            return true;
        }
    }
    return false;
}

/* Nobody runs: whoever waits for a page waits for a spindle. */
static void look_at_waits(struct judge *j)
{
    for (uint32_t i = 0; i < j->vm_limit; i++) {
        const struct judged_vm *vm = &j->vms[i];
        if (vm->state != JUDGED_PAGING) {
            continue;
        }
        bool is_coming =
            vm->wait == VM_WAIT_READ ? has_read(j, i) : j->io_count > 0;
        if (!is_coming) {
            judge_find(j, "paging",
                       "VM %u waits for a %s, and no spindle is "
                       "asked",
                       i, vm->wait == VM_WAIT_READ ? "page" : "frame");
        }
    }
}

void judge_memory_pass(struct judge *j, uint64_t from, bool is_idle)
{
    if (is_idle) {
        look_at_waits(j);
    }
    for (uint32_t d = 0; d < j->info->disks; d++) {
        uint64_t most = 0;
        if (j->disks[d].open == 0 ||
            from - j->disks[d].moved < service_cycles(j, 1)) {
            continue;
        }
        for (uint32_t i = 0; i < j->io_count; i++) {
            bool is_more = j->ios[i].disk == d && j->ios[i].blocks > most;
            most = is_more ? j->ios[i].blocks : most;
        }
        if (from - j->disks[d].moved > service_cycles(j, most)) {
            judge_find(j, "disk",
                       "spindle %u has ended nothing since cycle "
                       "%llu",
                       d, (unsigned long long)j->disks[d].moved);
        }
    }
}

judge_taker *const judge_memory_takers[TRACE_KIND_COUNT] = {
    [TRACE_FILL] = take_fill,   [TRACE_TOUCH] = take_touch,
    [TRACE_DIRTY] = take_dirty, [TRACE_CLEAN] = take_clean,
    [TRACE_EVICT] = take_evict, [TRACE_TABLE] = take_table,
    [TRACE_DISK_READ] = begin,  [TRACE_DISK_WRITE] = begin,
    [TRACE_DISK_DONE] = end,    [TRACE_DISK_CANCEL] = end,
};

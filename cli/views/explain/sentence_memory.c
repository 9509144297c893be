/* sentence_memory.c - pages, frames and spindles. */
#include "cli/views/explain/sentence.h"

#include "cli/views/explain/words.h"
#include "ik/memory/eviction.h"
#include "isa/cpu.h"

static void of_fault(struct sentences *s, const struct trace_event *e)
{
    static const char *const accesses[] = {
        [CPU_READ] = "reads",
        [CPU_WRITE] = "writes",
        [CPU_FETCH] = "executes",
    };
    sentence_put(s, "VM %u %s %#llx, whose page has no frame", e->vm,
                 e->b <= CPU_FETCH ? accesses[e->b] : "uses",
                 (unsigned long long)e->a);
}

static void of_fill(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "Page %llu of VM %u is in frame %u, ",
                 (unsigned long long)e->a, e->vm, (uint32_t)e->b);
    sentence_put(s, e->b >> 32 ? "filled with zeros: it was never used"
                               : "as it was on disk");
}

static void of_table(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "VM %u %s page table %u, %s frame %u", e->vm,
                 e->b ? "gets" : "gives up", (uint32_t)e->a,
                 e->b ? "in" : "and its", (uint32_t)(e->a >> 32));
}

static void of_block(struct sentences *s, const struct trace_event *e)
{
    char transfers[WORDS_BYTES];
    words_count(e->b, "transfer", transfers);
    sentence_put(s, "VM %u waits: %s, with %s on the way", e->vm,
                 e->a == 1 ? "its page must be read from disk"
                           : "there is no frame to be had",
                 transfers);
}

static void put_last_use(struct sentences *s, const struct trace_event *e)
{
    uint32_t frame = (uint32_t)e->b;
    const struct replay *r = s->replay;
    if (frame >= r->info.frames || r->frames[frame].touched == 0 ||
        r->frames[frame].touched > e->time) {
        return;
    }
    char age[WORDS_BYTES];
    words_duration(e->time - r->frames[frame].touched, r->info.cpu_hz, age);
    sentence_put(s, ", last seen touched %s ago", age);
}

static void of_evict(struct sentences *s, const struct trace_event *e)
{
    static const char *const why[] = {
        [EVICTION_PAGE] = "another page needs a frame",
        [EVICTION_LIMIT] = "the VM has as many frames as it may",
        [EVICTION_TABLE] = "a page table needs a frame",
        [EVICTION_PIN] = "a new VM needs kernel memory",
        [EVICTION_RECLAIM] = "the gate wants frames, and the VM does not run",
        [EVICTION_END] = "its VM is dead",
    };
    uint64_t reason = e->b >> 33;
    bool was_chosen = reason < EVICTION_RECLAIM;
    sentence_put(s, "Page %llu of VM %u leaves frame %u",
                 (unsigned long long)e->a, e->vm, (uint32_t)e->b);
    sentence_put(s, ": %s",
                 reason <= EVICTION_END ? why[reason] : "for another reason");
    if (was_chosen) {
        char looked[WORDS_BYTES];
        words_count(s->hand_looked, "frame", looked);
        sentence_put(s, "; chosen after a look at %s", looked);
        put_last_use(s, e);
    }
    if (reason != EVICTION_END) {
        sentence_put(s, e->b >> 32 & 1 ? "; it is written to disk"
                                       : "; it is on disk already, or empty");
    }
}

static void of_clean(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "Page %llu of VM %u, in frame %u, is copied for the disk",
                 (unsigned long long)e->a, e->vm, (uint32_t)e->b);
}

static void of_reclaim(struct sentences *s, const struct trace_event *e)
{
    static const char *const states[] = {
        [VM_WAITING] = ", which waits at the gate itself",
        [VM_PAGING] = ", which goes back to the gate",
        [VM_IDLE] = ", which idles",
        [VM_STATE_COUNT] = NULL,
    };
    char frames[WORDS_BYTES];
    words_count(e->a, "frame", frames);
    bool is_known = e->b < VM_STATE_COUNT && states[e->b];
    sentence_put(s, "The gate takes %s back from VM %u%s", frames, e->vm,
                 is_known ? states[e->b] : "");
}

static void of_disk(struct sentences *s, const struct trace_event *e)
{
    char blocks[WORDS_BYTES];
    words_count(e->b & UINT32_MAX, "block", blocks);
    const char *what = e->kind == TRACE_DISK_READ    ? "is asked to read"
                       : e->kind == TRACE_DISK_WRITE ? "is asked to write"
                       : e->kind == TRACE_DISK_DONE  ? "is done with"
                                                     : "need no longer do";
    sentence_put(s, "Disk %u %s %s from %llu on", (uint32_t)(e->b >> 32), what,
                 blocks, (unsigned long long)e->a);
    if (sentence_vm(s, e->vm)) {
        sentence_put(s, ", for VM %u", e->vm);
    }
    uint64_t disk = e->b >> 32;
    if ((e->kind == TRACE_DISK_READ || e->kind == TRACE_DISK_WRITE) &&
        disk < s->replay->info.disks && s->replay->disks[disk].depth > 0) {
        sentence_put(s, ", after %u others", s->replay->disks[disk].depth);
    }
}

enum sentence_kind sentence_of_memory(struct sentences *s,
                                      const struct trace_event *e)
{
    static void (*const writers[TRACE_KIND_COUNT])(
        struct sentences *, const struct trace_event *) = {
        [TRACE_FAULT] = of_fault,      [TRACE_FILL] = of_fill,
        [TRACE_TABLE] = of_table,      [TRACE_BLOCK] = of_block,
        [TRACE_EVICT] = of_evict,      [TRACE_CLEAN] = of_clean,
        [TRACE_RECLAIM] = of_reclaim,  [TRACE_DISK_READ] = of_disk,
        [TRACE_DISK_WRITE] = of_disk,  [TRACE_DISK_DONE] = of_disk,
        [TRACE_DISK_CANCEL] = of_disk,
    };
    if (e->kind >= TRACE_KIND_COUNT || !writers[e->kind]) {
        return SENTENCE_NONE;
    }
    writers[e->kind](s, e);
    return SENTENCE_DECISION;
}

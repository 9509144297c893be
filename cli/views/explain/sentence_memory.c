/* sentence_memory.c - sentences about pages, frames and spindles. */
#include "cli/views/explain/sentence.h"

#include "cli/views/explain/words.h"

typedef unsigned long long u64;

static const char *access_verb(enum cpu_access access)
{
    switch (access) {
    case CPU_READ:
        return "reads";
    case CPU_WRITE:
        return "writes";
    case CPU_FETCH:
        return "executes";
    }
    return "";
}

void sentence_fault(struct sentences *s, const struct trace_event *e)
{
    struct trace_fault fault = trace_get_fault(e);
    sentence_put(s, "%s %s %#x, whose page has no frame",
                 sentence_vm(s, e->vm).chars, access_verb(fault.access),
                 fault.va);
}

void sentence_fill(struct sentences *s, const struct trace_event *e)
{
    struct trace_fill fill = trace_get_fill(e);
    sentence_put(s, "Page %u of %s is in frame %u, %s", fill.page,
                 sentence_vm(s, e->vm).chars, fill.frame,
                 fill.zeroed ? "filled with zeros, since it is untouched"
                             : "read from disk");
}

void sentence_table(struct sentences *s, const struct trace_event *e)
{
    struct trace_table table = trace_get_table(e);
    struct vm_name vm = sentence_vm(s, e->vm);
    switch (table.change) {
    case TABLE_FREED:
        sentence_put(s, "%s gives up page table %u, and its frame %u", vm.chars,
                     table.table, table.frame);
        break;
    case TABLE_ALLOCATED:
        sentence_put(s, "%s gets page table %u, in frame %u", vm.chars,
                     table.table, table.frame);
        break;
    }
}

void sentence_block(struct sentences *s, const struct trace_event *e)
{
    struct trace_block block = trace_get_block(e);
    char transfers[WORDS_BYTES];
    words_count(block.transfers, "transfer", transfers);
    sentence_put(s, "%s waits: %s, with %s on the way",
                 sentence_vm(s, e->vm).chars,
                 word_phrase(&vm_wait_words, block.why), transfers);
}

static void put_last_use(struct sentences *s, const struct trace_event *e,
                         uint32_t frame)
{
    const struct replay *r = s->replay;
    if (frame >= r->info.frames || r->frames[frame].touched == 0 ||
        r->frames[frame].touched > e->time) {
        return;
    }
    sentence_put(s, ", last seen touched ");
    sentence_put_duration(s, e->time - r->frames[frame].touched);
    sentence_put(s, " ago");
}

/* True: the replacement policy chose the page. */
static bool was_chosen(enum eviction_why why)
{
    switch (why) {
    case EVICTION_PAGE:
    case EVICTION_LIMIT:
    case EVICTION_TABLE:
    case EVICTION_PIN:
        return true;
    case EVICTION_RECLAIM:
    case EVICTION_END:
        break;
    }
    return false;
}

void sentence_evict(struct sentences *s, const struct trace_event *e)
{
    struct trace_evict evict = trace_get_evict(e);
    sentence_put(s, "Page %u of %s leaves frame %u: %s", evict.page,
                 sentence_vm(s, e->vm).chars, evict.frame,
                 word_phrase(&eviction_why_words, evict.why));
    if (was_chosen(evict.why)) {
        char looked[WORDS_BYTES];
        words_count(s->hand_looked, "frame", looked);
        sentence_put(s, "; chosen after a look at %s", looked);
        put_last_use(s, e, evict.frame);
    }
    if (evict.why != EVICTION_END) {
        sentence_put(s, evict.dirty ? "; it is written to disk"
                                    : "; it is on disk already, or empty");
    }
}

void sentence_clean(struct sentences *s, const struct trace_event *e)
{
    struct trace_clean clean = trace_get_clean(e);
    sentence_put(s, "Page %u of %s, in frame %u, is copied, to be written back",
                 clean.page, sentence_vm(s, e->vm).chars, clean.frame);
}

void sentence_reclaim(struct sentences *s, const struct trace_event *e)
{
    struct trace_reclaim reclaim = trace_get_reclaim(e);
    char frames[WORDS_BYTES];
    words_count(reclaim.frames, "frame", frames);
    sentence_put(s, "The gate takes %s back from %s, which is %s", frames,
                 sentence_vm(s, e->vm).chars,
                 word_phrase(&vm_state_words, reclaim.state));
}

/* ---- Spindles ----------------------------------------------------------- */

static void put_transfer(struct sentences *s, const struct trace_event *e,
                         const char *what)
{
    struct trace_transfer t = trace_get_transfer(e);
    char blocks[WORDS_BYTES];
    words_count(t.blocks, "block", blocks);
    sentence_put(s, "Disk %u %s %s from %llu on", t.disk, what, blocks,
                 (u64)t.block);
    if (sentence_state(s, e)) {
        sentence_put(s, ", for %s", sentence_vm(s, e->vm).chars);
    }
}

/* Writes how many requests the spindle had already. */
static void put_depth(struct sentences *s, const struct trace_event *e)
{
    uint32_t disk = trace_get_transfer(e).disk;
    if (disk < s->replay->info.disks && s->replay->disks[disk].depth > 0) {
        sentence_put(s, ", after %u others", s->replay->disks[disk].depth);
    }
}

void sentence_disk_read(struct sentences *s, const struct trace_event *e)
{
    put_transfer(s, e, "is asked to read");
    put_depth(s, e);
}

void sentence_disk_write(struct sentences *s, const struct trace_event *e)
{
    put_transfer(s, e, "is asked to write");
    put_depth(s, e);
}

void sentence_disk_done(struct sentences *s, const struct trace_event *e)
{
    put_transfer(s, e, "has transferred");
}

void sentence_disk_cancel(struct sentences *s, const struct trace_event *e)
{
    put_transfer(s, e, "no longer has to transfer");
}

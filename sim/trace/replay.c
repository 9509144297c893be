/*
 * replay.c - the fold: each event goes to the part that it changes. See
 * replay.h; what the parts share is in replay_own.h.
 */
#include "sim/trace/replay.h"

#include <stdlib.h>
#include <string.h>

#include "sim/trace/replay_own.h"

/* ---- Making and keeping ------------------------------------------------- */

/* Where the tables lie behind struct replay_own, in bytes. */
struct layout {
    size_t vms, frames, disks, up_at, up, end;
};

static size_t reserve(size_t *end, size_t count, size_t bytes)
{
    size_t at = *end;
    *end = (at + count * bytes + 15) / 16 * 16;
    return at;
}

static struct layout lay_out(const struct trace_info *info)
{
    size_t links = 0;
    for (uint32_t vm = 0; vm < info->vm_limit; vm++) {
        links += ready_height(vm);
    }
    size_t end = 0;
    reserve(&end, 1, sizeof(struct replay_own));
    struct layout at;
    at.vms = reserve(&end, info->vm_limit, sizeof(struct replay_vm));
    at.frames = reserve(&end, info->frames, sizeof(struct replay_frame));
    at.disks = reserve(&end, info->disks, sizeof(struct replay_disk));
    at.up_at = reserve(&end, info->vm_limit, sizeof(uint32_t));
    at.up = reserve(&end, links, sizeof(uint32_t));
    at.end = end;
    return at;
}

static void init_tables(struct replay *r, const struct layout *at)
{
    struct replay_own *own = r->own;
    unsigned char *block = (unsigned char *)own;
    own->block_bytes = at->end;
    r->vms = (void *)(block + at->vms);
    r->frames = (void *)(block + at->frames);
    r->disks = (void *)(block + at->disks);
    own->up_at = (void *)(block + at->up_at);
    own->up = (void *)(block + at->up);
    uint32_t links = 0;
    for (uint32_t vm = 0; vm < r->info.vm_limit; vm++) {
        own->up_at[vm] = links;
        links += ready_height(vm);
    }
    for (uint32_t i = 0; i < READY_LEVELS; i++) {
        own->ready_up[i] = REPLAY_NONE;
    }
    for (int i = 0; i < VM_STATE_COUNT; i++) {
        r->lists[i] = (struct replay_list){ REPLAY_NONE, REPLAY_NONE, 0 };
    }
}

struct replay *replay_create(const struct trace_info *info,
                             const struct replay_options *options)
{
    if (info->vm_limit > VM_LIMIT || info->frames > FRAME_LIMIT ||
        info->disks > REPLAY_DISK_LIMIT) {
        return NULL;
    }
    struct replay *r = calloc(1, sizeof(*r));
    if (!r) {
        return NULL;
    }
    struct layout at = lay_out(info);
    r->own = calloc(1, at.end);
    if (!r->own) {
        free(r);
        return NULL;
    }
    r->info = *info;
    r->running = REPLAY_NONE;
    r->set_aside = REPLAY_NONE;
    r->hand = REPLAY_NONE;
    init_tables(r, &at);
    if (!samples_init(r, options)) {
        replay_free(r);
        return NULL;
    }
    return r;
}

void replay_free(struct replay *r)
{
    if (!r) {
        return;
    }
    free(r->samples);
    free(r->own);
    free(r);
}

/* ---- Events ------------------------------------------------------------- */

/* What each kind changes: those that follow from others change nothing. A flat
   switch. NOLINTNEXTLINE(readability-function-size) */
static void fold(struct replay *r, const struct trace_event *e)
{
    switch (trace_kind(e)) {
    case TRACE_RUN:
        replay_run(r, e);
        break;
    case TRACE_CHARGE:
        replay_charge(r, e);
        break;
    case TRACE_CREATE:
        replay_enter(r, e, VM_CREATED);
        break;
    case TRACE_ARRIVE:
        replay_enter(r, e, VM_WAITING);
        break;
    case TRACE_BLOCK:
        replay_enter(r, e, VM_PAGING);
        break;
    case TRACE_READY:
        replay_ready(r, e);
        break;
    case TRACE_PICK:
        replay_pick(r, e);
        break;
    case TRACE_REASON:
        replay_reason(r, e);
        break;
    case TRACE_SET_ASIDE:
        replay_set_aside(r, e);
        break;
    case TRACE_IDLE:
        replay_idle(r, e);
        break;
    case TRACE_END:
        replay_end(r, e);
        break;
    case TRACE_RAISE:
        replay_raise(r, e);
        break;
    case TRACE_DELIVER:
        replay_deliver(r, e);
        break;
    case TRACE_FAULT:
        r->own->current->faults++;
        break;
    case TRACE_FILL:
        replay_fill(r, e);
        break;
    case TRACE_TABLE:
        replay_table(r, e);
        break;
    case TRACE_EVICT:
        replay_evict(r, e);
        break;
    case TRACE_TOUCH:
        replay_touch(r, e);
        break;
    case TRACE_DIRTY:
        replay_dirty(r, e);
        break;
    case TRACE_CLEAN:
        replay_clean(r, e);
        break;
    case TRACE_HAND:
        replay_hand(r, e);
        break;
    case TRACE_DISK_READ:
        replay_begin_io(r, e, DISK_OP_READ);
        break;
    case TRACE_DISK_WRITE:
        replay_begin_io(r, e, DISK_OP_WRITE);
        break;
    case TRACE_DISK_DONE:
    case TRACE_DISK_CANCEL:
        replay_end_io(r, e);
        break;
    case TRACE_CLIENT_SEND:
        replay_put_flight(r, e, REPLAY_TO_MACHINE);
        break;
    case TRACE_RX:
        replay_rx(r, e);
        break;
    case TRACE_RECV:
        replay_recv(r, e);
        break;
    case TRACE_SEND:
        replay_send(r, e);
        break;
    case TRACE_TX:
        replay_tx(r, e);
        break;
    case TRACE_TX_DROP:
        replay_tx_drop(r, e);
        break;
    case TRACE_RX_DROP:
    case TRACE_LINK_DROP:
    case TRACE_CLIENT_RECV:
        replay_end_flight(r, e);
        break;
    case TRACE_LINK_COPY:
        replay_copy_flight(r, e);
        break;
    case TRACE_REQUEST:
        r->requests++;
        r->own->current->requests++;
        break;
    case TRACE_REPLY:
        replay_reply(r, e);
        break;
    case TRACE_GIVE_UP:
        r->lost++;
        r->own->current->lost++;
        break;
    case TRACE_SWITCH:
        r->own->current->switches++;
        break;
    case TRACE_PHASE:
        r->phase = trace_get_phase(e).phase;
        break;
    case TRACE_GIVE_WAY:
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CONSOLE:
    case TRACE_PREEMPT:
    case TRACE_WAKE:
    case TRACE_ADMIT:
    case TRACE_LEASE_END:
    case TRACE_RECLAIM:
    case TRACE_RETRANSMIT:
    case TRACE_WRONG:
    case TRACE_CONNECT:
    case TRACE_REFUSE_CREATE:
        break;
    }
}

void replay_event(void *ctx, const struct trace_event *e)
{
    struct replay *r = ctx;
    r->events++;
    /* The kernel's clock may be ahead of an event that fires late. */
    r->now = e->time > r->now ? e->time : r->now;
    samples_advance(r);
    fold(r, e);
}

/* ---- Marks -------------------------------------------------------------- */

/* Followed by what lies in the block. */
struct replay_mark {
    struct replay state;
    alignas(16) unsigned char block[];
};

#define PIECE_BYTES 4096

/* Writes only pieces that differ: what is zero in both takes no memory. */
static void copy_block(unsigned char *to, const unsigned char *from,
                       size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PIECE_BYTES) {
        size_t count = bytes - at < PIECE_BYTES ? bytes - at : PIECE_BYTES;
        if (memcmp(to + at, from + at, count) != 0) {
            memcpy(to + at, from + at, count);
        }
    }
}

struct replay_mark *replay_save(const struct replay *r)
{
    size_t bytes = r->own->block_bytes;
    struct replay_mark *mark = calloc(1, sizeof(*mark) + bytes);
    if (mark) {
        mark->state = *r;
        copy_block(mark->block, (const unsigned char *)r->own, bytes);
    }
    return mark;
}

void replay_restore(struct replay *r, const struct replay_mark *mark)
{
    struct replay_sample *samples = r->samples;
    uint64_t sample_cycles = r->sample_cycles;
    size_t sample_count = r->sample_count;
    size_t sample_room = r->own->sample_room;
    uint64_t sampled = r->own->sampled;
    *r = mark->state;
    copy_block((unsigned char *)r->own, mark->block, r->own->block_bytes);
    r->samples = samples;
    r->sample_cycles = sample_cycles;
    r->sample_count = sample_count;
    r->own->sample_room = sample_room;
    r->own->sampled = sampled;
}

void replay_mark_free(struct replay_mark *mark)
{
    free(mark);
}

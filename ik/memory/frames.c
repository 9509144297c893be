/* frames.c - see frames.h. */
#include "ik/memory/frames.h"

#include "sim/arena.h"

bool frames_init(struct frames *f, struct arena *arena, uint32_t count)
{
    SIM_ASSERT(count > 0);
    SIM_ASSERT(count <= FRAME_LIMIT);
    struct frame *table =
        arena_alloc(arena, count * sizeof(*table), alignof(struct frame));
    *f = (struct frames){
        .table = table,
        .count = count,
        .free_head = FRAME_NONE,
        .free_count = count,
        .pinned_head = FRAME_NONE,
    };
    return table;
}

/* Frames given back first, so that RAM never used stays untouched. */
static uint32_t take_free(struct frames *f)
{
    if (f->free_count == 0) {
        return FRAME_NONE;
    }
    f->free_count--;
    if (f->free_head != FRAME_NONE) {
        uint32_t frame = f->free_head;
        f->free_head = f->table[frame].next;
        return frame;
    }
    return f->fresh++;
}

static void put_free(struct frames *f, uint32_t frame)
{
    f->table[frame] = (struct frame){ .owner = VM_NONE, .next = f->free_head };
    f->free_head = frame;
    f->free_count++;
}

uint32_t frames_take(struct frames *f, struct vm *vm, uint32_t page)
{
    uint32_t frame = take_free(f);
    if (frame == FRAME_NONE) {
        return FRAME_NONE;
    }
    struct frame *entry = &f->table[frame];
    *entry = (struct frame){
        .owner = vm->id, .page = page, .next = frame, .prev = frame
    };
    if (vm->first_frame == FRAME_NONE) {
        vm->first_frame = frame;
    } else {
        struct frame *first = &f->table[vm->first_frame];
        entry->next = vm->first_frame;
        entry->prev = first->prev;
        f->table[first->prev].next = frame;
        first->prev = frame;
    }
    f->tables += page == FRAME_PAGE_TABLE;
    return frame;
}

void frames_give_back(struct frames *f, struct vm *vm, uint32_t frame)
{
    SIM_ASSERT(frame < f->count);
    struct frame old = f->table[frame];
    SIM_ASSERT(old.owner == vm->id);
    f->table[old.prev].next = old.next;
    f->table[old.next].prev = old.prev;
    if (vm->first_frame == frame) {
        vm->first_frame = old.next == frame ? FRAME_NONE : old.next;
    }
    f->tables -= old.page == FRAME_PAGE_TABLE;
    put_free(f, frame);
}

void frames_begin_orphan(struct frames *f, uint32_t frame)
{
    /* The frame was given back last, so it is the first of the free ones. */
    SIM_ASSERT(f->free_head == frame);
    f->free_head = f->table[frame].next;
    f->free_count--;
    f->table[frame] = (struct frame){ .owner = VM_NONE,
                                      .page = FRAME_PAGE_ORPHAN,
                                      .pins = 1 };
    f->orphans++;
}

void frames_share_orphan(struct frames *f, uint32_t frame)
{
    SIM_ASSERT(f->table[frame].page == FRAME_PAGE_ORPHAN);
    f->table[frame].pins++;
}

void frames_end_orphan(struct frames *f, uint32_t frame)
{
    SIM_ASSERT(f->table[frame].page == FRAME_PAGE_ORPHAN);
    SIM_ASSERT(f->table[frame].pins > 0);
    if (--f->table[frame].pins == 0) {
        f->orphans--;
        put_free(f, frame);
    }
}

bool frames_pin(struct frames *f, uint32_t count)
{
    if (count > f->pinned && count - f->pinned > f->free_count) {
        return false;
    }
    for (; f->pinned < count; f->pinned++) {
        uint32_t frame = take_free(f);
        f->table[frame] = (struct frame){ .owner = VM_NONE,
                                          .page = FRAME_PAGE_PINNED,
                                          .next = f->pinned_head };
        f->pinned_head = frame;
    }
    for (; f->pinned > count; f->pinned--) {
        uint32_t frame = f->pinned_head;
        f->pinned_head = f->table[frame].next;
        put_free(f, frame);
    }
    return true;
}

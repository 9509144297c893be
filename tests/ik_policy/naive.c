/* naive.c - see naive.h. */
#include "tests/ik_policy/naive.h"

#include <string.h>

#define CLEAN_LIMIT 16 /* As replace_wsclock.c states it. */

static uint32_t index_of(const struct naive *n, uint32_t frame)
{
    uint32_t i = 0;
    while (i < n->count && n->pages[i].frame != frame) {
        i++;
    }
    SIM_ASSERT(i < n->count);
    return i;
}

/* The hand goes on pointing at the page it points at. */
static void insert(struct naive *n, uint32_t at, uint32_t frame, vmid_t vm)
{
    SIM_ASSERT(n->count < FAKE_FRAMES);
    memmove(&n->pages[at + 1], &n->pages[at],
            (n->count - at) * sizeof(n->pages[0]));
    n->pages[at] = (struct naive_page){ .frame = frame, .vm = vm };
    if (n->count > 0 && at <= n->hand) {
        n->hand++;
    }
    n->count++;
}

void naive_leave(struct naive *n, uint32_t frame)
{
    uint32_t at = index_of(n, frame);
    n->count--;
    memmove(&n->pages[at], &n->pages[at + 1],
            (n->count - at) * sizeof(n->pages[0]));
    if (at < n->hand) {
        n->hand--;
    }
    if (n->hand == n->count) {
        n->hand = 0;
    }
}

static void append(struct naive *n, uint32_t frame, vmid_t vm)
{
    insert(n, n->count, frame, vm);
}

static void move_to_end(struct naive *n, uint32_t frame)
{
    vmid_t vm = n->pages[index_of(n, frame)].vm;
    naive_leave(n, frame);
    append(n, frame, vm);
}

static uint32_t first_victim(struct naive *n, struct fake_memory *m)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (fake_may_take(m, n->pages[i].frame)) {
            return n->pages[i].frame;
        }
    }
    return FRAME_NONE;
}

static void clock_enter(struct naive *n, uint32_t frame, vmid_t vm)
{
    insert(n, n->hand, frame, vm);
}

static bool forget_touch(struct fake_memory *m, uint32_t frame)
{
    bool touched = m->frames[frame].is_touched;
    m->frames[frame].is_touched = false;
    return touched;
}

/* Two turns: in the second nothing is touched any more. */
static uint32_t clock_victim(struct naive *n, struct fake_memory *m)
{
    for (uint32_t step = 0; step < 2 * n->count; step++) {
        uint32_t frame = n->pages[n->hand].frame;
        n->hand = (n->hand + 1) % n->count;
        if (fake_may_take(m, frame) && !forget_touch(m, frame)) {
            return frame;
        }
    }
    return FRAME_NONE;
}

/* How many frames of the VM's are beyond its reserve. */
static uint32_t excess_of(const struct naive *n, vmid_t vm)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n->count; i++) {
        count += n->pages[i].vm == vm;
    }
    return count > n->reserve[vm] ? count - n->reserve[vm] : 0;
}

/* Second chance among the VM's pages, which stand in the order of their turns:
   two rounds, in the second of which nothing is touched any more. */
static uint32_t turn_of(struct naive *n, struct fake_memory *m, vmid_t vm)
{
    for (uint32_t left = 2 * n->count, i = 0; left > 0 && n->count > 0;
         left--) {
        struct naive_page page = n->pages[i];
        if (page.vm != vm) {
            i = (i + 1) % n->count;
            continue;
        }
        move_to_end(n, page.frame);
        if (fake_may_take(m, page.frame) && !forget_touch(m, page.frame)) {
            return page.frame;
        }
    }
    return FRAME_NONE;
}

static bool has_any(const struct naive *n, const struct fake_memory *m,
                    vmid_t vm)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (n->pages[i].vm == vm && fake_may_take(m, n->pages[i].frame)) {
            return true;
        }
    }
    return false;
}

static uint32_t reserved_victim(struct naive *n, struct fake_memory *m)
{
    vmid_t payer = VM_NONE;
    for (vmid_t vm = 0; vm < m->vm_count; vm++) {
        uint32_t excess = excess_of(n, vm);
        if (excess > 0 && has_any(n, m, vm) &&
            (payer == VM_NONE || excess > excess_of(n, payer))) {
            payer = vm;
        }
    }
    if (payer == VM_NONE && m->view.wanted_by != VM_NONE &&
        has_any(n, m, m->view.wanted_by)) {
        payer = m->view.wanted_by;
    }
    return payer == VM_NONE ? FRAME_NONE : turn_of(n, m, payer);
}

static void ws_enter(struct naive *n, uint32_t frame, vmid_t vm)
{
    for (uint32_t i = n->count; i > 0; i--) {
        if (n->pages[i - 1].vm == vm) {
            insert(n, i, frame, vm);
            n->pages[i].last_use = n->now[vm];
            return;
        }
    }
    uint32_t at = 0;
    while (n->count > 0 && n->pages[at].vm != n->pages[n->hand].vm) {
        at++;
    }
    insert(n, at, frame, vm);
    n->pages[at].last_use = n->now[vm];
    n->least[vm] = n->now[vm];
}

/* The page at `at`, counted from the hand. */
static struct naive_page *from_hand(struct naive *n, uint32_t at)
{
    return &n->pages[(n->hand + at) % n->count];
}

static bool may_be_old(const struct naive *n, vmid_t vm)
{
    return n->now[vm] > n->least[vm] + n->tau_cycles;
}

/* What one search for pages past tau has met. */
struct search {
    uint32_t old;     /* A clean one, or FRAME_NONE. */
    uint32_t kept;    /* The first dirty one, likewise. */
    uint32_t written; /* The first that was cleaned, likewise. */
    uint32_t room;    /* Pages that may still be cleaned. */
};

static void clean_one(struct search *s, struct fake_memory *m, uint32_t frame)
{
    if (s->room > 0) {
        s->room--;
        fake_write(m, frame);
        s->written = s->written == FRAME_NONE ? frame : s->written;
    }
}

/*
 * The pages [from, to) from the hand on, of one VM that may have old ones. True:
 * all were looked at, and none was old. One that is taken is not looked at by
 * the caller any more.
 */
static bool look(struct naive *n, struct fake_memory *m, struct search *s,
                 uint32_t from, uint32_t to)
{
    bool has_old = false;
    bool has_any = false;
    uint64_t least = UINT64_MAX;
    for (uint32_t i = from; i < to; i++) {
        struct naive_page *page = from_hand(n, i);
        if (!fake_may_take(m, page->frame)) {
            continue;
        }
        if (forget_touch(m, page->frame)) {
            page->last_use = n->now[page->vm];
        }
        has_any = true;
        least = page->last_use < least ? page->last_use : least;
        if (n->now[page->vm] <= page->last_use + n->tau_cycles) {
            continue;
        }
        has_old = true;
        if (!m->frames[page->frame].is_dirty) {
            s->old = page->frame;
            return false;
        }
        if (s->kept == FRAME_NONE) {
            s->kept = page->frame;
        } else if (page->frame != s->kept) {
            clean_one(s, m, page->frame);
        }
    }
    if (!has_any || has_old) {
        return false;
    }
    n->least[from_hand(n, from)->vm] = least;
    return true;
}

/*
 * One turn, VM by VM, whose pages follow each other in the array. The hand's own
 * VM comes twice: from the hand on, and whole at the end; but once, if the hand
 * is at its first page.
 */
static void search_turn(struct naive *n, struct fake_memory *m,
                        struct search *s)
{
    vmid_t own = n->pages[n->hand].vm;
    uint32_t first = n->hand;
    while (first > 0 && n->pages[first - 1].vm == own) {
        first--;
    }
    uint32_t before = n->hand - first;
    for (uint32_t at = 0; at < n->count - before && s->old == FRAME_NONE;) {
        vmid_t vm = from_hand(n, at)->vm;
        uint32_t to = at + 1;
        while (to < n->count - before && from_hand(n, to)->vm == vm) {
            to++;
        }
        uint64_t least = n->least[vm];
        if (may_be_old(n, vm) && look(n, m, s, at, to) && at == 0 &&
            before > 0) {
            n->least[vm] = least; /* Only a part of them was looked at. */
        }
        at = to;
    }
    uint32_t hand = n->hand;
    uint32_t own_count = before;
    while (first + own_count < n->count &&
           n->pages[first + own_count].vm == own) {
        own_count++;
    }
    if (before > 0 && s->old == FRAME_NONE && may_be_old(n, own)) {
        n->hand = first;
        (void)look(n, m, s, 0, own_count);
        n->hand = hand;
    }
}

/* The next that was not touched since the hand came by; or the first. */
static uint32_t next_untouched(struct naive *n, struct fake_memory *m)
{
    uint32_t first = FRAME_NONE;
    for (uint32_t i = 0; i < n->count; i++) {
        struct naive_page *page = from_hand(n, i);
        if (!fake_may_take(m, page->frame)) {
            continue;
        }
        if (!forget_touch(m, page->frame)) {
            return page->frame;
        }
        page->last_use = n->now[page->vm];
        first = first == FRAME_NONE ? page->frame : first;
    }
    return first;
}

static uint32_t ws_victim(struct naive *n, struct fake_memory *m)
{
    if (n->count == 0) {
        return FRAME_NONE;
    }
    struct search s = {
        .old = FRAME_NONE,
        .kept = FRAME_NONE,
        .written = FRAME_NONE,
        .room = m->clean_room < CLEAN_LIMIT ? m->clean_room : CLEAN_LIMIT,
    };
    search_turn(n, m, &s);
    uint32_t victim = s.old;
    if (victim == FRAME_NONE && s.written != FRAME_NONE &&
        fake_may_take(m, s.written)) {
        victim = s.written;
    }
    if (victim == FRAME_NONE && s.kept != FRAME_NONE &&
        fake_may_take(m, s.kept)) {
        victim = s.kept;
    }
    victim = victim == FRAME_NONE ? next_untouched(n, m) : victim;
    if (s.kept != FRAME_NONE && s.kept != victim &&
        m->frames[s.kept].is_dirty) {
        clean_one(&s, m, s.kept);
    }
    if (victim != FRAME_NONE) {
        n->hand = (index_of(n, victim) + 1) % n->count;
    }
    return victim;
}

const struct naive_policy naive_fifo = {
    .real = &replace_fifo,
    .enter = append,
    .victim = first_victim,
};
const struct naive_policy naive_lru = {
    .real = &replace_lru,
    .enter = append,
    .touch = move_to_end,
    .victim = first_victim,
};
const struct naive_policy naive_clock = {
    .real = &replace_clock,
    .enter = clock_enter,
    .victim = clock_victim,
};
const struct naive_policy naive_wsclock = {
    .real = &replace_wsclock,
    .enter = ws_enter,
    .victim = ws_victim,
};

const struct naive_policy naive_reserved = {
    .real = &replace_reserved,
    .enter = append,
    .victim = reserved_victim,
};

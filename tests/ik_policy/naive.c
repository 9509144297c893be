/* naive.c - see naive.h. */
#include "tests/ik_policy/naive.h"

#include <string.h>

#define SWEEP_LIMIT 1024 /* As replace_wsclock.c states them. */
#define CLEAN_LIMIT 16

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
    n->pages[at] =
        (struct naive_page){ .frame = frame, .vm = vm, .is_new = true };
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

static void ws_enter(struct naive *n, uint32_t frame, vmid_t vm)
{
    for (uint32_t i = n->count; i > 0; i--) {
        if (n->pages[i - 1].vm == vm) {
            insert(n, i, frame, vm);
            return;
        }
    }
    uint32_t at = 0;
    while (n->count > 0 && n->pages[at].vm != n->pages[n->hand].vm) {
        at++;
    }
    insert(n, at, frame, vm);
}

enum verdict { PASSED, TOUCHED, WRITTEN, YOUNG, YOUNG_DIRTY, OLD, OLD_DIRTY };

static enum verdict judge(struct naive *n, struct naive_page *page,
                          struct fake_memory *m)
{
    const struct fake_frame *f = &m->frames[page->frame];
    if (!fake_may_take(m, page->frame)) {
        return PASSED;
    }
    if (forget_touch(m, page->frame) || page->is_new) {
        page->is_new = false;
        page->last_use = m->virtual_time[page->vm];
        return TOUCHED;
    }
    if (m->virtual_time[page->vm] > page->last_use + n->tau_cycles) {
        return f->is_dirty ? OLD_DIRTY : OLD;
    }
    return f->is_dirty ? YOUNG_DIRTY : YOUNG;
}

/* One turn, or less, from the hand on. */
struct sweep {
    uint32_t frames[FAKE_FRAMES]; /* In the order met. */
    enum verdict verdicts[FAKE_FRAMES];
    uint32_t passed;
    uint32_t room;    /* Pages that may still be cleaned. */
    uint32_t kept;    /* The first that is old and dirty, or FRAME_NONE. */
    uint32_t written; /* The first that was cleaned, or FRAME_NONE. */
};

static void clean_one(struct sweep *s, struct fake_memory *m, uint32_t frame)
{
    if (s->room > 0) {
        s->room--;
        fake_write(m, frame);
        s->written = s->written == FRAME_NONE ? frame : s->written;
    }
}

static void sweep_pages(struct sweep *s, struct naive *n, struct fake_memory *m)
{
    uint32_t judged = 0;
    uint32_t untouched = 0;
    bool found = false;
    while (s->passed < n->count && !found &&
           (judged < SWEEP_LIMIT || untouched == 0)) {
        struct naive_page *page = &n->pages[(n->hand + s->passed) % n->count];
        enum verdict verdict = judge(n, page, m);
        if (verdict == OLD_DIRTY && s->kept == FRAME_NONE) {
            s->kept = page->frame;
        } else if (verdict == OLD_DIRTY) {
            clean_one(s, m, page->frame);
            verdict = WRITTEN;
        }
        judged += verdict != PASSED;
        untouched += verdict > TOUCHED;
        found = verdict == OLD;
        s->frames[s->passed] = page->frame;
        s->verdicts[s->passed] = verdict;
        s->passed++;
    }
}

static uint32_t first_of(const struct sweep *s, enum verdict verdict)
{
    for (uint32_t i = 0; i < s->passed; i++) {
        if (s->verdicts[i] == verdict) {
            return s->frames[i];
        }
    }
    return FRAME_NONE;
}

/* Of the young ones: the greatest age, then clean, then the first met. */
static uint32_t oldest_of(const struct naive *n, const struct sweep *s,
                          const struct fake_memory *m)
{
    uint32_t oldest = FRAME_NONE;
    uint64_t most = 0;
    for (uint32_t i = 0; i < s->passed; i++) {
        if (s->verdicts[i] != YOUNG && s->verdicts[i] != YOUNG_DIRTY) {
            continue;
        }
        const struct naive_page *page = &n->pages[index_of(n, s->frames[i])];
        /* Twice the age, and one more for a clean page. */
        uint64_t age = 2 * (m->virtual_time[page->vm] - page->last_use) +
                       (s->verdicts[i] == YOUNG);
        if (oldest == FRAME_NONE || age > most) {
            oldest = s->frames[i];
            most = age;
        }
    }
    return oldest;
}

/* The best of what was met. */
static uint32_t best_of(const struct naive *n, const struct sweep *s,
                        struct fake_memory *m)
{
    uint32_t old = first_of(s, OLD);
    if (old == FRAME_NONE && s->written != FRAME_NONE &&
        fake_may_take(m, s->written)) {
        old = s->written;
    }
    old = old == FRAME_NONE ? first_of(s, OLD_DIRTY) : old;
    uint32_t young = oldest_of(n, s, m);
    return old != FRAME_NONE     ? old
           : young != FRAME_NONE ? young
                                 : first_of(s, TOUCHED);
}

static uint32_t ws_victim(struct naive *n, struct fake_memory *m)
{
    static struct sweep s;
    s.passed = 0;
    s.room = m->clean_room < CLEAN_LIMIT ? m->clean_room : CLEAN_LIMIT;
    s.kept = FRAME_NONE;
    s.written = FRAME_NONE;
    sweep_pages(&s, n, m);
    uint32_t victim = best_of(n, &s, m);
    if (s.kept != FRAME_NONE && s.kept != victim &&
        m->frames[s.kept].is_dirty) {
        clean_one(&s, m, s.kept);
    }
    if (n->count > 0 && victim != FRAME_NONE && s.passed == n->count) {
        n->hand = (index_of(n, victim) + 1) % n->count;
    } else if (n->count > 0) {
        n->hand = (n->hand + s.passed) % n->count;
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

/*
 * replace_wsclock.c - WSClock: a page not touched for `tau` of its owner's
 * virtual time has left the owner's working set and may go (Carr and Hennessy
 * 1981, "WSClock - a simple and effective algorithm for virtual memory
 * management"; in Denali, OSDI 2002, section 3.2.2).
 *
 * At each page that may be taken, the hand
 *   - notes the owner's virtual time if it was touched, or is new: its last
 *     use; and goes on;
 *   - goes on if its last use is no more than tau ago;
 *   - takes it if it is clean;
 *   - has it cleaned if it is dirty, and goes on. The first such page is kept
 *     back to the end, so that no sweep gives away its last choice.
 * A whole turn without a victim, or SWEEP_LIMIT pages with an untouched one
 * among them, falls back on the first of these: a page that the sweep had
 * cleaned, should it be free to go while it is written; an untouched dirty
 * page past tau; of the untouched others the one whose last use is longest
 * ago, a clean one among equals; any that may be taken. To take young clean
 * pages first, as the textbooks say, would take the text that every VM is
 * running before the data that it is not using (measured: 25 times fewer
 * requests on thrash.yaml). Then the hand stands behind the victim, or where
 * the limit stopped it.
 *
 * The pages of one VM are adjacent in the ring, so that what is taken and
 * written together lies together on disk: a new page goes behind its VM's
 * others, a new VM just behind those the hand is in the middle of.
 *
 * Weakness: pages of a VM that stands still do not age, so the kernel has to
 * say, by may_take, that those of idle VMs go first. When working sets do not
 * fit in memory each victim costs a long sweep: admitting fewer VMs is the
 * gatekeeper's task. The sweep's limit is ours: beyond it a better victim may
 * have been waiting.
 *
 * O(1) to enter and leave. A victim costs at most one turn; less the touched
 * pages, each of which the hand meets once a touch, and those that may not be
 * taken, which cost one question each, at most SWEEP_LIMIT pages.
 */
#include "ik/policy/policies.h"
#include "ik/queue/ring.h"
#include "sim/arena.h"

#define SWEEP_LIMIT 1024 /* Pages judged for one victim: 4 MiB. */
#define CLEAN_LIMIT 16   /* Pages that one sweep has cleaned. */

struct ws_page {
    uint64_t last_use; /* Owner's virtual time; valid unless is_new. */
    vmid_t vm;
    bool is_new; /* The hand has not been here yet. */
};

/* The pages of one VM, adjacent in the ring. */
struct ws_run {
    uint32_t first; /* These two are valid when count > 0. */
    uint32_t last;
    uint32_t count;
};

/* After the pages come a link for each frame, then a run for each VM. */
struct replace_wsclock {
    struct replace base;
    uint64_t tau_cycles;
    uint32_t frame_count;
    vmid_t vm_limit;
    struct frame_ring ring;
    struct ws_page pages[]; /* By frame number; valid while in the ring. */
};

/* What a sweep met first of each kind, FRAME_NONE: nothing; and how many. */
struct ws_sweep {
    uint32_t old_dirty;
    uint32_t young; /* Of those in a working set, the least lately used. */
    uint64_t young_age;
    bool young_is_dirty;
    uint32_t touched;
    uint32_t written; /* Was old and dirty, and is being cleaned. */
    uint32_t judged;
    uint32_t cleaned; /* CLEAN_LIMIT: no more. */
};

static struct replace_wsclock *ws_of(struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_wsclock);
    return CONTAINER_OF(r, struct replace_wsclock, base);
}

static struct frame_link *ws_links(struct replace_wsclock *w)
{
    return (struct frame_link *)(void *)(w->pages + w->frame_count);
}

static struct ws_run *ws_run_of(struct replace_wsclock *w, vmid_t vm)
{
    struct frame_link *end = ws_links(w) + w->frame_count;
    return (struct ws_run *)(void *)end + vm;
}

static struct replace *ws_create(const struct replace_policy *self,
                                 struct arena *arena,
                                 const struct replace_config *config)
{
    SIM_ASSERT(config->frame_count <= FRAME_LIMIT);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    size_t size = sizeof(struct replace_wsclock) +
                  config->frame_count * sizeof(struct ws_page) +
                  config->frame_count * sizeof(struct frame_link) +
                  config->vm_limit * sizeof(struct ws_run);
    struct replace_wsclock *w =
        arena_alloc(arena, size, alignof(struct replace_wsclock));
    if (!w) {
        return NULL;
    }
    w->base.policy = self;
    w->tau_cycles = config->tau_cycles;
    w->frame_count = config->frame_count;
    w->vm_limit = config->vm_limit;
    w->ring = FRAME_RING_EMPTY;
    return &w->base;
}

/* The frame before which the next page of `vm` goes. */
static uint32_t ws_place(struct replace_wsclock *w, vmid_t vm)
{
    const struct ws_run *run = ws_run_of(w, vm);
    if (run->count > 0) {
        return ring_next(ws_links(w), run->last);
    }
    if (w->ring.count == 0) {
        return FRAME_NONE;
    }
    return ws_run_of(w, w->pages[w->ring.hand].vm)->first;
}

static void ws_enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    struct replace_wsclock *w = ws_of(r);
    SIM_ASSERT(frame < w->frame_count);
    SIM_ASSERT(vm < w->vm_limit);
    ring_insert_before(&w->ring, ws_links(w), ws_place(w, vm), frame);
    struct ws_run *run = ws_run_of(w, vm);
    run->first = run->count > 0 ? run->first : frame;
    run->last = frame;
    run->count++;
    w->pages[frame].last_use = 0;
    w->pages[frame].vm = vm;
    w->pages[frame].is_new = true;
}

static void ws_leave(struct replace *r, uint32_t frame)
{
    struct replace_wsclock *w = ws_of(r);
    SIM_ASSERT(frame < w->frame_count);
    struct frame_link *links = ws_links(w);
    SIM_ASSERT(ring_has(links, frame));
    struct ws_run *run = ws_run_of(w, w->pages[frame].vm);
    SIM_ASSERT(run->count > 0);
    if (run->first == frame) {
        run->first = ring_next(links, frame);
    } else if (run->last == frame) {
        run->last = ring_prev(links, frame);
    }
    run->count--;
    ring_remove(&w->ring, links, frame);
}

static void ws_note(uint32_t *kind, uint32_t frame)
{
    if (*kind == FRAME_NONE) {
        *kind = frame;
    }
}

static void ws_clean(const struct replace_view *view, struct ws_sweep *sweep,
                     uint32_t frame)
{
    if (sweep->cleaned == CLEAN_LIMIT) {
        return;
    }
    if (!view->clean(view->ctx, frame)) {
        sweep->cleaned = CLEAN_LIMIT;
        return;
    }
    sweep->cleaned++;
    ws_note(&sweep->written, frame);
}

/* The greater age counts, and of equal ones the page that need not be
   written. */
static void ws_note_young(struct ws_sweep *sweep, uint32_t frame, uint64_t age,
                          bool is_dirty)
{
    bool is_better =
        sweep->young == FRAME_NONE || age > sweep->young_age ||
        (age == sweep->young_age && sweep->young_is_dirty && !is_dirty);
    if (is_better) {
        sweep->young = frame;
        sweep->young_age = age;
        sweep->young_is_dirty = is_dirty;
    }
}

/* True: the hand takes the page, which may be taken. */
static bool ws_judge(struct replace_wsclock *w, const struct replace_view *view,
                     struct ws_sweep *sweep, uint32_t frame)
{
    struct ws_page *page = &w->pages[frame];
    uint64_t now = view->virtual_time(view->ctx, frame);
    bool touched = view->was_touched(view->ctx, frame); /* It forgets. */
    if (touched || page->is_new) {
        page->last_use = now;
        page->is_new = false;
        ws_note(&sweep->touched, frame);
        return false;
    }
    SIM_ASSERT(now >= page->last_use);
    uint64_t age = now - page->last_use;
    bool dirty = view->is_dirty(view->ctx, frame);
    if (age <= w->tau_cycles) {
        ws_note_young(sweep, frame, age, dirty);
        return false;
    }
    if (!dirty) {
        return true;
    }
    if (sweep->old_dirty == FRAME_NONE) {
        sweep->old_dirty = frame;
    } else {
        ws_clean(view, sweep, frame);
    }
    return false;
}

/* It has judged enough, and would not fall back on a touched page. */
static bool ws_is_long(const struct ws_sweep *s)
{
    return s->judged >= SWEEP_LIMIT &&
           (s->old_dirty != FRAME_NONE || s->young != FRAME_NONE);
}

static uint32_t ws_fall_back(const struct ws_sweep *sweep,
                             const struct replace_view *view)
{
    if (sweep->written != FRAME_NONE &&
        view->may_take(view->ctx, sweep->written)) {
        return sweep->written;
    }
    const uint32_t order[] = { sweep->old_dirty, sweep->young, sweep->touched };
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (order[i] != FRAME_NONE) {
            return order[i];
        }
    }
    return FRAME_NONE;
}

static uint32_t ws_victim(struct replace *r, const struct replace_view *view)
{
    struct replace_wsclock *w = ws_of(r);
    const struct frame_link *links = ws_links(w);
    struct ws_sweep sweep = {
        .old_dirty = FRAME_NONE,
        .young = FRAME_NONE,
        .touched = FRAME_NONE,
        .written = FRAME_NONE,
    };
    uint32_t victim = FRAME_NONE;
    uint32_t passed = 0;
    uint32_t frame = w->ring.hand;
    while (passed < w->ring.count && victim == FRAME_NONE &&
           !ws_is_long(&sweep)) {
        if (view->may_take(view->ctx, frame)) {
            sweep.judged++;
            victim = ws_judge(w, view, &sweep, frame) ? frame : FRAME_NONE;
        }
        frame = ring_next(links, frame);
        passed++;
    }
    if (victim == FRAME_NONE) {
        victim = ws_fall_back(&sweep, view);
        if (victim != FRAME_NONE && passed == w->ring.count) {
            frame = ring_next(links, victim);
        }
    }
    /* Cleaning another may have cleaned it too: its neighbour on disk. */
    if (sweep.old_dirty != FRAME_NONE && sweep.old_dirty != victim &&
        view->is_dirty(view->ctx, sweep.old_dirty)) {
        ws_clean(view, &sweep, sweep.old_dirty);
    }
    w->ring.hand = frame;
    return victim;
}

static uint32_t ws_hand(const struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_wsclock);
    return ((const struct replace_wsclock *)(const void *)r)->ring.hand;
}

const struct replace_policy replace_wsclock = {
    .facts = {
        .name = "wsclock",
        .summary = "pages out of their VM's working set first (Denali)",
        .source = "Carr and Hennessy, WSClock: A Simple and Effective "
                  "Algorithm for Virtual Memory Management, SOSP 1981",
        .differs = "A sweep ends after 1,024 pages once it has met an "
                   "untouched one, and falls back on the page whose last use "
                   "is longest ago.",
    },
    .create = ws_create,
    .enter = ws_enter,
    .leave = ws_leave,
    .victim = ws_victim,
    .hand = ws_hand,
};

/*
 * replace_wsclock.c - WSClock: a page not touched for `tau` of its owner's
 * virtual time has left the owner's working set, and may go (Carr and Hennessy
 * 1981, "WSClock - a simple and effective algorithm for virtual memory
 * management"; in Denali, OSDI 2002, section 3.2.2).
 *
 * The hand goes round all pages. At each that may be taken it
 *   - notes the owner's virtual time if the page was touched: its last use;
 *   - goes on if the last use is no more than tau ago;
 *   - takes the page if it is clean;
 *   - has it cleaned if it is dirty, and goes on. The first such page is kept
 *     back to the end, so that no search gives away its last choice.
 * If it finds no clean page past tau, it takes one that it has had cleaned,
 * should that be free to go while it is written; or the page kept back; or, when
 * all are in their working sets, the next in the order of the clock that was
 * not touched since the hand came by. Then memory is too small for those
 * admitted: to admit fewer is the gatekeeper's part of the algorithm.
 *
 * Without linear scans: the pages of one VM are adjacent in the ring, and none
 * of them can be old before the owner's virtual time is tau past the least of
 * the last uses noted. Until then the hand passes them all in one step, and when
 * that is so of every VM it does not search. (The paper's hand would look at
 * each page, only to note touches. So ours notes them later, by tau at most, and
 * keeps a page that much longer.)
 *
 * Adjacent pages are also taken and written together, and so lie together on
 * disk: a new page goes behind its VM's others, a new VM just behind those the
 * hand is in the middle of.
 *
 * Weakness: pages of a VM that stands still do not age, so the kernel has to
 * say, by may_take, that those of idle VMs go first.
 *
 * O(1) to enter, leave and hear of time. A victim costs what it costs `clock`,
 * if no VM's page can be old. Otherwise a step for each VM that has pages and a
 * look at each page of those VMs that may have an old one: once in tau of their
 * own time, if nothing is found.
 */
#include "ik/policy/policies.h"
#include "ik/queue/ring.h"
#include "sim/arena.h"

struct ws_page {
    uint64_t last_use; /* Owner's virtual time. */
    vmid_t vm;
};

/* The pages of one VM, adjacent in the ring. */
struct ws_run {
    uint64_t now;   /* The VM's virtual time. */
    uint64_t least; /* No page's last use was noted as earlier. */
    uint32_t first; /* These three and `least` are valid when count > 0. */
    uint32_t last;
    uint32_t count;
    bool is_due; /* now - least > tau: a page may be old. */
};

/* After the pages come a link for each frame, then a run for each VM. */
struct replace_wsclock {
    struct replace base;
    uint64_t tau_cycles;
    uint64_t clean_limit; /* Pages that one search has cleaned, at most. */
    uint32_t frame_count;
    vmid_t vm_limit;
    uint32_t vm_count;  /* VMs that have pages. */
    uint32_t due_count; /* Of those, how many are due. */
    struct frame_ring ring;
    struct ws_page pages[]; /* By frame number; valid while in the ring. */
};

/* What a search for an old page met first of each kind; FRAME_NONE: nothing. */
struct ws_search {
    const struct replace_view *view;
    uint32_t kept;    /* Old and dirty. */
    uint32_t written; /* Was so, and is being cleaned. */
    uint64_t cleaned; /* How many; the limit: no more. */
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
    w->clean_limit = policy_arg(config->host, &self->facts, "clean");
    w->frame_count = config->frame_count;
    w->vm_limit = config->vm_limit;
    w->ring = FRAME_RING_EMPTY;
    return &w->base;
}

static void set_due(struct replace_wsclock *w, struct ws_run *run)
{
    bool is_due = run->count > 0 && run->now - run->least > w->tau_cycles;
    w->due_count += (uint32_t)is_due - (uint32_t)run->is_due;
    run->is_due = is_due;
}

static void ws_ran(struct replace *r, vmid_t vm, uint64_t virtual_time)
{
    struct replace_wsclock *w = ws_of(r);
    SIM_ASSERT(vm < w->vm_limit);
    struct ws_run *run = ws_run_of(w, vm);
    SIM_ASSERT(virtual_time >= run->now);
    run->now = virtual_time;
    if (!run->is_due) {
        set_due(w, run);
    }
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
    if (run->count == 0) {
        run->first = frame;
        run->least = run->now;
        w->vm_count++;
    }
    run->last = frame;
    run->count++;
    w->pages[frame].last_use = run->now;
    w->pages[frame].vm = vm;
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
    if (run->count == 0) {
        w->vm_count--;
        set_due(w, run);
    }
}

/* ---- Pages past tau ----------------------------------------------------- */

static void clean(const struct replace_wsclock *w, struct ws_search *search,
                  uint32_t frame)
{
    if (search->cleaned >= w->clean_limit) {
        return;
    }
    if (!search->view->clean(search->view->ctx, frame)) {
        search->cleaned = w->clean_limit;
        return;
    }
    search->cleaned++;
    search->written = search->written == FRAME_NONE ? frame : search->written;
}

/* Whether the page, which may be taken, is past tau; its last use is noted. */
static bool is_old(struct replace_wsclock *w, const struct replace_view *view,
                   uint32_t frame, const struct ws_run *run)
{
    struct ws_page *page = &w->pages[frame];
    if (view->was_touched(view->ctx, frame)) {
        page->last_use = run->now;
    }
    return run->now - page->last_use > w->tau_cycles;
}

/*
 * Looks at the pages of a VM that is due, from `frame` to its last. The first
 * clean one that is old, or FRAME_NONE; then, if all were looked at and none was
 * old, the VM is due no longer. One of which no page may be taken stays so.
 */
static uint32_t look(struct replace_wsclock *w, struct ws_search *search,
                     uint32_t frame, struct ws_run *run)
{
    const struct replace_view *view = search->view;
    const struct frame_link *links = ws_links(w);
    bool is_whole = frame == run->first;
    bool has_old = false;
    uint64_t least = UINT64_MAX;
    for (;; frame = ring_next(links, frame)) {
        if (view->may_take(view->ctx, frame)) {
            bool old = is_old(w, view, frame, run);
            uint64_t use = w->pages[frame].last_use;
            least = use < least ? use : least;
            has_old |= old;
            if (old && !view->is_dirty(view->ctx, frame)) {
                return frame;
            }
            if (old && search->kept == FRAME_NONE) {
                search->kept = frame;
            } else if (old && frame != search->kept) {
                clean(w, search, frame);
            }
        }
        if (frame == run->last) {
            break;
        }
    }
    if (is_whole && !has_old && least != UINT64_MAX) {
        run->least = least;
        set_due(w, run);
    }
    return FRAME_NONE;
}

/* One turn from the hand on, VM by VM. If the hand is amid a VM's pages, that VM
   comes again at the end, for those before the hand. */
static uint32_t find_old(struct replace_wsclock *w, struct ws_search *search)
{
    const struct frame_link *links = ws_links(w);
    uint32_t frame = w->ring.hand;
    uint32_t victim = FRAME_NONE;
    bool is_amid = frame != ws_run_of(w, w->pages[frame].vm)->first;
    uint32_t steps = w->vm_count + is_amid;
    for (uint32_t n = 0; n < steps && victim == FRAME_NONE; n++) {
        struct ws_run *run = ws_run_of(w, w->pages[frame].vm);
        if (run->is_due) {
            victim = look(w, search, frame, run);
        }
        if (w->due_count == 0) {
            break;
        }
        frame = ring_next(links, run->last);
    }
    return victim;
}

/* ---- Victims ------------------------------------------------------------ */

/* As `clock` does it; every touch on the way is noted. */
static uint32_t next_untouched(struct replace_wsclock *w,
                               const struct replace_view *view)
{
    const struct frame_link *links = ws_links(w);
    uint32_t first = FRAME_NONE; /* That may be taken. */
    uint32_t frame = w->ring.hand;
    for (uint32_t i = 0; i < w->ring.count; i++) {
        if (view->may_take(view->ctx, frame)) {
            if (!view->was_touched(view->ctx, frame)) {
                return frame;
            }
            struct ws_page *page = &w->pages[frame];
            page->last_use = ws_run_of(w, page->vm)->now;
            first = first == FRAME_NONE ? frame : first;
        }
        frame = ring_next(links, frame);
    }
    return first;
}

/* When no clean page is old. */
static uint32_t fall_back(struct replace_wsclock *w,
                          const struct ws_search *search)
{
    const struct replace_view *view = search->view;
    const uint32_t order[] = { search->written, search->kept };
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (order[i] != FRAME_NONE && view->may_take(view->ctx, order[i])) {
            return order[i];
        }
    }
    return next_untouched(w, view);
}

static uint32_t ws_victim(struct replace *r, const struct replace_view *view)
{
    struct replace_wsclock *w = ws_of(r);
    struct ws_search search = {
        .view = view,
        .kept = FRAME_NONE,
        .written = FRAME_NONE,
    };
    uint32_t victim =
        w->due_count > 0 ? find_old(w, &search) : (uint32_t)FRAME_NONE;
    victim = victim == FRAME_NONE ? fall_back(w, &search) : victim;
    /* Cleaning another may have cleaned it too: its neighbour on disk. */
    if (search.kept != FRAME_NONE && search.kept != victim &&
        view->is_dirty(view->ctx, search.kept)) {
        clean(w, &search, search.kept);
    }
    if (victim != FRAME_NONE) {
        w->ring.hand = ring_next(ws_links(w), victim);
    }
    return victim;
}

static uint32_t ws_hand(const struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_wsclock);
    return ((const struct replace_wsclock *)(const void *)r)->ring.hand;
}

static const struct policy_arg ws_args[] = {
    { "clean", POLICY_NUMBER, 0, 65536, 16,
      "pages past tau that one search has cleaned, at most" },
    { .name = NULL },
};

const struct replace_policy replace_wsclock = {
    .facts = {
        .name = "wsclock",
        .summary = "pages out of their VM's working set first (Denali)",
        .source = "Carr and Hennessy, WSClock: A Simple and Effective "
                  "Algorithm for Virtual Memory Management, SOSP 1981",
        .differs = "The hand passes the pages of a VM unseen until its virtual "
                   "time is tau past the least of their last uses noted; the "
                   "paper's looks at each, to note touches. So a page may be "
                   "kept for up to tau longer. When all are in their working "
                   "sets the next untouched page in the order of the clock "
                   "goes. Load control is the gatekeeper's (`fifo`, "
                   "`working-set`; `open` has none). At most `clean` dirty "
                   "pages are cleaned in one search.",
        .args = ws_args,
    },
    .create = ws_create,
    .enter = ws_enter,
    .leave = ws_leave,
    .ran = ws_ran,
    .victim = ws_victim,
    .hand = ws_hand,
};

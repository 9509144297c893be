/* checked_replace.c - what a replacement policy promises, held. See
   checked.h. */
#include "cli/plugin/calls.h"
#include "cli/plugin/checked.h"
#include "sim/arena.h"

struct replace_seen {
    struct calls calls;
    uint32_t frame_count;
    uint32_t entered;
    bool *is_entered; /* By frame. */
};

struct checked_replace {
    struct replace base;
    struct replace *inner;
    struct replace_seen *seen; /* Apart: kept() may not change the instance. */
};

struct replace_table {
    struct replace_policy table;
    const struct replace_policy *inner;
};

static const struct checked_replace *checked_of(const struct replace *r)
{
    return (const struct checked_replace *)(const void *)r;
}

static struct replace *create(const struct replace_policy *self,
                              struct arena *arena,
                              const struct replace_config *config)
{
    const struct replace_policy *inner =
        ((const struct replace_table *)(const void *)self)->inner;
    struct checked_replace *c =
        arena_alloc(arena, sizeof(*c), alignof(struct checked_replace));
    struct replace_seen *seen =
        arena_alloc(arena, sizeof(*seen), alignof(struct replace_seen));
    bool *is_entered =
        arena_alloc(arena, config->frame_count * sizeof(*is_entered), 1);
    if (!c || !seen || !is_entered) {
        return NULL;
    }
    seen->frame_count = config->frame_count;
    seen->is_entered = is_entered;
    calls_init(&seen->calls, &inner->facts, config->host, "frame");
    struct replace_config own = *config;
    own.host = &seen->calls.host;
    (void)calls_begin(&seen->calls, "create", VM_NONE);
    *c = (struct checked_replace){
        .base.policy = self,
        .inner = inner->create(inner, arena, &own),
        .seen = seen,
    };
    return c->inner ? &c->base : NULL;
}

static void set_entered(const struct checked_replace *c, uint32_t frame,
                        bool is_entered)
{
    SIM_ASSERT(frame < c->seen->frame_count &&
               c->seen->is_entered[frame] != is_entered);
    c->seen->is_entered[frame] = is_entered;
    c->seen->entered += is_entered ? 1u : UINT32_MAX;
}

static void enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    const struct checked_replace *c = checked_of(r);
    set_entered(c, frame, true);
    if (calls_begin(&c->seen->calls, "enter", frame)) {
        c->inner->policy->enter(c->inner, frame, vm);
    }
}

static void leave(struct replace *r, uint32_t frame)
{
    const struct checked_replace *c = checked_of(r);
    set_entered(c, frame, false);
    if (calls_begin(&c->seen->calls, "leave", frame)) {
        c->inner->policy->leave(c->inner, frame);
    }
}

static void touch(struct replace *r, uint32_t frame)
{
    const struct checked_replace *c = checked_of(r);
    if (calls_begin(&c->seen->calls, "touch", frame)) {
        c->inner->policy->touch(c->inner, frame);
    }
}

static void ran(struct replace *r, vmid_t vm, uint64_t virtual_time)
{
    const struct checked_replace *c = checked_of(r);
    if (calls_begin(&c->seen->calls, "ran", vm)) {
        c->inner->policy->ran(c->inner, vm, virtual_time);
    }
}

/* Who names none is believed once each frame has been looked at. */
static void check_none(const struct checked_replace *c,
                       const struct replace_view *view)
{
    for (uint32_t i = 0; i < c->seen->frame_count; i++) {
        if (c->seen->is_entered[i] && view->may_take(view->ctx, i)) {
            calls_fail(&c->seen->calls,
                       "must name a frame that may be taken, as frame %u; it "
                       "named none",
                       i);
            return;
        }
    }
}

/* The kernel's view, between the policy and it. What the kernel is asked it
   counts, so the checker asks only what the policy has not. */
struct watched {
    const struct replace_view *view;
    struct replace_seen *seen;
    uint32_t free; /* The last frame that may be taken; FRAME_NONE. */
};

/* False, having failed: no page is in that frame. */
static bool may_ask(const struct watched *w, uint32_t frame)
{
    bool is_entered =
        frame < w->seen->frame_count && w->seen->is_entered[frame];
    if (!is_entered) {
        calls_fail(&w->seen->calls,
                   "must ask of frames that hold pages; it asked of frame %u",
                   frame);
    }
    return is_entered;
}

static bool may_take(void *ctx, uint32_t frame)
{
    struct watched *w = ctx;
    bool may = may_ask(w, frame) && w->view->may_take(w->view->ctx, frame);
    w->free = may ? frame : w->free;
    return may;
}

static bool was_touched(void *ctx, uint32_t frame)
{
    const struct watched *w = ctx;
    return may_ask(w, frame) && w->view->was_touched(w->view->ctx, frame);
}

static bool is_dirty(void *ctx, uint32_t frame)
{
    const struct watched *w = ctx;
    return may_ask(w, frame) && w->view->is_dirty(w->view->ctx, frame);
}

static bool clean(void *ctx, uint32_t frame)
{
    const struct watched *w = ctx;
    return may_ask(w, frame) && w->view->clean(w->view->ctx, frame);
}

static uint32_t victim(struct replace *r, const struct replace_view *view)
{
    const struct checked_replace *c = checked_of(r);
    struct calls *calls = &c->seen->calls;
    if (!calls_begin(calls, "victim", view->wanted_by)) {
        return FRAME_NONE;
    }
    struct watched watched = { view, c->seen, FRAME_NONE };
    const struct replace_view own = { &watched,    view->wanted_by, may_take,
                                      was_touched, is_dirty,        clean };
    uint32_t frame = c->inner->policy->victim(c->inner, &own);
    calls_now(calls)->chosen = frame;
    if (calls->has_failed) {
        return FRAME_NONE;
    }
    if (frame == FRAME_NONE) {
        check_none(c, view);
        return frame;
    }
    bool is_entered =
        frame < c->seen->frame_count && c->seen->is_entered[frame];
    if (!is_entered ||
        (frame != watched.free && !view->may_take(view->ctx, frame))) {
        calls_fail(calls,
                   "must name a frame that may be taken; it named frame %u, "
                   "which %s (%u of %u hold pages)",
                   frame,
                   frame >= c->seen->frame_count ? "there is not"
                   : is_entered                  ? "may not be"
                                                 : "holds no page",
                   c->seen->entered, c->seen->frame_count);
        return FRAME_NONE;
    }
    return frame;
}

static uint32_t kept(const struct replace *r, vmid_t vm)
{
    const struct checked_replace *c = checked_of(r);
    return calls_begin(&c->seen->calls, "kept", vm)
               ? c->inner->policy->kept(c->inner, vm)
               : 0;
}

static uint32_t hand(const struct replace *r)
{
    const struct checked_replace *c = checked_of(r);
    return c->inner->policy->hand(c->inner);
}

const struct replace_policy *checked_replace(struct arena *arena,
                                             const struct replace_policy *inner)
{
    struct replace_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct replace_table));
    if (!t) {
        return NULL;
    }
    *t = (struct replace_table){
        .table = { .facts = inner->facts,
                   .create = create,
                   .enter = enter,
                   .leave = leave,
                   .touch = inner->touch ? touch : NULL,
                   .ran = inner->ran ? ran : NULL,
                   .victim = victim,
                   .kept = inner->kept ? kept : NULL,
                   .hand = inner->hand ? hand : NULL },
        .inner = inner,
    };
    return &t->table;
}

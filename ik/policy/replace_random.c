/*
 * replace_random.c - any page that may be taken, each with the same chance
 * (Belady 1966 calls it RAND and measures the others against it).
 *
 * Weakness: it takes pages in use as readily as others. Strength: no access
 * pattern is its worst case; a loop over a little more than memory, at whose
 * every step FIFO and LRU fault, keeps most of its pages.
 *
 * O(1) to enter and leave. A victim costs 1/p draws on average when the part p of the pages may
 * be taken; after DRAW_LIMIT draws one scan of all pages decides, which is as
 * fair.
 */
#include "ik/policy/policies.h"
#include "sim/arena.h"

#define DRAW_LIMIT 64

/*
 * Two tables in one: pages in no order, and where each frame stands there.
 *
 *     slots[slots[i].frame].slot_plus_1 == i + 1 for each i < count
 */
struct random_slot {
    uint32_t frame;       /* In this slot; valid below `count`. */
    uint32_t slot_plus_1; /* Of the frame of this number; 0: not entered. */
};

struct replace_random {
    struct replace base;
    struct policy_host *host;
    uint32_t frame_count;
    uint32_t count; /* Of pages. */
    struct random_slot slots[];
};

static struct replace_random *random_of(struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_random);
    return CONTAINER_OF(r, struct replace_random, base);
}

static struct replace *random_create(const struct replace_policy *self,
                                     struct arena *arena,
                                     const struct replace_config *config)
{
    SIM_ASSERT(config->frame_count <= FRAME_LIMIT);
    size_t size = sizeof(struct replace_random) +
                  config->frame_count * sizeof(struct random_slot);
    struct replace_random *a =
        arena_alloc(arena, size, alignof(struct replace_random));
    if (!a) {
        return NULL;
    }
    a->base.policy = self;
    a->frame_count = config->frame_count;
    a->host = config->host;
    return &a->base;
}

static void random_enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    (void)vm; /* One table for all. */
    struct replace_random *a = random_of(r);
    SIM_ASSERT(frame < a->frame_count);
    SIM_ASSERT(a->slots[frame].slot_plus_1 == 0);
    a->slots[a->count].frame = frame;
    a->count++;
    a->slots[frame].slot_plus_1 = a->count;
}

/* The last page moves to where this one stood. */
static void random_leave(struct replace *r, uint32_t frame)
{
    struct replace_random *a = random_of(r);
    SIM_ASSERT(frame < a->frame_count);
    uint32_t slot_plus_1 = a->slots[frame].slot_plus_1;
    SIM_ASSERT(slot_plus_1 != 0);
    a->count--;
    uint32_t last = a->slots[a->count].frame;
    a->slots[slot_plus_1 - 1].frame = last;
    a->slots[last].slot_plus_1 = slot_plus_1;
    a->slots[frame].slot_plus_1 = 0;
}

/* Of those that may be taken the n-th replaces the choice with chance 1/n. */
static uint32_t random_scan(struct replace_random *a,
                            const struct replace_view *view)
{
    uint32_t choice = FRAME_NONE;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        uint32_t frame = a->slots[i].frame;
        if (!view->may_take(view->ctx, frame)) {
            continue;
        }
        seen++;
        if (policy_random(a->host, seen) == 0) {
            choice = frame;
        }
    }
    return choice;
}

static uint32_t random_victim(struct replace *r,
                              const struct replace_view *view)
{
    struct replace_random *a = random_of(r);
    if (a->count == 0) {
        return FRAME_NONE;
    }
    for (int i = 0; i < DRAW_LIMIT; i++) {
        uint32_t frame = a->slots[policy_random(a->host, a->count)].frame;
        if (view->may_take(view->ctx, frame)) {
            return frame;
        }
    }
    return random_scan(a, view);
}

const struct replace_policy replace_random = {
    .facts = {
        .name = "random",
        .summary = "any page that may be taken, each with the same chance",
        .source = "Belady, A Study of Replacement Algorithms for a "
                  "Virtual-Storage Computer, IBM Systems Journal, 1966 "
                  "(RAND)",
    },
    .create = random_create,
    .enter = random_enter,
    .leave = random_leave,
    .victim = random_victim,
};

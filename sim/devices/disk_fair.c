/*
 * disk_fair.c - a spindle's time is shared out by owner: start-time fair
 * queueing (Goyal, Vin and Cheng 1996) with the time of a service as its cost.
 *
 * With v the spindle's virtual time and F(i) owner i's finish tag, both 0 at
 * first, a request of owner i that comes at v(a) and is served after that
 * owner's earlier ones has the start tag
 *
 *     S = max(v(a) - C, F(i))       and then       F(i) = S + its service
 *
 * The least S is served, of several the one that was issued first, and while
 * it is served v is the greatest S so far. When nothing waits, v becomes the
 * greatest F there is. What a service takes is known when it begins, and no S
 * depends on a service that has not begun.
 *
 * C is the credit of an owner that has asked for less than its share: so much
 * service it may have before those that always ask (a virtual time that is
 * borrowed, as by Duda and Cheriton 1999; the paper's C is 0). A request of an
 * owner with credit waits for what is being served, which nobody can stop, for
 * requests of its own, and for those of owners that have asked for as little;
 * for none of an owner that always asks, however many it has waiting.
 *
 * Of two owners that always have requests, in any span of time, neither has more
 * than the other by a longest service of each, and by C if it had asked for
 * nothing before.
 *
 * Weakness: the arm goes where fairness sends it. With many owners a seek
 * between any two services is longer than the elevator's, so all together get
 * less than from `elevator`.
 */
#include "sim/devices/disk.h"

#include "sim/arena.h"
#include "sim/devices/machine.h"

#include "sim/banned.h"

/* C: as long as the eight requests take that a VM may have under way. */
#define CREDIT_NS 100000000u

struct disk_shares {
    uint32_t owners;
    uint64_t virtual_now; /* v */
    uint64_t last;        /* The greatest of `finish`. */
    uint64_t credit;      /* C, in cycles; set with the first request. */
    uint64_t finish[];    /* F, by owner; the last one's is nobody's. */
};

static struct disk_shares *fair_create(struct arena *arena, uint32_t owners)
{
    size_t size =
        sizeof(struct disk_shares) + (owners + (size_t)1) * sizeof(uint64_t);
    struct disk_shares *s =
        arena_alloc(arena, size, alignof(struct disk_shares));
    if (s) {
        s->owners = owners;
    }
    return s;
}

/* Owners that the spindle does not know share one account. */
static uint64_t *finish_of(struct disk_shares *s, const struct disk_request *r)
{
    return &s->finish[r->owner < s->owners ? r->owner : s->owners];
}

static uint64_t start_tag(struct disk_shares *s, const struct disk_request *r)
{
    uint64_t finish = *finish_of(s, r);
    uint64_t least = r->arrived > s->credit ? r->arrived - s->credit : 0;
    return least > finish ? least : finish;
}

static void fair_arrived(struct disk *d, struct disk_request *r)
{
    struct disk_shares *s = d->shares;
    s->credit = cycles_from_ns(CREDIT_NS, d->cpu_hz);
    if (!d->serving) {
        s->virtual_now = s->last;
    }
    r->arrived = s->virtual_now;
}

static struct disk_request *fair_choose(struct disk *d)
{
    struct disk_request *best = d->head;
    for (struct disk_request *r = d->head; r; r = r->next) {
        if (start_tag(d->shares, r) < start_tag(d->shares, best)) {
            best = r;
        }
    }
    return best;
}

static void fair_begun(struct disk *d, struct disk_request *r, uint64_t cycles)
{
    struct disk_shares *s = d->shares;
    uint64_t start = start_tag(s, r);
    s->virtual_now = start > s->virtual_now ? start : s->virtual_now;
    uint64_t finish = start + cycles;
    *finish_of(s, r) = finish;
    s->last = finish > s->last ? finish : s->last;
}

const struct disk_policy disk_fair = {
    .name = "fair",
    .summary =
        "the same time for each VM that asks; who asks little goes first",
    .create = fair_create,
    .arrived = fair_arrived,
    .choose = fair_choose,
    .begun = fair_begun,
};

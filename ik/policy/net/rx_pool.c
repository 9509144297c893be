/*
 * rx_pool.c - first come, first taken, while a VM's queue and the pool of all
 * queues have room: Denali's receive side, as far as the paper tells of it.
 *
 * A VM is safe from what others receive: its allotment of the pool is its own
 * (rxpool.h). Weakness: it is not safe from who sends to it. One sender fills
 * the queue, and the frames of all others find it full; and each frame costs the
 * receiver an interrupt before it is dropped, so frames that come faster than
 * the kernel can drop them leave no time for any guest (receive livelock:
 * Mogul and Ramakrishnan, "Eliminating receive livelock in an interrupt-driven
 * kernel", 1997).
 */
#include "ik/policy/policies.h"
#include "sim/arena.h"

static struct rx *pool_create(const struct rx_policy *self, struct arena *arena,
                              const struct rx_config *config)
{
    (void)config;
    struct rx *r = arena_alloc(arena, sizeof(*r), alignof(struct rx));
    if (r) {
        r->policy = self;
    }
    return r;
}

static bool pool_takes(struct rx *r, vmid_t to, const struct rx_source *from,
                       uint32_t queued, uint64_t now)
{
    (void)r, (void)to, (void)from, (void)queued, (void)now;
    return true;
}

static void pool_counts_nothing(struct rx *r, vmid_t to,
                                const struct rx_source *from)
{
    (void)r, (void)to, (void)from;
}

const struct rx_policy rx_pool = {
    .facts = {
        .name = "pool",
        .summary = "whoever comes first, while queue and pool have room "
                   "(Denali)",
        .source = "Whitaker, Shaw and Gribble, Scale and Performance in the "
                  "Denali Isolation Kernel, OSDI 2002, section 3.2.3",
    },
    .create = pool_create,
    .takes = pool_takes,
    .took = pool_counts_nothing,
    .gave = pool_counts_nothing,
};

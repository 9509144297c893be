/* rxpool.c - see rxpool.h. */
#include "ik/policy/net/rxpool.h"

#include "ik/vmid.h"

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void rxpool_init(struct rxpool *pool, uint32_t buffers, uint32_t queue_limit,
                 uint32_t vm_limit)
{
    SIM_ASSERT(buffers > 0);
    SIM_ASSERT(queue_limit > 0);
    SIM_ASSERT(vm_limit > 0);
    uint32_t half = buffers / 2;
    uint32_t part = half / vm_limit;
    uint32_t allotment = least(queue_limit, part > 0 ? part : 1);
    *pool = (struct rxpool){
        .buffers = buffers,
        .allotment = allotment,
        /* The product is at most `half`, or `vm_limit` itself. */
        .common = buffers - least(allotment * vm_limit, half),
    };
}

bool rxpool_has_room(const struct rxpool *pool, uint32_t queued)
{
    return pool->waiting < pool->buffers &&
           (queued < pool->allotment || pool->beyond < pool->common);
}

void rxpool_take(struct rxpool *pool, uint32_t queued)
{
    SIM_ASSERT(rxpool_has_room(pool, queued));
    pool->waiting++;
    pool->beyond += queued >= pool->allotment;
}

void rxpool_give_back(struct rxpool *pool, uint32_t queued)
{
    SIM_ASSERT(queued > 0);
    SIM_ASSERT(pool->waiting > 0);
    pool->waiting--;
    pool->beyond -= queued > pool->allotment;
}

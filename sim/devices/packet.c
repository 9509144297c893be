/* packet.c - see packet.h. */
#include "sim/devices/packet.h"

#include "sim/arena.h"

#include "sim/banned.h"

void packet_pool_init(struct packet_pool *pool, struct arena *arena)
{
    *pool = (struct packet_pool){ .arena = arena };
}

struct packet *packet_get(struct packet_pool *pool)
{
    struct packet *p = pool->free;
    if (p) {
        pool->free = p->next;
    } else {
        if (pool->events && !events_reserve(pool->events, 1)) {
            return NULL;
        }
        p = arena_alloc(pool->arena, sizeof(*p), alignof(struct packet));
        if (!p) {
            if (pool->events) {
                pool->events->reserved--;
            }
            return NULL;
        }
        pool->made++;
    }
    pool->in_use++;
    timer_init(&p->timer, NULL, NULL);
    p->next = NULL;
    p->serial = ++pool->got;
    p->vm = 0;
    p->length_bytes = 0;
    p->is_again = false;
    return p;
}

void packet_put(struct packet_pool *pool, struct packet *p)
{
    SIM_ASSERT(pool->in_use > 0);
    SIM_ASSERT(!timer_is_set(&p->timer));
    SIM_ASSERT(!p->next);
    pool->in_use--;
    p->next = pool->free;
    pool->free = p;
}

void packet_queue_push(struct packet_queue *q, struct packet *p)
{
    SIM_ASSERT(!p->next);
    if (q->tail) {
        q->tail->next = p;
    } else {
        q->head = p;
    }
    q->tail = p;
    q->count++;
}

struct packet *packet_queue_pop(struct packet_queue *q)
{
    struct packet *p = q->head;
    if (!p) {
        return NULL;
    }
    q->head = p->next;
    if (!q->head) {
        q->tail = NULL;
    }
    q->count--;
    p->next = NULL;
    return p;
}

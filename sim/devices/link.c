/* link.c - see link.h. */
#include "sim/devices/link.h"

#include <string.h>

#include "sim/trace/trace.h"

#include "sim/banned.h"

/* Preamble 8, FCS 4, gap 12; and a frame is padded to 60 bytes. */
#define OVERHEAD_BYTES 24u
#define PADDED_BYTES   60u

#define MILLION        1000000u
#define REORDER_FRAMES 8 /* A frame held back lets so many overtake it. */

void link_init(struct link *l, const struct link_config *config,
               struct event_queue *events, struct packet_pool *pool,
               uint64_t seed)
{
    SIM_ASSERT(config->bits_per_second > 0);
    SIM_ASSERT(config->latency_cycles >= 1);
    SIM_ASSERT(config->loss_ppm <= MILLION);
    SIM_ASSERT(config->reorder_ppm <= MILLION);
    SIM_ASSERT(config->duplicate_ppm <= MILLION);
    *l = (struct link){ .config = *config, .events = events, .pool = pool };
    for (uint64_t end = 0; end < LINK_END_COUNT; end++) {
        rng_init(&l->to[end].rng, seed, "link", end);
    }
}

void link_attach(struct link *l, enum link_end end, link_receive_fn *fn,
                 void *ctx)
{
    l->to[end].receive = fn;
    l->to[end].ctx = ctx;
}

uint64_t link_frame_cycles(const struct link_config *config, uint32_t bytes)
{
    uint64_t padded = bytes < PADDED_BYTES ? PADDED_BYTES : bytes;
    uint64_t bits = (padded + OVERHEAD_BYTES) * 8;
    uint64_t rate = config->bits_per_second;
    return (bits * config->cpu_hz + rate - 1) / rate;
}

static void arrive(void *ctx, struct sim_timer *timer)
{
    struct link_direction *d = ctx;
    d->receive(d->ctx, CONTAINER_OF(timer, struct packet, timer));
}

static void deliver(struct link *l, struct link_direction *d, uint64_t at,
                    struct packet *p)
{
    timer_init(&p->timer, arrive, d);
    timer_set(l->events, &p->timer, at);
}

static bool happens(struct link_direction *d, uint32_t ppm)
{
    return rng_below(&d->rng, MILLION) < ppm;
}

static void tell(const struct link *l, struct trace_event event)
{
    if (l->config.trace) {
        trace_emit(l->config.trace, l->events->now, event);
    }
}

void link_tell_loss(const struct link *l, const struct packet *p,
                    enum link_loss why)
{
    tell(l, TRACE_EVENT(link_drop, p->vm, PACKET_FIELDS(p), .why = why));
}

/* The copy follows one frame's time later; a full pool means no copy. */
static void duplicate(struct link *l, struct link_direction *d, uint64_t at,
                      const struct packet *p)
{
    struct packet *copy = packet_get(l->pool);
    if (!copy) {
        return;
    }
    copy->vm = p->vm;
    copy->length_bytes = p->length_bytes;
    memcpy(copy->bytes, p->bytes, p->length_bytes);
    d->duplicated++;
    tell(l, TRACE_EVENT(link_copy, copy->vm, PACKET_FIELDS(copy),
                        .original = p->serial));
    deliver(l, d, at + link_frame_cycles(&l->config, p->length_bytes), copy);
}

/*
 * Each frame draws all three lots, so that one rate changed alone leaves the
 * other two kinds of trouble to the same frames.
 */
static void deliver_with_trouble(struct link *l, struct link_direction *d,
                                 uint64_t at, struct packet *p)
{
    const struct link_config *c = &l->config;
    bool is_lost = happens(d, c->loss_ppm);
    bool is_reordered = happens(d, c->reorder_ppm);
    bool is_duplicated = happens(d, c->duplicate_ppm);
    uint64_t delay_limit =
        REORDER_FRAMES * link_frame_cycles(c, p->length_bytes) +
        c->latency_cycles;
    uint64_t delay = 1 + rng_below(&d->rng, delay_limit);
    if (is_duplicated) {
        duplicate(l, d, at, p);
    }
    if (is_lost) {
        d->lost++;
        link_tell_loss(l, p, LINK_LOST);
        packet_put(l->pool, p);
        return;
    }
    if (is_reordered) {
        d->reordered++;
        at += delay;
    }
    deliver(l, d, at, p);
}

uint64_t link_send(struct link *l, enum link_end from, uint64_t at,
                   struct packet *p)
{
    const struct link_config *c = &l->config;
    struct link_direction *d =
        &l->to[from == LINK_MACHINE ? LINK_CLIENTS : LINK_MACHINE];
    SIM_ASSERT(d->receive);
    SIM_ASSERT(p->length_bytes >= PACKET_MIN_BYTES);
    SIM_ASSERT(p->length_bytes <= PACKET_MAX_BYTES);

    d->frames++;
    d->bytes += p->length_bytes;
    uint64_t start = at > d->busy_until ? at : d->busy_until;
    d->busy_until = start + link_frame_cycles(c, p->length_bytes);
    uint64_t arrival = d->busy_until + c->latency_cycles;
    if (c->loss_ppm | c->reorder_ppm | c->duplicate_ppm) {
        deliver_with_trouble(l, d, arrival, p);
    } else {
        deliver(l, d, arrival, p);
    }
    return d->busy_until;
}

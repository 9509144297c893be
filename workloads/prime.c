/*
 * prime.c - asks every VM of a load a number of times before the load begins
 * (`load.prime`), so that its servers have in core what they need. One request
 * follows the other, round by round, in the order of the VMs' numbers: nothing
 * is drawn, so the load that begins afterwards asks what it would have asked.
 * No such request counts.
 */
#include "workloads/load_state.h"

static uint64_t total(const struct source *s)
{
    return (uint64_t)s->config->prime * s->vm_count;
}

static void prime_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    (void)timer;
    uint32_t vm = (uint32_t)(s->primed++ % s->vm_count);
    /* If connections are kept, this one is the first client's. */
    load_ask(s, s->config->clients > 0 ? 0 : LOAD_NO_CLIENT, s->first_vm + vm);
}

void prime_init(struct source *s)
{
    timer_init(&s->prime, prime_fires, s);
}

void prime_next(struct source *s)
{
    struct event_queue *events = s->load->config.events;
    s->is_priming = s->primed < total(s);
    if (s->is_priming) {
        timer_set(events, &s->prime, events->now);
    }
}

void prime_stop(struct source *s)
{
    timer_cancel(s->load->config.events, &s->prime);
    s->is_priming = false;
}

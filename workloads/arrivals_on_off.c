/*
 * arrivals_on_off.c - bursts and silence by turns: an interrupted Poisson
 * process, or, with heavy tails, what many sources together need to look alike
 * at every scale (Willinger et al., 1997).
 *
 * The phases are exponential, or Pareto with a shape. In a burst requests are a
 * Poisson process, whose rate is such that over all phases it is `rate`:
 *
 *     rate in a burst = rate * (burst_time + idle_time) / burst_time
 *
 * It begins with a burst as often as one would meet one, and then with the
 * whole of it. A phase's end is an event of its own, so that however short they
 * are no step takes long.
 */
#include "workloads/load_state.h"

#include "sim/devices/machine.h"

static uint64_t draw_phase(struct source *s)
{
    struct on_off *o = &s->on_off;
    double mean = o->is_on ? o->burst : o->idle;
    double shape = s->config->shape;
    return shape > 0 ? rng_pareto(&o->rng, mean, shape)
                     : rng_exponential(&o->rng, mean);
}

/* The next arrival, if this phase has one more; otherwise its end. What was
   drawn beyond that is forgotten: the exponential law has no memory. */
static void set_next(struct source *s, uint64_t now)
{
    const struct on_off *o = &s->on_off;
    uint64_t at = o->phase_end;
    if (o->is_on) {
        uint64_t gap = rng_exponential(&s->timing, s->mean);
        at = gap < o->phase_end - now ? now + gap : o->phase_end;
    }
    timer_set(s->load->config.events, &s->next, at);
}

static void on_off_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    struct on_off *o = &s->on_off;
    uint64_t now = s->load->config.events->now;
    (void)timer;

    bool is_arrival = now < o->phase_end;
    if (!is_arrival) {
        o->is_on = !o->is_on;
        /* At least a cycle: time goes on. */
        o->phase_end = now + 1 + draw_phase(s);
    }
    set_next(s, now);
    if (is_arrival) {
        arrivals_ask(s);
    }
}

static bool on_off_create(struct source *s, struct arena *arena)
{
    uint64_t hz = s->load->config.cpu_hz;
    struct on_off *o = &s->on_off;
    (void)arena;
    o->burst = (double)s->config->burst_ns * (double)hz / 1e9;
    o->idle = (double)s->config->idle_ns * (double)hz / 1e9;
    s->mean = arrivals_mean(s) * o->burst / (o->burst + o->idle);
    rng_init(&o->rng, s->load->config.scenario->seed, "load phases", s->index);
    timer_init(&s->next, on_off_fires, s);
    return true;
}

static void on_off_start(struct source *s, uint64_t start)
{
    struct on_off *o = &s->on_off;
    o->is_on = rng_unit(&o->rng) * (o->burst + o->idle) < o->burst;
    o->phase_end = start + 1 + draw_phase(s);
    set_next(s, start);
}

static void on_off_stop(struct source *s)
{
    timer_cancel(s->load->config.events, &s->next);
}

const struct arrivals arrivals_on_off = {
    .name = "on-off",
    .create = on_off_create,
    .start = on_off_start,
    .stop = on_off_stop,
};

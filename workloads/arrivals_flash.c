/*
 * arrivals_flash.c - a flash crowd on top of a Poisson process: its rate rises
 * linearly from nothing to (peak - 1) times the base rate, holds, and decays
 * linearly (the three phases of Ari et al., MASCOTS 2003).
 *
 * The crowd is a process of its own: candidates at the rate of the height, each
 * let through with the profile's probability at its time (Lewis and Shedler's
 * thinning, 1979), which is exact. So the base is that of `arrivals: poisson`
 * with the same seed, request for request.
 */
#include "workloads/load_state.h"

#include "sim/devices/machine.h"

/* From 0 to 1, `at` cycles after the source's start. */
static double profile(const struct flash *f, uint64_t at)
{
    if (at < f->onset || at >= f->end) {
        return 0;
    }
    if (at < f->full) {
        return (double)(at - f->onset) / (double)(f->full - f->onset);
    }
    if (at < f->wanes) {
        return 1;
    }
    return (double)(f->end - at) / (double)(f->end - f->wanes);
}

/* The next candidate after cycle `at`, if the crowd has not gone by then. */
static void set_candidate(struct source *s, uint64_t at)
{
    struct flash *f = &s->flash;
    uint64_t gap = rng_exponential(&f->rng, f->mean);
    if (gap < s->start + f->end - at) {
        timer_set(s->load->config.events, &f->next, at + gap);
    }
}

static void crowd_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    struct flash *f = CONTAINER_OF(timer, struct flash, next);
    uint64_t now = s->load->config.events->now;

    bool is_let_through = rng_unit(&f->rng) < profile(f, now - s->start);
    set_candidate(s, now);
    if (!is_let_through) {
        return;
    }
    /* By draws of its own, so that the base's stay where they were. */
    uint32_t vm = s->config->crowd == CROWD_ONE
                      ? f->vm
                      : s->first_vm + zipf_draw(&s->zipf, &f->rng);
    load_ask(s, LOAD_NO_CLIENT, vm);
}

static bool flash_create(struct source *s, struct arena *arena)
{
    const struct scenario_load *config = s->config;
    uint64_t hz = s->load->config.cpu_hz;
    struct flash *f = &s->flash;
    (void)arena;
    s->mean = arrivals_mean(s);
    f->mean = config->peak > 1 ? s->mean / (config->peak - 1) : 0;
    f->onset = cycles_from_ns(config->onset_ns, hz);
    f->full = f->onset + cycles_from_ns(config->rise_ns, hz);
    f->wanes = f->full + cycles_from_ns(config->hold_ns, hz);
    f->end = f->wanes + cycles_from_ns(config->decay_ns, hz);
    rng_init(&f->rng, s->load->config.scenario->seed, "load crowd", s->index);
    f->vm = s->first_vm + (uint32_t)rng_below(&f->rng, s->vm_count);
    timer_init(&s->next, arrivals_fires, s);
    timer_init(&f->next, crowd_fires, s);
    return true;
}

static void flash_start(struct source *s, uint64_t start)
{
    timer_set(s->load->config.events, &s->next, arrivals_first(s));
    if (s->flash.mean > 0) {
        set_candidate(s, start + s->flash.onset);
    }
}

static void flash_stop(struct source *s)
{
    timer_cancel(s->load->config.events, &s->next);
    timer_cancel(s->load->config.events, &s->flash.next);
}

const struct arrivals arrivals_flash = {
    .name = "flash",
    .create = flash_create,
    .start = flash_start,
    .stop = flash_stop,
};

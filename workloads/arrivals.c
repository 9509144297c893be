/*
 * arrivals.c - when clients ask, and whom.
 *
 * Open loop: a Poisson process, whose next arrival does not depend on what
 * became of the last; in bursts (arrivals_on_off.c), with a flash crowd
 * (arrivals_flash.c), or evenly spaced instead. Closed loop: each client thinks
 * for an exponential time, asks, and thinks again when its request has ended.
 * Both draw the VM by its popularity. Each: one request to every VM, in order,
 * and no more.
 *
 * Another pattern is another table here, and a line in arrivals_of.
 */
#include "workloads/load_state.h"

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "workloads/replay/replay.h"
#include "workloads/udp/game_client.h"

/* The first requests of a closed loop are spread over its mean think time, or
   over this for each client if that is longer: no crowd at the first cycle. */
#define SPREAD_NS 50000

/* A client whose request failed waits at least this long. Otherwise one whose
   requests fail at once would ask for ever within one cycle. */
#define FAILED_PAUSE_NS 1000000

static uint32_t draw_vm(struct source *s)
{
    return s->first_vm + zipf_draw(&s->zipf, &s->choice);
}

static void cancel_next(struct source *s)
{
    timer_cancel(s->load->config.events, &s->next);
}

/* ---- Open loop ---------------------------------------------------------- */

void arrivals_ask(struct source *s)
{
    load_ask(s, LOAD_NO_CLIENT, draw_vm(s));
}

double arrivals_mean(const struct source *s)
{
    return (double)s->load->config.cpu_hz / s->config->rate;
}

void arrivals_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    struct event_queue *events = s->load->config.events;

    timer_set(events, timer,
              events->now + rng_exponential(&s->timing, s->mean));
    arrivals_ask(s);
}

static bool open_create(struct source *s, struct arena *arena)
{
    (void)arena;
    s->mean = arrivals_mean(s);
    timer_init(&s->next, arrivals_fires, s);
    return true;
}

static void open_start(struct source *s, uint64_t start)
{
    (void)start;
    timer_set(s->load->config.events, &s->next, arrivals_first(s));
}

uint64_t arrivals_first(struct source *s)
{
    return s->start + rng_exponential(&s->timing, s->mean);
}

static const struct arrivals open_loop = {
    .name = "open",
    .create = open_create,
    .start = open_start,
    .stop = cancel_next,
};

/* ---- Evenly spaced ------------------------------------------------------ */

/* Each from the start, not from the one before: no rounding adds up. */
static void uniform_set(struct source *s)
{
    s->uniform_count++;
    double after = (double)s->uniform_count * s->mean;
    timer_set(s->load->config.events, &s->next,
              s->start +
                  (after < 0x1p62 ? (uint64_t)after : UINT64_C(1) << 62));
}

static void uniform_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    (void)timer;
    uniform_set(s);
    arrivals_ask(s);
}

static bool uniform_create(struct source *s, struct arena *arena)
{
    (void)arena;
    s->mean = arrivals_mean(s);
    timer_init(&s->next, uniform_fires, s);
    return true;
}

static void uniform_start(struct source *s, uint64_t start)
{
    (void)start;
    uniform_set(s);
}

static const struct arrivals uniform = {
    .name = "uniform",
    .create = uniform_create,
    .start = uniform_start,
    .stop = cancel_next,
};

/* ---- Closed loop -------------------------------------------------------- */

static void closed_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    struct client *client = CONTAINER_OF(timer, struct client, next);
    load_ask(s, (uint32_t)(client - s->clients), draw_vm(s));
}

static bool closed_create(struct source *s, struct arena *arena)
{
    uint32_t count = s->config->clients;
    s->mean =
        (double)cycles_from_ns(s->config->think_ns, s->load->config.cpu_hz);
    s->clients =
        arena_alloc(arena, count * sizeof *s->clients, alignof(struct client));
    for (uint32_t i = 0; s->clients && i < count; i++) {
        timer_init(&s->clients[i].next, closed_fires, s);
    }
    return s->clients != NULL;
}

static void closed_start(struct source *s, uint64_t start)
{
    uint64_t count = s->config->clients;
    uint64_t spread = count * SPREAD_NS > s->config->think_ns
                          ? count * SPREAD_NS
                          : s->config->think_ns;
    uint64_t cycles = cycles_from_ns(spread, s->load->config.cpu_hz);
    for (uint32_t i = 0; i < count; i++) {
        timer_set(s->load->config.events, &s->clients[i].next,
                  start + rng_below(&s->timing, cycles));
    }
}

static void closed_stop(struct source *s)
{
    for (uint32_t i = 0; i < s->config->clients; i++) {
        timer_cancel(s->load->config.events, &s->clients[i].next);
    }
}

static void closed_ended(struct source *s, uint32_t client,
                         enum outcome outcome)
{
    const struct load_config *config = &s->load->config;
    uint64_t think = s->mean > 0 ? rng_exponential(&s->timing, s->mean) : 0;
    uint64_t pause = cycles_from_ns(FAILED_PAUSE_NS, config->cpu_hz);

    if (s->load->is_stopped || s->is_over) {
        return;
    }
    if (outcome == OUTCOME_FAILED && think < pause) {
        think = pause;
    }
    timer_set(config->events, &s->clients[client].next,
              config->events->now + think);
}

static const struct arrivals closed_loop = {
    .name = "closed",
    .create = closed_create,
    .start = closed_start,
    .stop = closed_stop,
    .ended = closed_ended,
};

/* ---- Each VM once ------------------------------------------------------- */

static void each_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    struct event_queue *events = s->load->config.events;
    uint32_t vm = s->next_vm++;

    if (s->next_vm < s->vm_count) {
        timer_set(events, timer, events->now + s->spacing);
    }
    session_ask(s, LOAD_NO_CLIENT, s->first_vm + vm);
}

static bool each_create(struct source *s, struct arena *arena)
{
    (void)arena;
    s->spacing = cycles_from_ns(s->config->spacing_ns, s->load->config.cpu_hz);
    timer_init(&s->next, each_fires, s);
    return true;
}

static void each_start(struct source *s, uint64_t start)
{
    timer_set(s->load->config.events, &s->next, start);
}

static const struct arrivals each = {
    .name = "each",
    .is_finite = true,
    .create = each_create,
    .start = each_start,
    .stop = cancel_next,
};

const struct arrivals *arrivals_of(const struct scenario_load *config)
{
    if (config->kind == LOAD_EACH) {
        return &each;
    }
    if (config->kind == LOAD_GAME) {
        return &game_arrivals;
    }
    if (config->kind == LOAD_REPLAY) {
        return &replay_arrivals;
    }
    if (config->clients > 0) {
        return &closed_loop;
    }
    static const struct arrivals *const patterns[] = {
        [ARRIVALS_POISSON] = &open_loop,
        [ARRIVALS_ON_OFF] = &arrivals_on_off,
        [ARRIVALS_FLASH] = &arrivals_flash,
        [ARRIVALS_UNIFORM] = &uniform,
    };
    return patterns[config->arrivals];
}

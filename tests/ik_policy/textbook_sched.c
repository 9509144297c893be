/* textbook_sched.c - see textbook_sched.h. */
#include "tests/ik_policy/textbook_sched.h"

#include <string.h>

#include "sim/random.h"

/* ---- The world ---------------------------------------------------------- */

void world_init(struct world *w, const struct plan *plan)
{
    *w = (struct world){ .plan = plan };
    for (uint32_t i = 0; i < plan->count; i++) {
        w->wakes[i] = plan->jobs[i].arrival;
        w->left[i] = plan->jobs[i].burst[0];
    }
}

bool world_wakes(struct world *w, uint32_t job, uint32_t tick)
{
    if (w->wakes[job] != tick) {
        return false;
    }
    w->wakes[job] = NOBODY;
    return true;
}

enum outcome world_run(struct world *w, uint32_t job, uint32_t tick)
{
    SIM_ASSERT(w->wakes[job] == NOBODY);
    if (--w->left[job] > 0) {
        return RUNS_ON;
    }
    const struct job *j = &w->plan->jobs[job];
    uint32_t which = w->burst[job];
    w->wakes[job] = tick + 1 + j->sleep[which];
    w->burst[job] = (which + 1) % BURSTS;
    w->left[job] = j->burst[w->burst[job]];
    return SLEEPS;
}

/* ---- Queues ------------------------------------------------------------- */

struct queue {
    uint32_t jobs[JOBS + 1]; /* One more, for a moment. */
    uint32_t count;
};

static void put_last(struct queue *q, uint32_t job)
{
    q->jobs[q->count++] = job;
}

static void put_first(struct queue *q, uint32_t job)
{
    memmove(q->jobs + 1, q->jobs, q->count * sizeof(q->jobs[0]));
    q->jobs[0] = job;
    q->count++;
}

static uint32_t take_first(struct queue *q)
{
    uint32_t job = q->jobs[0];
    q->count--;
    memmove(q->jobs, q->jobs + 1, q->count * sizeof(q->jobs[0]));
    return job;
}

/* ---- First in, first out; round robin ----------------------------------- */

static void in_turns(const struct plan *plan, uint32_t quantum,
                     uint32_t history[TICKS])
{
    struct world w;
    struct queue ready = { .count = 0 };
    uint32_t running = NOBODY;
    uint32_t used = 0;
    world_init(&w, plan);
    for (uint32_t t = 0; t < TICKS; t++) {
        for (uint32_t i = 0; i < plan->count; i++) {
            if (world_wakes(&w, i, t)) {
                put_last(&ready, i);
            }
        }
        if (running == NOBODY && ready.count > 0) {
            running = take_first(&ready);
            used = 0;
        }
        history[t] = running;
        if (running == NOBODY) {
            continue;
        }
        used++;
        if (world_run(&w, running, t) == SLEEPS) {
            running = NOBODY;
        } else if (used == quantum) {
            put_last(&ready, running);
            running = NOBODY;
        }
    }
}

void textbook_first_in(const struct plan *plan, uint32_t history[TICKS])
{
    in_turns(plan, UINT32_MAX, history);
}

void textbook_round_robin(const struct plan *plan, uint32_t history[TICKS])
{
    in_turns(plan, QUANTUM, history);
}

/* ---- Multi-level feedback queues ---------------------------------------- */

#define LEVELS 4

struct mlfq {
    struct queue queues[LEVELS];
    uint32_t level[JOBS];
    uint32_t spent[JOBS]; /* Of its allotment at that level. */
    uint64_t used;        /* By all, since the last boost. */
};

static uint32_t allotment(uint32_t level)
{
    return QUANTUM >> (LEVELS - 1 - level);
}

/* Rule 5: all jobs move to the topmost queue. */
static void boost_all(struct mlfq *m, uint32_t count)
{
    for (uint32_t level = 1; level < LEVELS; level++) {
        while (m->queues[level].count > 0) {
            put_last(&m->queues[0], take_first(&m->queues[level]));
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        m->level[i] = 0;
        m->spent[i] = 0;
    }
    m->used = 0;
}

/* Rules 1 and 2: the first of the highest queue. */
static uint32_t first_of_highest(struct mlfq *m)
{
    for (uint32_t level = 0; level < LEVELS; level++) {
        if (m->queues[level].count > 0) {
            return take_first(&m->queues[level]);
        }
    }
    return NOBODY;
}

/* Rule 4: the allotment is used up, however many times it gave up the
   processor. True: it was. */
static bool count_tick(struct mlfq *m, const struct plan *plan, uint32_t job)
{
    m->used++;
    m->spent[job]++;
    if (m->spent[job] < allotment(m->level[job])) {
        return false;
    }
    m->spent[job] = 0;
    uint32_t below = m->level[job] + 1;
    uint32_t least = plan->jobs[job].priority; /* Where it began. */
    below = below > least ? below : least;
    m->level[job] = below < LEVELS ? below : LEVELS - 1;
    return true;
}

static void by_levels(const struct plan *plan, bool preempts,
                      uint32_t history[TICKS])
{
    struct world w;
    struct mlfq m = { .used = 0 };
    uint32_t running = NOBODY;
    world_init(&w, plan);
    for (uint32_t i = 0; i < plan->count; i++) {
        m.level[i] = plan->jobs[i].priority; /* Rule 3, but for those. */
    }
    for (uint32_t t = 0; t < TICKS; t++) {
        bool is_higher = false;
        for (uint32_t i = 0; i < plan->count; i++) {
            if (world_wakes(&w, i, t)) {
                put_last(&m.queues[m.level[i]], i);
                is_higher |= running != NOBODY && m.level[i] < m.level[running];
            }
        }
        if (is_higher && preempts) {
            put_first(&m.queues[m.level[running]], running);
            running = NOBODY;
        }
        if (running == NOBODY) {
            if (m.used >= 64 * QUANTUM) {
                boost_all(&m, plan->count);
            }
            running = first_of_highest(&m);
        }
        history[t] = running;
        if (running == NOBODY) {
            continue;
        }
        bool sleeps = world_run(&w, running, t) == SLEEPS;
        bool is_over = count_tick(&m, plan, running);
        if (!sleeps && is_over) {
            put_last(&m.queues[m.level[running]], running);
        }
        running = sleeps || is_over ? NOBODY : running;
    }
}

void textbook_mlfq(const struct plan *plan, uint32_t history[TICKS])
{
    by_levels(plan, true, history);
}

void textbook_mlfq_without_preemption(const struct plan *plan,
                                      uint32_t history[TICKS])
{
    by_levels(plan, false, history);
}

/* ---- Lottery and stride ------------------------------------------------- */

/* Chooses who runs a quantum, and hears what was used of it. */
struct chooser {
    uint32_t (*choose)(struct chooser *c, const bool ready[JOBS]);
    void (*joins)(struct chooser *c, uint32_t job);
    void (*used)(struct chooser *c, uint32_t job, uint32_t ticks, bool sleeps);
    const struct plan *plan;
    struct rng rng;
    uint64_t tickets[JOBS];        /* In 1/QUANTUM tickets. */
    double pass[JOBS], rest[JOBS]; /* The rest: of those who are away. */
    double global_pass;
    uint64_t joined[JOBS], joins_so_far;
};

static void by_choice(struct chooser *c, uint32_t history[TICKS])
{
    struct world w;
    bool ready[JOBS] = { false };
    uint32_t running = NOBODY;
    uint32_t used = 0;
    world_init(&w, c->plan);
    for (uint32_t t = 0; t < TICKS; t++) {
        for (uint32_t i = 0; i < c->plan->count; i++) {
            if (world_wakes(&w, i, t)) {
                ready[i] = true;
                c->joins(c, i);
            }
        }
        if (running == NOBODY) {
            running = c->choose(c, ready);
            used = 0;
        }
        history[t] = running;
        if (running == NOBODY) {
            continue;
        }
        ready[running] = false;
        used++;
        bool sleeps = world_run(&w, running, t) == SLEEPS;
        if (sleeps || used == QUANTUM) {
            c->used(c, running, used, sleeps);
            if (!sleeps) {
                ready[running] = true;
                c->joins(c, running);
            }
            running = NOBODY;
        }
    }
}

/* A winning number, and the list of clients is searched for its holder. */
static uint32_t draw_winner(struct chooser *c, const bool ready[JOBS])
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < c->plan->count; i++) {
        all += ready[i] ? c->tickets[i] : 0;
    }
    if (all == 0) {
        return NOBODY;
    }
    uint64_t number = rng_below(&c->rng, all);
    uint32_t winner = 0;
    while (!ready[winner] || number >= c->tickets[winner]) {
        number -= ready[winner] ? c->tickets[winner] : 0;
        winner++;
    }
    /* Who wins has no compensation any more. */
    c->tickets[winner] = (uint64_t)c->plan->jobs[winner].shares * QUANTUM;
    return winner;
}

/* A client that used the fraction f of its quantum has 1/f times its tickets
   until it wins. */
static void compensate(struct chooser *c, uint32_t job, uint32_t ticks,
                       bool sleeps)
{
    if (sleeps) {
        c->tickets[job] =
            (uint64_t)c->plan->jobs[job].shares * QUANTUM * QUANTUM / ticks;
    }
}

static void join_lottery(struct chooser *c, uint32_t job)
{
    (void)c;
    (void)job;
}

void textbook_lottery(const struct plan *plan, uint32_t history[TICKS])
{
    struct chooser c = { .choose = draw_winner,
                         .joins = join_lottery,
                         .used = compensate,
                         .plan = plan };
    rng_init(&c.rng, plan->seed, "scheduler", 0);
    for (uint32_t i = 0; i < plan->count; i++) {
        c.tickets[i] = (uint64_t)plan->jobs[i].shares * QUANTUM;
    }
    by_choice(&c, history);
}

static uint32_t least_pass(struct chooser *c, const bool ready[JOBS])
{
    uint32_t least = NOBODY;
    for (uint32_t i = 0; i < c->plan->count; i++) {
        if (ready[i] && (least == NOBODY || c->pass[i] < c->pass[least] ||
                         (!(c->pass[i] > c->pass[least]) &&
                          c->joined[i] < c->joined[least]))) {
            least = i;
        }
    }
    if (least != NOBODY) {
        c->global_pass = c->pass[least];
    }
    return least;
}

static void join_stride(struct chooser *c, uint32_t job)
{
    c->pass[job] = c->global_pass + c->rest[job];
    c->joined[job] = c->joins_so_far++;
}

static void advance_pass(struct chooser *c, uint32_t job, uint32_t ticks,
                         bool sleeps)
{
    (void)sleeps;
    c->pass[job] += (double)ticks / c->plan->jobs[job].shares;
    c->rest[job] = c->pass[job] - c->global_pass;
}

void textbook_stride(const struct plan *plan, uint32_t history[TICKS])
{
    struct chooser c = { .choose = least_pass,
                         .joins = join_stride,
                         .used = advance_pass,
                         .plan = plan };
    by_choice(&c, history);
}

/*
 * test_sched_workloads.c - schedulers on thousands of random workloads of jobs
 * that come, sleep and wake, often at the same time and of the same size: tick by
 * tick as the textbooks have it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"
#include "sim/random.h"
#include "tests/ik_policy/textbook_sched.h"

#define PLANS 3000

/* A lottery's compensation is exact for halves, quarters and so on. */
static uint32_t draw_burst(struct rng *r, bool is_even)
{
    uint32_t whole = (uint32_t)rng_below(r, 3) * QUANTUM;
    return is_even ? QUANTUM : whole + (1u << rng_below(r, 5));
}

/* In one of three plans all is of one size and begins at once. */
static void draw_plan(struct plan *p, uint64_t seed)
{
    struct rng r;
    rng_init(&r, seed, "plans", 0);
    *p = (struct plan){ .count = 1 + (uint32_t)rng_below(&r, JOBS),
                        .seed = seed };
    bool is_even = rng_below(&r, 3) == 0;
    for (uint32_t i = 0; i < p->count; i++) {
        struct job *j = &p->jobs[i];
        j->arrival = is_even ? 0 : (uint32_t)rng_below(&r, 4) * 20;
        j->shares = is_even ? 4 : 1u << rng_below(&r, 4);
        j->priority = rng_below(&r, 4) == 0 ? (uint32_t)rng_below(&r, 4) : 0;
        for (uint32_t b = 0; b < BURSTS; b++) {
            bool computes = rng_below(&r, 4) == 0;
            j->burst[b] = computes ? 200 : draw_burst(&r, is_even);
            j->sleep[b] = is_even ? 10 : 1 + (uint32_t)rng_below(&r, 60);
        }
    }
}

/* ---- A policy on the same world ----------------------------------------- */

struct driver {
    alignas(max_align_t) uint8_t memory[8192];
    struct arena arena;
    struct policy_host host;
    bool preempt; /* The argument of that name. */
    const struct sched_policy *policy;
    struct sched *s;
    const struct plan *plan;
    vmid_t running;
    bool is_preempted;
    uint64_t granted, used;
};

static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    const struct job *j = &((const struct plan *)ctx)->jobs[vm];
    return (struct entitlement){ .shares = j->shares, .priority = j->priority };
}

static uint64_t on_arg(void *ctx, const struct policy_arg *row)
{
    const struct driver *d = ctx;
    return strcmp(row->name, "preempt") == 0 ? d->preempt : row->fallback;
}

static void start(struct driver *d, const struct sched_policy *policy,
                  bool preempt, const struct plan *plan)
{
    d->policy = policy;
    d->preempt = preempt;
    d->plan = plan;
    d->running = VM_NONE;
    d->is_preempted = false;
    d->host = (struct policy_host){ .ctx = d, .arg = on_arg };
    rng_init(&d->host.rng, plan->seed, "scheduler", 0);
    const struct sched_config config = {
        .vm_limit = plan->count,
        .quantum_cycles = QUANTUM,
        .host = &d->host,
        .vm = entitlement,
        .vm_ctx = plan,
    };
    arena_init(&d->arena, d->memory, sizeof(d->memory));
    d->s = policy->create(policy, &d->arena, &config);
    assert_non_null(d->s);
}

static void stop(struct driver *d, enum sched_stop why)
{
    vmid_t vm = d->running;
    d->running = VM_NONE;
    d->policy->stop(d->s, vm, why, d->granted, d->used);
    if (why != SCHED_STOP_IDLE) {
        d->policy->ready(d->s, vm);
    }
}

static void wake(struct driver *d, vmid_t vm)
{
    d->policy->ready(d->s, vm);
    d->is_preempted |= d->running != VM_NONE && d->policy->preempts &&
                       d->policy->preempts(d->s, vm, d->running, d->used);
}

static void choose(struct driver *d)
{
    if (d->is_preempted) {
        stop(d, SCHED_STOP_PREEMPTED);
        d->is_preempted = false;
    }
    if (d->running == VM_NONE) {
        struct sched_choice c = d->policy->pick(d->s);
        d->running = c.vm;
        d->granted = c.quantum_cycles;
        d->used = 0;
    }
}

static void run(struct driver *d, uint32_t history[TICKS])
{
    struct world w;
    world_init(&w, d->plan);
    for (uint32_t t = 0; t < TICKS; t++) {
        for (vmid_t vm = 0; vm < d->plan->count; vm++) {
            if (world_wakes(&w, vm, t)) {
                wake(d, vm);
            }
        }
        choose(d);
        history[t] = d->running;
        if (d->running == VM_NONE) {
            continue;
        }
        d->used++;
        if (world_run(&w, d->running, t) == SLEEPS) {
            stop(d, SCHED_STOP_IDLE);
        } else if (d->used == d->granted) {
            stop(d, SCHED_STOP_QUANTUM);
        }
    }
}

/* ---- Tests -------------------------------------------------------------- */

static const struct {
    const struct sched_policy *policy;
    bool preempt;
    textbook_schedule *textbook;
} rows[] = {
    { &sched_fifo, false, textbook_first_in },
    { &sched_rr_no_boost, false, textbook_round_robin },
    { &sched_mlfq, true, textbook_mlfq },
    { &sched_mlfq, false, textbook_mlfq_without_preemption },
    { &sched_lottery, false, textbook_lottery },
    { &sched_stride, false, textbook_stride },
};

static void each_runs_whom_its_textbook_runs(void **state)
{
    (void)state;
    static struct driver d;
    static struct plan plan;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t switches = 0;
        for (uint64_t seed = 0; seed < PLANS; seed++) {
            uint32_t found[TICKS];
            uint32_t wanted[TICKS];
            draw_plan(&plan, seed);
            start(&d, rows[i].policy, rows[i].preempt, &plan);
            run(&d, found);
            rows[i].textbook(&plan, wanted);
            for (uint32_t t = 0; t < TICKS; t++) {
                if (found[t] != wanted[t]) {
                    fail_msg("%s, plan %u: at tick %u VM %d runs, not %d",
                             rows[i].policy->facts.name, (unsigned)seed, t,
                             (int)found[t], (int)wanted[t]);
                }
                switches += t > 0 && found[t] != found[t - 1];
            }
        }
        print_message("%-22s %llu switches\n", rows[i].policy->facts.name,
                      (unsigned long long)switches);
        assert_true(switches > 4ull * PLANS);
    }
}

/* Rule 1 changes who runs in many of the plans: they would not show otherwise
   that it holds. */
static void the_plans_show_rule_1(void **state)
{
    (void)state;
    static struct plan plan;
    uint32_t differ = 0;
    for (uint64_t seed = 0; seed < PLANS; seed++) {
        uint32_t with[TICKS];
        uint32_t without[TICKS];
        draw_plan(&plan, seed);
        textbook_mlfq(&plan, with);
        textbook_mlfq_without_preemption(&plan, without);
        differ += memcmp(with, without, sizeof(with)) != 0;
    }
    print_message("%u of %u plans differ without rule 1\n", differ, PLANS);
    assert_true(differ > PLANS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_runs_whom_its_textbook_runs),
        cmocka_unit_test(the_plans_show_rule_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

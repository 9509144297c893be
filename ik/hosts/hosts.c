/* hosts.c - see hosts.h. */
#include "ik/hosts/hosts.h"

#include "ik/hosts/args.h"
#include "sim/scenario/facts.h"
#include "sim/vocabulary/vocabulary.h"

static uint64_t on_now(void *ctx)
{
    const struct kernel_host *h = ctx;
    return h->kernel->now;
}

static uint64_t on_arg(void *ctx, const struct policy_arg *row)
{
    const struct kernel_host *h = ctx;
    return args_value(scenario_args_of(h->kernel->config.scenario, h->kind),
                      row, h->kernel->cpu_hz);
}

static uint64_t on_vm_arg(void *ctx, vmid_t vm, const struct policy_arg *row)
{
    const struct kernel_host *h = ctx;
    const struct scenario *s = h->kernel->config.scenario;
    return args_value(&scenario_group_of(s, vm)->policy_args, row,
                      h->kernel->cpu_hz);
}

/* That time passes up to then is all that is needed: the loop asks again. */
static void on_rest_is_over(void *ctx, struct sim_timer *timer)
{
    (void)ctx;
    (void)timer;
}

static void on_wake_at(void *ctx, uint64_t cycle)
{
    struct kernel *k = ((struct kernel_host *)ctx)->kernel;
    timer_set(k->config.events, &k->turn.rest, cycle);
}

static void on_reason(void *ctx, uint32_t which, uint64_t value)
{
    struct kernel_host *h = ctx;
    h->has_reason = true;
    h->reason = which;
    h->value = value;
}

static void on_give_up(void *ctx, const char *why)
{
    struct kernel_host *h = ctx;
    const struct kernel_config *c = &h->kernel->config;
    const struct policy_facts *const facts[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = &c->gate->facts,
        [POLICY_SCHEDULER] = &c->sched->facts,
        [POLICY_REPLACEMENT] = &c->replace->facts,
    };
    kernel_fail(h->kernel, "%s '%s': %s",
                word_phrase(&policy_kind_words, h->kind), facts[h->kind]->name,
                why);
}

void hosts_init(struct kernel *k)
{
    timer_init(&k->turn.rest, on_rest_is_over, NULL);
    for (int i = 0; i < POLICY_KIND_COUNT; i++) {
        struct kernel_host *h = &k->hosts[i];
        *h = (struct kernel_host){
            .kernel = k,
            .kind = (enum policy_kind)i,
            .host = {
                .ctx = h,
                .now = on_now,
                .arg = on_arg,
                .vm_arg = on_vm_arg,
                .reason = on_reason,
                .give_up = on_give_up,
            },
        };
        rng_init(&h->host.rng, k->config.scenario->seed,
                 word_name(&policy_kind_words, (uint64_t)i), 0);
    }
    k->hosts[POLICY_SCHEDULER].host.wake_at = on_wake_at;
}

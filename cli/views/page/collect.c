/* collect.c - see collect.h. */
#include "cli/views/page/collect.h"

#include <stdlib.h>

#include "sim/grow.h"

#define SAMPLES          240  /* The most samples; the fewest are half of it. */
#define SAMPLES_A_SECOND 5000 /* The first rate, good for runs of 48 ms. */

bool collect_begin(struct collect *c, const struct trace_info *info)
{
    *c = (struct collect){ .info = info };
    const struct replay_options options = {
        .sample_cycles = info->cpu_hz / SAMPLES_A_SECOND,
        .sample_limit = SAMPLES,
    };
    c->replay = replay_create(info, &options);
    c->groups = calloc(info->roster.group_count, sizeof(*c->groups));
    return c->replay && c->groups;
}

void collect_release(struct collect *c)
{
    replay_free(c->replay);
    free(c->replies);
    free(c->groups);
    *c = (struct collect){ 0 };
}

uint32_t collect_group_of(const struct collect *c, uint32_t vm)
{
    SIM_ASSERT(vm < c->info->vm_limit);
    return vm_roster_group(&c->info->roster, vm);
}

static void keep_reply(struct collect *c, const struct trace_event *e)
{
    struct collect_reply *replies = grow_array(
        c->replies, c->reply_count, &c->reply_room, sizeof(*replies));
    if (!replies) {
        c->is_incomplete = true;
        return;
    }
    c->replies = replies;
    c->replies[c->reply_count++] = (struct collect_reply){
        .time = e->time,
        .latency = trace_get_reply(e).latency,
        .vm = e->vm,
    };
}

static void count_in_group(struct collect_group *g, const struct trace_event *e)
{
    g->requests += e->kind == TRACE_REQUEST;
    g->replies += e->kind == TRACE_REPLY;
    g->lost += e->kind == TRACE_GIVE_UP;
    g->faults += e->kind == TRACE_FAULT;
    g->deliveries += e->kind == TRACE_DELIVER;
}

void collect_event(void *ctx, const struct trace_event *e)
{
    struct collect *c = ctx;
    replay_event(c->replay, e);
    if (e->kind == TRACE_PHASE && c->phase_count < COLLECT_PHASES) {
        c->phases[c->phase_count++] = (struct collect_phase){
            .from = e->time,
            .phase = trace_get_phase(e).phase,
        };
    }
    if (e->vm < c->info->vm_limit) {
        count_in_group(&c->groups[collect_group_of(c, e->vm)], e);
    }
    if (e->kind == TRACE_REPLY) {
        keep_reply(c, e);
    }
}

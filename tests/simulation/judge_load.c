/* judge_load.c - requests: each is answered or given up, once, and by its
   timeout. See judge.h. */
#include <string.h>

#include "tests/simulation/judge_own.h"

void judge_load_init(struct judge *j)
{
    const json_t *loads = json_object_get(j->info->scenario, "load");
    for (size_t i = 0; i < json_array_size(loads); i++) {
        const json_t *load = json_array_get(loads, i);
        uint64_t timeout = judge_cycles(j, load, "timeout", 0);
        for (uint32_t g = 0; g < j->info->roster.group_count; g++) {
            bool is_its = strcmp(judge_text(load, "target"),
                                 j->info->roster.groups[g].name) == 0;
            if (is_its && timeout > j->timeouts[g]) {
                j->timeouts[g] = timeout;
            }
        }
    }
}

static struct judged_request *request_of(struct judge *j,
                                         const struct trace_event *e)
{
    uint64_t at = trace_get_asked(e).request + 1;
    j->requests =
        judge_grow(j->requests, sizeof(*j->requests), &j->request_room, at);
    return &j->requests[at];
}

static void take_request(struct judge *j, const struct trace_event *e)
{
    struct judged_request *r = request_of(j, e);
    uint64_t at = trace_get_asked(e).request + 1;
    if (r->was_made) {
        judge_find(j, "request", "request %llu is made again",
                   (unsigned long long)(at - 1));
        return;
    }
    uint64_t due = e->time - trace_get_request(e).late;
    *r = (struct judged_request){
        .due = due,
        .limit = e->time + j->timeouts[judge_vm(j, e)->group],
        .was_made = true,
        .is_open = true,
        .prev = j->last_request,
    };
    *(j->last_request ? &j->requests[j->last_request].next
                      : &j->first_request) = at;
    j->last_request = at;
}

static struct judged_request *close(struct judge *j,
                                    const struct trace_event *e)
{
    struct judged_request *r = request_of(j, e);
    if (!r->is_open) {
        judge_find(j, "request", "request %llu ends, which is not open",
                   (unsigned long long)trace_get_asked(e).request);
        return r;
    }
    r->is_open = false;
    *(r->prev ? &j->requests[r->prev].next : &j->first_request) = r->next;
    *(r->next ? &j->requests[r->next].prev : &j->last_request) = r->prev;
    return r;
}

static void take_reply(struct judge *j, const struct trace_event *e)
{
    const struct judged_request *r = close(j, e);
    uint64_t latency = trace_get_reply(e).latency;
    if (latency != e->time - r->due) {
        judge_find(j, "request", "request %llu took %llu cycles, and says %llu",
                   (unsigned long long)trace_get_asked(e).request,
                   (unsigned long long)(e->time - r->due),
                   (unsigned long long)latency);
    }
}

static void take_give_up(struct judge *j, const struct trace_event *e)
{
    close(j, e);
}

void judge_load_pass(struct judge *j, uint64_t from)
{
    for (uint64_t at = j->first_request; at != 0; at = j->requests[at].next) {
        if (judge_is_past(j, j->requests[at].limit, from)) {
            judge_find(j, "request", "request %llu is open since cycle %llu",
                       (unsigned long long)(at - 1),
                       (unsigned long long)j->requests[at].due);
        }
    }
}

judge_taker *const judge_load_takers[TRACE_KIND_COUNT] = {
    [TRACE_REQUEST] = take_request,
    [TRACE_REPLY] = take_reply,
    [TRACE_GIVE_UP] = take_give_up,
};

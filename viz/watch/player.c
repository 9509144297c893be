/* player.c - see player.h. */
#include "viz/watch/player.h"

#include <stdio.h>

#include "sim/banned.h"

#define EVENTS_BETWEEN_MARKS (1u << 17)
#define EVENTS_BETWEEN_LOOKS 256 /* At whether it is enough. */
#define SAMPLES              4096

/* Before the event that is next, so that reading again begins with it. */
static bool add_mark(struct player *p)
{
    if (p->mark_count == PLAYER_MARKS) {
        for (uint32_t i = 0; i < PLAYER_MARKS; i++) {
            if (i % 2 == 0) {
                p->marks[i / 2] = p->marks[i];
            } else {
                replay_mark_free(p->marks[i].mark);
            }
        }
        p->mark_count = PLAYER_MARKS / 2;
        p->mark_events *= 2;
    }
    struct replay_mark *mark = replay_save(p->replay);
    if (!mark) {
        return false;
    }
    p->marks[p->mark_count++] = (struct player_mark){
        .mark = mark, .events = p->replay->events, .time = p->next.time
    };
    return true;
}

/* Events of one cycle are not parted: reading again finds a time. */
static bool wants_mark(const struct player *p)
{
    const struct player_mark *last = &p->marks[p->mark_count - 1];
    return p->replay->events >= last->events + p->mark_events &&
           p->next.time > p->replay->now;
}

bool player_init(struct player *p, struct source *source)
{
    *p = (struct player){ .source = source,
                          .mark_events = EVENTS_BETWEEN_MARKS,
                          .gait = PLAYER_STANDING };
    struct replay_options options = {
        .sample_cycles = source->info->cpu_hz / 2000,
        .sample_limit = SAMPLES,
    };
    p->replay = replay_create(source->info, &options);
    return p->replay && add_mark(p);
}

void player_release(struct player *p)
{
    for (uint32_t i = 0; i < p->mark_count; i++) {
        replay_mark_free(p->marks[i].mark);
    }
    replay_free(p->replay);
}

/* The last mark whose next event is not after `time`. */
static void go_back(struct player *p, uint64_t time)
{
    uint32_t i = p->mark_count;
    while (i > 1 && p->marks[i - 1].time > time) {
        i--;
    }
    const struct player_mark *mark = &p->marks[i - 1];
    if (!p->source->ops->seek(p->source, mark->events, mark->time)) {
        return; /* No longer kept: it stays where it is. */
    }
    replay_restore(p->replay, mark->mark);
    recent_clear(&p->recent);
    p->has_next = false;
    p->is_at_end = false;
}

void player_go_to(struct player *p, uint64_t time)
{
    if (time < p->replay->now) {
        go_back(p, time);
    }
    p->goal_time = time;
    p->gait = PLAYER_TO_TIME;
}

void player_step(struct player *p, enum player_gait gait, uint32_t vm)
{
    p->gait = gait;
    p->goal_vm = vm;
}

static void note_phase(struct player *p)
{
    const struct trace_event *e = &p->next;
    /* After going back, it has been seen before. */
    bool is_new = p->replay->events > p->phase_events;
    if (e->kind == TRACE_PHASE && is_new && p->phase_count < MODEL_PHASES) {
        p->phase_events = p->replay->events;
        p->phases[p->phase_count++] =
            (struct model_phase){ .start = e->time,
                                  .phase = trace_get_phase(e).phase };
    }
}

static void fold(struct player *p)
{
    const struct trace_event *e = &p->next;
    if (wants_mark(p)) {
        /* Without room for a mark, going back takes longer. */
        (void)add_mark(p);
    }
    replay_event(p->replay, e);
    uint32_t batch =
        e->vm < p->replay->info.vm_limit ? p->replay->vms[e->vm].batch : 0;
    recent_add(&p->recent, e, batch);
    note_phase(p);
    if (e->time > p->end) {
        p->end = e->time;
    }
    p->has_next = false;
}

/* Whether the event that was just folded is what was waited for. */
static bool has_arrived(const struct player *p)
{
    switch (p->gait) {
    case PLAYER_TO_TIME:
        return false;
    case PLAYER_ONE_EVENT:
    case PLAYER_STANDING:
        return true;
    case PLAYER_ONE_PICK:
        return p->next.kind == TRACE_PICK;
    case PLAYER_ONE_OF_VM:
        return p->next.vm == p->goal_vm;
    }
    return true;
}

bool player_advance(struct player *p, player_enough_fn *enough, void *ctx)
{
    for (uint32_t i = 1; p->gait != PLAYER_STANDING; i++) {
        if (i % EVENTS_BETWEEN_LOOKS == 0 && enough && enough(ctx)) {
            return false;
        }
        if (!p->has_next) {
            enum source_read read = p->source->ops->read(p->source, &p->next);
            if (read == SOURCE_END) {
                p->is_at_end = true;
                snprintf(p->wrong, sizeof(p->wrong), "%s",
                         p->source->ops->message(p->source));
                p->gait = PLAYER_STANDING;
                break;
            }
            if (read == SOURCE_NOT_YET) {
                if (enough && enough(ctx)) {
                    return false;
                }
                continue;
            }
            p->has_next = true;
        }
        if (p->gait == PLAYER_TO_TIME && p->next.time > p->goal_time) {
            p->gait = PLAYER_STANDING;
            break;
        }
        fold(p);
        if (has_arrived(p)) {
            p->gait = PLAYER_STANDING;
        }
    }
    return true;
}

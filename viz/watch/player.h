/*
 * player.h - moves a replay through its events: on, by one, by a quantum, and
 * back by returning to a mark and folding again from there.
 */
#ifndef VIZ_WATCH_PLAYER_H
#define VIZ_WATCH_PLAYER_H

#include "viz/watch/source.h"

#define PLAYER_MARKS 24

struct player_mark {
    struct replay_mark *mark; /* Owned. */
    uint64_t events;          /* Folded in it. */
    uint64_t time;            /* Of the event after it. */
};

enum player_gait {
    PLAYER_TO_TIME, /* All events up to `goal_time`. */
    PLAYER_ONE_EVENT,
    PLAYER_ONE_PICK,  /* Up to the scheduler's next choice. */
    PLAYER_ONE_OF_VM, /* Up to the next event of `goal_vm`. */
    PLAYER_STANDING,
};

struct player {
    struct source *source;   /* Borrowed. */
    struct replay *replay;   /* Owned. */
    struct recent recent;    /* Beside it. */
    struct trace_event next; /* Read, not folded; valid if has_next. */
    bool has_next;
    bool is_at_end;                  /* There will be no more. */
    char wrong[TRACE_MESSAGE_BYTES]; /* With what was read to the end. */
    uint64_t end;                    /* Cycles: the last moment known. */
    struct model_phase phases[MODEL_PHASES];
    uint32_t phase_count;
    uint64_t phase_events; /* Folded when the last one was noted. */
    enum player_gait gait;
    uint64_t goal_time;
    uint32_t goal_vm;
    struct player_mark marks[PLAYER_MARKS];
    uint32_t mark_count;
    uint64_t mark_events; /* From one mark to the next. */
};

/* False: the host is out of memory. player_release is allowed either way. */
SIM_MUST_USE bool player_init(struct player *p, struct source *source);
void player_release(struct player *p);

/* What player_advance shall do; a time in the past goes back at once. */
void player_go_to(struct player *p, uint64_t time);
void player_step(struct player *p, enum player_gait gait, uint32_t vm);

/* Asked now and then: true ends the advance. */
typedef bool player_enough_fn(void *ctx);

/* True: arrived, or at the end; false: it was enough for now. */
bool player_advance(struct player *p, player_enough_fn *enough, void *ctx);

#endif /* VIZ_WATCH_PLAYER_H */

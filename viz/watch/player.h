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
    uint64_t events;          /* The number of events folded so far. */
    uint64_t time;            /* The time of the next event. */
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
    struct recent recent;    /* The last events, folded like the replay. */
    struct trace_event next; /* Read, but not folded; valid if has_next. */
    bool has_next;
    bool is_at_end;                  /* No event will follow. */
    char wrong[TRACE_MESSAGE_BYTES]; /* What is wrong with the events, or "". */
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

/* Choose what player_advance does; a time in the past goes back at once. */
void player_go_to(struct player *p, uint64_t time);
void player_step(struct player *p, enum player_gait gait, uint32_t vm);

/* Asked now and then: true ends the advance. */
typedef bool player_enough_fn(void *ctx);

/* Folds events up to the goal. True: the goal, or the end, is reached. False:
   `enough` ended the call. */
bool player_advance(struct player *p, player_enough_fn *enough, void *ctx);

#endif /* VIZ_WATCH_PLAYER_H */

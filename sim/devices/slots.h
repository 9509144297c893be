/*
 * slots.h - when a processor is whose: time is cut into frames of one length, and
 * a part of each is a slot.
 *
 * Times are the slot's owner's: its first slot begins at cycle 0. No work begins
 * in the padding at the slot's end, which is there for what was begun before.
 */
#ifndef SIM_DEVICES_SLOTS_H
#define SIM_DEVICES_SLOTS_H

#include "sim/events.h"

/* 0 < use <= length <= frame, in cycles. */
struct slots {
    uint64_t frame;
    uint64_t use;    /* From the frame's beginning: work may begin. */
    uint64_t length; /* And by then it is over. */
};

/* The processor is one owner's for ever. */
#define SLOTS_ALL ((struct slots){ TIME_NEVER, TIME_NEVER, TIME_NEVER })

/* When no more work may begin; `now`, if none may now. */
static inline uint64_t slots_close(const struct slots *s, uint64_t now)
{
    uint64_t at = now % s->frame;
    return at < s->use ? now - at + s->use : now;
}

/* When the next slot begins. */
static inline uint64_t slots_next(const struct slots *s, uint64_t now)
{
    return now - now % s->frame + s->frame;
}

/* By when is over what was begun at `from`, in a slot. */
static inline uint64_t slots_end(const struct slots *s, uint64_t from)
{
    return from - from % s->frame + s->length;
}

#endif /* SIM_DEVICES_SLOTS_H */

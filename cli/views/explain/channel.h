/*
 * channel.h - what passed between the clients and a VM on one connection, as
 * far as the request under way needs it.
 */
#ifndef CLI_VIEWS_EXPLAIN_CHANNEL_H
#define CLI_VIEWS_EXPLAIN_CHANNEL_H

#include "sim/base.h"

/* What a VM does; its times in each sum to the time that has passed. */
enum doing {
    DOING_OTHER, /* Idle, or not begun. */
    DOING_WAIT,  /* At the gate. */
    DOING_READY,
    DOING_RUN,
    DOING_PAGE,
    DOING_COUNT
};

/* A moment, and how long the VM had done what by then. */
struct moment {
    uint64_t time;  /* Cycles. */
    uint64_t order; /* Of the event. */
    uint64_t did[DOING_COUNT];
};

/* A client's frame that the VM has taken. */
struct taken {
    uint64_t packet;
    uint64_t sent, sent_order;
    bool is_again;            /* Sent since a timer ended. */
    struct moment came, left; /* The VM's queue. */
};

/* A VM's frame that the client has got. */
struct got {
    uint64_t packet;
    struct moment sent; /* By the VM. */
    uint64_t time, order;
};

/* What the client did: sent a frame, or got one. */
struct act {
    uint64_t time, order;
    bool is_got;
};

/* Each list in order of its events. */
struct channel {
    struct taken *taken;
    size_t taken_count, taken_room;
    struct got *got;
    size_t got_count, got_room;
    struct act *acts;
    size_t act_count, act_room;
    bool is_again;    /* What the client sends next is sent again. */
    bool has_request; /* Under way. */
    uint64_t request; /* Its place among all, valid then. */
};

/* Each false: out of memory. */
SIM_MUST_USE bool channel_take(struct channel *c, const struct taken *t);
SIM_MUST_USE bool channel_get(struct channel *c, const struct got *g);
SIM_MUST_USE bool channel_act(struct channel *c, const struct act *a);

/* What the client did or got before `time` is of no more use. */
void channel_forget(struct channel *c, uint64_t time);

void channel_release(struct channel *c);

/* The last before `order`; NULL: none. */
const struct got *channel_got(const struct channel *c, uint64_t order);
const struct act *channel_acted(const struct channel *c, uint64_t order);

/* The last that left the VM's queue before `order` and was sent at `due` or
   later; NULL: none. */
const struct taken *channel_taken(const struct channel *c, uint64_t order,
                                  uint64_t due);

/*
 * The same, but a frame that the client sent again while the first one stood
 * in the VM's queue brought nothing: then the first one counts, unless the VM
 * had taken it before `since`.
 */
const struct taken *channel_cause(const struct channel *c, uint64_t since,
                                  uint64_t order, uint64_t due);

#endif /* CLI_VIEWS_EXPLAIN_CHANNEL_H */

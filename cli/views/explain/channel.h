/*
 * channel.h - the frames that passed between the clients and a VM on one
 * connection, as far as the request under way needs them.
 */
#ifndef CLI_VIEWS_EXPLAIN_CHANNEL_H
#define CLI_VIEWS_EXPLAIN_CHANNEL_H

#include "sim/base.h"

/* What a VM does. The times that a VM spent on each sum to the time that has
   passed. */
enum doing {
    DOING_OTHER, /* The VM is idle, or has not begun. */
    DOING_WAIT,  /* The VM waits at the gate. */
    DOING_READY,
    DOING_RUN,
    DOING_PAGE,
    DOING_COUNT
};

/* A moment of a VM. */
struct moment {
    uint64_t time;  /* Cycles. */
    uint64_t order; /* The number of the event. */
    uint64_t
        did[DOING_COUNT]; /* Cycles that the VM had spent on each by then. */
};

/* A client's frame that the VM has taken. */
struct taken {
    uint64_t packet;
    uint64_t first; /* What the client sent: the packet, or what the wire made a
                       copy of. */
    uint64_t sent, sent_order;
    bool is_again;            /* The client sent it because a timer ended. */
    struct moment came, left; /* When it came into, and left, the VM's queue. */
};

/* A VM's frame that the client has got. */
struct got {
    uint64_t packet;
    struct moment sent; /* When the VM sent it. */
    uint64_t time, order;
};

/* The client sent a frame, or got one. */
struct act {
    uint64_t time, order;
    bool is_got;
};

/* Each list has the order of its events. */
struct channel {
    struct taken *taken;
    size_t taken_count, taken_room;
    struct got *got;
    size_t got_count, got_room;
    struct act *acts;
    size_t act_count, act_room;
    bool is_again;    /* The client's next frame is a retransmission. */
    bool has_request; /* A request is under way. */
    uint64_t request; /* Its place among all requests; valid if has_request. */
};

/* Add to the lists. False: out of memory. */
SIM_MUST_USE bool channel_take(struct channel *c, const struct taken *t);
SIM_MUST_USE bool channel_get(struct channel *c, const struct got *g);
SIM_MUST_USE bool channel_act(struct channel *c, const struct act *a);

/* Forgets what the client did or got before `time`. */
void channel_forget(struct channel *c, uint64_t time);

void channel_release(struct channel *c);

/* Return the last item before event `order`. NULL: there is none. */
const struct got *channel_got(const struct channel *c, uint64_t order);
const struct act *channel_acted(const struct channel *c, uint64_t order);

/* Returns the last frame that left the VM's queue before event `order` and was
   sent at `due` or later. NULL: there is none. */
const struct taken *channel_taken(const struct channel *c, uint64_t order,
                                  uint64_t due);

/* Returns the first frame that left the VM's queue, at `due` or later, of what the
   client sent as packet `first`. NULL: there is none. */
const struct taken *channel_taken_of(const struct channel *c, uint64_t first,
                                     uint64_t due);

/*
 * Returns what channel_taken does, but for retransmissions: a frame that the client sent again
 * while its first copy stood in the VM's queue brought nothing, so that the
 * first copy counts, unless the VM had taken that copy before event `since`.
 */
const struct taken *channel_cause(const struct channel *c, uint64_t since,
                                  uint64_t order, uint64_t due);

#endif /* CLI_VIEWS_EXPLAIN_CHANNEL_H */

/*
 * requests.h - where the latency of each request went.
 *
 * The path of an answer is walked back from when the client had it: the frame
 * that completed it was sent by the VM after it had taken a frame of the
 * client's; that one had waited in the VM's queue, and been on the wire before;
 * the client had sent it on getting another frame, and so on, back to when the
 * request was due. Each cycle of the path belongs to exactly one part, so the
 * parts sum to the latency: docs/explain.md has the rule in full.
 *
 * It is told each event of a trace, from the beginning, and knows nothing else.
 */
#ifndef CLI_VIEWS_EXPLAIN_REQUESTS_H
#define CLI_VIEWS_EXPLAIN_REQUESTS_H

#include "sim/trace/trace.h"
#include "sim/vocabulary/vocabulary.h"

struct request {
    uint64_t number;
    uint64_t due, ended; /* Cycles. */
    uint64_t latency;    /* As the client measured it; answered only. */
    uint64_t parts
        [LATENCY_PART_COUNT]; /* Cycles; answered only. Sum: ended - due. */
    uint32_t vm;
    uint32_t connection; /* REQUEST_NO_CONNECTION: it got none. */
    enum outcome end;
};

#define REQUEST_NO_CONNECTION UINT32_MAX

/* A piece of the path: what stood between `from` and `to`. */
struct request_leg {
    enum leg_kind {
        LEG_WIRE,   /* A client's frame comes in. */
        LEG_QUEUE,  /* It stands in the VM's queue. */
        LEG_VM,     /* The VM has taken it and has not answered it. */
        LEG_REPLY,  /* The VM's frame goes out. */
        LEG_TIMERS, /* The client waits. */
    } kind;
    uint64_t from, to; /* Cycles. */
    uint64_t packet;   /* Not LEG_TIMERS. */
    uint64_t parts[LATENCY_PART_COUNT];
};

/* Legs in order of time; none unless it was answered. */
typedef void requests_fn(void *ctx, const struct request *request,
                         const struct request_leg *legs, size_t leg_count);

struct requests; /* Opaque. */

/* `fn` is told of each request when it ends. NULL: out of memory. */
struct requests *requests_create(uint32_t vm_limit, requests_fn *fn, void *ctx);
void requests_free(struct requests *r); /* NULL is allowed. */

/* A sink; ctx is the requests. */
void requests_event(void *ctx, const struct trace_event *event);

/* After the last event: tells of those that are open. False: there was too
   little host memory, and some are missing. */
SIM_MUST_USE bool requests_finish(struct requests *r);

/* How many have begun. */
uint64_t requests_count(const struct requests *r);

#endif /* CLI_VIEWS_EXPLAIN_REQUESTS_H */

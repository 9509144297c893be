/*
 * requests.h - divides the latency of each request into parts.
 *
 * The path of an answer is walked back from when the client had the answer: the
 * VM sent the frame that completed the answer after it had taken a frame of the
 * client's; this frame had waited in the VM's queue, and been on the wire
 * before; the client had sent it on getting another frame, and so on, back to
 * when the request was due. Each cycle of the path belongs to exactly one part,
 * so the parts sum to the latency: docs/explain.md has the rule in full.
 *
 * The events of a trace, from the first on, are the only input.
 */
#ifndef CLI_VIEWS_EXPLAIN_REQUESTS_H
#define CLI_VIEWS_EXPLAIN_REQUESTS_H

#include "sim/trace/trace.h"
#include "sim/vocabulary/vocabulary.h"

struct request {
    uint64_t number;
    uint64_t due, ended; /* Cycles. */
    uint64_t latency;    /* As the client measured it; 0 without an answer. */
    /* Cycles, which sum to ended - due; 0 without an answer. */
    uint64_t parts[LATENCY_PART_COUNT];
    uint32_t vm;
    uint32_t connection; /* REQUEST_NO_CONNECTION: the request got none. */
    enum outcome end;
};

#define REQUEST_NO_CONNECTION UINT32_MAX

/* A piece of the path, from `from` to `to`. */
struct request_leg {
    enum leg_kind {
        LEG_WIRE,   /* A client's frame comes in. */
        LEG_QUEUE,  /* The frame stands in the VM's queue. */
        LEG_VM,     /* The VM has taken the frame and has not answered it. */
        LEG_REPLY,  /* The VM's frame goes out. */
        LEG_TIMERS, /* The client waits. */
    } kind;
    uint64_t from, to; /* Cycles. */
    uint64_t packet;   /* The frame; 0 for LEG_TIMERS. */
    uint64_t parts[LATENCY_PART_COUNT];
};

/* Takes a request that has ended, with the legs of its path in order of time; a
   request without an answer has no legs. */
typedef void requests_fn(void *ctx, const struct request *request,
                         const struct request_leg *legs, size_t leg_count);

struct requests; /* Opaque. */

/* `fn` is called with each request when it ends. NULL: out of memory. */
struct requests *requests_create(uint32_t vm_limit, requests_fn *fn, void *ctx);
void requests_free(struct requests *r); /* NULL is allowed. */

/* A sink; ctx is the requests. */
void requests_event(void *ctx, const struct trace_event *event);

/* Called after the last event: calls `fn` with the requests that are open.
   False: host memory was short, and some requests are missing. */
SIM_MUST_USE bool requests_finish(struct requests *r);

/* Returns how many requests have begun. */
uint64_t requests_count(const struct requests *r);

#endif /* CLI_VIEWS_EXPLAIN_REQUESTS_H */

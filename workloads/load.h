/*
 * load.h - the simulated clients of one run.
 *
 * Thousands of client machines on the far end of the link, reduced to what a
 * load generator needs: who asks which VM when, over a TCP of our own
 * (workloads/tcp/tcp.h), and whether the answer was right, byte by byte.
 *
 * Open loop (`rate`): requests are due by a Poisson process, or another
 * pattern of `arrivals`, whatever becomes of earlier ones. Closed loop
 * (`clients`): each client asks, waits for the answer or gives up, thinks, and
 * asks again. Each (`kind: each`): one request to every VM, by number, with the
 * same time between them. Latency is counted from the moment a request was due.
 * Everything is an event; nothing polls.
 */
#ifndef WORKLOADS_LOAD_H
#define WORKLOADS_LOAD_H

#include "sim/devices/link.h"
#include "sim/scenario.h"
#include "sim/stats.h"

struct arena;
struct load;
struct trace;

/* What clients must know of the servers of a group of VMs. */
struct load_server {
    uint16_t port; /* 0: the usual one of the load's kind. */
    uint32_t body_bytes;
};

struct load_config {
    const struct scenario *scenario; /* Borrowed. */
    struct event_queue *events;      /* Borrowed. */
    struct link *link;               /* Borrowed; it attaches itself. */
    struct packet_pool *pool;        /* Borrowed. */
    struct trace *trace;             /* Borrowed. */
    struct stats *stats;             /* Borrowed; it fills stats->load. */
    /* Of each group, read when the load is created; NULL: of all of them the
       usual port, and a document of the usual size (workloads/content.h). */
    const struct load_server *servers;
    uint64_t cpu_hz;
};

/* NULL when the arena is full. A scenario without loads is fine. */
struct load *load_create(struct arena *arena, const struct load_config *config);

/*
 * Begins to ask at cycle `start` (now or later). Requests due in
 * [stats->window_start, stats->window_end) are the ones counted, but those of
 * an `each` load count always; both ends are set before this call.
 */
void load_start(struct load *load, uint64_t start);

/*
 * The scenario's loads have other values now, in the same memory; their number,
 * targets and kinds are as before, and `changed` says which differ. Before
 * load_start it always succeeds. Afterwards only open loops that have not
 * asked, of Poisson arrivals, may differ, and not in when they start; `now` is
 * the processor's clock. False: what has been done cannot be what would have
 * been with the new values, or the arena is full.
 */
SIM_MUST_USE bool load_revise(struct load *load, struct arena *arena,
                              const bool *changed, uint64_t now);

/*
 * No new requests from now on, but for `each` loads, which ask to their end.
 * Open connections go on until they are closed, keep-alive ones are closed
 * when their request is done.
 */
void load_stop(struct load *load);

/* For the kernel, with ctx: struct load. Sees what TCP cannot know at one end:
   which segments were sent again in vain. */
void load_watch(void *ctx, enum watch_point where, uint64_t now,
                struct packet *p);

/* No request and no connection is open any more, and none is to come. */
bool load_is_drained(const struct load *load);

/* Ends what is still open, as `open` in the statistics; no packet is sent, and
   what an `each` load had yet to ask is not counted. */
void load_abandon(struct load *load);

#endif /* WORKLOADS_LOAD_H */

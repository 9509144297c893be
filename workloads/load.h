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
 * same time between them. Replay: what a file says (workloads/replay/replay.h). Latency is counted from the moment a request was due.
 * Everything is an event; nothing polls.
 */
#ifndef WORKLOADS_LOAD_H
#define WORKLOADS_LOAD_H

#include "sim/devices/link.h"
#include "sim/scenario.h"
#include "sim/stats.h"

struct arena;
struct load;
struct log_file;
struct talk_script;
struct trace;

/* What clients must know of the servers of a group of VMs. */
struct load_server {
    uint16_t port; /* 0: the usual one of the load's kind. */
    uint32_t body_bytes;
};

struct load_config {
    const struct scenario *scenario; /* Borrowed. */
    struct event_queue *events;      /* Borrowed. */
    struct link *link;               /* Borrowed; the load attaches itself. */
    struct packet_pool *pool;        /* Borrowed. */
    struct trace *trace;             /* Borrowed. */
    struct stats *stats;             /* Borrowed; the load fills stats->load. */
    /* The servers of each group, read when the load is created. NULL: all have
       the usual port, and a document of the usual size
       (workloads/content.h). */
    const struct load_server *servers;
    /* What each load replays; NULL where it does not. NULL: none does. */
    struct log_file *const *logs;
    /* What each load of kind lines says and hears. NULL: there is none. */
    const struct talk_script *const *scripts;
    uint64_t cpu_hz;
};

/* NULL when the arena is full. A scenario without loads is fine. */
struct load *load_create(struct arena *arena, const struct load_config *config);

/*
 * Before load_start: asks every VM of each load as often as `prime` says, from
 * now on. False: no load wants it. Nothing of it counts.
 */
SIM_MUST_USE bool load_prime(struct load *load);

/* True: all of these requests have ended, however they did. */
bool load_is_primed(const struct load *load);

/*
 * Begins to ask at cycle `start` (now or later). Requests due in
 * [stats->window_start, stats->window_end) are the ones counted, but those of
 * an `each` load count always; both ends are set before this call.
 */
void load_start(struct load *load, uint64_t start);

/* The window's ends were not known then and now are: what waits for the window
   begins to ask. */
void load_open_window(struct load *load);

/*
 * Takes over new values of the scenario's loads, which are in the same memory;
 * the number, targets and kinds of the loads are as before, and `changed` says
 * which loads differ. Before load_start this always succeeds. Afterwards only
 * open loops with Poisson arrivals that have sent no request may differ, and
 * not in their start; `now` is the processor's clock. False: with the new
 * values the past would have been another, or the arena is full.
 */
SIM_MUST_USE bool load_revise(struct load *load, struct arena *arena,
                              const bool *changed, uint64_t now);

/*
 * No new requests from now on, but for `each` loads, which ask to their end.
 * Open connections go on until they are closed, keep-alive ones are closed
 * when their request is done.
 */
void load_stop(struct load *load);

/* Called by the kernel; ctx is the struct load. Sees both ends of TCP, and so
   which retransmissions were spurious. */
void load_watch(void *ctx, enum watch_point where, uint64_t now,
                struct packet *p);

/* True: no request and no connection is open, and none will be. */
bool load_is_drained(const struct load *load);

/* True: load `i` has sent requests that count, and none of them was answered
   rightly. */
bool load_is_unanswered(const struct load *load, uint32_t i);

/* True: the file that load `i` replays has changed since the run began. */
bool load_is_broken(const struct load *load, uint32_t i);

/* Ends open requests, which count as `open`; sends no packet, and does not
   count the requests that an `each` load has not sent yet. */
void load_abandon(struct load *load);

#endif /* WORKLOADS_LOAD_H */

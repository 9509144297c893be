/*
 * series.h - a span of a run as a series: for each of its slots what became of
 * the requests that were due in it, page faults, requests that were open, and
 * VMs that waited at the gate. Folded from the events of the run and nothing
 * else, so a stored trace gives the same series.
 */
#ifndef SIM_STEADY_SERIES_H
#define SIM_STEADY_SERIES_H

#include "sim/steady/judge.h"
#include "sim/trace/event.h"

#define SERIES_SLOTS 400

struct series_slot {
    uint64_t answers, latency; /* Of requests due in it; cycles, together. */
    uint64_t faults;
    double open, waiting; /* Integrals over time: times cycles. */
};

struct series {
    uint64_t start, end; /* Of the span, cycles; TIME_NEVER: not known yet. */
    uint64_t now;        /* Of the latest event. */
    uint64_t open;       /* Requests that are open, */
    uint64_t waiting;    /* and VMs at the gate, now. */
    uint64_t asked;      /* Requests that were ever due. */
    bool grows; /* Its end moves on when time reaches it: slots join. */
    struct series_slot slots[SERIES_SLOTS];
};

void series_init(struct series *s);

/* A new span. Events of before its start may still come, and count for it as
   far as requests are open when it begins. */
void series_begin(struct series *s, uint64_t start, uint64_t end);

/*
 * The span ends elsewhere, and what has been folded is as if it always had.
 * False: too much has been; a new span must begin.
 */
SIM_MUST_USE bool series_move_end(struct series *s, uint64_t end);

/* It is later, and no event has said so: what is open and waits went on. */
void series_pass(struct series *s, uint64_t now);

/* A trace_sink_fn; ctx is the series. */
void series_event(void *ctx, const struct trace_event *e);

/* The part from one cycle to another as observations of each quantity. */
void series_observe(const struct series *s, uint64_t from, uint64_t to,
                    uint64_t cpu_hz, struct steady_input *input);

#endif /* SIM_STEADY_SERIES_H */

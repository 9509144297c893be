/* explain.h - what `iksim explain` tells of requests. */
#ifndef CLI_VIEWS_EXPLAIN_EXPLAIN_H
#define CLI_VIEWS_EXPLAIN_EXPLAIN_H

#include "cli/views/explain/reading.h"

/* Prints the parts of one request's latency. Returns the exit code. */
int explain_request(struct reading *r, uint64_t number);

/* Prints the parts of all requests' latencies, as a table, or as a line of CSV
   for each request. Returns the exit code. */
int explain_requests(struct reading *r, bool as_csv);

/* Which waits are told. */
struct waits_choice {
    const bool *vms;   /* Borrowed; by number. NULL: of all VMs. */
    uint64_t from, to; /* Cycles: those that have a part in this time. */
    uint64_t limit;    /* Of sentences. */
    bool as_sentences; /* Each wait by itself; otherwise, tables of all. */
};

/* Prints what VMs waited for, and who had what they waited for. Returns the exit
   code. */
int explain_waits(struct reading *r, const struct waits_choice *choice);

#endif /* CLI_VIEWS_EXPLAIN_EXPLAIN_H */

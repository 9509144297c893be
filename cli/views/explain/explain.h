/* explain.h - what `iksim explain` tells of requests. */
#ifndef CLI_VIEWS_EXPLAIN_EXPLAIN_H
#define CLI_VIEWS_EXPLAIN_EXPLAIN_H

#include "cli/views/explain/reading.h"

/* Prints the parts of one request's latency. Returns the exit code. */
int explain_request(struct reading *r, uint64_t number);

/* Prints the parts of all requests' latencies, as a table, or as a line of CSV
   for each request. Returns the exit code. */
int explain_requests(struct reading *r, bool as_csv);

#endif /* CLI_VIEWS_EXPLAIN_EXPLAIN_H */

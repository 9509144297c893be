/* explain.h - the three faces of `iksim explain`. */
#ifndef CLI_VIEWS_EXPLAIN_EXPLAIN_H
#define CLI_VIEWS_EXPLAIN_EXPLAIN_H

#include "cli/views/explain/reading.h"

/* Where one request's latency went. Returns the exit code. */
int explain_request(struct reading *r, uint64_t number);

/* Where all of them went: a table, or a line of CSV for each. */
int explain_requests(struct reading *r, bool as_csv);

#endif /* CLI_VIEWS_EXPLAIN_EXPLAIN_H */

/* print.h - the rows of `iksim paper` on stdout: as lines, in full, as JSON. */
#ifndef CLI_LAB_PAPER_PRINT_H
#define CLI_LAB_PAPER_PRINT_H

#include "cli/lab/paper/rows.h"

/* All claims, with their rules; nothing needs to have been run. */
void print_list(void);

/* One line a row. */
void print_lines(const struct rows *r);

/* A row with its rule, its points, and their latencies. */
void print_in_full(const struct row *row);

/* False: complained. */
SIM_MUST_USE bool print_json(const struct rows *r);

#endif /* CLI_LAB_PAPER_PRINT_H */

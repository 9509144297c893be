/* print.h - prints the rows of `iksim paper`: as lines, in full, as JSON. */
#ifndef CLI_LAB_PAPER_PRINT_H
#define CLI_LAB_PAPER_PRINT_H

#include "cli/lab/paper/rows.h"

/* Prints all claims with their rules, which needs no runs. */
void print_list(void);

/* Prints a line for each row. */
void print_lines(const struct rows *r);

/* Prints a row with its rule, its points, and their latencies. */
void print_in_full(const struct row *row);

/* Prints the rows as JSON. Complains. */
SIM_MUST_USE bool print_json(const struct rows *r);

#endif /* CLI_LAB_PAPER_PRINT_H */

/* table.h - shows what `iksim isolate` found, for people and as JSON. */
#ifndef CLI_LAB_ISOLATE_TABLE_H
#define CLI_LAB_ISOLATE_TABLE_H

#include "cli/lab/isolate/trials.h"

/* Prints the bundled attackers, a line each. */
void isolate_print_list(void);

void isolate_print(const struct isolate *i);

/* NULL: out of memory. */
json_t *isolate_to_json(const struct isolate *i);

#endif /* CLI_LAB_ISOLATE_TABLE_H */

/*
 * waits_check.h - holds the waits of a whole run to what others know of it: to
 * the legs of its requests, which are divided by code that shares nothing with
 * sim/waits/, and to the run's own sums of cycles.
 */
#ifndef TESTS_EXPLAIN_WAITS_CHECK_H
#define TESTS_EXPLAIN_WAITS_CHECK_H

#include "cli/views/explain/requests.h"
#include "sim/stats.h"
#include "sim/waits/index.h"

struct waits_check {
    struct waits_index index;
    struct checked_leg *legs; /* Owned. */
    size_t leg_count, leg_room;
};

void waits_check_begin(struct waits_check *c, uint32_t vms, uint32_t disks);
void waits_check_legs(struct waits_check *c, uint32_t vm,
                      const struct request_leg *legs, size_t count);

/* After the last event: checks it all, and releases it. */
void waits_check_end(struct waits_check *c, const char *name,
                     const struct stats *stats);

#endif /* TESTS_EXPLAIN_WAITS_CHECK_H */

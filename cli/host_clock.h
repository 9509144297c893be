/*
 * host_clock.h - the host's time, which decides nothing that is simulated: how
 * long things took, and when to look again.
 */
#ifndef CLI_HOST_CLOCK_H
#define CLI_HOST_CLOCK_H

#include <time.h>

/* Of a clock that nobody sets. */
struct timespec host_now(void);

double host_seconds(struct timespec from, struct timespec to);

#endif /* CLI_HOST_CLOCK_H */

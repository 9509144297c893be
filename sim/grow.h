/* grow.h - arrays on the heap that grow as they are filled. */
#ifndef SIM_GROW_H
#define SIM_GROW_H

#include "sim/base.h"

/*
 * Room for one more behind the `count` items of `array`, each of `bytes`. The
 * room doubles; `*room` is how many items fit, 0 with a NULL array at first.
 * Returns the array, which may have moved. NULL: out of memory, and the array
 * and its room are as before.
 */
SIM_MUST_USE void *grow_array(void *array, size_t count, size_t *room,
                              size_t bytes);

#endif /* SIM_GROW_H */

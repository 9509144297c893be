/*
 * nearest.h - the known word that a wrong one was perhaps meant to be: of keys,
 * groups, commands and options alike.
 */
#ifndef SIM_NEAREST_H
#define SIM_NEAREST_H

#include "sim/base.h"

/* Finds the known word nearest to a wrong one, from those that it is shown: by
   one or two letters, or since the wrong one is its beginning. */
struct nearest {
    const char *wrong;
    const char *best; /* NULL: none is near. */
    size_t distance;
};

void nearest_try(struct nearest *n, const char *known);

#endif /* SIM_NEAREST_H */

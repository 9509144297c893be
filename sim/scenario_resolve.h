/* scenario_resolve.h - from text to numbers. For the scenario_*.c files only.
 */
#ifndef SIM_SCENARIO_RESOLVE_H
#define SIM_SCENARIO_RESOLVE_H

#include "sim/scenario_raw.h"

/* Fills in defaults, converts units and checks ranges; NULL, and a sentence,
   when something is out of place. Keeps nothing of `raw`. */
struct scenario *scenario_resolve(struct arena *arena, const struct raw *raw,
                                  const struct scenario_source *source,
                                  char message[SCENARIO_MESSAGE_BYTES]);

#endif /* SIM_SCENARIO_RESOLVE_H */

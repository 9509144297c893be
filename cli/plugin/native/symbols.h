/*
 * symbols.h - what a library asks of the host beside what iksim/policy.h gives
 * it: memory is copied and compared, and no more. A clock, chance or a file
 * would make a run that cannot be repeated. Against mistakes this helps, and not
 * against malice: what is C is trusted.
 */
#ifndef CLI_PLUGIN_NATIVE_SYMBOLS_H
#define CLI_PLUGIN_NATIVE_SYMBOLS_H

#include "sim/base.h"

/* False: `message`, of PLUGIN_MESSAGE_BYTES, names a function that the library
   at that path lacks, and may not have. What is no library passes: the linker
   says so better. */
SIM_MUST_USE bool symbols_are_own(const char *path, const char *name,
                                  char *message);

#endif /* CLI_PLUGIN_NATIVE_SYMBOLS_H */

/*
 * compile.h - a policy's C becomes a library, once: what was compiled lies in a
 * cache, under the hash of its text, of the public header and of the call.
 *
 * The cache is $XDG_CACHE_HOME/iksim/policies, or ~/.cache/iksim/policies. It
 * may be deleted at any time.
 */
#ifndef CLI_PLUGIN_NATIVE_COMPILE_H
#define CLI_PLUGIN_NATIVE_COMPILE_H

#include "cli/plugin/plugin.h"

#define PLUGIN_PATH_BYTES  4096
#define PLUGIN_BUILT_BYTES 256

/* Writes the library's path, and which compiler made it of which call. False:
   `message` has the compiler's first complaint. */
SIM_MUST_USE bool compile_policy(const struct plugin_source *source,
                                 char path[PLUGIN_PATH_BYTES],
                                 char built_by[PLUGIN_BUILT_BYTES],
                                 char *message);

#endif /* CLI_PLUGIN_NATIVE_COMPILE_H */

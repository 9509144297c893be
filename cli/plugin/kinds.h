/*
 * kinds.h - the ways to make a table of a file, by language and kind of policy.
 * Each gives NULL when it cannot, and `message` says why.
 */
#ifndef CLI_PLUGIN_KINDS_H
#define CLI_PLUGIN_KINDS_H

#include "cli/plugin/plugin.h"

struct lua_policy;

const struct sched_policy *lua_sched_load(struct lua_policy *p,
                                          struct arena *arena,
                                          const struct plugin_source *source,
                                          char *message);
const struct sched_policy *
native_sched_load(const struct plugin *p, struct arena *arena, char *message);

const struct gate_policy *lua_gate_load(struct lua_policy *p,
                                        struct arena *arena,
                                        const struct plugin_source *source,
                                        char *message);
const struct gate_policy *native_gate_load(const struct plugin *p,
                                           struct arena *arena, char *message);

const struct replace_policy *
lua_replace_load(struct lua_policy *p, struct arena *arena,
                 const struct plugin_source *source, char *message);
const struct replace_policy *
native_replace_load(const struct plugin *p, struct arena *arena, char *message);

#endif /* CLI_PLUGIN_KINDS_H */

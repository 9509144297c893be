/*
 * pinned.h - a scenario whose policies that are files are named with what is in
 * them: "./mine.lua" becomes "./mine.lua@8b1a9953c4611296", which is as good a
 * name, and holds for that content only. So all that is known of a run, and the
 * key by which a sweep knows it, changes with a policy's text.
 */
#ifndef CLI_RUN_CHOICE_PINNED_H
#define CLI_RUN_CHOICE_PINNED_H

#include "sim/scenario.h"
#include "sim/vocabulary/words.h"

struct arena;

/* As scenario_load, and pins. */
SIM_MUST_USE struct scenario *
pinned_load(struct arena *arena, const char *path,
            const struct scenario_options *options,
            char message[SCENARIO_MESSAGE_BYTES]);

/* The name of a policy in the scenario, and the key that it stands under. */
const char **pinned_name(struct scenario *s, enum policy_kind kind);
const char *pinned_key(enum policy_kind kind);

#endif /* CLI_RUN_CHOICE_PINNED_H */

/*
 * policy_args.h - whether the policies that a scenario names understand the
 * arguments that it gives them; if not, the sentence that says so.
 */
#ifndef CLI_RUN_POLICY_ARGS_H
#define CLI_RUN_POLICY_ARGS_H

#include "ik/host.h"
#include "sim/scenario.h"
#include "sim/units.h"
#include "sim/vocabulary/words.h"

/* What is wrong with an argument: where, and the sentence. */
struct policy_args_complaint {
    char key[128];
    char text[SCENARIO_MESSAGE_BYTES];
};

/* Writes an argument's value as a scenario has it. */
void policy_args_write(const struct policy_arg *row, uint64_t value,
                       char text[UNITS_BYTES]);

/* Each argument that the scenario gives is one that a policy has, and within
   its limits; those of VMs are of any of the three. Otherwise false. */
SIM_MUST_USE bool
policy_args_check(const struct scenario *s,
                  const struct policy_facts *const policies[POLICY_KIND_COUNT],
                  struct policy_args_complaint *wrong);

#endif /* CLI_RUN_POLICY_ARGS_H */

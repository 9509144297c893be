/*
 * args.h - arguments of policies: a scenario's texts become numbers, by the
 * rows of the policies that have them.
 */
#ifndef IK_ARGS_H
#define IK_ARGS_H

#include "ik/host.h"
#include "sim/scenario.h"
#include "sim/units.h"
#include "sim/vocabulary/words.h"

#define ARGS_KEY_BYTES 128

/* What is wrong with an argument: where, and the sentence. */
struct args_complaint {
    char key[ARGS_KEY_BYTES];
    char text[SCENARIO_MESSAGE_BYTES];
};

/* What the scenario gives to its policy of that kind. */
const struct scenario_args *args_of(const struct scenario *s,
                                    enum policy_kind kind);

/* Writes an argument's value as a scenario has it. */
void args_write_value(const struct policy_arg *row, uint64_t value,
                      char text[UNITS_BYTES]);

/* Each argument that the scenario gives is one that a policy has, and within
   its limits; those of VMs are of any of the three. Otherwise false. */
SIM_MUST_USE bool
args_check(const struct scenario *s,
           const struct policy_facts *const policies[POLICY_KIND_COUNT],
           struct args_complaint *wrong);

/* The value of an argument, checked before; its default when not given. */
uint64_t args_value(const struct scenario_args *given,
                    const struct policy_arg *row, uint64_t cpu_hz);

#endif /* IK_ARGS_H */

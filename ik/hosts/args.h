/*
 * args.h - arguments of policies: a scenario's texts become numbers, by the
 * rows of the policies that have them.
 */
#ifndef IK_ARGS_H
#define IK_ARGS_H

#include "ik/host.h"
#include "sim/scenario.h"

/* Reads the text by its row's unit, whatever the row's limits. NULL, or what
   is wrong as the end of a sentence. */
const char *args_read_value(const struct policy_arg *row, const char *text,
                            uint64_t *value);

/* The value of an argument, checked before; its default when not given. */
uint64_t args_value(const struct scenario_args *given,
                    const struct policy_arg *row, uint64_t cpu_hz);

#endif /* IK_ARGS_H */

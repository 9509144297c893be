/*
 * checked.h - the contract between the kernel and a policy, held: a table that
 * wraps any policy's and looks at each call and each answer. What breaks the
 * contract ends the run with one sentence (calls.h), and the policy is not
 * called again.
 *
 * It changes nothing of what a policy that keeps its contract does: the same
 * run has the same fingerprint.
 */
#ifndef CLI_PLUGIN_CHECKED_H
#define CLI_PLUGIN_CHECKED_H

#include "ik/gate.h"
#include "ik/replace.h"
#include "ik/sched.h"

/* The most that a scheduler may grant, in quanta. */
#define CHECKED_QUANTA 64

/* NULL when the arena is full. `inner` is borrowed for the result's life. */
const struct sched_policy *checked_sched(struct arena *arena,
                                         const struct sched_policy *inner);
const struct gate_policy *checked_gate(struct arena *arena,
                                       const struct gate_policy *inner);
const struct replace_policy *
checked_replace(struct arena *arena, const struct replace_policy *inner);

#endif /* CLI_PLUGIN_CHECKED_H */

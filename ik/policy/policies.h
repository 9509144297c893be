/* policies.h - every policy there is, by name: one line of one array each. */
#ifndef IK_POLICY_POLICIES_H
#define IK_POLICY_POLICIES_H

#include "ik/gate.h"
#include "ik/memory/replace.h"
#include "ik/sched.h"

/* The default first; ended by NULL. */
extern const struct gate_policy *const gate_policies[];
extern const struct sched_policy *const sched_policies[];
extern const struct replace_policy *const replace_policies[];

/* NULL when there is none of that name. */
const struct gate_policy *gate_policy_find(const char *name);
const struct sched_policy *sched_policy_find(const char *name);
const struct replace_policy *replace_policy_find(const char *name);

#endif /* IK_POLICY_POLICIES_H */

/* policies.c - see policies.h. */
#include "ik/policy/policies.h"

#include <string.h>

#define ADDRESS(name) &name,

const struct gate_policy *const gate_policies[] = {
    GATE_POLICIES(ADDRESS) NULL,
};

const struct sched_policy *const sched_policies[] = {
    SCHED_POLICIES(ADDRESS) NULL,
};

const struct replace_policy *const replace_policies[] = {
    REPLACE_POLICIES(ADDRESS) NULL,
};

const struct gate_policy *gate_policy_find(const char *name)
{
    for (size_t i = 0; gate_policies[i]; i++) {
        if (strcmp(gate_policies[i]->facts.name, name) == 0) {
            return gate_policies[i];
        }
    }
    return NULL;
}

const struct sched_policy *sched_policy_find(const char *name)
{
    for (size_t i = 0; sched_policies[i]; i++) {
        if (strcmp(sched_policies[i]->facts.name, name) == 0) {
            return sched_policies[i];
        }
    }
    return NULL;
}

const struct replace_policy *replace_policy_find(const char *name)
{
    for (size_t i = 0; replace_policies[i]; i++) {
        if (strcmp(replace_policies[i]->facts.name, name) == 0) {
            return replace_policies[i];
        }
    }
    return NULL;
}

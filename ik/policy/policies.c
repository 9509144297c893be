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

const struct rx_policy *const rx_policies[] = {
    RX_POLICIES(ADDRESS) NULL,
};

const struct tx_policy *const tx_policies[] = {
    TX_POLICIES(ADDRESS) NULL,
};

/* The list's policy of that name, for each kind. */
#define DEFINE_FIND(kind)                                            \
    const struct kind##_policy *kind##_policy_find(const char *name) \
    {                                                                \
        for (size_t i = 0; kind##_policies[i]; i++) {                \
            if (strcmp(kind##_policies[i]->facts.name, name) == 0) { \
                return kind##_policies[i];                           \
            }                                                        \
        }                                                            \
        return NULL;                                                 \
    }

DEFINE_FIND(gate)
DEFINE_FIND(sched)
DEFINE_FIND(replace)
DEFINE_FIND(rx)
DEFINE_FIND(tx)

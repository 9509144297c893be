/* policies.c - see policies.h. */
#include "ik/policy/policies.h"

#include <string.h>

const struct gate_policy *const gate_policies[] = {
    &gate_fifo,
    &gate_open,
    &gate_working_set,
    NULL,
};

const struct sched_policy *const sched_policies[] = {
    &sched_rr,   &sched_rr_no_boost, &sched_vrr,  &sched_lottery, &sched_stride,
    &sched_mlfq, &sched_fair,        &sched_fifo, NULL,
};

const struct replace_policy *const replace_policies[] = {
    &replace_wsclock, &replace_clock,  &replace_fifo,
    &replace_lru,     &replace_random, NULL,
};

const struct gate_policy *gate_policy_find(const char *name)
{
    for (size_t i = 0; gate_policies[i]; i++) {
        if (strcmp(gate_policies[i]->name, name) == 0) {
            return gate_policies[i];
        }
    }
    return NULL;
}

const struct sched_policy *sched_policy_find(const char *name)
{
    for (size_t i = 0; sched_policies[i]; i++) {
        if (strcmp(sched_policies[i]->name, name) == 0) {
            return sched_policies[i];
        }
    }
    return NULL;
}

const struct replace_policy *replace_policy_find(const char *name)
{
    for (size_t i = 0; replace_policies[i]; i++) {
        if (strcmp(replace_policies[i]->name, name) == 0) {
            return replace_policies[i];
        }
    }
    return NULL;
}

/* names.h - the words by which a policy in Lua is told things. */
#ifndef CLI_PLUGIN_NAMES_H
#define CLI_PLUGIN_NAMES_H

#include "ik/sched.h"

/* By enum sched_stop. */
static const char *const plugin_stop_names[] = {
    [SCHED_STOP_QUANTUM] = "quantum", [SCHED_STOP_IDLE] = "idle",
    [SCHED_STOP_PAGING] = "paging",   [SCHED_STOP_LEASE] = "lease",
    [SCHED_STOP_END] = "end",         [SCHED_STOP_PREEMPTED] = "preempted",
};

#endif /* CLI_PLUGIN_NAMES_H */

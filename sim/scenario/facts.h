/*
 * facts.h - what follows from a scenario's lists, for whoever asks about one
 * VM, group or policy.
 */
#ifndef SIM_SCENARIO_FACTS_H
#define SIM_SCENARIO_FACTS_H

#include "sim/devices/slots.h"
#include "sim/scenario.h"
#include "sim/vocabulary/words.h"

/* What the scenario gives to its policy of that kind. */
const struct scenario_args *scenario_args_of(const struct scenario *s,
                                             enum policy_kind kind);

/* Whether the group is in another's partition. */
bool scenario_has_channel(const struct scenario_vms *group);

/* When the processor is the scenario's. */
struct slots scenario_slots(const struct scenario *s);

/* The group of any VM, created or not. */
const struct scenario_vms *scenario_group_of(const struct scenario *s,
                                             uint32_t vm);

/* Whether a load asks VMs of that group. */
bool scenario_is_asked(const struct scenario *s, uint32_t group);

/* Pages of disk that the scenario's VMs and disks can take at once: each is a
   row of its own of whole paging blocks. */
uint64_t scenario_disk_pages(const struct scenario *s);

#endif /* SIM_SCENARIO_FACTS_H */

/*
 * partition.h - static partitions for `iksim isolate`: all victims are one, and
 * the attackers another. Shares that the scenario gives are the victims'; where
 * it gives none, victims have half of the machine. Attackers have the rest.
 */
#ifndef CLI_LAB_ISOLATE_PARTITION_H
#define CLI_LAB_ISOLATE_PARTITION_H

#include "cli/lab/isolate/attackers.h"

bool partition_is_asked(const char *preset);

/* Adds the settings; `attacker` is NULL if the victims are alone. The run is
   that of the victims. */
void partition_add(const struct scenario *victims,
                   const struct attacker *attacker, struct attack_words *w);

#endif /* CLI_LAB_ISOLATE_PARTITION_H */

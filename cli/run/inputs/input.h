/*
 * input.h - what is wrong with a file that an item of a scenario's list names.
 */
#ifndef CLI_RUN_INPUTS_INPUT_H
#define CLI_RUN_INPUTS_INPUT_H

#include "sim/scenario.h"

/* Item `item` of `list` names `file`; `what` follows the name as it is. Returns
   false. */
bool input_complain(const struct scenario *s, const char *list, uint32_t item,
                    const char *file, const char *what,
                    char message[SCENARIO_MESSAGE_BYTES]);

#endif /* CLI_RUN_INPUTS_INPUT_H */

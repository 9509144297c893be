/* input.c - see input.h. */
#include "cli/run/inputs/input.h"

#include <stdio.h>

bool input_complain(const struct scenario *s, const char *list, uint32_t item,
                    const char *file, const char *what,
                    char message[SCENARIO_MESSAGE_BYTES])
{
    char key[64];
    char complaint[SCENARIO_MESSAGE_BYTES];
    snprintf(key, sizeof(key), "%s[%u].file", list, item);
    snprintf(complaint, sizeof(complaint), "'%.200s'%s", file, what);
    scenario_complain(s, key, complaint, message);
    return false;
}

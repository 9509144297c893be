/* args.c - see args.h. */
#include "ik/hosts/args.h"

#include <string.h>

#include "sim/devices/machine.h"
#include "sim/units.h"

const char *args_read_value(const struct policy_arg *row, const char *text,
                            uint64_t *value)
{
    switch (row->unit) {
    case POLICY_NUMBER:
        return units_read_whole(text, value);
    case POLICY_TIME:
        return units_read_time(text, value);
    case POLICY_FLAG:
        *value = strcmp(text, "true") == 0;
        return *value || strcmp(text, "false") == 0 ? NULL
                                                    : "must be true or false";
    }
    return "must be a number";
}

uint64_t args_value(const struct scenario_args *given,
                    const struct policy_arg *row, uint64_t cpu_hz)
{
    uint64_t value = row->fallback;
    for (uint32_t i = 0; i < given->count; i++) {
        if (strcmp(given->items[i].name, row->name) == 0) {
            const char *why =
                args_read_value(row, given->items[i].text, &value);
            SIM_ASSERT(!why);
        }
    }
    return row->unit == POLICY_TIME ? cycles_from_ns(value, cpu_hz) : value;
}

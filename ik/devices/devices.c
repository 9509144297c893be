/* devices.c - see devices.h. */
#include "ik/devices/devices.h"

#define ADDRESS(name) &name,

const struct device *const devices[] = {
    DEVICES(ADDRESS) NULL,
};

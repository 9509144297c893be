/* devices.c - see devices.h. */
#include "ik/virtual/devices.h"

#define ADDRESS(name) &name,

const struct device *const devices[] = {
    DEVICES(ADDRESS) NULL,
};

/*
 * devices.h - every virtual device there is: one row each, from which the
 * declarations and the array follow.
 */
#ifndef IK_DEVICES_H
#define IK_DEVICES_H

#include "ik/devices/device.h"

/* In the order of their beginning. */
#define DEVICES(X)  \
    X(device_alarm) \
    X(device_vnic)  \
    X(device_vdisk) \
    X(device_console)

#define DECLARE_DEVICE(name) extern const struct device name;
DEVICES(DECLARE_DEVICE)

/* Ended by NULL. */
extern const struct device *const devices[];

#endif /* IK_DEVICES_H */

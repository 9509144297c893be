/*
 * vmid.h - the numbers that VMs and frames go by. Policies and queues know no
 * more of a VM or a frame than its number.
 */
#ifndef IK_VMID_H
#define IK_VMID_H

#include "sim/base.h"
#include "sim/limits.h"

typedef uint32_t vmid_t;
#define VM_NONE    UINT32_MAX /* Never the number of a VM. */
#define FRAME_NONE UINT32_MAX /* Never the number of a frame. */

#endif /* IK_VMID_H */

/*
 * vmid.h - the numbers that VMs and frames go by. Policies and queues know no
 * more of a VM or a frame than its number.
 */
#ifndef IK_VMID_H
#define IK_VMID_H

#include "sim/base.h"

typedef uint32_t vmid_t;
#define VM_LIMIT (1u << 20) /* VM numbers are below this. */
#define VM_NONE  UINT32_MAX /* Never the number of a VM. */

#define FRAME_LIMIT (1u << 24) /* Frame numbers are below this: 64 GiB. */
#define FRAME_NONE  UINT32_MAX /* Never the number of a frame. */

#endif /* IK_VMID_H */

/*
 * hosts.h - the kernel as the host of its policies: what it answers them.
 */
#ifndef IK_HOSTS_H
#define IK_HOSTS_H

#include "ik/state.h"

/* Before the policies are created. */
void hosts_init(struct kernel *k);

#endif /* IK_HOSTS_H */

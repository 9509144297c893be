/* reads.h - reads of random blocks of the first disk, so many always under way. */
#ifndef WORKLOADS_ATTACKERS_READS_H
#define WORKLOADS_ATTACKERS_READS_H

#include <stdint.h>

/* At most ABI_DISK_RING; which blocks follows from the VM's number. */
void reads_begin(uint32_t count);

/* Takes what has come and asks for more; returns how many have come so far. */
uint32_t reads_go_on(void);

#endif /* WORKLOADS_ATTACKERS_READS_H */

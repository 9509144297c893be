/*
 * diskhog.c - reads blocks of its disk at random places, with as many requests
 * under way as a VM may have, always.
 */
#include "ilwaco/irq.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"
#include "workloads/attackers/reads.h"

int main(void)
{
    reads_begin(ABI_DISK_RING);
    for (;;) {
        irq_idle(ABI_TIME_NEVER);
        (void)reads_go_on();
    }
}

/*
 * diskhog.c - reads blocks of its disk at random places, with as many requests
 * under way as a VM may have, always.
 */
#include "ilwaco/disk.h"
#include "ilwaco/irq.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"

static struct disk_request requests[ABI_DISK_RING];
static _Alignas(ABI_PAGE_BYTES) uint8_t room[ABI_DISK_RING][ABI_BLOCK_BYTES];
static uint32_t drawn;

static void read_on(struct disk_request *r)
{
    drawn = drawn * 1664525 + 1013904223; /* Numerical Recipes' generator. */
    r->block = (drawn >> 4) % disk_blocks(0);
    disk_submit(r);
}

int main(void)
{
    drawn = vreg_read(ABI_VR_VM_NUMBER);
    disk_serve();
    for (uint32_t i = 0; i < ABI_DISK_RING; i++) {
        requests[i].buffer = room[i];
        requests[i].done = read_on;
        read_on(&requests[i]);
    }
    for (;;) {
        irq_idle(ABI_TIME_NEVER);
        (void)irq_take(ABI_IRQ_ALL);
        disk_poll();
    }
}

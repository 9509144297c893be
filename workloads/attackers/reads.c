/* reads.c - see reads.h. */
#include "workloads/attackers/reads.h"

#include "ilwaco/disk.h"
#include "ilwaco/irq.h"
#include "ilwaco/vregs.h"

static struct disk_request requests[ABI_DISK_RING];
static _Alignas(ABI_PAGE_BYTES) uint8_t room[ABI_DISK_RING][ABI_BLOCK_BYTES];
static uint32_t drawn, done;

static void ask(struct disk_request *r)
{
    drawn = drawn * 1664525 + 1013904223; /* Numerical Recipes' generator. */
    r->block = (drawn >> 4) % disk_blocks(0);
    disk_submit(r);
}

static void read_on(struct disk_request *r)
{
    done++;
    ask(r);
}

void reads_begin(uint32_t count)
{
    drawn = vreg_read(ABI_VR_VM_NUMBER);
    disk_serve();
    for (uint32_t i = 0; i < count; i++) {
        requests[i].buffer = room[i];
        requests[i].done = read_on;
        ask(&requests[i]);
    }
}

uint32_t reads_go_on(void)
{
    (void)irq_take(ABI_IRQ_ALL);
    disk_poll();
    return done;
}

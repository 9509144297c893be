/* fake_disk.c - see fake_disk.h. Requests are done when they are waited for. */
#include "tests/ilwaco/fake_disk.h"

#include <stdlib.h>
#include <string.h>

#include "ilwaco/lock.h"
#include "ilwaco/panic.h"

struct fake_disk fake_disk;

void fake_disk_init(uint32_t blocks)
{
    memset(&fake_disk, 0, sizeof(fake_disk));
    fake_disk.blocks = blocks;
    fake_disk.left = -1;
}

uint32_t disk_blocks(uint32_t disk)
{
    return disk == 0 ? fake_disk.blocks : 0;
}

void disk_submit(struct disk_request *request)
{
    request->is_done = false;
}

static int32_t serve(const struct disk_request *request)
{
    fake_disk.requests++;
    if (fake_disk.left == 0) {
        return FAKE_DISK_ERROR; /* And nothing is done any more. */
    }
    fake_disk.left -= fake_disk.left > 0;
    if (request->block >= fake_disk.blocks) {
        return ABI_EINVAL;
    }
    uint8_t *block = fake_disk.data[request->block];
    if (request->is_write) {
        memcpy(block, request->buffer, ABI_BLOCK_BYTES);
        fake_disk.writes[request->block]++;
    } else {
        memcpy(request->buffer, block, ABI_BLOCK_BYTES);
    }
    return 0;
}

int32_t disk_wait(struct disk_request *request)
{
    if (!request->is_done) {
        request->result = serve(request);
        request->is_done = true;
    }
    return request->result;
}

/* The test program frees nothing: one set of buffers serves all stores. */
void *disk_buffers(uint32_t count)
{
    static uint8_t buffers[16][ABI_BLOCK_BYTES];
    return count <= 16 ? buffers : NULL;
}

/* One thread: a lock is free whenever it is asked for. */
void mutex_lock(struct mutex *mutex)
{
    if (mutex->owner != NULL) {
        panic("locked twice");
    }
    mutex->owner = (struct thread *)(void *)mutex;
}

void mutex_unlock(struct mutex *mutex)
{
    mutex->owner = NULL;
}

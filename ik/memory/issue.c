/* issue.c - see issue.h. */
#include "ik/memory/issue.h"

/* The spindle has served the request: the kernel learns of that by an
   interrupt. */
static void on_done(void *ctx, struct disk_request *request)
{
    transfer_finish(ctx, CONTAINER_OF(request, struct transfer, request));
}

struct transfer *transfer_new(struct kernel *k)
{
    struct transfer *x = transfer_get(&k->transfers);
    if (!x) {
        kernel_fail(k, "too little host memory for disk transfers");
    }
    return x;
}

void transfer_issue(struct kernel *k, struct transfer *x, uint64_t first)
{
    SIM_ASSERT(x->count > 0);
    SIM_ASSERT(x->count <= TRANSFER_PAGES);
    struct transfers *t = &k->transfers;
    uint64_t block;
    x->disk = swap_locate(&k->swap, first, &block);
    bool is_write =
        x->kind != TRANSFER_PAGE_IN && x->kind != TRANSFER_DEVICE_READ;
    x->request = (struct disk_request){
        .block = block,
        .count = x->count,
        .is_write = is_write,
        .owner = x->kind == TRANSFER_PAGE_OUT ? x->request.owner : x->vm,
        .done = on_done,
        .ctx = t,
    };
    transfer_begin(t, x);
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->disk.reads += !is_write;
        s->disk.writes += is_write;
    }
    kernel_emit(k, is_write
                       ? TRACE_EVENT(disk_write, x->vm, TRANSFER_FIELDS(k, x))
                       : TRACE_EVENT(disk_read, x->vm, TRANSFER_FIELDS(k, x)));
    disk_submit(x->disk, k->now, &x->request);
}

bool transfer_cancel(struct kernel *k, struct transfer *x)
{
    if (!disk_cancel(x->disk, &x->request)) {
        return false;
    }
    kernel_emit(k,
                TRACE_EVENT(disk_cancel, TRACE_NO_VM, TRANSFER_FIELDS(k, x)));
    transfer_end(&k->transfers, x);
    transfer_put(&k->transfers, x);
    return true;
}

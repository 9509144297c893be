/* fact.c - see fact.h. */
#include "tests/shadow/fact.h"

static void take_packet(struct fact *f, const struct trace_event *e)
{
    f->bytes = e->a & 0xffff;
    f->packet = e->a >> 16;
}

static void take_disk(struct fact *f, const struct trace_event *e)
{
    f->block = e->a;
    f->disk = (uint32_t)(e->b >> 32);
    f->blocks = (uint32_t)e->b;
}

struct fact fact_of(const struct trace_event *e)
{
    struct fact f = { .kind = (enum trace_kind)e->kind,
                      .vm = e->vm,
                      .time = e->time };
    switch (f.kind) {
    case TRACE_RUN:
        f.instructions = e->a;
        f.cycles = e->b;
        break;
    case TRACE_CHARGE:
        f.cycles = e->a;
        f.category = (uint32_t)e->b;
        break;
    case TRACE_PHASE:
        f.phase = (enum fact_phase)e->a;
        f.phase_end = e->b;
        break;
    case TRACE_END:
        f.end = (enum fact_end)e->a;
        break;
    case TRACE_PICK:
        f.pick = (enum fact_pick)e->b;
        break;
    case TRACE_ARRIVE:
        f.waiting = e->a;
        break;
    case TRACE_ADMIT:
        f.waited = e->a;
        break;
    case TRACE_FILL:
        f.is_zero = e->b >> 32 != 0;
        break;
    case TRACE_TABLE:
        f.is_allocated = e->b == 1;
        break;
    case TRACE_BLOCK:
        f.waits_for_read = e->a == 1;
        break;
    case TRACE_RAISE:
        f.interrupts = (uint32_t)e->a;
        f.is_coalesced = e->b == 1;
        break;
    case TRACE_DELIVER:
        f.interrupts = (uint32_t)e->a;
        break;
    case TRACE_RX:
    case TRACE_RECV:
        take_packet(&f, e);
        f.queue_length = e->b;
        break;
    case TRACE_RX_DROP:
        take_packet(&f, e);
        f.rx_drop = (enum fact_rx_drop)e->b;
        break;
    case TRACE_SEND:
    case TRACE_TX:
    case TRACE_TX_DROP:
        take_packet(&f, e);
        break;
    case TRACE_LINK_DROP:
        take_packet(&f, e);
        f.link_drop = (enum fact_link_drop)e->b;
        break;
    case TRACE_CLIENT_SEND:
    case TRACE_CLIENT_RECV:
        take_packet(&f, e);
        f.connection = (uint32_t)e->b;
        break;
    case TRACE_DISK_READ:
    case TRACE_DISK_WRITE:
    case TRACE_DISK_DONE:
    case TRACE_DISK_CANCEL:
        take_disk(&f, e);
        break;
    case TRACE_REQUEST:
        f.request = e->a;
        f.late = e->b;
        break;
    case TRACE_REPLY:
        f.request = e->a;
        f.latency = e->b;
        break;
    case TRACE_GIVE_UP:
        f.request = e->a;
        f.give_up = (enum fact_give_up)e->b;
        break;
    case TRACE_CONNECT:
        f.request = e->a;
        f.connection = (uint32_t)e->b;
        break;
    case TRACE_RETRANSMIT:
        f.connection = (uint32_t)e->a;
        break;
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CREATE:
    case TRACE_CONSOLE:
    case TRACE_SWITCH:
    case TRACE_PREEMPT:
    case TRACE_IDLE:
    case TRACE_WAKE:
    case TRACE_LEASE_END:
    case TRACE_FAULT:
    case TRACE_EVICT:
    case TRACE_RECLAIM:
    case TRACE_SET_ASIDE:
    case TRACE_READY:
    case TRACE_TOUCH:
    case TRACE_DIRTY:
    case TRACE_CLEAN:
    case TRACE_HAND:
    case TRACE_LINK_COPY:
        break;
    }
    return f;
}

/* fact.c - see fact.h. */
#include "tests/shadow/fact.h"

static void take_packet(struct fact *f, const struct trace_event *e)
{
    struct trace_packet p = trace_get_packet(e);
    f->bytes = (uint32_t)p.bytes;
    f->packet = p.packet;
}

static void take_disk(struct fact *f, const struct trace_event *e)
{
    struct trace_transfer t = trace_get_transfer(e);
    f->block = t.block;
    f->disk = t.disk;
    f->blocks = (uint32_t)t.blocks;
}

/* A flat switch. NOLINTNEXTLINE(readability-function-size) */
struct fact fact_of(const struct trace_event *e)
{
    struct fact f = { .kind = trace_kind(e), .vm = e->vm, .time = e->time };
    switch (f.kind) {
    case TRACE_RUN:
        f.instructions = trace_get_run(e).insns;
        f.cycles = trace_get_run(e).cycles;
        break;
    case TRACE_CHARGE:
        f.cycles = trace_get_charge(e).cycles;
        f.category = trace_get_charge(e).category;
        break;
    case TRACE_PHASE:
        f.phase = trace_get_phase(e).phase;
        f.phase_end = trace_get_phase(e).until;
        break;
    case TRACE_END:
        f.end = trace_get_end(e).why;
        f.end_detail = (uint32_t)trace_get_end(e).detail;
        break;
    case TRACE_REFUSE_CREATE:
        f.refused = trace_get_refuse_create(e).count;
        break;
    case TRACE_PICK:
        f.pick = trace_get_pick(e).why;
        break;
    case TRACE_ARRIVE:
        f.waiting = trace_get_arrive(e).waiting;
        break;
    case TRACE_ADMIT:
        f.waited = trace_get_admit(e).waited;
        break;
    case TRACE_FILL:
        f.is_zero = trace_get_fill(e).zeroed;
        break;
    case TRACE_TABLE:
        f.is_allocated = trace_get_table(e).change == TABLE_ALLOCATED;
        break;
    case TRACE_BLOCK:
        f.waits_for_read = trace_get_block(e).why == VM_WAIT_READ;
        break;
    case TRACE_RAISE:
        f.interrupts = trace_get_raise(e).virqs;
        f.is_coalesced = trace_get_raise(e).coalesced;
        break;
    case TRACE_DELIVER:
        f.interrupts = trace_get_deliver(e).virqs;
        break;
    case TRACE_RX:
        take_packet(&f, e);
        f.queue_length = trace_get_rx(e).queued;
        break;
    case TRACE_RECV:
        take_packet(&f, e);
        f.queue_length = trace_get_recv(e).queued;
        break;
    case TRACE_RX_DROP:
        take_packet(&f, e);
        f.rx_drop = trace_get_rx_drop(e).why;
        break;
    case TRACE_SEND:
    case TRACE_TX:
    case TRACE_TX_DROP:
        take_packet(&f, e);
        break;
    case TRACE_LINK_DROP:
        take_packet(&f, e);
        f.link_drop = trace_get_link_drop(e).why;
        break;
    case TRACE_CLIENT_SEND:
        take_packet(&f, e);
        f.connection = trace_get_client_send(e).connection;
        break;
    case TRACE_CLIENT_RECV:
        take_packet(&f, e);
        f.connection = trace_get_client_recv(e).connection;
        break;
    case TRACE_DISK_READ:
    case TRACE_DISK_WRITE:
    case TRACE_DISK_DONE:
    case TRACE_DISK_CANCEL:
        take_disk(&f, e);
        break;
    case TRACE_REQUEST:
        f.request = trace_get_request(e).request;
        f.late = trace_get_request(e).late;
        break;
    case TRACE_REPLY:
        f.request = trace_get_reply(e).request;
        f.latency = trace_get_reply(e).latency;
        break;
    case TRACE_GIVE_UP:
        f.request = trace_get_give_up(e).request;
        f.give_up = trace_get_give_up(e).why;
        break;
    case TRACE_CONNECT:
        f.request = trace_get_connect(e).request;
        f.connection = trace_get_connect(e).connection;
        break;
    case TRACE_RETRANSMIT:
        f.connection = trace_get_retransmit(e).connection;
        break;
    case TRACE_WRONG:
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
    case TRACE_GIVE_WAY:
    case TRACE_REASON:
        break;
    }
    return f;
}

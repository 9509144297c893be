/* sentence_net.c - frames between the clients and the VMs. */
#include "cli/views/explain/sentence.h"

#include "cli/views/explain/words.h"
#include "ik/devices/vnic.h"
#include "sim/devices/link.h"

/* "Packet 812 (60 bytes)" */
static void put_packet(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "Packet %llu (%llu bytes)",
                 (unsigned long long)(e->a >> 16),
                 (unsigned long long)(e->a & UINT16_MAX));
}

static const char *drop_cause(const struct trace_event *e)
{
    if (e->kind == TRACE_RX_DROP) {
        return e->b == VNIC_DROP_VM_FULL     ? "its receive queue is full"
               : e->b == VNIC_DROP_POOL_FULL ? "the kernel's receive pool is "
                                               "full"
                                             : "there is no such VM";
    }
    if (e->kind == TRACE_TX_DROP) {
        return e->b == VNIC_DROP_SPOOFED
                   ? "its source address is not the VM's own"
                   : "there is no VM of that address";
    }
    return e->b == LINK_LOST ? "the wire loses it" : "the card's ring is full";
}

static void put_queue(struct sentences *s, const struct trace_event *e,
                      const char *queue)
{
    sentence_put(s, "; %llu in its %s queue", (unsigned long long)e->b, queue);
}

enum sentence_kind sentence_of_net(struct sentences *s,
                                   const struct trace_event *e)
{
    const char *of_vm = "";
    put_packet(s, e);
    switch ((int)e->kind) {
    case TRACE_CLIENT_SEND:
        sentence_put(s, " leaves a client for VM %u", e->vm);
        return SENTENCE_PACKET;
    case TRACE_RX:
        sentence_put(s, " is in, for VM %u", e->vm);
        put_queue(s, e, "receive");
        return SENTENCE_PACKET;
    case TRACE_RECV:
        sentence_put(s, " is taken by VM %u", e->vm);
        put_queue(s, e, "receive");
        return SENTENCE_PACKET;
    case TRACE_SEND:
        sentence_put(s, " is sent by VM %u", e->vm);
        put_queue(s, e, "transmit");
        return SENTENCE_PACKET;
    case TRACE_TX:
        sentence_put(s, " of VM %u passes the switch", e->vm);
        return SENTENCE_PACKET;
    case TRACE_CLIENT_RECV:
        sentence_put(s, " of VM %u reaches the client", e->vm);
        return SENTENCE_PACKET;
    case TRACE_LINK_COPY:
        sentence_put(s, " is a copy of %llu that the wire made",
                     (unsigned long long)e->b);
        return SENTENCE_DECISION;
    case TRACE_RX_DROP:
    case TRACE_TX_DROP:
    case TRACE_LINK_DROP:
        of_vm = e->kind == TRACE_TX_DROP ? " of" : " for";
        if (e->kind == TRACE_LINK_DROP) {
            of_vm = ", to or from";
        }
        if (sentence_vm(s, e->vm)) {
            sentence_put(s, "%s VM %u", of_vm, e->vm);
        }
        sentence_put(s, " is dropped: %s", drop_cause(e));
        return SENTENCE_DECISION;
    default:
        s->text[0] = '\0';
        return SENTENCE_NONE;
    }
}

/*
 * datagram_client.c - see datagram_client.h.
 *
 * A datagram begins with the number of its record and that of its request, so
 * that it is known again: records are used again, requests' numbers are not.
 */
#include "workloads/udp/datagram_client.h"

#include "isa/abi.h"
#include "sim/bytes.h"
#include "sim/limits.h"
#include "sim/trace/trace.h"
#include "workloads/wire.h"

#include <string.h>

#define CLIENT_ADDRESS (ABI_CLIENT_NET + 1)
#define CLIENT_PORT    40001

_Static_assert(DATAGRAM_LEAST == 4 + 8, "a record and a request");
_Static_assert(DATAGRAM_MOST == PACKET_MAX_BYTES - WIRE_ETHERNET_BYTES -
                                    WIRE_IP_BYTES - WIRE_UDP_BYTES,
               "what a frame holds");

/* A datagram that no VM has taken yet. */
struct open_datagram {
    struct slab_head head;
    bool is_open; /* This record is in use. */
    uint32_t source, vm;
    uint64_t request; /* Its number in the trace. */
    uint64_t due;     /* Cycles. */
    struct sim_timer timeout;
};

const size_t datagram_record_bytes = sizeof(struct open_datagram);

static void end(struct load *l, struct open_datagram *x, uint64_t now,
                enum outcome outcome)
{
    struct source *s = &l->sources[x->source];
    bool is_taken = outcome == OUTCOME_COMPLETED;
    trace_emit(l->config.trace, now,
               is_taken ? TRACE_EVENT(reply, x->vm, .request = x->request,
                                      .latency = now - x->due)
                        : TRACE_EVENT(give_up, x->vm, .request = x->request,
                                      .why = outcome));
    load_count_ended_at(s, x->vm, x->due, now, outcome,
                        is_taken ? s->config->size : 0);
    timer_cancel(l->config.events, &x->timeout);
    x->is_open = false;
    slab_put(&l->datagrams, x);
}

static void timeout_fires(void *ctx, struct sim_timer *timer)
{
    struct load *l = ctx;
    end(l, CONTAINER_OF(timer, struct open_datagram, timeout),
        l->config.events->now, OUTCOME_TIMED_OUT);
}

/* False: there is no memory for a packet. */
static bool send(struct source *s, const struct open_datagram *x)
{
    struct load *l = s->load;
    struct packet *packet = net_get_packet(&l->net);
    if (!packet) {
        return false;
    }
    uint8_t *payload = wire_udp_payload(packet);
    memset(payload, 0, s->config->size);
    put_le32(payload, x->head.number);
    put_le64(payload + 4, x->request);
    struct datagram d = { .source = CLIENT_ADDRESS,
                          .target = ABI_VM_NET + x->vm + 1,
                          .source_port = CLIENT_PORT,
                          .target_port = s->server.port,
                          .ip_id = (uint16_t)x->request,
                          .payload_bytes = (uint16_t)s->config->size };
    wire_write_udp(packet, &d);
    net_send(&l->net, packet, x->vm, NET_NO_CONNECTION);
    return true;
}

void datagram_ask(struct source *s, uint32_t vm)
{
    struct load *l = s->load;
    uint64_t now = l->config.events->now;
    uint64_t request = l->next_number++;
    load_count_begun(s, vm, now);
    trace_emit(l->config.trace, now,
               TRACE_EVENT(request, vm, .request = request));
    struct open_datagram *x = slab_get(&l->datagrams, s->index);
    if (!x) {
        trace_emit(l->config.trace, now,
                   TRACE_EVENT(give_up, vm, .request = request,
                               .why = OUTCOME_FAILED));
        load_count_ended(s, vm, now, OUTCOME_FAILED, 0);
        return;
    }
    x->is_open = true;
    x->source = s->index;
    x->vm = vm;
    x->request = request;
    x->due = now;
    timer_init(&x->timeout, timeout_fires, l);
    timer_set(l->config.events, &x->timeout, now + s->timeout);
    if (!send(s, x)) {
        end(l, x, now, OUTCOME_FAILED);
    }
}

void datagram_taken(struct load *l, uint64_t now, const struct packet *p)
{
    union wire_content content;
    if (l->datagrams.in_use == 0 ||
        wire_read(p->bytes, p->length_bytes, &content) != WIRE_UDP ||
        content.udp.source != CLIENT_ADDRESS ||
        content.udp.payload_bytes < DATAGRAM_LEAST) {
        return;
    }
    const uint8_t *payload = content.udp.payload;
    uint32_t number = get_le32(payload);
    if (number >= l->datagrams.made) {
        return;
    }
    struct open_datagram *x = slab_at(&l->datagrams, number);
    /* A copy of one that has been taken is for a request that has ended. */
    if (x->is_open && x->request == get_le64(payload + 4) &&
        content.udp.target == ABI_VM_NET + x->vm + 1) {
        end(l, x, now, OUTCOME_COMPLETED);
    }
}

void datagram_abandon(struct load *l)
{
    for (uint32_t i = 0; i < l->datagrams.made; i++) {
        struct open_datagram *x = slab_at(&l->datagrams, i);
        if (x->is_open) {
            timer_cancel(l->config.events, &x->timeout);
            x->is_open = false;
            slab_put(&l->datagrams, x);
        }
    }
}

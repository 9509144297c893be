/* echo_client.c - see echo_client.h. */
#include "workloads/udp/echo_client.h"

#include "isa/abi.h"
#include "sim/trace/trace.h"
#include "workloads/wire.h"

/* Below those of players and senders of datagrams, which begin at 40001. */
#define FIRST_PORT 30001
#define PORTS      10000

struct open_echo {
    struct slab_head head;
    bool is_open; /* This record is in use. */
    uint32_t source, client, vm;
    uint64_t due; /* Cycles. */
    struct talk talk;
    struct sim_timer timeout;
};

const size_t echo_record_bytes = sizeof(struct open_echo);

/* The place of a request among the pairs of address and port. */
static uint32_t place_of(uint64_t number)
{
    return (uint32_t)(number % ((uint64_t)TCP_ADDRESSES * PORTS));
}

static uint32_t address_of(const struct open_echo *x)
{
    return ABI_CLIENT_NET + 1 + place_of(x->talk.number) % TCP_ADDRESSES;
}

static uint16_t port_of(const struct open_echo *x)
{
    return (uint16_t)(FIRST_PORT + place_of(x->talk.number) / TCP_ADDRESSES);
}

static void emit(struct load *l, struct trace_event event)
{
    trace_emit(l->config.trace, l->config.events->now, event);
}

static void forget(struct load *l, struct open_echo *x)
{
    timer_cancel(l->config.events, &x->timeout);
    x->is_open = false;
    slab_index_remove(&l->open_echoes, x);
    slab_put(&l->echoes, x);
}

static void end(struct load *l, struct open_echo *x, enum outcome outcome)
{
    struct source *s = &l->sources[x->source];
    uint32_t client = x->client;
    bool is_right = outcome == OUTCOME_COMPLETED;
    emit(l, is_right ? TRACE_EVENT(reply, x->vm, .request = x->talk.number,
                                   .latency = l->config.events->now - x->due)
                     : TRACE_EVENT(give_up, x->vm, .request = x->talk.number,
                                   .why = outcome));
    load_count_ended(s, x->vm, x->due, outcome, is_right ? x->talk.heard : 0);
    forget(l, x);
    load_tell_ended(s, client, outcome);
}

static void fail(struct load *l, struct open_echo *x, enum outcome outcome,
                 struct mistake_found wrong)
{
    load_tell_wrong(l, x->vm, wrong);
    end(l, x, outcome);
}

static void timeout_fires(void *ctx, struct sim_timer *timer)
{
    struct open_echo *x = CONTAINER_OF(timer, struct open_echo, timeout);
    fail(ctx, x, OUTCOME_TIMED_OUT,
         (struct mistake_found){ MISTAKE_LATE, 0, x->talk.script->expect_bytes,
                                 0 });
}

/* False: there is no memory for a packet. */
static bool send(struct source *s, struct open_echo *x)
{
    struct load *l = s->load;
    struct packet *packet = net_get_packet(&l->net);
    if (!packet) {
        return false;
    }
    uint32_t bytes = talk_say(&x->talk);
    talk_copy(&x->talk, 0, wire_udp_payload(packet), bytes);
    struct datagram d = { .source = address_of(x),
                          .target = ABI_VM_NET + x->vm + 1,
                          .source_port = port_of(x),
                          .target_port = s->server.port,
                          .ip_id = (uint16_t)x->talk.number,
                          .payload_bytes = (uint16_t)bytes };
    wire_write_udp(packet, &d);
    net_send(&l->net, packet, x->vm, NET_NO_CONNECTION);
    return true;
}

void echo_ask(struct source *s, uint32_t client, uint32_t vm)
{
    struct load *l = s->load;
    uint64_t now = l->config.events->now;
    uint64_t number = l->next_number++;
    load_count_begun(s, vm, now);
    emit(l, TRACE_EVENT(request, vm, .request = number));
    struct open_echo *x = slab_get(&l->echoes, s->index);
    if (!x) {
        emit(l, TRACE_EVENT(give_up, vm, .request = number,
                            .why = OUTCOME_FAILED));
        load_count_ended(s, vm, now, OUTCOME_FAILED, 0);
        load_tell_ended(s, client, OUTCOME_FAILED);
        return;
    }
    x->is_open = true;
    x->source = s->index;
    x->client = client;
    x->vm = vm;
    x->due = now;
    talk_init(&x->talk, &s->script, number);
    slab_index_add(&l->open_echoes, x, slab_hash(place_of(number), 0, 0));
    timer_init(&x->timeout, timeout_fires, l);
    timer_set(l->config.events, &x->timeout, now + s->timeout);
    if (!send(s, x)) {
        end(l, x, OUTCOME_FAILED);
    }
}

static void judge(struct load *l, struct open_echo *x, const struct datagram *d)
{
    switch (talk_hear(&x->talk, d->payload, d->payload_bytes)) {
    case TALK_DONE:
        end(l, x, OUTCOME_COMPLETED);
        break;
    case TALK_WRONG:
        fail(l, x, OUTCOME_FAILED, x->talk.wrong);
        break;
    case TALK_MORE: /* All of the answer is in the datagram. */
        fail(l, x, OUTCOME_FAILED,
             (struct mistake_found){ MISTAKE_LENGTH, 0,
                                     x->talk.script->expect_bytes,
                                     d->payload_bytes });
        break;
    }
}

bool echo_receive(struct load *l, const struct datagram *d)
{
    uint32_t place =
        (uint32_t)(uint16_t)(d->target_port - FIRST_PORT) * TCP_ADDRESSES +
        (d->target - ABI_CLIENT_NET - 1);
    uint32_t hash = slab_hash(place, 0, 0);
    struct open_echo *x = NULL;
    if (d->target_port < FIRST_PORT || d->target_port >= FIRST_PORT + PORTS) {
        return false;
    }
    do {
        x = slab_index_next(&l->open_echoes, hash, x);
    } while (x && place_of(x->talk.number) != place);
    if (!x || d->source != ABI_VM_NET + x->vm + 1 ||
        d->source_port != l->sources[x->source].server.port) {
        return false;
    }
    judge(l, x, d);
    return true;
}

void echo_abandon(struct load *l)
{
    for (uint32_t i = 0; i < l->echoes.made; i++) {
        struct open_echo *x = slab_at(&l->echoes, i);
        if (x->is_open) {
            forget(l, x);
        }
    }
}

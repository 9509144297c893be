/*
 * requests.c - see requests.h. Frames are kept by connection (channel.h) until
 * the answer comes; then the path is walked back.
 */
#include "cli/views/explain/requests.h"

#include <stdlib.h>
#include <string.h>

#include "cli/views/explain/channel.h"
#include "cli/views/explain/flights.h"
#include "sim/grow.h"

/* No run has so many connections at once, but a damaged trace may name one. */
#define CONNECTION_LIMIT (1u << 20)

/* The limit of frames without a connection, which no request's end forgets. */
#define LOOSE_KEPT 4096

struct vm_record {
    enum doing doing;
    uint64_t since;
    uint64_t did[DOING_COUNT];
    struct channel loose; /* Frames without a connection (ARP). */
};

/* A request under way, or ended. */
struct open_request {
    uint64_t due;
    uint64_t packet,
        copy; /* The datagram that asked, and one that the wire made
                              of it; 0: there is none. */
    uint32_t vm, connection;
    bool is_open;
};

struct requests {
    requests_fn *fn;
    void *ctx;
    uint64_t order; /* The number of the present event, */
    uint64_t asked; /* and of the last request. */
    struct vm_record *vms;
    uint32_t vm_limit;
    struct channel *channels; /* By number of the connection. */
    size_t channel_room;
    struct flights flights;
    uint64_t base; /* The number of the first request. */
    struct open_request *all;
    size_t count, room;
    struct request_leg *legs; /* The legs of one walk, the last first. */
    size_t leg_count, leg_room;
    bool is_short; /* Host memory was short. */
};

struct requests *requests_create(uint32_t vm_limit, requests_fn *fn, void *ctx)
{
    struct requests *r = calloc(1, sizeof(*r));
    if (!r) {
        return NULL;
    }
    r->fn = fn;
    r->ctx = ctx;
    r->vm_limit = vm_limit;
    r->vms = calloc(vm_limit > 0 ? vm_limit : 1, sizeof(*r->vms));
    if (!r->vms || !flights_init(&r->flights)) {
        requests_free(r);
        return NULL;
    }
    return r;
}

void requests_free(struct requests *r)
{
    if (!r) {
        return;
    }
    for (uint32_t i = 0; r->vms && i < r->vm_limit; i++) {
        channel_release(&r->vms[i].loose);
    }
    for (size_t i = 0; i < r->channel_room; i++) {
        channel_release(&r->channels[i]);
    }
    flights_release(&r->flights);
    free(r->vms);
    free(r->channels);
    free(r->all);
    free(r->legs);
    free(r);
}

uint64_t requests_count(const struct requests *r)
{
    return r->count;
}

/* ---- What VMs do -------------------------------------------------------- */

static struct moment moment_of(const struct requests *r,
                               const struct vm_record *v, uint64_t time)
{
    struct moment m = { .order = r->order };
    memcpy(m.did, v->did, sizeof(m.did));
    m.time = time > v->since ? time : v->since;
    m.did[v->doing] += m.time - v->since;
    return m;
}

/* The event's VM, unless its number is too great, does `doing` from now on. */
static void begin(struct requests *r, const struct trace_event *e,
                  enum doing doing)
{
    if (e->vm >= r->vm_limit) {
        return;
    }
    struct vm_record *v = &r->vms[e->vm];
    struct moment now = moment_of(r, v, e->time);
    memcpy(v->did, now.did, sizeof(v->did));
    v->since = now.time;
    v->doing = doing;
}

/* ---- The walk ----------------------------------------------------------- */

static struct request_leg *add_leg(struct requests *r, enum leg_kind kind,
                                   uint64_t from, uint64_t to, uint64_t packet)
{
    struct request_leg *legs =
        grow_array(r->legs, r->leg_count, &r->leg_room, sizeof(*legs));
    if (!legs) {
        r->is_short = true;
        return NULL;
    }
    r->legs = legs;
    struct request_leg *leg = &r->legs[r->leg_count++];
    *leg = (struct request_leg){
        .kind = kind, .from = from, .to = to, .packet = packet
    };
    return leg;
}

/* Adds a leg that belongs to one part. */
static void add_simple(struct requests *r, enum leg_kind kind,
                       enum latency_part part, uint64_t from, uint64_t to,
                       uint64_t packet)
{
    if (from < to) {
        struct request_leg *leg = add_leg(r, kind, from, to, packet);
        if (leg) {
            leg->parts[part] = to - from;
        }
    }
}

/* Adds a leg that is divided by what the VM did; `running` is the part while
   the VM runs. */
static void add_by_vm(struct requests *r, enum leg_kind kind,
                      enum latency_part running, const struct moment *from,
                      const struct moment *to, uint64_t packet)
{
    const enum latency_part parts[DOING_COUNT] = {
        [DOING_OTHER] = LATENCY_TIMERS,    [DOING_WAIT] = LATENCY_GATE,
        [DOING_READY] = LATENCY_RUN_QUEUE, [DOING_RUN] = running,
        [DOING_PAGE] = LATENCY_PAGING,
    };
    if (from->time >= to->time) {
        return;
    }
    struct request_leg *leg = add_leg(r, kind, from->time, to->time, packet);
    for (int i = 0; leg && i < DOING_COUNT; i++) {
        leg->parts[parts[i]] += to->did[i] - from->did[i];
    }
}

/* The walk's position: cycle `time` in channel `at`. */
struct walk {
    const struct channel *channel, *loose;
    uint64_t due;
    uint64_t time;
    const struct channel *at;
};

/*
 * Returns the frame that made the client send at w->time: the last that the
 * client got. If the client did something else since, or if time passed, a
 * timer made it send. NULL: the client did nothing since the request was due.
 */
static const struct got *cause_of_sending(struct requests *r, struct walk *w,
                                          uint64_t order)
{
    for (;;) {
        const struct act *act = channel_acted(w->at, order);
        uint64_t before = act && act->time > w->due ? act->time : w->due;
        add_simple(r, LEG_TIMERS, LATENCY_TIMERS, before, w->time, 0);
        w->time = before;
        if (!act || before == w->due) {
            return NULL;
        }
        order = act->order;
        if (act->is_got) {
            return channel_got(w->at, order + 1);
        }
    }
}

/* Returns the frame that made the VM send `p`. */
static const struct taken *cause_of_frame(struct walk *w, const struct got *p)
{
    const struct got *before = channel_got(w->at, p->order);
    uint64_t since = before ? before->sent.order : 0;
    const struct taken *t = channel_cause(w->at, since, p->sent.order, w->due);
    /* The VM was idle in between: an ARP answer may have let it go on. */
    if (w->at == w->channel &&
        (!t || p->sent.did[DOING_OTHER] > t->left.did[DOING_OTHER])) {
        const struct taken *loose =
            channel_taken(w->loose, p->sent.order, w->due);
        if (loose && (!t || loose->left.order > t->left.order)) {
            w->at = w->loose;
            return loose;
        }
    }
    return t;
}

static void walk_back(struct requests *r, struct walk *w, const struct got *p)
{
    while (p) {
        uint64_t sent = p->sent.time > w->due ? p->sent.time : w->due;
        add_simple(r, LEG_REPLY, LATENCY_REPLY, sent, w->time, p->packet);
        w->time = sent;
        if (sent == w->due) {
            return;
        }
        const struct taken *t = cause_of_frame(w, p);
        if (!t) {
            break;
        }
        add_by_vm(r, LEG_VM, LATENCY_HANDLER, &t->left, &p->sent, t->packet);
        add_by_vm(r, LEG_QUEUE, LATENCY_BATCHING, &t->came, &t->left,
                  t->packet);
        add_simple(r, LEG_WIRE, LATENCY_WIRE, t->sent, t->came.time, t->packet);
        w->time = t->sent;
        if (w->time == w->due) {
            return;
        }
        p = cause_of_sending(r, w, t->sent_order);
        if (p && w->at == w->loose) {
            /* The VM asked by ARP because of a frame of the connection. */
            const struct taken *asked =
                channel_taken(w->channel, p->sent.order, w->due);
            w->at = asked ? w->channel : w->loose;
        }
    }
    add_simple(r, LEG_TIMERS, LATENCY_TIMERS, w->due, w->time, 0);
}

static void reverse_legs(struct requests *r)
{
    for (size_t i = 0, j = r->leg_count; i + 1 < j; i++) {
        struct request_leg leg = r->legs[--j];
        r->legs[j] = r->legs[i];
        r->legs[i] = leg;
    }
}

/* ---- Requests ----------------------------------------------------------- */

static struct open_request *find(const struct requests *r, uint64_t number)
{
    uint64_t i = number - r->base;
    return i < r->count && r->all[i].is_open ? &r->all[i] : NULL;
}

static void on_request(struct requests *r, const struct trace_event *e)
{
    uint64_t number = trace_get_request(e).request;
    if (r->count == 0) {
        r->base = number;
    }
    if (number - r->base != r->count) {
        return; /* The trace is damaged: requests are numbered in order. */
    }
    struct open_request *all =
        grow_array(r->all, r->count, &r->room, sizeof(*all));
    if (!all) {
        r->is_short = true;
        return;
    }
    r->all = all;
    r->all[r->count++] = (struct open_request){
        .due = e->time,
        .vm = e->vm,
        .connection = REQUEST_NO_CONNECTION,
        .is_open = true,
    };
    r->asked = r->order;
}

/* Finds or makes a channel. NULL: the number is too great, or no memory. */
static struct channel *channel_at(struct requests *r, uint64_t number)
{
    if (number >= CONNECTION_LIMIT) {
        return NULL;
    }
    if (number >= r->channel_room) {
        size_t room = 64;
        while (room <= number) {
            room *= 2;
        }
        /* Memory is taken for what is written only, whatever the number. */
        struct channel *all = calloc(room, sizeof(*all));
        if (!all) {
            r->is_short = true;
            return NULL;
        }
        if (r->channels) {
            memcpy(all, r->channels, r->channel_room * sizeof(*all));
        }
        free(r->channels);
        r->channels = all;
        r->channel_room = room;
    }
    return &r->channels[number];
}

static void on_connect(struct requests *r, const struct trace_event *e)
{
    struct trace_connect connect = trace_get_connect(e);
    struct open_request *q = find(r, connect.request);
    struct channel *c = channel_at(r, connect.connection);
    if (q && c) {
        q->connection = connect.connection;
        channel_forget(c, q->due);
        c->has_request = true;
        c->request = connect.request;
    }
}

/* Finds the datagram in the VM's queue, itself or the wire's copy, whichever came
   first. NULL: neither is there. */
static const struct flight *in_queue(const struct requests *r,
                                     const struct open_request *q)
{
    const struct flight *found = NULL;
    const uint64_t packets[] = { q->packet, q->copy };
    for (int i = 0; i < 2; i++) {
        const struct flight *f = flights_find(&r->flights, packets[i]);
        if (f && !f->is_reply && f->taken.came.order > 0 &&
            (!found || f->taken.came.order < found->taken.came.order)) {
            found = f;
        }
    }
    return found;
}

/* Walks back from what the VM sent, on getting the datagram, or from its taking
   the datagram, which is all the answer that there is. */
static void walk_datagram(struct requests *r, const struct open_request *q,
                          uint64_t ended)
{
    const struct vm_record *v = &r->vms[q->vm];
    const struct taken *t = channel_taken_of(&v->loose, q->packet, q->due);
    const struct got *p = channel_got(&v->loose, r->order);
    struct taken taken;
    uint64_t time = ended;
    if (t && p && p->sent.order > t->left.order) {
        add_simple(r, LEG_REPLY, LATENCY_REPLY, p->sent.time, ended, p->packet);
        add_by_vm(r, LEG_VM, LATENCY_HANDLER, &t->left, &p->sent, t->packet);
    } else {
        const struct flight *f = in_queue(r, q);
        if (f) {
            taken = f->taken;
            taken.left = moment_of(r, v, ended);
        }
        t = f ? &taken : NULL;
    }
    if (t) {
        add_by_vm(r, LEG_QUEUE, LATENCY_BATCHING, &t->came, &t->left,
                  t->packet);
        add_simple(r, LEG_WIRE, LATENCY_WIRE, t->sent, t->came.time, t->packet);
        time = t->sent;
    }
    add_simple(r, LEG_TIMERS, LATENCY_TIMERS, q->due, time, 0);
}

static void walk_connection(struct requests *r, const struct open_request *q,
                            uint64_t ended)
{
    struct walk w = {
        .channel = &r->channels[q->connection],
        .loose = &r->vms[q->vm].loose,
        .due = q->due,
        .time = ended,
    };
    w.at = w.channel;
    walk_back(r, &w, channel_got(w.channel, r->order));
}

static void walk_request(struct requests *r, const struct open_request *q,
                         struct request *out)
{
    r->leg_count = 0;
    if (q->connection < r->channel_room) {
        walk_connection(r, q, out->ended);
    } else if (q->packet > 0) {
        walk_datagram(r, q, out->ended);
    }
    reverse_legs(r);
    for (size_t i = 0; i < r->leg_count; i++) {
        for (int p = 0; p < LATENCY_PART_COUNT; p++) {
            out->parts[p] += r->legs[i].parts[p];
        }
    }
}

/* Calls `fn` with a request that ended at cycle `ended`; 0: it is still
   open. */
static void tell(struct requests *r, struct open_request *q, uint64_t ended,
                 enum outcome end, uint64_t latency)
{
    struct request out = {
        .number = r->base + (uint64_t)(q - r->all),
        .due = q->due,
        .ended = ended,
        .vm = q->vm,
        .connection = q->connection,
        .end = end,
        .latency = latency,
    };
    r->leg_count = 0;
    q->is_open = false;
    if (q->connection < r->channel_room) {
        r->channels[q->connection].has_request = false;
    }
    if (end == OUTCOME_COMPLETED && q->vm < r->vm_limit) {
        walk_request(r, q, &out);
        struct channel *loose = &r->vms[q->vm].loose;
        if (loose->act_count > LOOSE_KEPT) {
            channel_forget(loose, q->due);
        }
    }
    r->fn(r->ctx, &out, r->legs, r->leg_count);
}

static void on_reply(struct requests *r, const struct trace_event *e)
{
    struct trace_reply reply = trace_get_reply(e);
    struct open_request *q = find(r, reply.request);
    if (q) {
        tell(r, q, e->time, OUTCOME_COMPLETED, reply.latency);
    }
}

static void on_give_up(struct requests *r, const struct trace_event *e)
{
    struct trace_give_up given_up = trace_get_give_up(e);
    struct open_request *q = find(r, given_up.request);
    if (q) {
        bool is_late = given_up.why == OUTCOME_TIMED_OUT;
        tell(r, q, e->time, is_late ? OUTCOME_TIMED_OUT : OUTCOME_FAILED, 0);
    }
}

static void on_retransmit(struct requests *r, const struct trace_event *e)
{
    struct channel *c = channel_at(r, trace_get_retransmit(e).connection);
    if (c) {
        c->is_again = true;
    }
}

bool requests_finish(struct requests *r)
{
    for (size_t i = 0; i < r->count; i++) {
        if (r->all[i].is_open) {
            tell(r, &r->all[i], 0, OUTCOME_OPEN, 0);
        }
    }
    return !r->is_short && !r->flights.is_short;
}

/* ---- Frames ------------------------------------------------------------- */

/* Returns the channel that a frame belongs to. NULL: there is none. */
static struct channel *channel_of(struct requests *r, uint32_t vm,
                                  uint32_t connection)
{
    if (connection == REQUEST_NO_CONNECTION) {
        return vm < r->vm_limit ? &r->vms[vm].loose : NULL;
    }
    return channel_at(r, connection);
}

/* A client that asks by a datagram sends it at once. */
static void note_datagram(struct requests *r, const struct trace_event *e,
                          const struct trace_client_send *sent)
{
    struct open_request *q = r->count > 0 ? &r->all[r->count - 1] : NULL;
    if (q && r->order == r->asked + 1 && q->vm == e->vm &&
        sent->connection == REQUEST_NO_CONNECTION) {
        q->packet = sent->packet;
    }
}

static void on_client_send(struct requests *r, const struct trace_event *e)
{
    struct trace_client_send sent = trace_get_client_send(e);
    note_datagram(r, e, &sent);
    struct channel *c = channel_of(r, e->vm, sent.connection);
    if (!c) {
        return;
    }
    flights_put(&r->flights, &(struct flight){
                                 .packet = sent.packet,
                                 .vm = e->vm,
                                 .connection = sent.connection,
                                 .taken = { .packet = sent.packet,
                                            .first = sent.packet,
                                            .sent = e->time,
                                            .sent_order = r->order,
                                            .is_again = c->is_again },
                             });
    c->is_again = false;
    r->is_short |= !channel_act(c, &(struct act){ e->time, r->order, false });
}

static void on_client_recv(struct requests *r, const struct trace_event *e)
{
    struct trace_client_recv got = trace_get_client_recv(e);
    const struct flight *f = flights_find(&r->flights, got.packet);
    struct channel *c = channel_of(r, e->vm, got.connection);
    if (f && f->is_reply && c) {
        r->is_short |=
            !channel_get(
                c, &(struct got){ got.packet, f->sent, e->time, r->order }) ||
            !channel_act(c, &(struct act){ e->time, r->order, true });
    }
    flights_remove(&r->flights, got.packet);
}

static void on_send(struct requests *r, const struct trace_event *e)
{
    if (e->vm >= r->vm_limit) {
        return;
    }
    flights_put(&r->flights, &(struct flight){
                                 .packet = trace_get_send(e).packet,
                                 .vm = e->vm,
                                 .is_reply = true,
                                 .sent = moment_of(r, &r->vms[e->vm], e->time),
                             });
}

/* Finds the client's frame that comes into, or leaves, a VM's receive queue.
   NULL: no client sent the frame, which is forgotten. */
static struct flight *queued(struct requests *r, const struct trace_event *e)
{
    uint64_t packet = trace_get_packet(e).packet;
    struct flight *f = flights_find(&r->flights, packet);
    if (!f || f->is_reply) {
        flights_remove(&r->flights, packet); /* A VM sent it to a VM. */
        return NULL;
    }
    return f;
}

static void on_rx(struct requests *r, const struct trace_event *e)
{
    struct flight *f = e->vm < r->vm_limit ? queued(r, e) : NULL;
    if (f) {
        f->taken.came = moment_of(r, &r->vms[e->vm], e->time);
    }
}

static void on_recv(struct requests *r, const struct trace_event *e)
{
    struct flight *f = e->vm < r->vm_limit ? queued(r, e) : NULL;
    if (!f) {
        return;
    }
    f->taken.left = moment_of(r, &r->vms[e->vm], e->time);
    struct channel *c = channel_of(r, f->vm, f->connection);
    r->is_short |= c && !channel_take(c, &f->taken);
    flights_remove(&r->flights, f->packet);
}

/* The wire makes a copy of what was sent last, or soon after. */
static void note_copy(struct requests *r, const struct flight *copy)
{
    for (size_t i = r->count; i > 0; i--) {
        struct open_request *q = &r->all[i - 1];
        if (q->packet == copy->taken.first || q->due < copy->taken.sent) {
            q->copy = q->packet == copy->taken.first ? copy->packet : q->copy;
            return;
        }
    }
}

static void on_copy(struct requests *r, const struct trace_event *e)
{
    struct trace_link_copy made = trace_get_link_copy(e);
    const struct flight *first = flights_find(&r->flights, made.original);
    if (first) {
        struct flight copy = *first;
        copy.packet = made.packet;
        copy.taken.packet = copy.packet;
        note_copy(r, &copy);
        flights_put(&r->flights, &copy);
    }
}

/* ---- Events ------------------------------------------------------------- */

/* Takes what each kind of event says of requests, frames and VMs. It is a flat
   switch. NOLINTNEXTLINE(readability-function-size) */
void requests_event(void *ctx, const struct trace_event *e)
{
    struct requests *r = ctx;
    r->order++;
    switch (trace_kind(e)) {
    case TRACE_REQUEST:
        on_request(r, e);
        break;
    case TRACE_CONNECT:
        on_connect(r, e);
        break;
    case TRACE_REPLY:
        on_reply(r, e);
        break;
    case TRACE_GIVE_UP:
        on_give_up(r, e);
        break;
    case TRACE_RETRANSMIT:
        on_retransmit(r, e);
        break;
    case TRACE_CLIENT_SEND:
        on_client_send(r, e);
        break;
    case TRACE_CLIENT_RECV:
        on_client_recv(r, e);
        break;
    case TRACE_RX:
        on_rx(r, e);
        break;
    case TRACE_RECV:
        on_recv(r, e);
        break;
    case TRACE_SEND:
        on_send(r, e);
        break;
    case TRACE_LINK_COPY:
        on_copy(r, e);
        break;
    case TRACE_LINK_DROP:
    case TRACE_RX_DROP:
    case TRACE_TX_DROP:
        flights_remove(&r->flights, trace_get_packet(e).packet);
        break;
    case TRACE_ARRIVE:
        begin(r, e, DOING_WAIT);
        break;
    case TRACE_READY:
    case TRACE_SET_ASIDE:
        begin(r, e, DOING_READY);
        break;
    case TRACE_PICK:
        begin(r, e, DOING_RUN);
        break;
    case TRACE_BLOCK:
        begin(r, e, DOING_PAGE);
        break;
    case TRACE_CREATE:
    case TRACE_IDLE:
        begin(r, e, DOING_OTHER);
        break;
    case TRACE_END:
        begin(r, e, DOING_OTHER);
        if (e->vm < r->vm_limit) {
            flights_remove_vm(&r->flights, e->vm);
        }
        break;
    case TRACE_RUN:
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CONSOLE:
    case TRACE_SWITCH:
    case TRACE_PREEMPT:
    case TRACE_WAKE:
    case TRACE_ADMIT:
    case TRACE_LEASE_END:
    case TRACE_FAULT:
    case TRACE_FILL:
    case TRACE_TABLE:
    case TRACE_RAISE:
    case TRACE_DELIVER:
    case TRACE_TX:
    case TRACE_EVICT:
    case TRACE_RECLAIM:
    case TRACE_DISK_READ:
    case TRACE_DISK_WRITE:
    case TRACE_DISK_DONE:
    case TRACE_DISK_CANCEL:
    case TRACE_CHARGE:
    case TRACE_PHASE:
    case TRACE_TOUCH:
    case TRACE_DIRTY:
    case TRACE_CLEAN:
    case TRACE_HAND:
    case TRACE_GIVE_WAY:
    case TRACE_REASON:
    case TRACE_WRONG:
    case TRACE_REFUSE_CREATE:
        break;
    }
}

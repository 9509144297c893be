/*
 * shadow_tcp.c - TCP between clients and guests, by docs/report.md: round
 * trips, timeouts, and what is sent again, in vain or not.
 *
 * Events tell which frame passes where, and the run's `--pcap` what is in it;
 * a frame that is lost on the way to the machine is nowhere. So this is for
 * runs with a good link only.
 */
#include "tests/shadow/shadow.h"

#include <stdlib.h>
#include <string.h>

#define NONE          UINT32_MAX
#define SPAN_LIMIT    64
#define INTERRUPT     2 /* The category of the driver's work. */
#define FIRST_ROOM    1024
#define LEAST_RTO_SEC 1 /* No timeout is shorter. */

/* ---- Sequence numbers --------------------------------------------------- */

static bool is_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static uint32_t end_of(const struct frame *p)
{
    return p->seq + p->length;
}

/* Numbers that have come, as spans in no order that do not touch. */
struct spans {
    uint32_t from[SPAN_LIMIT], upto[SPAN_LIMIT];
    uint32_t count;
};

static bool spans_have(const struct spans *s, const struct frame *p)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (!is_before(p->seq, s->from[i]) &&
            !is_before(s->upto[i], end_of(p))) {
            return true;
        }
    }
    return false;
}

static void spans_add(struct spans *s, const struct frame *p)
{
    uint32_t from = p->seq;
    uint32_t upto = end_of(p);
    for (uint32_t i = 0; i < s->count;) {
        if (is_before(upto, s->from[i]) || is_before(s->upto[i], from)) {
            i++;
            continue;
        }
        from = is_before(s->from[i], from) ? s->from[i] : from;
        upto = is_before(upto, s->upto[i]) ? s->upto[i] : upto;
        s->count--;
        s->from[i] = s->from[s->count];
        s->upto[i] = s->upto[s->count];
        i = 0;
    }
    SIM_ASSERT(s->count < SPAN_LIMIT);
    s->from[s->count] = from;
    s->upto[s->count++] = upto;
}

/* ---- One end of a connection -------------------------------------------- */

struct half {
    bool has_sent, is_timing;
    uint32_t most;      /* The end of what was sent. */
    uint32_t timed;     /* The end of what is timed; */
    uint64_t timed_at;  /* cycles: since. */
    uint64_t last_sent; /* Cycles: with sequence numbers. */
    uint64_t srtt;      /* Cycles; 0: none yet. */
    struct spans come;  /* At the other end. */
};

struct shadow_tcp {
    uint32_t generation; /* From 1: the connections that had the number. */
    bool is_open;        /* The client knows it. */
    uint32_t first;      /* Sequence number of the client's SYN. */
    struct half client, guest;
    bool is_set;    /* The client's timer; */
    uint64_t set;   /* cycles: since. */
    uint32_t acked; /* By the guest, up to here. */
};

/* RFC 6298, 2.2 and 2.3, alpha = 1/8. The rounding is not in it. */
static void measure(struct half *h, uint64_t now, struct sample *to)
{
    uint64_t rtt = now - h->timed_at;
    h->is_timing = false;
    h->srtt = h->srtt == 0 ? rtt : (h->srtt * 7 + rtt) / 8;
    if (to) {
        sample_add(to, h->srtt);
    }
}

/* A frame with sequence numbers leaves. Returns whether any were sent before. */
static bool leave(struct half *h, const struct frame *p, uint64_t now)
{
    bool is_again = h->has_sent && is_before(p->seq, h->most);
    if (is_again) {
        h->is_timing = false; /* Karn. */
    } else if (!h->is_timing) {
        h->is_timing = true;
        h->timed = end_of(p);
        h->timed_at = now;
    }
    if (!h->has_sent || is_before(h->most, end_of(p))) {
        h->most = end_of(p);
    }
    h->has_sent = true;
    h->last_sent = now;
    return is_again;
}

/* ---- Connections -------------------------------------------------------- */

static struct shadow_tcp *connection_at(struct shadow *s, uint32_t number)
{
    if (number >= s->tcp_count) {
        size_t count = (size_t)number + FIRST_ROOM;
        s->tcp = realloc(s->tcp, count * sizeof(*s->tcp));
        SIM_ASSERT(s->tcp);
        memset(s->tcp + s->tcp_count, 0,
               (count - s->tcp_count) * sizeof(*s->tcp));
        s->tcp_count = count;
    }
    return &s->tcp[number];
}

/* The frame's; NULL: the client has, or will have, forgotten it. */
static struct shadow_tcp *open_connection(struct shadow *s,
                                          const struct frame *p)
{
    if (!p->is_tcp || p->connection == NONE) {
        return NULL;
    }
    struct shadow_tcp *c = connection_at(s, p->connection);
    bool is_it = p->generation == 0 || p->generation == c->generation;
    return c->is_open && is_it ? c : NULL;
}

static bool is_counted(const struct shadow *s)
{
    return s->now >= s->window_start;
}

/* ---- The first reading -------------------------------------------------- */

static void foresee_frame(struct shadow *s, const struct fact *f)
{
    if (!frames_next(&s->frames, f->packet, f->bytes)) {
        shadow_wonder(s, "packet %llu is not where it should be in the pcap",
                      (unsigned long long)f->packet);
    }
}

void shadow_tcp_foresee(struct shadow *s, const struct fact *f)
{
    if (!s->frames.bytes) {
        return;
    }
    bool arrives = f->kind == TRACE_RX || f->kind == TRACE_RX_DROP;
    if (f->kind == TRACE_TX) {
        s->sent_packet = f->packet;
        foresee_frame(s, f);
    } else if (arrives && f->packet != s->sent_packet) {
        foresee_frame(s, f);
    } else if (f->kind == TRACE_CLIENT_SEND || f->kind == TRACE_CLIENT_RECV) {
        frames_at(&s->frames, f->packet)->connection = f->connection;
    }
}

/* ---- The clients -------------------------------------------------------- */

static void begin(struct shadow_tcp *c, const struct frame *p)
{
    *c = (struct shadow_tcp){ .generation = c->generation + 1,
                              .is_open = true,
                              .first = p->seq,
                              .acked = p->seq };
}

static void take_client_send(struct shadow *s, const struct fact *f)
{
    struct frame *p = frames_at(&s->frames, f->packet);
    if (!p->is_tcp || p->connection == NONE) {
        return;
    }
    struct shadow_tcp *c = connection_at(s, p->connection);
    if ((p->flags & FRAME_SYN) && (!c->is_open || c->first != p->seq)) {
        begin(c, p);
    }
    p->generation = c->generation;
    if (p->flags & FRAME_RST) {
        c->is_open = false;
    }
    if (p->length == 0 || !c->is_open) {
        return;
    }
    p->is_again = leave(&c->client, p, s->now);
    if (!c->is_set) {
        c->is_set = true;
        c->set = s->now;
    }
}

static void take_timeout(struct shadow *s, const struct fact *f)
{
    struct shadow_tcp *c = connection_at(s, f->connection);
    uint64_t waited = s->now - c->set;
    if (!c->is_set || waited < LEAST_RTO_SEC * s->info->cpu_hz) {
        return; /* An acknowledgement made room for more. */
    }
    c->set = s->now;
    if (is_counted(s)) {
        s->count.timeouts++;
        sample_add(&s->samples[SHADOW_RTO], waited);
    }
}

static void take_client_ack(struct shadow *s, struct shadow_tcp *c,
                            const struct frame *p)
{
    if (c->client.is_timing && !is_before(p->ack, c->client.timed)) {
        measure(&c->client, s->now,
                is_counted(s) ? &s->samples[SHADOW_CLIENT_SRTT] : NULL);
    }
    if (is_before(c->acked, p->ack)) {
        c->acked = p->ack;
        c->is_set = is_before(p->ack, c->client.most);
        c->set = s->now;
    }
}

static void take_client_recv(struct shadow *s, const struct fact *f)
{
    struct frame *p = frames_at(&s->frames, f->packet);
    struct shadow_tcp *c = open_connection(s, p);
    if (!c) {
        return;
    }
    if (p->is_again && p->length > 0) {
        s->count.guest_spurious +=
            is_counted(s) && spans_have(&c->guest.come, p);
    }
    if ((p->flags & (FRAME_ACK | FRAME_RST)) == FRAME_ACK) {
        take_client_ack(s, c, p);
    }
    if (p->length > 0) {
        spans_add(&c->guest.come, p);
    }
    if (p->flags & FRAME_RST) {
        c->is_open = false;
    }
}

/* ---- The guests --------------------------------------------------------- */

/* The frame has left the queue, and the driver's work for it is done. */
static void take_sent(struct shadow *s, const struct fact *f)
{
    struct frame *p = frames_at(&s->frames, f->packet);
    struct shadow_tcp *c = open_connection(s, p);
    if (!c || p->length == 0) {
        return;
    }
    uint64_t silence = s->now - c->guest.last_sent;
    p->is_again = leave(&c->guest, p, s->now);
    if (p->is_again && is_counted(s)) {
        s->count.guest_retransmits++;
        sample_add(&s->samples[SHADOW_SILENCE], silence);
    }
}

static void take_queued(struct shadow *s, const struct fact *f)
{
    struct frame *p = frames_at(&s->frames, f->packet);
    struct shadow_tcp *c = open_connection(s, p);
    if (!c || p->length == 0) {
        return;
    }
    if (p->is_again) {
        s->count.client_spurious +=
            is_counted(s) && spans_have(&c->client.come, p);
    }
    spans_add(&c->client.come, p);
}

static void take_taken(struct shadow *s, const struct fact *f)
{
    const struct frame *p = frames_at(&s->frames, f->packet);
    struct shadow_tcp *c = open_connection(s, p);
    if (c && c->guest.is_timing && (p->flags & FRAME_ACK) &&
        !is_before(p->ack, c->guest.timed)) {
        measure(&c->guest, s->now,
                is_counted(s) ? &s->samples[SHADOW_GUEST_SRTT] : NULL);
    }
}

/* ---- The second reading ------------------------------------------------- */

void shadow_tcp(struct shadow *s, const struct fact *f)
{
    if (!s->frames.bytes) {
        return;
    }
    if (f->kind == TRACE_CLIENT_SEND) {
        take_client_send(s, f);
    } else if (f->kind == TRACE_CLIENT_RECV) {
        take_client_recv(s, f);
    } else if (f->kind == TRACE_RETRANSMIT) {
        take_timeout(s, f);
    } else if (f->kind == TRACE_TX) {
        take_sent(s, f);
    } else if (f->kind == TRACE_RX && f->packet != s->sent_packet) {
        take_queued(s, f);
    } else if (f->kind == TRACE_RECV) {
        take_taken(s, f);
    }
}

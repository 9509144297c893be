/* any_peer.c - see any_peer.h. */
#include "tests/workloads/any_peer.h"

#include "workloads/tcp/tcp_state.h"

/* Sequence numbers near those that matter. */
static uint32_t near(struct draws *d, uint32_t value)
{
    static const int32_t steps[] = { 0,     0,     0,      0,        1,
                                     -1,    2,     10,     1460,     65535,
                                     -1460, 65536, 100000, INT32_MIN };
    return value + (uint32_t)steps[draw(d, sizeof steps / 4)];
}

static uint32_t random_flags(struct draws *d)
{
    static const uint32_t usual[] = {
        ACK,       ACK,       ACK,       ACK,       ACK, ACK,       ACK,
        PSH | ACK, FIN | ACK, FIN | ACK, SYN | ACK, RST, RST | ACK, SYN
    };
    if (draw(d, 10) == 0) {
        return draw(d, 256);
    }
    return usual[draw(d, sizeof usual / 4)];
}

void any_say(struct script *s, struct draws *d)
{
    uint32_t expected = 0, una = 1, max = 1;
    if (s->latest != TCP_NONE) {
        /* Also of one that has ended: then these are its last numbers. */
        const struct tcp_conn *c = slab_at(&s->tcp->conns, s->latest);
        /* The stream begins where the handshake says. */
        expected = c->state == TCP_SYN_SENT ? 0 : c->expected - s->iss;
        una = c->una - s->client_iss;
        max = c->max - s->client_iss;
    }
    struct say say = {
        .flags = random_flags(d),
        .seq = near(d, expected),
        .ack = near(d, draw(d, 2) ? max : una),
        .count = draw(d, 3) ? 0 : draw(d, 1400),
        .window = draw(d, 8) ? 0 : draw(d, 3000),
        .mss = draw(d, 4) ? 0 : draw(d, 2000),
    };
    if (expected == 0 && say.flags & SYN) {
        say.seq = 0;
    }
    script_say(s, say);
}

void any_use(struct script *s, struct draws *d)
{
    if (s->connection == TCP_NONE) {
        s->got_count = 0;
        s->base = 0;
        s->heard_count = 0;
        s->taken_count = 0;
        s->closes_at = draw(d, 3) ? 0 : 1 + draw(d, 5000);
        s->aborts_at = draw(d, 6) ? 0 : 1 + draw(d, 5000);
        s->closes_with_peer = draw(d, 4) != 0;
        script_connect(s);
        return;
    }
    const struct tcp_conn *c = tcp_conn_at(s->tcp, s->connection);
    switch (draw(d, 8)) {
    case 0:
    case 1:
        /* script_byte counts from the first byte of all. */
        if (c->state != TCP_SYN_SENT && c->una == c->end) {
            s->base = c->end - s->client_iss - 1;
        }
        tcp_send(s->tcp, s->connection, draw(d, 5000));
        break;
    case 2:
        tcp_close(s->tcp, s->connection);
        s->connection = TCP_NONE;
        break;
    case 3:
        if (draw(d, 4) == 0) {
            tcp_abort(s->tcp, s->connection);
            s->connection = TCP_NONE;
        }
        break;
    default:
        break;
    }
}

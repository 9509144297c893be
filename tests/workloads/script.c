/* script.c - see script.h. */
#include "tests/workloads/script.h"

#include "isa/abi.h"
#include "workloads/tcp/tcp_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uint8_t script_byte(uint32_t at)
{
    return (uint8_t)(at * 31 + at / 256 + 7);
}

/* ---- The user ----------------------------------------------------------- */

static void user_read(void *ctx, uint32_t owner, uint32_t offset, uint8_t *to,
                      uint32_t count)
{
    const struct script *s = ctx;
    assert_int_equal(owner, SCRIPT_OWNER);
    for (uint32_t i = 0; i < count; i++) {
        to[i] = script_byte(s->base + offset + i);
    }
}

static void user_deliver(void *ctx, uint32_t owner, const uint8_t *bytes,
                         uint32_t count)
{
    struct script *s = ctx;
    assert_int_equal(owner, SCRIPT_OWNER);
    assert_true(count > 0);
    assert_true(s->got_count + count <= SCRIPT_BYTES);
    memcpy(s->got + s->got_count, bytes, count);
    s->got_count += count;
    if (s->closes_at && s->got_count >= s->closes_at) {
        tcp_close(s->tcp, s->connection);
        s->connection = TCP_NONE;
    } else if (s->aborts_at && s->got_count >= s->aborts_at) {
        tcp_abort(s->tcp, s->connection);
        s->connection = TCP_NONE;
    }
}

static void user_peer_closed(void *ctx, uint32_t owner)
{
    struct script *s = ctx;
    assert_int_equal(owner, SCRIPT_OWNER);
    s->peer_closed++;
    if (s->closes_with_peer) {
        tcp_close(s->tcp, s->connection);
        s->connection = TCP_NONE;
    }
}

static void user_ended(void *ctx, uint32_t owner, enum tcp_end why)
{
    struct script *s = ctx;
    assert_int_equal(owner, SCRIPT_OWNER);
    s->ended++;
    s->why = why;
    s->connection = TCP_NONE;
}

static void user_retransmits(void *ctx, uint32_t owner, uint32_t connection,
                             uint32_t seq, uint32_t remote_ip)
{
    struct script *s = ctx;
    (void)connection;
    (void)seq;
    assert_true(owner == SCRIPT_OWNER || owner == TCP_NONE);
    assert_int_equal(remote_ip, s->vm_ip);
    s->retransmits++;
}

static const struct tcp_ops user = {
    .read = user_read,
    .deliver = user_deliver,
    .peer_closed = user_peer_closed,
    .ended = user_ended,
    .retransmits = user_retransmits,
};

/* ---- The peer's frames -------------------------------------------------- */

static uint32_t be(const uint8_t *p, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        value = value << 8 | p[i];
    }
    return value;
}

static void set_be(uint8_t *p, uint32_t value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        p[i] = (uint8_t)value;
        value >>= 8;
    }
}

/* RFC 1071, the slow and obvious way: add with end-around carry. */
static uint32_t add_ones(uint32_t sum, const uint8_t *p, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
        if (sum > 0xffff) {
            sum -= 0xffff;
        }
    }
    return sum;
}

static uint32_t tcp_sum(const uint8_t *frame, uint32_t bytes)
{
    uint8_t pseudo[12];
    memcpy(pseudo, frame + 26, 8);
    pseudo[8] = 0;
    pseudo[9] = 6;
    set_be(pseudo + 10, bytes, 2);
    return add_ones(add_ones(0, pseudo, 12), frame + 34, bytes);
}

static void hear(void *ctx, struct packet *p)
{
    struct script *s = ctx;
    const uint8_t *f = p->bytes;
    uint32_t tcp_bytes = be(f + 16, 2) - 20;
    uint32_t header = (uint32_t)(f[46] >> 4) * 4;

    assert_int_equal(be(f + 12, 2), 0x0800);
    assert_int_equal(p->length_bytes, 14 + be(f + 16, 2));
    assert_int_equal(add_ones(0, f + 14, 20), 0xffff);
    assert_int_equal(tcp_sum(f, tcp_bytes), 0xffff);
    assert_int_equal(be(f, 2), ABI_MAC_PREFIX);
    assert_int_equal(be(f + 2, 4), be(f + 30, 4));
    assert_int_equal(be(f + 6, 2), ABI_MAC_PREFIX);
    assert_int_equal(be(f + 8, 4), be(f + 26, 4));
    assert_true(s->heard_count < SCRIPT_FRAMES);
    struct heard *h = &s->heard[s->heard_count++];
    *h = (struct heard){ .at = s->world.events.now,
                         .flags = f[47],
                         .window = be(f + 48, 2),
                         .mss = header == 24 ? be(f + 56, 2) : 0,
                         .count = tcp_bytes - header };
    if (h->flags == SYN) {
        s->client_ip = be(f + 26, 4);
        s->client_port = (uint16_t)be(f + 34, 2);
        s->client_iss = be(f + 38, 4);
    }
    h->seq = be(f + 38, 4) - s->client_iss;
    h->ack = h->flags & ACK ? be(f + 42, 4) - s->iss : 0;
    memcpy(h->bytes, f + 34 + header, h->count);
    for (uint32_t i = 0; i < h->count; i++) {
        assert_int_equal(h->bytes[i], script_byte(h->seq - 1 + i));
    }
    packet_put(&s->world.pool, p);
}

uint32_t script_build(const struct script *s, struct say say, uint8_t *frame)
{
    uint32_t header = say.mss ? 24 : 20;
    uint32_t tcp_bytes = header + say.count;
    uint32_t window = say.window ? say.window : 8192;

    memset(frame, 0, 14 + 20 + header);
    set_be(frame, ABI_MAC_PREFIX, 2);
    set_be(frame + 2, s->client_ip, 4);
    set_be(frame + 6, ABI_MAC_PREFIX, 2);
    set_be(frame + 8, s->vm_ip, 4);
    set_be(frame + 12, 0x0800, 2);
    frame[14] = 0x45;
    set_be(frame + 16, 20 + tcp_bytes, 2);
    frame[22] = 64;
    frame[23] = 6;
    set_be(frame + 26, s->vm_ip, 4);
    set_be(frame + 30, s->client_ip, 4);
    set_be(frame + 24, 0xffff - add_ones(0, frame + 14, 20), 2);
    set_be(frame + 34, 80, 2);
    set_be(frame + 36, s->client_port, 2);
    set_be(frame + 38, s->iss + say.seq, 4);
    set_be(frame + 42, say.flags & ACK ? s->client_iss + say.ack : 0, 4);
    frame[46] = (uint8_t)(header / 4 << 4);
    frame[47] = (uint8_t)say.flags;
    set_be(frame + 48, window == NO_WINDOW ? 0 : window, 2);
    if (say.mss) {
        set_be(frame + 54, 0x0204, 2);
        set_be(frame + 56, say.mss, 2);
    }
    for (uint32_t i = 0; i < say.count; i++) {
        frame[34 + header + i] = script_byte(say.seq - 1 + i);
    }
    set_be(frame + 50, 0xffff - tcp_sum(frame, tcp_bytes), 2);
    return 34 + tcp_bytes;
}

/* ---- For the tests ------------------------------------------------------ */

/* Makes the next draw's low half `low`: xoshiro256** draws
   rotl(s[1] * 5, 7) * 9. */
static void force_draw(struct rng *r, uint32_t low)
{
    uint64_t x = low * 0x8e38e38e38e38e39u;
    x = x >> 7 | x << 57;
    r->s[1] = x * 0xcccccccccccccccdu;
}

void script_init(struct script *s, uint32_t iss, uint32_t client_iss)
{
    memset(s, 0, sizeof *s);
    world_init(&s->world, WORLD_MIB(16), NULL);
    s->heard = calloc(SCRIPT_FRAMES, sizeof *s->heard);
    s->got = malloc(SCRIPT_BYTES);
    s->vm_ip = ABI_VM_NET + 6;
    s->iss = iss;
    net_init(&s->net, &s->world.events, &s->world.link, &s->world.pool);
    link_attach(&s->world.link, LINK_MACHINE, hear, s);
    struct tcp_config config = { .events = &s->world.events,
                                 .net = &s->net,
                                 .ops = &user,
                                 .ctx = s,
                                 .cpu_hz = WORLD_HZ,
                                 .sources = 2,
                                 .seed = 1 };
    s->tcp = tcp_create(&s->world.arena, &config);
    s->net.tcp = s->tcp;
    force_draw(&s->tcp->rng, client_iss);
    world_close_gates(&s->world);
}

void script_release(struct script *s)
{
    tcp_silence(s->tcp);
    assert_int_equal(tcp_open_count(s->tcp), 0);
    world_run(&s->world, TIME_NEVER);
    assert_int_equal(s->world.pool.in_use, 0);
    assert_int_equal(s->world.events.count, 0);
    free(s->heard);
    free(s->got);
    world_release(&s->world);
}

void script_connect(struct script *s)
{
    s->connection =
        tcp_connect(s->tcp, 0, s->vm_ip, 80, SCRIPT_OWNER, TCP_WINDOW);
    assert_int_not_equal(s->connection, TCP_NONE);
    s->latest = s->connection;
}

void script_establish(struct script *s)
{
    script_connect(s);
    script_expect(s, SYN, 0, 0, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, ACK, 1, 1, 0);
}

const struct heard *script_take(struct script *s)
{
    if (s->taken_count == s->heard_count) {
        world_run(&s->world, s->world.events.now + world_seconds(0.001));
    }
    return s->taken_count < s->heard_count ? &s->heard[s->taken_count++] : NULL;
}

void script_expect(struct script *s, uint32_t flags, uint32_t seq, uint32_t ack,
                   uint32_t count)
{
    const struct heard *h = script_take(s);
    assert_non_null(h);
    assert_int_equal(h->flags, flags);
    assert_int_equal(h->seq, seq);
    assert_int_equal(h->ack, ack);
    assert_int_equal(h->count, count);
}

void script_expect_silence(struct script *s)
{
    assert_null(script_take(s));
}

void script_say_raw(struct script *s, const uint8_t *bytes, uint32_t count)
{
    struct packet *p = packet_get(&s->world.pool);
    assert_non_null(p);
    memcpy(p->bytes, bytes, count);
    p->length_bytes = (uint16_t)count;
    link_send(&s->world.link, LINK_MACHINE, s->world.events.now, p);
    world_run(&s->world, s->world.events.now + world_seconds(0.0001));
}

void script_say(struct script *s, struct say say)
{
    uint8_t frame[PACKET_MAX_BYTES];
    uint32_t count = script_build(s, say, frame);
    script_say_raw(s, frame, count);
}

/* test_wire.c - frames as bytes: good ones, broken ones, any ones. */
#include "workloads/wire.h"

#include "isa/abi.h"
#include "sim/random.h"
#include "workloads/content.h"
#include "workloads/slab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/arena.h"

static void make(struct packet *p, uint16_t mss, uint16_t count)
{
    memset(p, 0, sizeof *p);
    for (uint32_t i = 0; i < count; i++) {
        wire_payload(p, mss != 0)[i] = (uint8_t)(i * 7);
    }
    struct segment s = { .source = ABI_VM_NET + 1,
                         .target = ABI_CLIENT_NET + 9,
                         .source_port = 80,
                         .target_port = 50000,
                         .seq = 0xfedcba98,
                         .ack = 0x12345678,
                         .flags = WIRE_ACK | WIRE_PSH,
                         .window = 4321,
                         .mss = mss,
                         .ip_id = 99,
                         .payload_bytes = count };
    wire_write_tcp(p, &s);
}

static void what_is_written_can_be_read(void **state)
{
    static struct packet p;
    (void)state;
    for (uint16_t mss = 0; mss <= 1460; mss += 1460) {
        for (uint16_t count = 0; count <= 1456; count++) {
            union wire_content content;
            make(&p, mss, count);
            assert_int_equal(wire_read(p.bytes, p.length_bytes, &content),
                             WIRE_TCP);
            const struct segment *s = &content.tcp;
            assert_int_equal(s->source, ABI_VM_NET + 1);
            assert_int_equal(s->target, ABI_CLIENT_NET + 9);
            assert_int_equal(s->source_port, 80);
            assert_int_equal(s->target_port, 50000);
            assert_int_equal(s->seq, 0xfedcba98);
            assert_int_equal(s->ack, 0x12345678);
            assert_int_equal(s->flags, WIRE_ACK | WIRE_PSH);
            assert_int_equal(s->window, 4321);
            assert_int_equal(s->mss, mss);
            assert_int_equal(s->ip_id, 99);
            assert_int_equal(s->payload_bytes, count);
            assert_ptr_equal(s->payload, wire_payload(&p, mss != 0));
        }
    }
}

static void every_flipped_bit_is_noticed(void **state)
{
    static struct packet p;
    union wire_content content;
    (void)state;
    make(&p, 1460, 37);
    for (uint32_t i = 14; i < p.length_bytes; i++) {
        for (int bit = 0; bit < 8; bit++) {
            p.bytes[i] ^= (uint8_t)(1 << bit);
            assert_int_not_equal(wire_read(p.bytes, p.length_bytes, &content),
                                 WIRE_TCP);
            p.bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
}

/* In a block of exactly its size, so that the sanitizer sees a byte too far. */
static enum wire_kind read_exact(const uint8_t *bytes, uint32_t count)
{
    union wire_content content;
    uint8_t *copy = malloc(count ? count : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    enum wire_kind kind = wire_read(copy, count, &content);
    free(copy);
    return kind;
}

static void a_frame_cut_anywhere_is_malformed(void **state)
{
    static struct packet p;
    (void)state;
    make(&p, 1460, 37);
    for (uint32_t count = 0; count < p.length_bytes; count++) {
        assert_int_equal(read_exact(p.bytes, count), WIRE_MALFORMED);
    }
    assert_int_equal(read_exact(p.bytes, p.length_bytes), WIRE_TCP);
}

static void random_bytes_are_read_without_harm(void **state)
{
    struct rng r;
    uint32_t good = 0;
    (void)state;
    rng_init(&r, 1, "test wire", 0);
    for (int i = 0; i < 200000; i++) {
        static struct packet p;
        make(&p, i % 2 ? 1460 : 0, (uint16_t)rng_below(&r, 60));
        uint32_t count = p.length_bytes;
        for (uint64_t n = rng_below(&r, 6); n > 0; n--) {
            p.bytes[12 + rng_below(&r, count - 12)] = (uint8_t)rng_u64(&r);
        }
        if (rng_below(&r, 4) == 0) {
            count = (uint32_t)rng_below(&r, count + 1);
        }
        good += read_exact(p.bytes, count) == WIRE_TCP;
        for (uint32_t k = 14; k < 60; k++) {
            p.bytes[k] = (uint8_t)rng_u64(&r);
        }
        p.bytes[14] = 0x45;
        (void)read_exact(p.bytes, 60);
    }
    assert_true(good > 10000);
}

/* ---- UDP ---------------------------------------------------------------- */

static void make_udp(struct packet *p, uint16_t count)
{
    memset(p, 0, sizeof *p);
    for (uint32_t i = 0; i < count; i++) {
        wire_udp_payload(p)[i] = (uint8_t)(i * 7);
    }
    wire_write_udp(p, &(struct datagram){ .source = ABI_VM_NET + 1,
                                          .target = ABI_CLIENT_NET + 9,
                                          .source_port = 4000,
                                          .target_port = 50000,
                                          .ip_id = 99,
                                          .payload_bytes = count });
}

static void a_datagram_is_read_as_it_was_written(void **state)
{
    static struct packet p;
    (void)state;
    for (uint16_t count = 0; count <= 1472; count++) {
        union wire_content content;
        make_udp(&p, count);
        assert_int_equal(p.length_bytes, 42 + count);
        assert_int_equal(wire_read(p.bytes, p.length_bytes, &content),
                         WIRE_UDP);
        const struct datagram *d = &content.udp;
        assert_int_equal(d->source, ABI_VM_NET + 1);
        assert_int_equal(d->target, ABI_CLIENT_NET + 9);
        assert_int_equal(d->source_port, 4000);
        assert_int_equal(d->target_port, 50000);
        assert_int_equal(d->ip_id, 99);
        assert_int_equal(d->payload_bytes, count);
        assert_ptr_equal(d->payload, wire_udp_payload(&p));
    }
}

static void a_broken_datagram_is_noticed(void **state)
{
    static struct packet p;
    union wire_content content;
    (void)state;
    make_udp(&p, 37);
    for (uint32_t i = 14; i < p.length_bytes; i++) {
        for (int bit = 0; bit < 8; bit++) {
            p.bytes[i] ^= (uint8_t)(1 << bit);
            assert_int_not_equal(wire_read(p.bytes, p.length_bytes, &content),
                                 WIRE_UDP);
            p.bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
    for (uint32_t count = 0; count < p.length_bytes; count++) {
        assert_int_equal(read_exact(p.bytes, count), WIRE_MALFORMED);
    }
    assert_int_equal(read_exact(p.bytes, p.length_bytes), WIRE_UDP);
    p.bytes[39] = 7; /* Not even its own header. */
    assert_int_equal(read_exact(p.bytes, p.length_bytes), WIRE_MALFORMED);
    p.bytes[39] = 46; /* Beyond the packet. */
    assert_int_equal(read_exact(p.bytes, p.length_bytes), WIRE_MALFORMED);
    /* Without a checksum nothing can be wrong with it. */
    p.bytes[39] = 40;
    p.bytes[40] = p.bytes[41] = 0;
    assert_int_equal(wire_read(p.bytes, p.length_bytes, &content), WIRE_UDP);
    assert_int_equal(content.udp.payload_bytes, 32);
}

/* A sum of 0 is sent as ffff: 0 would say that there is none. */
static void a_checksum_is_never_left_out(void **state)
{
    static struct packet p;
    uint32_t turned = 0;
    (void)state;
    for (uint32_t port = 1; port < 65536; port++) {
        memset(&p, 0, sizeof p);
        wire_write_udp(&p, &(struct datagram){ .source = ABI_VM_NET + 1,
                                               .target = ABI_CLIENT_NET + 9,
                                               .source_port = (uint16_t)port,
                                               .target_port = 50000 });
        assert_true(p.bytes[40] != 0 || p.bytes[41] != 0);
        turned += p.bytes[40] == 0xff && p.bytes[41] == 0xff;
        assert_int_equal(read_exact(p.bytes, p.length_bytes), WIRE_UDP);
    }
    assert_int_equal(turned, 1);
}

static void an_arp_request_is_answered_by_its_target(void **state)
{
    static const uint8_t request[42] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 10, 16, 0,  1,   8, 6,
        0,    1,    8,    0,    6,    4,    0, 1, 2,  0,  10, 16,  0, 1,
        10,   16,   0,    1,    0,    0,    0, 0, 0,  0,  10, 128, 0, 9
    };
    static const uint8_t answer[42] = { 2,   0,  10,  16, 0, 1, 2,  0,   10,
                                        128, 0,  9,   8,  6, 0, 1,  8,   0,
                                        6,   4,  0,   2,  2, 0, 10, 128, 0,
                                        9,   10, 128, 0,  9, 2, 0,  10,  16,
                                        0,   1,  10,  16, 0, 1 };
    static struct packet p;
    union wire_content content;
    (void)state;
    assert_int_equal(wire_read(request, 42, &content), WIRE_ARP_REQUEST);
    assert_int_equal(content.arp.target, ABI_CLIENT_NET + 9);
    wire_write_arp_reply(&p, &content.arp);
    assert_int_equal(p.length_bytes, 42);
    assert_memory_equal(p.bytes, answer, 42);
    for (uint32_t count = 0; count < 42; count++) {
        assert_int_equal(read_exact(request, count), WIRE_MALFORMED);
    }
    assert_int_equal(read_exact(answer, 42), WIRE_OTHER);
}

/* ---- Content ------------------------------------------------------------ */

static void content_says_where_it_belongs(void **state)
{
    uint8_t bytes[40];
    uint32_t wrong;
    (void)state;
    content_fill(0x1234, 0, bytes, 40);
    assert_memory_equal(bytes, "001234 00000000\n001234 00000010\n001234 0",
                        40);
    for (uint32_t at = 0; at < 40; at++) {
        for (uint32_t count = 0; at + count <= 40; count++) {
            uint8_t part[40];
            content_fill(0x1234, at, part, count);
            assert_memory_equal(part, bytes + at, count);
            assert_true(content_is_right(0x1234, at, part, count, &wrong));
            for (uint32_t i = 0; i < count; i++) {
                part[i] ^= 4;
                assert_false(content_is_right(0x1234, at, part, count, &wrong));
                assert_int_equal(wrong, at + i);
                part[i] ^= 4;
            }
        }
    }
    assert_false(content_is_right(0x1235, 0, bytes, 40, &wrong));
    assert_false(content_is_right(0x1234, 16, bytes, 24, &wrong));
}

/* ---- Slabs -------------------------------------------------------------- */

struct record {
    struct slab_head head;
    uint32_t key;
    uint32_t value;
};

static void a_slab_keeps_records_in_place_and_finds_them(void **state)
{
    static uint8_t memory[1 << 20];
    struct arena arena;
    struct slab slab;
    struct slab_index index;
    struct rng r;
    bool there[2000] = { false };
    (void)state;
    arena_init(&arena, memory, sizeof memory);
    slab_init(&slab, &arena, sizeof(struct record));
    assert_true(slab_index_init(&index, &slab));
    rng_init(&r, 1, "test slab", 0);
    for (int step = 0; step < 100000; step++) {
        uint32_t key = (uint32_t)rng_below(&r, 2000);
        /* Poor on purpose: four keys share a hash. */
        uint32_t hash = key / 4;
        struct record *x = slab_index_next(&index, hash, NULL);
        while (x && x->key != key) {
            x = slab_index_next(&index, hash, x);
        }
        assert_int_equal(x != NULL, there[key]);
        if (x) {
            assert_int_equal(x->value, key * 3);
            assert_ptr_equal(slab_at(&slab, x->head.number), x);
            slab_index_remove(&index, x);
            slab_put(&slab, x);
        } else {
            x = slab_get(&slab, 0);
            assert_int_equal(x->value, 0);
            x->key = key;
            x->value = key * 3;
            slab_index_add(&index, x, hash);
        }
        there[key] = !there[key];
        assert_int_equal(slab.in_use, index.count);
    }
    assert_true(slab.made <= 2000);
}

static void a_full_arena_stops_a_slab_without_harm(void **state)
{
    static uint8_t memory[1 << 19];
    (void)state;
    for (size_t size = 0; size < sizeof memory; size += 5000) {
        struct arena arena;
        struct slab slab;
        arena_init(&arena, memory, size);
        slab_init(&slab, &arena, sizeof(struct record));
        struct record *x = slab_get(&slab, 0);
        while (x) {
            x->value = 1;
            x = slab_get(&slab, 0);
        }
        assert_null(slab_get(&slab, 0));
        assert_int_equal(slab.in_use, slab.made);
        if (slab.made > 0) {
            slab_put(&slab, slab_at(&slab, 0));
            assert_non_null(slab_get(&slab, 0));
            assert_null(slab_get(&slab, 0));
        }
    }
}

/* Beside a model: how many records each of three has. */
static void nobody_has_more_of_a_slab_than_a_share(void **state)
{
    static uint8_t memory[1 << 20];
    struct arena arena;
    struct slab slab;
    struct rng r;
    struct record *of[3][5] = { 0 };
    uint32_t held[3] = { 0 };
    (void)state;
    arena_init(&arena, memory, sizeof memory);
    slab_init(&slab, &arena, sizeof(struct record));
    assert_true(slab_share(&slab, 3));
    assert_int_equal(slab.share, SLAB_RECORD_LIMIT / 3);
    slab.share = 5;
    rng_init(&r, 2, "test slab", 0);
    for (int step = 0; step < 10000; step++) {
        uint32_t who = (uint32_t)rng_below(&r, 3);
        if (rng_below(&r, 2) == 0) {
            struct record *x = slab_get(&slab, who);
            assert_int_equal(x != NULL, held[who] < 5);
            if (x) {
                of[who][held[who]++] = x;
            }
        } else if (held[who] > 0) {
            slab_put(&slab, of[who][--held[who]]);
        }
        assert_int_equal(slab.in_use, held[0] + held[1] + held[2]);
    }
    assert_true(slab.made <= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(a_frame_cut_anywhere_is_malformed),
        cmocka_unit_test(random_bytes_are_read_without_harm),
        cmocka_unit_test(a_datagram_is_read_as_it_was_written),
        cmocka_unit_test(a_broken_datagram_is_noticed),
        cmocka_unit_test(a_checksum_is_never_left_out),
        cmocka_unit_test(an_arp_request_is_answered_by_its_target),
        cmocka_unit_test(content_says_where_it_belongs),
        cmocka_unit_test(a_slab_keeps_records_in_place_and_finds_them),
        cmocka_unit_test(a_full_arena_stops_a_slab_without_harm),
        cmocka_unit_test(nobody_has_more_of_a_slab_than_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

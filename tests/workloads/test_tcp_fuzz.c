/*
 * test_tcp_fuzz.c - a peer that says anything: well-formed segments with
 * random numbers and flags, in every state, and frames of random bytes.
 *
 * Nothing may assert, read out of bounds, leak a packet or deliver a byte
 * that is not the stream's.
 */
#include "tests/workloads/any_peer.h"
#include "workloads/tcp/tcp_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_peer_may_say_anything(void **state)
{
    uint32_t states[TCP_TIME_WAIT + 1] = { 0 };
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct script s;
        struct rng r;
        struct draws d = { .rng = &r };
        rng_init(&r, seed, "test fuzz", 0);
        script_init(&s, (uint32_t)rng_u64(&r), (uint32_t)rng_u64(&r));
        s.connection = TCP_NONE;
        s.latest = TCP_NONE;
        for (int step = 0; step < 2000; step++) {
            if (s.connection == TCP_NONE ? rng_below(&r, 10) == 0
                                         : rng_below(&r, 4) == 0) {
                any_use(&s, &d);
            }
            if (s.latest != TCP_NONE) {
                const struct tcp_conn *c = slab_at(&s.tcp->conns, s.latest);
                states[c->state]++;
            }
            any_say(&s, &d);
            if (rng_below(&r, 20) == 0) {
                world_run(&s.world, s.world.events.now +
                                        world_seconds(1 + 9 * rng_unit(&r)));
            }
            if (s.heard_count > SCRIPT_FRAMES / 2) {
                s.heard_count = 0;
                s.taken_count = 0;
            }
            assert_true(s.got_count < SCRIPT_BYTES / 2);
            for (uint32_t i = 0; i < s.got_count; i++) {
                assert_int_equal(s.got[i], script_byte(i));
            }
        }
        script_release(&s);
    }
    for (int i = TCP_SYN_SENT; i <= TCP_TIME_WAIT; i++) {
        assert_true(states[i] > 20);
    }
}

static void random_frames_are_dropped(void **state)
{
    struct script s;
    struct rng r;
    (void)state;
    script_init(&s, 1, 1);
    script_establish(&s);
    rng_init(&r, 1, "test frames", 0);
    for (int i = 0; i < 100000; i++) {
        uint8_t frame[PACKET_MAX_BYTES];
        uint32_t count =
            script_build(&s, (struct say){ ACK, 1, 1, 20, 0, 0 }, frame);
        if (rng_below(&r, 2)) {
            count = 14 + (uint32_t)rng_below(&r, 80);
            for (uint32_t k = 14 * (uint32_t)rng_below(&r, 2); k < count; k++) {
                frame[k] = (uint8_t)rng_u64(&r);
            }
        } else {
            frame[14 + rng_below(&r, count - 14)] ^=
                (uint8_t)(1 + rng_below(&r, 255));
        }
        script_say_raw(&s, frame, count);
    }
    assert_int_equal(s.got_count, 0);
    assert_int_equal(s.net.counts.frames_in, 1 + s.net.counts.malformed +
                                                 s.net.counts.bad_checksum +
                                                 s.net.counts.not_ours);
    script_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peer_may_say_anything),
        cmocka_unit_test(random_frames_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

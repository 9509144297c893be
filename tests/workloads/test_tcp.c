/* test_tcp.c - the clients' TCP against a scripted peer, step by step. */
#include "tests/workloads/script.h"
#include "workloads/tcp/tcp_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SERVER_ISS 1000u
#define CLIENT_ISS 5000u

static int set_up(void **state)
{
    struct script *s = malloc(sizeof *s);
    assert_non_null(s);
    script_init(s, SERVER_ISS, CLIENT_ISS);
    *state = s;
    return 0;
}

/* Sequence numbers that wrap in the first bytes of each direction. */
static int set_up_wrapping(void **state)
{
    struct script *s = malloc(sizeof *s);
    assert_non_null(s);
    script_init(s, UINT32_MAX - 500, UINT32_MAX - 50);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct script *s = *state;
    for (uint32_t i = 0; i < s->got_count; i++) {
        assert_int_equal(s->got[i], script_byte(i));
    }
    script_release(s);
    free(s);
    return 0;
}

static void wait_seconds(struct script *s, double seconds)
{
    world_run(&s->world, s->world.events.now + world_seconds(seconds));
}

static double seconds_between(const struct heard *a, const struct heard *b)
{
    return (double)(b->at - a->at) / WORLD_HZ;
}

static uint8_t state_of(const struct script *s)
{
    return tcp_conn_at(s->tcp, s->latest)->state;
}

/* ---- Opening ------------------------------------------------------------ */

static void a_handshake_takes_three_segments(void **state)
{
    struct script *s = *state;
    script_connect(s);
    const struct heard *syn = script_take(s);
    assert_int_equal(syn->flags, SYN);
    assert_int_equal(syn->mss, 1460);
    assert_int_equal(syn->window, 65535);
    assert_int_equal(s->client_iss, CLIENT_ISS);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect_silence(s);
}

static void a_syn_is_sent_again_with_backoff(void **state)
{
    struct script *s = *state;
    script_connect(s);
    wait_seconds(s, 300);
    /* 1, 2, 4 ... at most 60 s apart; then it gives up. */
    static const double gaps[TCP_RETRIES] = { 1, 2, 4, 8, 16, 32, 60, 60 };
    assert_int_equal(s->heard_count, 1 + TCP_RETRIES);
    for (int i = 0; i < TCP_RETRIES; i++) {
        double gap = seconds_between(&s->heard[i], &s->heard[i + 1]);
        assert_true(gap > gaps[i] - 1e-6 && gap < gaps[i] + 1e-6);
        assert_int_equal(s->heard[i + 1].flags, SYN);
        assert_int_equal(s->heard[i + 1].seq, 0);
    }
    assert_int_equal(s->ended, 1);
    assert_int_equal(s->why, TCP_END_TIMED_OUT);
    assert_int_equal(s->retransmits, TCP_RETRIES);
}

static void a_lost_syn_leaves_a_cautious_timer(void **state)
{
    struct script *s = *state;
    script_connect(s);
    tcp_send(s->tcp, s->connection, 10);
    wait_seconds(s, 1.5);
    s->taken_count = s->heard_count;
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect(s, PSH | ACK, 1, 1, 10);
    wait_seconds(s, 2.9);
    script_expect_silence(s);
    wait_seconds(s, 0.2);
    script_expect(s, PSH | ACK, 1, 1, 10);
}

static void a_reset_refuses_the_connection(void **state)
{
    struct script *s = *state;
    script_connect(s);
    script_expect(s, SYN, 0, 0, 0);
    /* Not about our SYN: ignored. */
    script_say(s, (struct say){ RST, 0, 0, 0, 0, 0 });
    script_say(s, (struct say){ RST | ACK, 0, 2, 0, 0, 0 });
    assert_int_equal(s->ended, 0);
    script_say(s, (struct say){ RST | ACK, 0, 1, 0, 0, 0 });
    assert_int_equal(s->ended, 1);
    assert_int_equal(s->why, TCP_END_REFUSED);
    script_expect_silence(s);
}

static void an_acknowledgement_of_nothing_is_reset(void **state)
{
    struct script *s = *state;
    script_connect(s);
    script_expect(s, SYN, 0, 0, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 5, 0, 0, 1460 });
    script_expect(s, RST, 5, 0, 0);
    script_say(s, (struct say){ ACK, 0, 0, 0, 0, 0 });
    script_expect(s, RST, 0, 0, 0);
    assert_int_equal(s->ended, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, ACK, 1, 1, 0);
}

static void a_second_syn_ack_is_acknowledged_again(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect_silence(s);
}

static void abandoning_a_syn_says_nothing(void **state)
{
    struct script *s = *state;
    script_connect(s);
    script_expect(s, SYN, 0, 0, 0);
    tcp_abort(s->tcp, s->connection);
    script_expect_silence(s);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, RST, 1, 0, 0);
}

/* ---- Sending ------------------------------------------------------------ */

static void a_request_is_sent_when_established_and_measured(void **state)
{
    struct script *s = *state;
    script_connect(s);
    tcp_send(s->tcp, s->connection, 100);
    script_expect(s, SYN, 0, 0, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 1460 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect(s, PSH | ACK, 1, 1, 100);
    script_say(s, (struct say){ ACK, 1, 101, 0, 0, 0 });
    script_expect_silence(s);
    const struct tcp_conn *c = tcp_conn_at(s->tcp, 0);
    assert_true(c->srtt > 0);
    assert_int_equal(c->rto, s->tcp->times.rto_least);
    assert_false(timer_is_set(&c->retransmit));
}

static void a_lost_request_is_sent_again_with_backoff(void **state)
{
    struct script *s = *state;
    script_establish(s);
    tcp_send(s->tcp, s->connection, 100);
    wait_seconds(s, 8);
    assert_int_equal(s->heard_count - s->taken_count, 4); /* 0, 1, 3, 7 s. */
    for (int i = 0; i < 4; i++) {
        script_expect(s, PSH | ACK, 1, 1, 100);
    }
    script_say(s, (struct say){ ACK, 1, 101, 0, 0, 0 });
    /* Karn: no measurement of it; the timer stays backed off. */
    assert_int_equal(tcp_conn_at(s->tcp, 0)->rto, 8 * s->tcp->times.rto_first);
    s->base = 100;
    tcp_send(s->tcp, s->connection, 1);
    script_expect(s, PSH | ACK, 101, 1, 1);
    script_say(s, (struct say){ ACK, 1, 102, 0, 0, 0 });
    assert_int_equal(tcp_conn_at(s->tcp, 0)->rto, s->tcp->times.rto_least);
}

/* The offset starts anew when all is acknowledged; script_byte does not, so
   these requests are in one go. */
static void a_long_request_obeys_both_windows(void **state)
{
    struct script *s = *state;
    uint32_t acked = 1, highest = 1;
    script_establish(s);
    tcp_send(s->tcp, s->connection, 50000);
    for (int i = 0; i < 200 && acked < 50001; i++) {
        const struct heard *h = script_take(s);
        if (!h) {
            script_say(s, (struct say){ ACK, 1, highest, 0, 6000, 0 });
            acked = highest;
            continue;
        }
        assert_true(h->count <= 1460);
        assert_true(h->seq + h->count - acked <= (i < 5 ? 8192 : 6000));
        if (i == 0) {
            assert_int_equal(h->count, 1460);
        }
        if (highest < h->seq + h->count) {
            highest = h->seq + h->count;
        }
    }
    assert_int_equal(acked, 50001);
    assert_int_equal(s->retransmits, 0);
}

static void a_small_mss_is_respected(void **state)
{
    struct script *s = *state;
    script_connect(s);
    tcp_send(s->tcp, s->connection, 250);
    script_expect(s, SYN, 0, 0, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 0, 100 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect(s, ACK, 1, 1, 100);
    script_expect(s, ACK, 101, 1, 100);
    script_expect(s, PSH | ACK, 201, 1, 50);
}

static void half_of_the_largest_window_is_worth_a_segment(void **state)
{
    struct script *s = *state;
    script_connect(s);
    tcp_send(s->tcp, s->connection, 1000);
    script_expect(s, SYN, 0, 0, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, 400, 1460 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect(s, ACK, 1, 1, 400);
    script_say(s, (struct say){ ACK, 1, 401, 0, 199, 0 });
    script_expect_silence(s);
    script_say(s, (struct say){ ACK, 1, 401, 0, 200, 0 });
    script_expect(s, ACK, 401, 1, 200);
}

static void a_closed_window_is_probed(void **state)
{
    struct script *s = *state;
    script_connect(s);
    tcp_send(s->tcp, s->connection, 100);
    script_expect(s, SYN, 0, 0, 0);
    script_say(s, (struct say){ SYN | ACK, 0, 1, 0, NO_WINDOW, 1460 });
    script_expect(s, ACK, 1, 1, 0);
    script_expect_silence(s);
    for (int i = 0; i < 3 * TCP_RETRIES; i++) {
        wait_seconds(s, 61);
        while (s->taken_count < s->heard_count) {
            script_expect(s, ACK, 1, 1, 1);
            script_say(s, (struct say){ ACK, 1, 1, 0, NO_WINDOW, 0 });
        }
    }
    assert_int_equal(s->ended, 0);
    script_say(s, (struct say){ ACK, 1, 1, 0, 4000, 0 });
    script_expect(s, PSH | ACK, 1, 1, 100);
}

static void an_acknowledgement_beyond_what_was_sent_is_answered(void **state)
{
    struct script *s = *state;
    script_establish(s);
    tcp_send(s->tcp, s->connection, 100);
    script_expect(s, PSH | ACK, 1, 1, 100);
    script_say(s, (struct say){ ACK, 1, 102, 0, 0, 0 });
    script_expect(s, ACK, 101, 1, 0);
    assert_int_equal(tcp_conn_at(s->tcp, 0)->una, s->client_iss + 1);
}

/* ---- Receiving ---------------------------------------------------------- */

static void every_second_segment_is_acknowledged_at_once(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ ACK, 1, 1, 1000, 0, 0 });
    script_expect_silence(s);
    script_say(s, (struct say){ ACK, 1001, 1, 1000, 0, 0 });
    script_expect(s, ACK, 1, 2001, 0);
    script_say(s, (struct say){ ACK, 2001, 1, 1000, 0, 0 });
    script_expect_silence(s);
    wait_seconds(s, 0.045);
    script_expect(s, ACK, 1, 3001, 0);
    wait_seconds(s, 1);
    script_expect_silence(s);
    assert_int_equal(s->got_count, 3000);
}

static void an_acknowledgement_travels_with_data(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ ACK, 1, 1, 10, 0, 0 });
    tcp_send(s->tcp, s->connection, 5);
    script_expect(s, PSH | ACK, 1, 11, 5);
    script_say(s, (struct say){ ACK, 11, 6, 0, 0, 0 });
    wait_seconds(s, 1);
    script_expect_silence(s);
}

static void segments_in_any_order_are_put_in_order(void **state)
{
    struct script *s = *state;
    static const uint32_t order[] = { 3, 1, 4, 2, 4, 0 };
    script_establish(s);
    for (int i = 0; i < 6; i++) {
        script_say(s, (struct say){ ACK, 1 + order[i] * 100, 1, 100, 0, 0 });
        /* At once, each: the peer may want to know. */
        script_expect(s, ACK, 1, i < 5 ? 1 : 501, 0);
    }
    assert_int_equal(tcp_get_counts(s->tcp)->out_of_order, 4); /* 4 once. */
    assert_int_equal(s->got_count, 500);
}

static void a_gap_that_fills_is_acknowledged_at_once(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ ACK, 51, 1, 50, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    /* What was early brings nothing new now: one segment has come. */
    script_say(s, (struct say){ ACK, 1, 1, 100, 0, 0 });
    script_expect(s, ACK, 1, 101, 0);
    assert_int_equal(s->got_count, 100);
}

static void overlapping_segments_count_once(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ ACK, 51, 1, 100, 0, 0 }); /* [50, 150) */
    script_say(s, (struct say){ ACK, 101, 1, 20, 0, 0 }); /* [100, 120) */
    script_say(s, (struct say){ ACK, 51, 1, 200, 0, 0 }); /* [50, 250) */
    script_say(s, (struct say){ ACK, 251, 1, 10, 0, 0 }); /* [250, 260) */
    script_say(s, (struct say){ ACK, 1, 1, 60, 0, 0 });   /* [0, 60) */
    assert_int_equal(s->got_count, 260);
    script_say(s, (struct say){ ACK, 1, 1, 260, 0, 0 });
    script_say(s, (struct say){ ACK, 201, 1, 100, 0, 0 }); /* [200, 300) */
    assert_int_equal(s->got_count, 300);
}

static void what_is_outside_the_window_is_not_taken(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ ACK, 1 + 65535, 1, 10, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    script_say(s, (struct say){ ACK, 1u - 20, 1, 10, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    assert_int_equal(tcp_get_counts(s->tcp)->out_of_order, 0);
    /* The last byte in the window may come first. */
    script_say(s, (struct say){ ACK, 65535, 1, 1, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    assert_int_equal(tcp_get_counts(s->tcp)->out_of_order, 1);
    assert_int_equal(s->got_count, 0);
}

static void too_many_early_segments_are_dropped_not_kept(void **state)
{
    struct script *s = *state;
    script_establish(s);
    for (uint32_t i = 0; i < 3 * TCP_KEPT_LIMIT; i++) {
        script_say(s, (struct say){ ACK, 3 + i * 2, 1, 1, 0, 0 });
    }
    wait_seconds(s, 0.001);
    assert_int_equal(tcp_get_counts(s->tcp)->out_of_order, TCP_KEPT_LIMIT);
    assert_int_equal(s->world.pool.in_use, TCP_KEPT_LIMIT);
}

static void a_stream_may_be_longer_than_the_window(void **state)
{
    struct script *s = *state;
    script_establish(s);
    for (uint32_t at = 0; at < 600000; at += 1000) {
        script_say(s, (struct say){ ACK, at + 1, 1, 1000, 0, 0 });
    }
    wait_seconds(s, 1);
    assert_int_equal(s->got_count, 600000);
    assert_int_equal(s->heard_count - s->taken_count, 300);
    assert_int_equal(s->heard[s->heard_count - 1].ack, 600001);
}

static void segments_without_ack_or_with_syn_carry_nothing(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ 0, 1, 0, 10, 0, 0 });
    script_expect_silence(s);
    script_say(s, (struct say){ SYN | ACK, 1, 1, 10, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    assert_int_equal(s->got_count, 0);
}

static void bad_checksums_are_counted_and_dropped(void **state)
{
    struct script *s = *state;
    uint8_t frame[PACKET_MAX_BYTES];
    script_establish(s);
    uint32_t count =
        script_build(s, (struct say){ ACK, 1, 1, 10, 0, 0 }, frame);
    uint64_t bad = 0;
    for (uint32_t i = 14; i < count; i++) {
        for (int bit = 0; bit < 8; bit++) {
            frame[i] ^= (uint8_t)(1 << bit);
            script_say_raw(s, frame, count);
            frame[i] ^= (uint8_t)(1 << bit);
            bad++;
        }
    }
    assert_int_equal(s->got_count, 0);
    assert_int_equal(s->net.counts.bad_checksum + s->net.counts.malformed, bad);
    script_expect_silence(s);
    script_say_raw(s, frame, count);
    assert_int_equal(s->got_count, 10);
}

static void padding_after_the_packet_is_no_data(void **state)
{
    struct script *s = *state;
    uint8_t frame[PACKET_MAX_BYTES];
    script_establish(s);
    script_build(s, (struct say){ ACK, 1, 1, 0, 0, 0 }, frame);
    memset(frame + 54, 0xaa, 10);
    script_say_raw(s, frame, 60);
    script_expect_silence(s);
    assert_int_equal(s->got_count, 0);
    assert_int_equal(s->net.counts.bad_checksum, 0);
}

/* ---- Closing ------------------------------------------------------------ */

/* The client has all it wanted, in the first ten bytes. */
static void client_closes(struct script *s)
{
    script_establish(s);
    s->closes_at = 10;
    script_say(s, (struct say){ PSH | ACK, 1, 1, 10, 0, 0 });
    script_expect(s, FIN | ACK, 1, 11, 0);
    assert_int_equal(state_of(s), TCP_FIN_WAIT_1);
}

static void a_close_in_two_steps_ends_in_time_wait(void **state)
{
    struct script *s = *state;
    client_closes(s);
    script_say(s, (struct say){ ACK, 11, 2, 0, 0, 0 });
    assert_int_equal(state_of(s), TCP_FIN_WAIT_2);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    assert_int_equal(tcp_open_count(s->tcp), 0);
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    wait_seconds(s, 59);
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    wait_seconds(s, 2);
    assert_int_equal(tcp_time_wait_count(s->tcp), 0);
    script_expect_silence(s);
}

static void a_close_in_one_step_ends_in_time_wait(void **state)
{
    struct script *s = *state;
    client_closes(s);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
}

static void a_simultaneous_close_ends_in_time_wait(void **state)
{
    struct script *s = *state;
    client_closes(s);
    script_say(s, (struct say){ FIN | ACK, 11, 1, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    assert_int_equal(state_of(s), TCP_CLOSING);
    script_say(s, (struct say){ ACK, 12, 2, 0, 0, 0 });
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    script_expect_silence(s);
}

static void a_late_fin_is_acknowledged_and_waited_for_again(void **state)
{
    struct script *s = *state;
    client_closes(s);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    wait_seconds(s, 50);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    wait_seconds(s, 50);
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    /* A reset does not cut it short. */
    script_say(s, (struct say){ RST, 12, 0, 0, 0, 0 });
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    wait_seconds(s, 15);
    assert_int_equal(tcp_time_wait_count(s->tcp), 0);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, RST, 2, 0, 0);
}

static void time_wait_ends_in_turn(void **state)
{
    struct script *s = *state;
    uint16_t first_port = 0;
    uint32_t first_ip = 0;
    for (int i = 0; i < 5; i++) {
        s->got_count = 0;
        s->closes_at = 0;
        client_closes(s);
        first_ip = i == 0 ? s->client_ip : first_ip;
        first_port = i == 0 ? s->client_port : first_port;
        script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
        script_expect(s, ACK, 2, 12, 0);
        assert_int_equal(tcp_time_wait_count(s->tcp), i + 1);
        wait_seconds(s, 10);
    }
    /* The first one gets its FIN again at 50 s: it leaves at 110 s, after the
       others, who leave at 70, 80, 90 and 100 s. */
    s->client_ip = first_ip;
    s->client_port = first_port;
    s->client_iss = tcp_conn_at(s->tcp, 0)->una - 2;
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    for (uint32_t left = 5; left > 0; left--) {
        assert_int_equal(tcp_time_wait_count(s->tcp), left);
        wait_seconds(s, left == 5 ? 25 : 10);
    }
    assert_int_equal(tcp_time_wait_count(s->tcp), 0);
}

static void a_lost_fin_is_sent_again(void **state)
{
    struct script *s = *state;
    client_closes(s);
    wait_seconds(s, 1.1);
    script_expect(s, FIN | ACK, 1, 11, 0);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    wait_seconds(s, 10);
    script_expect_silence(s);
}

static void a_fin_that_nobody_answers_is_given_up(void **state)
{
    struct script *s = *state;
    client_closes(s);
    wait_seconds(s, 300);
    assert_int_equal(s->heard_count - s->taken_count, TCP_RETRIES);
    assert_int_equal(tcp_open_count(s->tcp), 0);
    assert_int_equal(s->ended, 0); /* Nobody asked. */
}

static void a_peer_that_never_closes_is_forgotten(void **state)
{
    struct script *s = *state;
    client_closes(s);
    script_say(s, (struct say){ ACK, 11, 2, 0, 0, 0 });
    assert_int_equal(tcp_open_count(s->tcp), 1);
    wait_seconds(s, 61);
    assert_int_equal(tcp_open_count(s->tcp), 0);
    script_expect_silence(s);
}

static void a_peer_may_close_first(void **state)
{
    struct script *s = *state;
    script_establish(s);
    s->closes_with_peer = true;
    script_say(s, (struct say){ FIN | PSH | ACK, 1, 1, 10, 0, 0 });
    assert_int_equal(s->peer_closed, 1);
    script_expect(s, FIN | ACK, 1, 12, 0);
    assert_int_equal(state_of(s), TCP_LAST_ACK);
    script_say(s, (struct say){ ACK, 12, 2, 0, 0, 0 });
    assert_int_equal(tcp_open_count(s->tcp), 0);
    assert_int_equal(tcp_time_wait_count(s->tcp), 0);
}

static void an_early_fin_waits_for_the_gap(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ FIN | ACK, 11, 1, 10, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    assert_int_equal(s->peer_closed, 0);
    script_say(s, (struct say){ ACK, 1, 1, 10, 0, 0 });
    assert_int_equal(s->got_count, 20);
    assert_int_equal(s->peer_closed, 1);
    script_expect(s, ACK, 1, 22, 0);
    /* Nothing comes after a FIN. */
    script_say(s, (struct say){ ACK, 22, 1, 10, 0, 0 });
    assert_int_equal(s->got_count, 20);
}

static void data_after_the_close_is_reset(void **state)
{
    struct script *s = *state;
    client_closes(s);
    script_say(s, (struct say){ ACK, 11, 2, 10, 0, 0 });
    script_expect(s, RST | ACK, 2, 11, 0);
    assert_int_equal(tcp_open_count(s->tcp), 0);
    assert_int_equal(s->got_count, 10);
}

static void an_abort_is_told_once(void **state)
{
    struct script *s = *state;
    script_establish(s);
    s->aborts_at = 10;
    script_say(s, (struct say){ ACK, 1, 1, 20, 0, 0 });
    script_expect(s, RST | ACK, 1, 21, 0);
    script_expect_silence(s);
    assert_int_equal(tcp_open_count(s->tcp), 0);
}

static void closing_with_a_request_unacknowledged_aborts(void **state)
{
    struct script *s = *state;
    script_establish(s);
    tcp_send(s->tcp, s->connection, 10);
    script_expect(s, PSH | ACK, 1, 1, 10);
    tcp_close(s->tcp, s->connection);
    script_expect(s, RST | ACK, 11, 1, 0);
    assert_int_equal(tcp_open_count(s->tcp), 0);
}

/* ---- Resets ------------------------------------------------------------- */

static void only_an_exact_reset_counts(void **state)
{
    struct script *s = *state;
    script_establish(s);
    script_say(s, (struct say){ RST, 2, 0, 0, 0, 0 });
    script_expect(s, ACK, 1, 1, 0);
    script_say(s, (struct say){ RST, 1 + 70000, 0, 0, 0, 0 });
    script_expect_silence(s);
    assert_int_equal(s->ended, 0);
    script_say(s, (struct say){ RST | ACK, 1, 1, 0, 0, 0 });
    assert_int_equal(s->ended, 1);
    assert_int_equal(s->why, TCP_END_RESET);
    assert_int_equal(tcp_open_count(s->tcp), 0);
    script_expect_silence(s);
}

static void a_reset_ends_every_state_of_closing(void **state)
{
    struct script *s = *state;
    for (int i = 0; i < 4; i++) {
        s->got_count = 0;
        s->closes_at = 0;
        s->closes_with_peer = i == 3;
        uint32_t seq = 11;
        if (i < 3) {
            client_closes(s);
        } else {
            script_establish(s);
            script_say(s, (struct say){ FIN | ACK, 1, 1, 10, 0, 0 });
            script_expect(s, FIN | ACK, 1, 12, 0);
            seq = 12;
        }
        if (i == 1) {
            script_say(s, (struct say){ ACK, 11, 2, 0, 0, 0 });
        } else if (i == 2) {
            script_say(s, (struct say){ FIN | ACK, 11, 1, 0, 0, 0 });
            script_expect(s, ACK, 2, 12, 0);
            seq = 12;
        }
        assert_int_equal(tcp_open_count(s->tcp), 1);
        script_say(s, (struct say){ RST, seq, 0, 0, 0, 0 });
        assert_int_equal(tcp_open_count(s->tcp), 0);
        assert_int_equal(s->ended, 0);
        script_expect_silence(s);
    }
}

static void a_segment_for_nobody_is_reset_but_a_reset_is_not(void **state)
{
    struct script *s = *state;
    script_establish(s);
    s->client_port++;
    script_say(s, (struct say){ ACK, 1, 7, 10, 0, 0 });
    script_expect(s, RST, 7, 0, 0);
    script_say(s, (struct say){ SYN, 1, 0, 10, 0, 0 });
    script_expect(s, RST | ACK, 0u - s->client_iss, 12, 0);
    script_say(s, (struct say){ RST, 1, 0, 0, 0, 0 });
    script_expect_silence(s);
    assert_int_equal(tcp_get_counts(s->tcp)->strays, 3);
}

/* ---- Wrapping sequence numbers ------------------------------------------ */

static void sequence_numbers_wrap(void **state)
{
    struct script *s = *state;
    script_establish(s);
    tcp_send(s->tcp, s->connection, 100);
    script_expect(s, PSH | ACK, 1, 1, 100);
    script_say(s, (struct say){ ACK, 401, 101, 400, 0, 0 });
    script_say(s, (struct say){ ACK, 801, 101, 100, 0, 0 });
    script_say(s, (struct say){ ACK, 1, 101, 400, 0, 0 });
    assert_int_equal(s->got_count, 900);
    script_say(s, (struct say){ ACK, 1, 1, 400, 0, 0 });
    assert_int_equal(s->got_count, 900);
    wait_seconds(s, 0.001);
    s->taken_count = s->heard_count;
    tcp_close(s->tcp, s->connection);
    script_expect(s, FIN | ACK, 101, 901, 0);
    script_say(s, (struct say){ FIN | ACK, 901, 102, 0, 0, 0 });
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
}

/* ---- The table ---------------------------------------------------------- */

static void many_connections_have_addresses_of_their_own(void **state)
{
    struct script *s = *state;
    s->world.gate = NULL;
    for (uint32_t i = 0; i < 3000; i++) {
        script_connect(s);
    }
    const struct tcp_conn *first = tcp_conn_at(s->tcp, 0);
    for (uint32_t i = 1; i < 3000; i++) {
        const struct tcp_conn *c = tcp_conn_at(s->tcp, i);
        assert_int_equal(c->local_ip, first->local_ip + i);
        assert_int_equal(c->local_port, first->local_port);
    }
    assert_int_equal(tcp_open_count(s->tcp), 3000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handshake_takes_three_segments),
        TEST(a_syn_is_sent_again_with_backoff),
        TEST(a_lost_syn_leaves_a_cautious_timer),
        TEST(a_reset_refuses_the_connection),
        TEST(an_acknowledgement_of_nothing_is_reset),
        TEST(a_second_syn_ack_is_acknowledged_again),
        TEST(abandoning_a_syn_says_nothing),
        TEST(a_request_is_sent_when_established_and_measured),
        TEST(a_lost_request_is_sent_again_with_backoff),
        TEST(a_long_request_obeys_both_windows),
        TEST(a_small_mss_is_respected),
        TEST(half_of_the_largest_window_is_worth_a_segment),
        TEST(a_closed_window_is_probed),
        TEST(an_acknowledgement_beyond_what_was_sent_is_answered),
        TEST(every_second_segment_is_acknowledged_at_once),
        TEST(an_acknowledgement_travels_with_data),
        TEST(segments_in_any_order_are_put_in_order),
        TEST(a_gap_that_fills_is_acknowledged_at_once),
        TEST(overlapping_segments_count_once),
        TEST(what_is_outside_the_window_is_not_taken),
        TEST(too_many_early_segments_are_dropped_not_kept),
        TEST(a_stream_may_be_longer_than_the_window),
        TEST(segments_without_ack_or_with_syn_carry_nothing),
        TEST(bad_checksums_are_counted_and_dropped),
        TEST(padding_after_the_packet_is_no_data),
        TEST(a_close_in_two_steps_ends_in_time_wait),
        TEST(a_close_in_one_step_ends_in_time_wait),
        TEST(a_simultaneous_close_ends_in_time_wait),
        TEST(a_late_fin_is_acknowledged_and_waited_for_again),
        TEST(time_wait_ends_in_turn),
        TEST(a_lost_fin_is_sent_again),
        TEST(a_fin_that_nobody_answers_is_given_up),
        TEST(a_peer_that_never_closes_is_forgotten),
        TEST(a_peer_may_close_first),
        TEST(an_early_fin_waits_for_the_gap),
        TEST(data_after_the_close_is_reset),
        TEST(an_abort_is_told_once),
        TEST(closing_with_a_request_unacknowledged_aborts),
        TEST(only_an_exact_reset_counts),
        TEST(a_reset_ends_every_state_of_closing),
        TEST(a_segment_for_nobody_is_reset_but_a_reset_is_not),
        cmocka_unit_test_setup_teardown(sequence_numbers_wrap, set_up_wrapping,
                                        tear_down),
        TEST(many_connections_have_addresses_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

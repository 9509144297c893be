/* test_tcp_timer.c - how long the clients' TCP waits, beside a computation of
   its own. */
#include "tests/workloads/script.h"
#include "workloads/tcp/tcp_state.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Within a thousandth: the answer's way to the client is not counted here. */
static void assert_near(uint64_t value, double expected)
{
    assert_true(fabs((double)value - expected) < 0.001 * expected);
}

static struct script *begin(void)
{
    struct script *s = malloc(sizeof *s);
    assert_non_null(s);
    script_init(s, 1000, 5000);
    return s;
}

static void end(struct script *s)
{
    script_release(s);
    free(s);
}

/* RFC 6298, section 2, computed beside it in real numbers. */
static void the_estimator_follows_rfc_6298(void **state)
{
    static const double waits[] = { 0.9, 0.2, 0.7, 0.9, 0.05, 0.5, 0.9, 0.9 };
    (void)state;
    struct script *s = begin();
    script_establish(s);
    const struct tcp_conn *c = tcp_conn_at(s->tcp, 0);
    double srtt = (double)c->srtt; /* Of the handshake, the first. */
    double rttvar = srtt / 2;
    for (uint32_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        s->base = i;
        tcp_send(s->tcp, s->connection, 1);
        script_expect(s, PSH | ACK, 1 + i, 1, 1);
        uint64_t sent_at = c->timed_at;
        world_run(&s->world, sent_at + world_seconds(waits[i]));
        double rtt = (double)(s->world.events.now - sent_at);
        script_say(s, (struct say){ ACK, 1, 2 + i, 0, 0, 0 });
        rttvar = 0.75 * rttvar + 0.25 * fabs(srtt - rtt);
        srtt = 0.875 * srtt + 0.125 * rtt;
        double rto = srtt + 4 * rttvar;
        double least = (double)s->tcp->times.rto_least;
        assert_near(c->srtt, srtt);
        assert_near(c->rttvar, rttvar);
        assert_near(c->rto, rto < least ? least : rto);
    }
    assert_int_equal(s->retransmits, 0);
    end(s);
}

/* A connection of the first source, up to TIME_WAIT, and so long after. */
static void wait_begins(struct script *s, double seconds)
{
    s->got_count = 0;
    s->closes_at = 10;
    script_establish(s);
    script_say(s, (struct say){ PSH | ACK, 1, 1, 10, 0, 0 });
    script_expect(s, FIN | ACK, 1, 11, 0);
    script_say(s, (struct say){ FIN | ACK, 11, 2, 0, 0, 0 });
    script_expect(s, ACK, 2, 12, 0);
    world_run(&s->world, s->world.events.now + world_seconds(seconds));
}

static bool can_connect(struct script *s, uint32_t source)
{
    return tcp_connect(s->tcp, source, s->vm_ip, 81, SCRIPT_OWNER,
                       TCP_WINDOW) != TCP_NONE;
}

/* Where there is no memory for another connection, one that only waits goes for
   it, whosever it is; one that is in use never does. */
static void what_only_waits_is_given_up_for_a_new_connection(void **state)
{
    (void)state;
    struct arena full = { 0 };
    struct script *s = begin();
    wait_begins(s, 0);
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    s->tcp->conns.arena = &full;
    for (uint32_t i = 1; i < SLAB_CHUNK_RECORDS; i++) {
        assert_true(can_connect(s, 0));
        assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    }
    assert_true(can_connect(s, 1));
    assert_int_equal(tcp_time_wait_count(s->tcp), 0);
    assert_false(can_connect(s, 0));
    assert_false(can_connect(s, 1));
    end(s);
}

/* A load that has its share of connections gives up its own, and has no more;
   the other one does not notice. */
static void a_load_has_its_share_of_connections_and_no_more(void **state)
{
    (void)state;
    struct script *s = begin();
    s->tcp->conns.share = 3;
    wait_begins(s, 0);
    for (int i = 0; i < 3; i++) {
        assert_true(can_connect(s, 1));
    }
    assert_false(can_connect(s, 1));
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    assert_true(can_connect(s, 0));
    assert_true(can_connect(s, 0));
    assert_int_equal(tcp_time_wait_count(s->tcp), 1);
    assert_true(can_connect(s, 0));
    assert_int_equal(tcp_time_wait_count(s->tcp), 0);
    assert_false(can_connect(s, 0));
    end(s);
}

/* Three begin to wait at 0, 10 and 20 s; the first is given up at 30 s, and the
   others leave when 60 s are over. */
static void the_oldest_goes_and_the_rest_wait_as_long_as_before(void **state)
{
    (void)state;
    struct script *s = begin();
    s->tcp->conns.share = 3;
    for (int i = 0; i < 3; i++) {
        wait_begins(s, 10);
    }
    uint64_t start = s->world.events.now - world_seconds(30);
    assert_true(can_connect(s, 0));
    for (uint32_t left = 2; left > 0; left--) {
        world_run(&s->world, start + world_seconds(90 - 10 * left - 1));
        assert_int_equal(tcp_time_wait_count(s->tcp), left);
        world_run(&s->world, start + world_seconds(90 - 10 * left + 1));
        assert_int_equal(tcp_time_wait_count(s->tcp), left - 1);
    }
    end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimator_follows_rfc_6298),
        cmocka_unit_test(what_only_waits_is_given_up_for_a_new_connection),
        cmocka_unit_test(a_load_has_its_share_of_connections_and_no_more),
        cmocka_unit_test(the_oldest_goes_and_the_rest_wait_as_long_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

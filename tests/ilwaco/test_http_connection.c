/*
 * test_http_connection.c - what a client of the web server gets when a body comes
 * in pieces: all of it, 500 if it does not begin, a reset if it breaks off.
 * lwIP's place is taken by functions that keep what they are given.
 */
#include "workloads/guests/http_connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lwip/priv/tcp_priv.h"

#define PIECE 4
#define HEAD  "HTTP/1.1 200 OK\r\n\r\n"
#define GET   "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

static struct {
    struct tcp_pcb pcb;
    char sent[1024];
    size_t sent_bytes;
    bool is_shut, is_closed, is_reset;
    struct http_fetch *fetch; /* Under way; NULL: none. */
    uint32_t fetches, cancels;
} world;

/* ---- In the place of lwIP ------------------------------------------------ */

u32_t tcp_ticks;

void tcp_arg(struct tcp_pcb *pcb, void *argument)
{
    pcb->callback_arg = argument;
}

void tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv)
{
    pcb->recv = recv;
}

void tcp_sent(struct tcp_pcb *pcb, tcp_sent_fn sent)
{
    pcb->sent = sent;
}

void tcp_err(struct tcp_pcb *pcb, tcp_err_fn err)
{
    pcb->errf = err;
}

void tcp_poll(struct tcp_pcb *pcb, tcp_poll_fn poll, u8_t interval)
{
    pcb->poll = poll;
    pcb->pollinterval = interval;
}

err_t tcp_write(struct tcp_pcb *pcb, const void *dataptr, u16_t len,
                u8_t apiflags)
{
    (void)apiflags;
    assert_true(len <= tcp_sndbuf(pcb));
    assert_true(world.sent_bytes + len < sizeof(world.sent));
    memcpy(world.sent + world.sent_bytes, dataptr, len);
    world.sent_bytes += len;
    pcb->snd_buf = (tcpwnd_size_t)(pcb->snd_buf - len);
    return ERR_OK;
}

err_t tcp_output(struct tcp_pcb *pcb)
{
    (void)pcb;
    return ERR_OK;
}

void tcp_recved(struct tcp_pcb *pcb, u16_t len)
{
    (void)pcb;
    (void)len;
}

err_t tcp_shutdown(struct tcp_pcb *pcb, int shut_rx, int shut_tx)
{
    (void)pcb;
    assert_true(!shut_rx && shut_tx);
    world.is_shut = true;
    return ERR_OK;
}

err_t tcp_close(struct tcp_pcb *pcb)
{
    (void)pcb;
    world.is_closed = true;
    return ERR_OK;
}

void tcp_abort(struct tcp_pcb *pcb)
{
    (void)pcb;
    world.is_reset = true;
}

u8_t pbuf_free(struct pbuf *p)
{
    (void)p;
    return 0;
}

void pbuf_cat(struct pbuf *head, struct pbuf *tail)
{
    head->next = tail;
}

/* The rest; NULL: nothing is left. */
struct pbuf *pbuf_free_header(struct pbuf *q, u16_t size)
{
    assert_true(size <= q->len);
    q->payload = (char *)q->payload + size;
    q->len = (u16_t)(q->len - size);
    return q->len > 0 ? q : q->next;
}

/* ---- A site, and a client ------------------------------------------------ */

static void fetch_begin(struct http_fetch *fetch)
{
    assert_null(world.fetch);
    world.fetch = fetch;
    world.fetches++;
}

static void fetch_cancel(struct http_fetch *fetch)
{
    assert_ptr_equal(world.fetch, fetch);
    world.fetch = NULL;
    world.cancels++;
}

/* It came: `count` bytes, or a failure. */
static void fetched(const char *bytes, int32_t count)
{
    struct http_fetch *fetch = world.fetch;
    assert_non_null(fetch);
    world.fetch = NULL;
    http_connection_fetched(fetch, bytes, count);
}

static void connect_with(uint16_t room)
{
    static const struct http_source source = { fetch_begin, fetch_cancel,
                                               PIECE };
    static struct http_site site = {
        .source = &source,
        .body_bytes = 10,
        .head_keep_alive = { HEAD, sizeof(HEAD) - 1 },
        .head_close = { HEAD, sizeof(HEAD) - 1 },
        .timeout_seconds = 10,
    };
    memset(&world, 0, sizeof(world));
    world.pcb.snd_buf = room;
    assert_int_equal(http_connection_accept(&site, &world.pcb, ERR_OK), ERR_OK);
}

static void ask(void)
{
    static char text[] = GET;
    static struct pbuf p;
    p = (struct pbuf){ .payload = text, .len = sizeof(text) - 1 };
    assert_int_equal(
        world.pcb.recv(world.pcb.callback_arg, &world.pcb, &p, ERR_OK), ERR_OK);
}

static void hang_up(void)
{
    (void)world.pcb.recv(world.pcb.callback_arg, &world.pcb, NULL, ERR_OK);
    assert_true(world.is_closed);
    assert_null(world.pcb.callback_arg);
}

static void expect_sent(const char *text)
{
    world.sent[world.sent_bytes] = '\0';
    assert_string_equal(world.sent, text);
}

static void a_body_comes_in_pieces_behind_its_head(void **state)
{
    (void)state;
    connect_with(1000);
    for (uint32_t i = 0; i < 2; i++) {
        world.sent_bytes = 0;
        ask();
        assert_int_equal(world.fetch->offset, 0);
        expect_sent("");
        fetched("abcd", 4);
        expect_sent(HEAD "abcd");
        assert_int_equal(world.fetch->offset, 4);
        fetched("ef", 2);
        assert_int_equal(world.fetch->offset, 6);
        fetched("ghij", 4);
        expect_sent(HEAD "abcdefghij");
        assert_int_equal(world.fetches, 3 * (i + 1));
        assert_null(world.fetch);
    }
    assert_false(world.is_shut);
    hang_up();
}

static void one_that_does_not_begin_is_answered_with_500(void **state)
{
    (void)state;
    connect_with(1000);
    ask();
    fetched(NULL, -1);
    expect_sent("HTTP/1.1 500 Internal Server Error\r\n"
                "Content-Length: 0\r\n"
                "Connection: close\r\n\r\n");
    assert_int_equal(world.fetches, 1);
    assert_true(world.is_shut && !world.is_reset);
    hang_up();
}

static void one_that_breaks_off_is_reset(void **state)
{
    (void)state;
    connect_with(1000);
    ask();
    fetched("abcd", 4);
    fetched(NULL, -1);
    expect_sent(HEAD "abcd");
    assert_true(world.is_reset && !world.is_closed);
    assert_int_equal(world.cancels, 0);
}

static void a_client_that_is_gone_waits_for_nothing(void **state)
{
    (void)state;
    connect_with(1000);
    ask();
    world.pcb.errf(world.pcb.callback_arg, ERR_RST);
    assert_int_equal(world.cancels, 1);
    assert_true(!world.is_closed && !world.is_reset);
}

/* A head and a piece are 23 bytes. */
static void a_piece_is_fetched_when_there_is_room_for_it(void **state)
{
    (void)state;
    connect_with(sizeof(HEAD) - 1 + PIECE - 1);
    ask();
    assert_int_equal(world.fetches, 0);
    world.pcb.snd_buf++;
    (void)world.pcb.sent(world.pcb.callback_arg, &world.pcb, 1);
    assert_int_equal(world.fetches, 1);
    fetched("abcd", 4);
    expect_sent(HEAD "abcd");
    assert_int_equal(world.fetches, 1);
    world.pcb.errf(world.pcb.callback_arg, ERR_RST);
    assert_int_equal(world.cancels, 0);
}

/* Ten seconds, at half a second a tick, in which nothing moves. */
static void one_that_is_silent_is_closed(void **state)
{
    (void)state;
    connect_with(1000);
    assert_int_equal(world.pcb.pollinterval, 20);
    tcp_ticks += 19;
    (void)world.pcb.poll(world.pcb.callback_arg, &world.pcb);
    assert_false(world.is_closed);
    assert_int_equal(world.pcb.pollinterval, 1);
    tcp_ticks++;
    (void)world.pcb.poll(world.pcb.callback_arg, &world.pcb);
    assert_true(world.is_closed);
    /* In the midst of an answer there is no end to say: it is reset. */
    connect_with(1000);
    ask();
    tcp_ticks += 20;
    assert_int_equal(world.pcb.poll(world.pcb.callback_arg, &world.pcb),
                     ERR_ABRT);
    assert_true(world.is_reset && !world.is_closed);
    assert_int_equal(world.cancels, 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_comes_in_pieces_behind_its_head),
        cmocka_unit_test(one_that_does_not_begin_is_answered_with_500),
        cmocka_unit_test(one_that_breaks_off_is_reset),
        cmocka_unit_test(a_client_that_is_gone_waits_for_nothing),
        cmocka_unit_test(a_piece_is_fetched_when_there_is_room_for_it),
        cmocka_unit_test(one_that_is_silent_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_http_parser.c - requests are understood, in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "workloads/guests/http_parser.h"

#define REQUESTS 4

struct expected {
    const char *stream;
    /* The requests in it, ended by a status of 0. */
    struct {
        int status;
        bool is_head, is_keep_alive;
    } requests[REQUESTS];
};

#define HOST "Host: a\r\n"

static const struct expected streams[] = {
    { "GET / HTTP/1.1\r\n" HOST "\r\n", { { 200, false, true } } },
    { "GET / HTTP/1.0\r\n\r\n", { { 200, false, false } } },
    { "GET / HTTP/1.0\nConnection: Keep-Alive\n\n", { { 200, false, true } } },
    { "GET / HTTP/1.1\r\n" HOST "Connection: foo , close\r\n\r\n",
      { { 200, false, false } } },
    { "HEAD /index.html?a=b HTTP/1.1\r\nhOST:a\r\n\r\n",
      { { 200, true, true } } },
    { "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\nGET /x HTTP/1.1\r\n" HOST
      "\r\nHEAD / HTTP/1.0\r\n\r\n",
      { { 200, false, true }, { 404, false, true }, { 200, true, false } } },
    { "GET http://host/ HTTP/1.1\r\n" HOST "\r\n", { { 200, false, true } } },
    { "GET http://host/x HTTP/1.1\r\n" HOST "\r\n", { { 404, false, true } } },
    { "GET http://host HTTP/1.1\r\n" HOST "\r\n", { { 404, false, true } } },
    { "GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabcGET / "
      "HTTP/1.0\r\n\r\n",
      { { 200, false, true }, { 200, false, false } } },
    { "GET / HTTP/1.1\r\n" HOST "Content-Length: 12\r\n\r\nabcdefghijklGET / "
      "HTTP/1.0\r\n\r\n",
      { { 200, false, true }, { 200, false, false } } },
    { "POST / HTTP/1.1\r\n" HOST "\r\n", { { 405, false, false } } },
    { "get / HTTP/1.1\r\n" HOST "\r\n", { { 405, false, false } } },
    { "GET / HTTP/1.1\r\n\r\n", { { 400, false, false } } },
    { "GET  / HTTP/1.1\r\n", { { 400, false, false } } },
    { "GET /\r\n", { { 400, false, false } } },
    { "GET / HTTP/2.0\r\n", { { 400, false, false } } },
    { "GET / HTTP/1.1 \r\n", { { 400, false, false } } },
    { "G(T / HTTP/1.1\r\n", { { 400, false, false } } },
    { "GET / HTTP/1.1\r\n" HOST "no colon\r\n", { { 400, false, false } } },
    { "GET / HTTP/1.1\r\n" HOST "a : b\r\n", { { 400, false, false } } },
    { "GET / HTTP/1.1\r\n" HOST " folded: b\r\n", { { 400, false, false } } },
    { "GET / HTTP/1.1\r\nContent-Length: -1\r\n", { { 400, false, false } } },
    { "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
      { { 400, false, false } } },
    { "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
      { { 400, false, false } } },
};

/* Feeds the stream in pieces of `piece` bytes and checks what comes out. */
static void feed(const struct expected *e, size_t piece)
{
    struct http_parser parser;
    http_parser_init(&parser);
    size_t seen = 0;
    size_t length = strlen(e->stream);
    for (size_t at = 0; at < length;) {
        size_t rest = length - at;
        bool is_complete = false;
        size_t taken = http_parser_take(
            &parser, e->stream + at, rest < piece ? rest : piece, &is_complete);
        assert_true(taken > 0);
        at += taken;
        if (is_complete) {
            assert_true(seen < REQUESTS);
            assert_int_equal(parser.request.status, e->requests[seen].status);
            assert_int_equal(parser.request.is_head, e->requests[seen].is_head);
            assert_int_equal(parser.request.is_keep_alive,
                             e->requests[seen].is_keep_alive);
            seen++;
        }
    }
    assert_true(seen == REQUESTS || e->requests[seen].status == 0);
}

static void streams_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        for (size_t piece = 1; piece <= strlen(streams[i].stream); piece++) {
            feed(&streams[i], piece);
        }
    }
}

static bool take_text(struct http_parser *parser, const char *text)
{
    bool is_complete = false;
    (void)http_parser_take(parser, text, strlen(text), &is_complete);
    return is_complete;
}

/* Of a request with one header of `count` letters. */
static int status_with_header(size_t count)
{
    struct http_parser parser;
    http_parser_init(&parser);
    bool is_complete = take_text(&parser, "GET / HTTP/1.1\r\n" HOST "X: ");
    for (size_t i = 0; i < count && !is_complete; i++) {
        is_complete = take_text(&parser, "y");
    }
    assert_true(is_complete || take_text(&parser, "\r\n\r\n") ||
                take_text(&parser, "\r\n"));
    return (int)parser.request.status;
}

static void heads_are_limited_lines_are_not(void **state)
{
    (void)state;
    assert_int_equal(status_with_header(10), 200);
    assert_int_equal(status_with_header(300), 200);
    assert_int_equal(status_with_header(HTTP_HEAD_BYTES - 100), 200);
    assert_int_equal(status_with_header(HTTP_HEAD_BYTES), 431);
}

static void a_long_request_line_has_its_own_error(void **state)
{
    (void)state;
    struct http_parser parser;
    bool is_complete = false;
    http_parser_init(&parser);
    for (int i = 0; i < 200; i++) {
        (void)http_parser_take(&parser, "GET /", 5, &is_complete);
        assert_false(is_complete);
    }
    (void)http_parser_take(&parser, " HTTP/1.1\r\n", 11, &is_complete);
    assert_true(is_complete);
    assert_int_equal(parser.request.status, HTTP_URI_TOO_LONG);
}

static void noise_is_no_request(void **state)
{
    (void)state;
    uint32_t random = 7;
    for (int round = 0; round < 2000; round++) {
        struct http_parser parser;
        http_parser_init(&parser);
        for (int i = 0; i < 500; i++) {
            random = random * 1664525 + 1013904223;
            char byte = (char)(random >> 24);
            bool is_complete = false;
            assert_int_equal(http_parser_take(&parser, &byte, 1, &is_complete),
                             1);
            assert_true(!is_complete || parser.request.status >= 400);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_in_pieces_of_any_size),
        cmocka_unit_test(heads_are_limited_lines_are_not),
        cmocka_unit_test(a_long_request_line_has_its_own_error),
        cmocka_unit_test(noise_is_no_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

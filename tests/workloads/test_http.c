/* test_http.c - requests as text, responses in any pieces. */
#include "workloads/http.h"

#include "isa/abi.h"
#include "sim/random.h"
#include "workloads/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VM   5
#define BODY 40

static void a_request_is_the_same_in_any_pieces(void **state)
{
    static const char want[] = "GET /a/b?c HTTP/1.1\r\nHost: 10.16.1.200\r\n"
                               "User-Agent: iksim\r\nAccept: */*\r\n\r\n";
    struct http_request r = { .path = "/a/b?c", .remote_ip = ABI_VM_NET + 456 };
    uint32_t all = http_request_bytes(&r);
    (void)state;
    assert_int_equal(all, sizeof want - 1);
    for (uint32_t at = 0; at < all; at++) {
        for (uint32_t count = 0; at + count <= all; count++) {
            uint8_t piece[sizeof want];
            memset(piece, 0xee, sizeof piece);
            http_request_copy(&r, at, piece, count);
            assert_memory_equal(piece, want + at, count);
            assert_int_equal(piece[count], 0xee);
        }
    }
}

/* Head, then the right body; returns the length. */
static uint32_t respond(char *to, const char *head)
{
    uint32_t count = 0;
    while (head[count] != '\0') {
        to[count] = head[count];
        count++;
    }
    content_fill(VM, 0, (uint8_t *)to + count, BODY);
    return count + BODY;
}

/* Each piece is in a block of its own size, for the sanitizer. */
static enum http_result read_piece(struct http_response *r, const char *bytes,
                                   uint32_t count)
{
    uint8_t *copy = malloc(count ? count : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    enum http_result result = http_response_read(r, copy, count);
    free(copy);
    return result;
}

static enum http_result read_whole(const char *bytes, uint32_t count)
{
    struct http_response r;
    http_response_init(&r, VM, BODY);
    return read_piece(&r, bytes, count);
}

/* One byte at a time must give the same. */
static enum http_result read_bytes(const char *bytes, uint32_t count)
{
    struct http_response r;
    enum http_result result = HTTP_MORE;
    http_response_init(&r, VM, BODY);
    for (uint32_t i = 0; i < count && result == HTTP_MORE; i++) {
        result = read_piece(&r, bytes + i, 1);
    }
    return result;
}

#define GOOD                                         \
    "HTTP/1.1 200 OK\r\nServer: x\r\n"               \
    "Content-Type: text/plain; charset=us-ascii\r\n" \
    "cOnTenT-LenGth: \t40 \r\nX:\r\n\r\n"

static void a_response_may_be_split_anywhere(void **state)
{
    char text[512];
    uint32_t count = respond(text, GOOD);
    (void)state;
    for (uint32_t i = 0; i <= count; i++) {
        for (uint32_t k = i; k <= count; k++) {
            struct http_response r;
            http_response_init(&r, VM, BODY);
            enum http_result result = read_piece(&r, text, i);
            if (i < count) {
                assert_int_equal(result, HTTP_MORE);
                result = read_piece(&r, text + i, k - i);
            }
            if (k < count) {
                assert_int_equal(result, HTTP_MORE);
                result = read_piece(&r, text + k, count - k);
            }
            assert_int_equal(result, HTTP_DONE);
            assert_int_equal(r.body_bytes, BODY);
            assert_false(r.closes);
        }
    }
}

static void heads_are_judged(void **state)
{
#define OK_LINE "HTTP/1.1 200 OK\r\n"
#define LENGTH  "Content-Length: 40\r\n"
    static const struct {
        const char *head;
        enum http_result result;
        bool closes;
    } cases[] = {
        { OK_LINE LENGTH "\r\n", HTTP_DONE, false },
        { "HTTP/1.1 200 \r\n" LENGTH "\r\n", HTTP_DONE, false },
        { "HTTP/1.0 200 OK\r\n" LENGTH "\r\n", HTTP_DONE, true },
        { "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" LENGTH "\r\n",
          HTTP_DONE, false },
        { OK_LINE "Connection: close\r\n" LENGTH "\r\n", HTTP_DONE, true },
        { OK_LINE LENGTH LENGTH "\r\n", HTTP_DONE, false },
        { OK_LINE "Content-Length: 0000000040\r\n\r\n", HTTP_DONE, false },
        { OK_LINE "X-Content-Length: 1\r\n" LENGTH "\r\n", HTTP_DONE, false },
        { OK_LINE "Content-Length-X: 1\r\n" LENGTH "\r\n", HTTP_DONE, false },
        { "HTTP/1.1 404 Not Found\r\n" LENGTH "\r\n", HTTP_WRONG_STATUS,
          false },
        { "HTTP/1.1 201 Created\r\n" LENGTH "\r\n", HTTP_WRONG_STATUS, false },
        { OK_LINE "Content-Length: 41\r\n\r\n", HTTP_WRONG_LENGTH, false },
        { OK_LINE "Content-Length: 0\r\n\r\n", HTTP_WRONG_LENGTH, false },
        { OK_LINE LENGTH "Content-Length: 41\r\n\r\n", HTTP_MALFORMED, false },
        { OK_LINE "\r\n", HTTP_MALFORMED, false },
        { OK_LINE "Content-Length: \r\n\r\n", HTTP_MALFORMED, false },
        { OK_LINE "Content-Length: -40\r\n\r\n", HTTP_MALFORMED, false },
        { OK_LINE "Content-Length: 4 0\r\n\r\n", HTTP_MALFORMED, false },
        { OK_LINE "Content-Length: 4294967336\r\n\r\n", HTTP_MALFORMED, false },
        { OK_LINE "Content-Length: 00000000000000000040\r\n\r\n",
          HTTP_MALFORMED, false },
        { OK_LINE "Content-Length : 40\r\n\r\n", HTTP_MALFORMED, false },
        { OK_LINE "Transfer-Encoding: chunked\r\n" LENGTH "\r\n",
          HTTP_MALFORMED, false },
        { OK_LINE " folded\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { OK_LINE ": 40\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { OK_LINE "no colon\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { OK_LINE "A: b\nC: d\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { OK_LINE "A: b\r\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { OK_LINE LENGTH "\r\r", HTTP_MALFORMED, false },
        { OK_LINE LENGTH "\n", HTTP_MALFORMED, false },
        { "HTTP/1.1 200 OK\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { "HTTP/1.1  200 OK\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { "HTTP/2.0 200 OK\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { "HTTP/1.1 2000 OK\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { "http/1.1 200 OK\r\n" LENGTH "\r\n", HTTP_MALFORMED, false },
        { "\r\n" OK_LINE LENGTH "\r\n", HTTP_MALFORMED, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct http_response r;
        uint32_t count = respond(text, cases[i].head);
        enum http_result result = read_whole(text, count);
        if (result != cases[i].result) {
            fail_msg("%s gives %d", cases[i].head, (int)result);
        }
        assert_int_equal(read_bytes(text, count), result);
        http_response_init(&r, VM, BODY);
        if (read_piece(&r, text, count) == HTTP_DONE) {
            assert_int_equal(r.closes, cases[i].closes);
        }
    }
}

static void any_wrong_byte_of_the_body_is_seen(void **state)
{
    char text[512];
    uint32_t count = respond(text, GOOD);
    (void)state;
    for (uint32_t i = count - BODY; i < count; i++) {
        for (int value = 1; value < 256; value++) {
            text[i] = (char)(text[i] ^ value);
            assert_int_equal(read_whole(text, count), HTTP_WRONG_BYTE);
            text[i] = (char)(text[i] ^ value);
        }
    }
    text[count] = 'x';
    assert_int_equal(read_whole(text, count + 1), HTTP_MALFORMED);
    assert_int_equal(read_whole(text, count - 1), HTTP_MORE);
}

static void an_empty_body_ends_with_the_head(void **state)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nx";
    struct http_response r;
    uint32_t count = sizeof text - 2;
    (void)state;
    http_response_init(&r, VM, 0);
    assert_int_equal(read_piece(&r, text, count), HTTP_DONE);
    http_response_init(&r, VM, 0);
    assert_int_equal(read_piece(&r, text, count + 1), HTTP_MALFORMED);
}

static void a_head_without_end_is_malformed(void **state)
{
    struct http_response r;
    enum http_result result;
    uint32_t count = 0;
    (void)state;
    http_response_init(&r, VM, BODY);
    result = read_piece(&r, OK_LINE "A: ", 20);
    while (result == HTTP_MORE && count < 100000) {
        result = read_piece(&r, "bbbbbbbbbb", 10);
        count += 10;
    }
    assert_int_equal(result, HTTP_MALFORMED);
    assert_in_range(count, HTTP_HEAD_BYTES - 30, HTTP_HEAD_BYTES + 10);
}

static void random_changes_are_read_without_harm(void **state)
{
    struct rng r;
    (void)state;
    rng_init(&r, 1, "test http", 0);
    for (int i = 0; i < 100000; i++) {
        char text[512];
        uint32_t count = respond(text, GOOD);
        for (uint64_t n = 1 + rng_below(&r, 4); n > 0; n--) {
            text[rng_below(&r, count)] = (char)rng_u64(&r);
        }
        assert_int_equal(read_whole(text, count), read_bytes(text, count));
    }
}

/* The vectors of FIPS 180-4, and a million letters, in pieces of all sizes. */
static void sums_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t repeats;
        uint8_t first, last;
    } vectors[] = {
        { "", 1, 0xe3, 0x55 },
        { "abc", 1, 0xba, 0xad },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, 0x24,
          0xc1 },
        { "aaaaaaaaaa", 100000, 0xcd, 0xd0 },
    };
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct sha256 sum;
        uint8_t digest[SHA256_BYTES];
        sha256_init(&sum);
        for (uint32_t n = 0; n < vectors[i].repeats; n++) {
            sha256_add(&sum, (const uint8_t *)vectors[i].text,
                       strlen(vectors[i].text));
        }
        sha256_end(&sum, digest);
        assert_int_equal(digest[0], vectors[i].first);
        assert_int_equal(digest[SHA256_BYTES - 1], vectors[i].last);
    }
}

/* A body without a length is over when the server closes. */
static void an_expected_body_may_end_with_the_connection(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.0 203 Fine\r\nServer: x\r\n\r\nabc";
    static const struct scenario_answer answers[] = {
        { .is_given = true, .status = 203 },
        { .is_given = true, .status = 203, .has_bytes = true, .bytes = 3 },
        { .is_given = true, .status = 203, .has_bytes = true, .bytes = 4 },
        { .is_given = true, .status = 203, .has_sha256 = true },
    };
    static const enum http_result results[] = { HTTP_DONE, HTTP_DONE,
                                                HTTP_WRONG_LENGTH,
                                                HTTP_WRONG_BYTE };
    for (size_t i = 0; i < 4; i++) {
        struct http_response r;
        http_response_init(&r, VM, BODY);
        http_response_expect(&r, &answers[i]);
        for (size_t n = 0; n < sizeof(text) - 1; n++) {
            assert_int_equal(read_piece(&r, text + n, 1), HTTP_MORE);
        }
        assert_true(r.closes);
        assert_int_equal(http_response_end(&r), results[i]);
    }
    /* Ours has a length, and so ends with no connection. */
    struct http_response r;
    http_response_init(&r, VM, BODY);
    assert_int_equal(http_response_end(&r), HTTP_MALFORMED);
    http_response_expect(&r, &answers[0]);
    assert_int_equal(http_response_end(&r), HTTP_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_the_same_in_any_pieces),
        cmocka_unit_test(a_response_may_be_split_anywhere),
        cmocka_unit_test(heads_are_judged),
        cmocka_unit_test(any_wrong_byte_of_the_body_is_seen),
        cmocka_unit_test(an_empty_body_ends_with_the_head),
        cmocka_unit_test(a_head_without_end_is_malformed),
        cmocka_unit_test(sums_are_those_of_the_standard),
        cmocka_unit_test(an_expected_body_may_end_with_the_connection),
        cmocka_unit_test(random_changes_are_read_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * http.h - HTTP/1.1 as a client that trusts nothing: requests as text that
 * is never stored, responses read byte by byte in any pieces.
 *
 * A response is right when its status is 200, its headers are well formed, its
 * Content-Length is the size expected and every byte of the body is the one
 * that content.h says. Chunked bodies are refused: no server of ours has them. A load may
 * expect another answer (`expect`); its body may then end with the connection.
 */
#ifndef WORKLOADS_HTTP_H
#define WORKLOADS_HTTP_H

#include "sim/scenario/clients.h"
#include "workloads/mistake.h"
#include "workloads/sha256.h"

/* "Host: " and an address; the rest of a request is constant or the path. */
struct http_request {
    const char *path;   /* Borrowed. */
    uint32_t remote_ip; /* Host order. */
};

uint32_t http_request_bytes(const struct http_request *r);

/* Writes the request's bytes [offset, offset + count), which must exist. */
void http_request_copy(const struct http_request *r, uint32_t offset,
                       uint8_t *to, uint32_t count);

enum http_result {
    HTTP_MORE, /* All was well so far. */
    HTTP_DONE,
    HTTP_MALFORMED,
    HTTP_WRONG_STATUS,
    HTTP_WRONG_LENGTH,
    HTTP_WRONG_BYTE
};

#define HTTP_HEAD_BYTES  8192 /* A longer head is malformed. */
#define HTTP_NAME_BYTES  18   /* No header that is read has a longer name. */
#define HTTP_VALUE_BYTES 12

/* Open, to be embedded. Fields are the parser's after http_response_init. */
struct http_response {
    uint32_t vm;                          /* Whose body it must be. */
    uint32_t expected_bytes;              /* The size of the body. */
    const struct scenario_answer *answer; /* Another one; NULL: ours. */
    uint32_t head_bytes;                  /* Read so far. */
    uint32_t body_bytes;                  /* Read so far, all of them right. */
    uint32_t length_bytes; /* Content-Length, valid with has_length. */
    uint8_t state;
    uint8_t matched; /* Bytes of the status line, then of the present state. */
    uint8_t name_count, value_count; /* May exceed the arrays: cut. */
    bool has_length;
    bool has_body;              /* By its status. */
    bool ends_with_connection;  /* The body does. */
    bool closes;                /* The server will send nothing after this. */
    char name[HTTP_NAME_BYTES]; /* Lower case. */
    char value[HTTP_VALUE_BYTES];
    struct sha256 sha256;       /* Of the body, if the answer has one. */
    struct mistake_found wrong; /* Valid after a result that is wrong. */
};

void http_response_init(struct http_response *r, uint32_t vm,
                        uint32_t expected_bytes);

/* After that: `answer`, which is borrowed, is the right one instead. */
void http_response_expect(struct http_response *r,
                          const struct scenario_answer *answer);

/*
 * Reads on. Bytes after the end of the response are malformed: only one
 * request is ever under way. After a result other than HTTP_MORE it must not
 * be called again.
 */
enum http_result http_response_read(struct http_response *r,
                                    const uint8_t *bytes, uint32_t count);

/* How many bytes the answer is to have, head and all, as far as is known:
   otherwise MISTAKE_UNKNOWN. */
uint32_t http_response_bytes(const struct http_response *r);

/* The server sends no more: HTTP_DONE, or what was wrong. */
enum http_result http_response_end(struct http_response *r);

#endif /* WORKLOADS_HTTP_H */

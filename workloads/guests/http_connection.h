/*
 * http_connection.h - one client of a web server: lwIP's callbacks on one side,
 * the parser on the other. The body of an answer is constant memory, or comes
 * in pieces from a source that may take its time: the other clients do not wait
 * for that.
 */
#ifndef WORKLOADS_GUESTS_HTTP_CONNECTION_H
#define WORKLOADS_GUESTS_HTTP_CONNECTION_H

#include "lwip/err.h"
#include "lwip/tcp.h"

#include <stdint.h>

/* lwIP counts half seconds in a byte. */
#define HTTP_TIMEOUT_MAX_SECONDS 120
#define HTTP_TIMEOUT_UNIT_NS     1000000000

/* Bytes that stay where they are for ever: they are sent without a copy. */
struct http_text {
    const char *text;
    uint32_t bytes;
};

/* A piece of a body that a connection waits for. */
struct http_fetch {
    uint32_t offset;         /* Of its first byte in the body. */
    struct http_fetch *next; /* The source's. */
};

/* Where bodies come from that are not in memory. */
struct http_source {
    /* Ends in http_connection_fetched(), but not from within. */
    void (*begin)(struct http_fetch *fetch);
    /* Or in this: the connection is gone. */
    void (*cancel)(struct http_fetch *fetch);
    uint32_t piece_bytes; /* A piece's greatest length. */
};

/* What all connections serve. */
struct http_site {
    const char *document; /* NULL: from the source. */
    const struct http_source *source;
    uint32_t body_bytes;
    struct http_text head_keep_alive; /* Of a 200. */
    struct http_text head_close;
    uint32_t timeout_seconds; /* <= HTTP_TIMEOUT_MAX_SECONDS */
    void (*on_request)(void); /* Before each answer; NULL: nothing to do. */
};

/*
 * The piece has come: `count` bytes, at least one and no more than are left of
 * the body, to be copied. Or it will not come: count < 0. Then the client is
 * answered with 500, or with a reset if the answer has begun. From the thread
 * of net_serve().
 */
void http_connection_fetched(struct http_fetch *fetch, const char *bytes,
                             int32_t count);

/* For tcp_accept(); `site` is the struct http_site. */
err_t http_connection_accept(void *site, struct tcp_pcb *pcb, err_t err);

#endif /* WORKLOADS_GUESTS_HTTP_CONNECTION_H */

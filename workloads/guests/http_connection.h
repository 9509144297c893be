/*
 * http_connection.h - one client of httpd: lwIP's callbacks on one side, the
 * parser on the other, answers out of constant memory.
 */
#ifndef WORKLOADS_GUESTS_HTTP_CONNECTION_H
#define WORKLOADS_GUESTS_HTTP_CONNECTION_H

#include "lwip/err.h"
#include "lwip/tcp.h"

#include <stdint.h>

/* lwIP counts half seconds in a byte. */
#define HTTP_TIMEOUT_MAX_SECONDS 120

/* Bytes that stay where they are for ever: they are sent without a copy. */
struct http_text {
    const char *text;
    uint32_t bytes;
};

/* What all connections serve. */
struct http_site {
    struct http_text document;
    struct http_text head_keep_alive; /* Of a 200. */
    struct http_text head_close;
    uint32_t timeout_seconds; /* <= HTTP_TIMEOUT_MAX_SECONDS */
};

/* For tcp_accept(); `site` is the struct http_site. */
err_t http_connection_accept(void *site, struct tcp_pcb *pcb, err_t err);

#endif /* WORKLOADS_GUESTS_HTTP_CONNECTION_H */

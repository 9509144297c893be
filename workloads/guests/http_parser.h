/*
 * http_parser.h - HTTP/1.0 and 1.1 requests out of a stream of bytes, in pieces
 * of any size. It keeps one line, cut to HTTP_LINE_BYTES: no header that
 * matters here is longer. It does no I/O and allocates nothing.
 */
#ifndef WORKLOADS_GUESTS_HTTP_PARSER_H
#define WORKLOADS_GUESTS_HTTP_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest request line; longer: 414. */
#define HTTP_LINE_BYTES 256
/* The most a request may take up to its empty line; more: 431. */
#define HTTP_HEAD_BYTES 8192

enum http_status {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    HTTP_NOT_FOUND = 404,
    HTTP_METHOD_NOT_ALLOWED = 405,
    HTTP_URI_TOO_LONG = 414,
    HTTP_HEADERS_TOO_LARGE = 431,
    HTTP_INTERNAL_ERROR = 500, /* Not the parser's. */
};

/* Valid once complete. An error status also ends the stream: not keep-alive. */
struct http_request {
    enum http_status status; /* What to answer. */
    bool is_head;            /* Without the body. */
    bool is_keep_alive;      /* More requests may follow. */
};

struct http_parser {
    struct http_request request;
    uint64_t skip_bytes; /* Of a request's body, to be passed over. */
    uint32_t head_bytes; /* Of this request so far. */
    uint16_t line_bytes; /* Of this line, <= HTTP_LINE_BYTES. */
    bool is_line_cut;    /* There were more. */
    bool has_first_line;
    bool is_version_1_0;
    bool has_host;
    char line[HTTP_LINE_BYTES];
};

void http_parser_init(struct http_parser *parser);

/*
 * Take bytes up to the end of a request; returns how many were taken, and
 * whether parser->request is complete. Then the next call begins the next
 * request, except after an error.
 */
size_t http_parser_take(struct http_parser *parser, const char *bytes,
                        size_t count, bool *is_complete);

#endif /* WORKLOADS_GUESTS_HTTP_PARSER_H */

/*
 * http_connection.c - see http_connection.h.
 *
 * A connection reads a request, writes its answer, and so on; input that comes
 * meanwhile waits and is not acknowledged to the window until it is read, so a
 * client that only asks is slowed down. At the end it drains: its half is
 * closed, and what still comes is thrown away until the client closes too.
 */
#include "workloads/guests/http_connection.h"

#include "workloads/guests/http_parser.h"

#include "lwip/priv/tcp_priv.h" /* tcp_ticks */

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* One tcp_write(): what does not fit is refused as a whole. */
#define WRITE_BYTES (8 * TCP_MSS)

enum phase { READING, ANSWERING, DRAINING };

struct connection {
    struct tcp_pcb *pcb;          /* Owned. */
    const struct http_site *site; /* Borrowed. */
    struct pbuf *input;           /* Owned: received, not parsed; or NULL. */
    enum phase phase;
    struct http_text head, body; /* The rest of the answer. */
    uint32_t fetch_bytes;        /* And then so many, from the source. */
    bool is_fetching;            /* The next piece of them is under way. */
    bool is_last;                /* Close after this answer. */
    bool has_peer_closed;
    u32_t moved_tick; /* tcp_ticks when bytes last moved. */
    struct http_fetch fetch;
    struct http_parser parser;
};

static struct http_text text_of(const char *literal, size_t size)
{
    return (struct http_text){ literal, (uint32_t)size - 1 };
}

#define TEXT(literal) text_of(literal, sizeof(literal))
#define ERROR_TEXT(status)         \
    TEXT("HTTP/1.1 " status "\r\n" \
         "Content-Length: 0\r\n"   \
         "Connection: close\r\n\r\n")

static struct http_text error_head(enum http_status status)
{
    switch (status) {
    case HTTP_NOT_FOUND:
        return ERROR_TEXT("404 Not Found");
    case HTTP_METHOD_NOT_ALLOWED:
        return ERROR_TEXT("405 Method Not Allowed\r\nAllow: GET, HEAD");
    case HTTP_URI_TOO_LONG:
        return ERROR_TEXT("414 URI Too Long");
    case HTTP_HEADERS_TOO_LARGE:
        return ERROR_TEXT("431 Request Header Fields Too Large");
    case HTTP_INTERNAL_ERROR:
        return ERROR_TEXT("500 Internal Server Error");
    case HTTP_OK:
    case HTTP_BAD_REQUEST:
        break;
    }
    return ERROR_TEXT("400 Bad Request");
}

static void begin_answer(struct connection *c)
{
    const struct http_request *request = &c->parser.request;
    c->phase = ANSWERING;
    c->is_last = !request->is_keep_alive;
    c->body = (struct http_text){ NULL, 0 };
    c->fetch_bytes = 0;
    if (c->site->on_request != NULL) {
        c->site->on_request();
    }
    if (request->status == HTTP_NOT_FOUND && request->is_keep_alive) {
        c->head = TEXT("HTTP/1.1 404 Not Found\r\n"
                       "Content-Length: 0\r\n"
                       "Connection: keep-alive\r\n\r\n");
    } else if (request->status != HTTP_OK) {
        c->head = error_head(request->status);
    } else {
        c->head = c->is_last ? c->site->head_close : c->site->head_keep_alive;
        if (!request->is_head && c->site->document == NULL) {
            c->fetch_bytes = c->site->body_bytes;
        } else if (!request->is_head) {
            c->body =
                (struct http_text){ c->site->document, c->site->body_bytes };
        }
    }
}

/* Hands to TCP what it takes. True when all of `text` is handed over. */
static bool write_text(struct connection *c, struct http_text *text,
                       bool has_more)
{
    while (text->bytes > 0) {
        uint32_t room = tcp_sndbuf(c->pcb);
        if (room < text->bytes && room < 2 * TCP_MSS) {
            return false; /* Wait for room rather than send crumbs. */
        }
        uint32_t bytes = text->bytes < WRITE_BYTES ? text->bytes : WRITE_BYTES;
        bytes = bytes < room ? bytes : room;
        bool is_end = bytes == text->bytes && !has_more;
        if (tcp_write(c->pcb, text->text, (u16_t)bytes,
                      is_end ? 0 : TCP_WRITE_FLAG_MORE) != ERR_OK) {
            return false;
        }
        text->text += bytes;
        text->bytes -= bytes;
    }
    return true;
}

/* Asks for the next piece as soon as TCP has room for it, and for a head. */
static void fetch_next(struct connection *c)
{
    uint32_t room = tcp_sndbuf(c->pcb);
    if (!c->is_fetching &&
        room >= c->head.bytes + c->site->source->piece_bytes) {
        c->fetch.offset = c->site->body_bytes - c->fetch_bytes;
        c->is_fetching = true;
        c->site->source->begin(&c->fetch);
    }
}

/* True when all of it is handed over. The head goes with the first piece. */
static bool write_answer(struct connection *c)
{
    if (c->fetch_bytes > 0) {
        fetch_next(c);
        return false;
    }
    return write_text(c, &c->head, c->body.bytes > 0) &&
           write_text(c, &c->body, false);
}

/* Throws `bytes` of the input away and opens the window by as many. */
static void drop_input(struct connection *c, u16_t bytes)
{
    c->input = pbuf_free_header(c->input, bytes);
    tcp_recved(c->pcb, bytes);
}

static void drop_all_input(struct connection *c)
{
    while (c->input != NULL) {
        drop_input(c, c->input->len);
    }
}

/* Reads on in the input. True when a request is complete. */
static bool read_request(struct connection *c)
{
    bool is_complete = false;
    while (c->input != NULL && !is_complete) {
        size_t taken = http_parser_take(&c->parser, c->input->payload,
                                        c->input->len, &is_complete);
        drop_input(c, (u16_t)taken);
    }
    return is_complete;
}

/* The connection is no more lwIP's, or lwIP's alone. */
static void forget(struct connection *c)
{
    if (c->is_fetching) {
        c->site->source->cancel(&c->fetch);
    }
    if (c->input != NULL) {
        pbuf_free(c->input);
    }
    free(c);
}

/* Give the pcb back to lwIP, which will not call us again. */
static void let_go(struct connection *c)
{
    tcp_arg(c->pcb, NULL);
    tcp_recv(c->pcb, NULL);
    tcp_sent(c->pcb, NULL);
    tcp_err(c->pcb, NULL);
    tcp_poll(c->pcb, NULL, 0);
}

static void close_connection(struct connection *c)
{
    struct tcp_pcb *pcb = c->pcb;
    drop_all_input(c); /* Else tcp_close() would reset. */
    let_go(c);
    forget(c);
    (void)tcp_close(pcb); /* Short of memory it tries again by itself. */
}

static err_t abort_connection(struct connection *c)
{
    struct tcp_pcb *pcb = c->pcb;
    let_go(c);
    forget(c);
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Goes on as far as the input and TCP's buffers allow. False: `c` has ended. */
static bool run(struct connection *c)
{
    for (;;) {
        if (c->phase == READING && read_request(c)) {
            begin_answer(c);
        }
        if (c->phase != ANSWERING || !write_answer(c)) {
            break;
        }
        c->phase = READING;
        if (c->is_last) {
            c->phase = DRAINING;
            if (!c->has_peer_closed) {
                (void)tcp_shutdown(c->pcb, 0, 1);
            }
        }
    }
    if (c->phase == DRAINING) {
        drop_all_input(c);
    }
    if (c->has_peer_closed && c->phase != ANSWERING) {
        close_connection(c);
        return false;
    }
    return true;
}

/* Hands a piece to TCP, after the head; what finds no room is fetched again. */
static void write_piece(struct connection *c, const char *bytes, uint32_t count)
{
    bool is_end = count == c->fetch_bytes;
    if (write_text(c, &c->head, true) &&
        tcp_write(c->pcb, bytes, (u16_t)count,
                  TCP_WRITE_FLAG_COPY | (is_end ? 0 : TCP_WRITE_FLAG_MORE)) ==
            ERR_OK) {
        c->fetch_bytes -= count;
    }
}

void http_connection_fetched(struct http_fetch *fetch, const char *bytes,
                             int32_t count)
{
    struct connection *c =
        (void *)((char *)fetch - offsetof(struct connection, fetch));
    c->is_fetching = false;
    c->moved_tick = tcp_ticks;
    if (count >= 0) {
        write_piece(c, bytes, (uint32_t)count);
    } else if (c->fetch_bytes < c->site->body_bytes) {
        (void)abort_connection(c);
        return;
    } else {
        c->fetch_bytes = 0;
        c->is_last = true;
        c->head = error_head(HTTP_INTERNAL_ERROR);
    }
    struct tcp_pcb *pcb = c->pcb;
    if (run(c)) {
        (void)tcp_output(pcb); /* Not in a callback: nobody else does. */
    }
}

static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data,
                         err_t err)
{
    (void)pcb;
    (void)err; /* Always ERR_OK. */
    struct connection *c = argument;
    c->moved_tick = tcp_ticks;
    if (data == NULL) {
        c->has_peer_closed = true;
    } else if (c->input == NULL) {
        c->input = data;
    } else {
        pbuf_cat(c->input, data);
    }
    (void)run(c);
    return ERR_OK;
}

static err_t on_sent(void *argument, struct tcp_pcb *pcb, u16_t bytes)
{
    (void)pcb;
    (void)bytes;
    struct connection *c = argument;
    c->moved_tick = tcp_ticks;
    (void)run(c);
    return ERR_OK;
}

/* lwIP has freed the pcb: reset by the client, or given up. */
static void on_error(void *argument, err_t err)
{
    (void)err;
    forget(argument);
}

static u32_t timeout_ticks(const struct connection *c)
{
    return c->site->timeout_seconds * (1000 / TCP_SLOW_INTERVAL);
}

/*
 * The timeout: set for when it would end if nothing moved any more, and set
 * again for the rest if something did.
 */
static err_t on_poll(void *argument, struct tcp_pcb *pcb)
{
    struct connection *c = argument;
    u32_t rest = c->moved_tick + timeout_ticks(c) - tcp_ticks;
    bool is_over = (s32_t)rest <= 0;
    if (is_over && c->phase != READING) {
        return abort_connection(c);
    }
    if (is_over) {
        close_connection(c);
        return ERR_OK;
    }
    /* An answer that found no memory, with none of it under way, has no other
       occasion to go on. */
    bool is_stuck =
        c->phase == ANSWERING && !c->is_fetching && tcp_sndqueuelen(pcb) == 0;
    tcp_poll(pcb, on_poll, is_stuck ? 1 : (u8_t)rest);
    (void)run(c);
    return ERR_OK;
}

err_t http_connection_accept(void *site, struct tcp_pcb *pcb, err_t err)
{
    if (pcb == NULL || err != ERR_OK) {
        return ERR_VAL;
    }
    struct connection *c = malloc(sizeof(*c));
    if (c == NULL) {
        return ERR_MEM; /* lwIP resets the connection. */
    }
    c->pcb = pcb;
    c->site = site;
    c->input = NULL;
    c->phase = READING;
    c->is_last = false;
    c->has_peer_closed = false;
    c->fetch_bytes = 0;
    c->is_fetching = false;
    c->moved_tick = tcp_ticks;
    http_parser_init(&c->parser);

    tcp_nagle_disable(pcb); /* Nothing follows the end of an answer. */
    tcp_arg(pcb, c);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_error);
    tcp_poll(pcb, on_poll, (u8_t)timeout_ticks(c));
    return ERR_OK;
}

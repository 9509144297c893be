/*
 * httpd.c - a web server: one document, kept in memory and sent from there.
 *
 *   size=BYTES     of the document (default 2258)
 *   port=PORT      (default 80)
 *   timeout=SECS   of a connection on which nothing moves (default 60)
 *
 * GET and HEAD of `/` and `/index...` (a query is ignored) give the document,
 * other paths 404, other methods 405 with Allow, what is no request 400, a
 * request line beyond 256 bytes 414, a head beyond 8 KiB 431. Requests may
 * come in any pieces and several at once; they are answered in order. A body
 * that comes with a GET is passed over. Errors have no body.
 *
 * The document is lines of 16 bytes, "%06x %08x\n" of the VM's number and the
 * line's offset, the last one cut to size: a client knows each byte.
 *
 * Who closes first: the client, when it has the whole answer by its length.
 * Then the server goes through LAST-ACK and keeps nothing. It closes first
 * only for a client that asks for that (`Connection: close`, or HTTP/1.0
 * without `keep-alive`), after an error other than 404, and after `timeout`.
 * It then shuts down its half and reads on until the client closes too, so
 * that no late byte is answered with a reset that would overtake the answer.
 * The TIME-WAIT that follows lasts 1 to 1.5 s, and ends the next time the
 * guest wakes for something else: see ilwaco/net/time_wait.h.
 *
 * Without a connection the guest has no timer, and sleeps until a packet.
 */
#include "workloads/guests/http_connection.h"

#include "ilwaco/cmdline.h"
#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"

#include "lwip/tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 16

static struct http_site site;

static char *put_hex(char *to, uint32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        *to++ = "0123456789abcdef"[value >> (4 * i) & 15];
    }
    return to;
}

static void make_document(uint32_t size_bytes)
{
    /* Room for the last line in whole. */
    char *document = malloc(size_bytes + LINE_BYTES);
    if (document == NULL) {
        panic("no memory for a document of %u bytes", size_bytes);
    }
    char *to = document;
    for (uint32_t offset = 0; offset < size_bytes; offset += LINE_BYTES) {
        to = put_hex(to, vreg_read(ABI_VR_VM_NUMBER), 6);
        *to++ = ' ';
        to = put_hex(to, offset, 8);
        *to++ = '\n';
    }
    site.document = (struct http_text){ document, size_bytes };
}

static struct http_text make_head(const char *connection)
{
    char head[128];
    int bytes = snprintf(head, sizeof(head),
                         "HTTP/1.1 200 OK\r\n"
                         "Content-Type: text/plain\r\n"
                         "Content-Length: %u\r\n"
                         "Connection: %s\r\n\r\n",
                         site.document.bytes, connection);
    char *kept = malloc((size_t)bytes);
    if (kept == NULL) {
        panic("no memory");
    }
    memcpy(kept, head, (size_t)bytes);
    return (struct http_text){ kept, (uint32_t)bytes };
}

static void listen_on(uint16_t port)
{
    struct tcp_pcb *pcb = tcp_new();
    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK) {
        panic("cannot bind port %u", port);
    }
    struct tcp_pcb *listener = tcp_listen(pcb);
    if (listener == NULL) {
        panic("cannot listen on port %u", port);
    }
    tcp_arg(listener, &site);
    tcp_accept(listener, http_connection_accept);
}

int main(void)
{
    static const char *const keys[] = { "size", "port", "timeout" };
    cmdline_accept(keys, sizeof(keys) / sizeof(keys[0]));
    make_document(cmdline_u32("size", 2258, 0, ABI_MEM_MAX_BYTES));
    site.head_keep_alive = make_head("keep-alive");
    site.head_close = make_head("close");
    site.timeout_seconds =
        cmdline_u32("timeout", 60, 1, HTTP_TIMEOUT_MAX_SECONDS);
    uint16_t port = (uint16_t)cmdline_u32("port", 80, 1, 65535);

    net_init();
    listen_on(port);
    net_serve();
}

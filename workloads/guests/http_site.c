/* http_site.c - see http_site.h. */
#include "workloads/guests/http_site.h"

#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/vregs.h"

#include "lwip/tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_hex(char *to, uint32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        to[i] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

void http_document_fill(uint32_t offset, char *to, uint32_t count)
{
    char line[DOCUMENT_LINE_BYTES];
    line[6] = ' ';
    line[15] = '\n';
    put_hex(line, vreg_read(ABI_VR_VM_NUMBER), 6);
    while (count > 0) {
        uint32_t part = count < sizeof(line) ? count : sizeof(line);
        put_hex(line + 7, offset, 8);
        memcpy(to, line, part);
        to += part;
        offset += part;
        count -= part;
    }
}

static struct http_text make_head(const char *connection, uint32_t body_bytes)
{
    char head[128];
    int bytes = snprintf(head, sizeof(head),
                         "HTTP/1.1 200 OK\r\n"
                         "Content-Type: text/plain\r\n"
                         "Content-Length: %u\r\n"
                         "Connection: %s\r\n\r\n",
                         body_bytes, connection);
    char *kept = malloc((size_t)bytes);
    if (kept == NULL) {
        panic("no memory");
    }
    memcpy(kept, head, (size_t)bytes);
    return (struct http_text){ kept, (uint32_t)bytes };
}

static void listen_on(struct http_site *site, uint16_t port)
{
    struct tcp_pcb *pcb = tcp_new();
    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK) {
        panic("cannot bind port %u", port);
    }
    struct tcp_pcb *listener = tcp_listen(pcb);
    if (listener == NULL) {
        panic("cannot listen on port %u", port);
    }
    tcp_arg(listener, site);
    tcp_accept(listener, http_connection_accept);
}

noreturn void http_site_serve(struct http_site *site, uint16_t port)
{
    site->head_keep_alive = make_head("keep-alive", site->body_bytes);
    site->head_close = make_head("close", site->body_bytes);

    net_init();
    listen_on(site, port);
    net_serve();
}

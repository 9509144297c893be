/*
 * echo.c - the echo service (RFC 862), over TCP and UDP: what comes is sent back.
 *
 * A connection is read as fast as the client takes the echo, so a client that
 * does not read is not read, either: what has come waits, and the window closes.
 * When the client has closed its half, and all has been sent back, so does the
 * server.
 */
#include "workloads/guests/echo.h"
#include "ilwaco/cmdline.h"
#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"

#include "lwip/tcp.h"
#include "lwip/udp.h"

#include <stdbool.h>
#include <stdlib.h>

#define ECHO_ARGS(X)                                                     \
    X(port, "port", ARGS_COUNT, 1, 65535, ECHO_PORT, "TCP and UDP port", \
      "on which it listens")
ARGS_PROGRAM("sends back what comes, over TCP and UDP", ECHO_ARGS)

struct connection {
    struct tcp_pcb *pcb; /* Owned. */
    struct pbuf *input;  /* Owned: not sent back yet; or NULL. */
    bool has_peer_closed;
};

static void forget(struct connection *c)
{
    if (c->input != NULL) {
        pbuf_free(c->input);
    }
    free(c);
}

/* Sends back what TCP takes, and closes when there is no more to come. */
static void run(struct connection *c)
{
    while (c->input != NULL) {
        u16_t room = tcp_sndbuf(c->pcb);
        u16_t count = c->input->len < room ? c->input->len : room;
        if (count == 0 || tcp_write(c->pcb, c->input->payload, count,
                                    TCP_WRITE_FLAG_COPY) != ERR_OK) {
            return;
        }
        c->input = pbuf_free_header(c->input, count);
        tcp_recved(c->pcb, count);
    }
    if (c->has_peer_closed) {
        struct tcp_pcb *pcb = c->pcb;
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_sent(pcb, NULL);
        tcp_err(pcb, NULL);
        forget(c);
        (void)tcp_close(pcb);
    }
}

static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data,
                         err_t err)
{
    (void)pcb;
    (void)err; /* Always ERR_OK. */
    struct connection *c = argument;
    if (data == NULL) {
        c->has_peer_closed = true;
    } else if (c->input == NULL) {
        c->input = data;
    } else {
        pbuf_cat(c->input, data);
    }
    run(c);
    return ERR_OK;
}

static err_t on_sent(void *argument, struct tcp_pcb *pcb, u16_t bytes)
{
    (void)pcb;
    (void)bytes;
    run(argument);
    return ERR_OK;
}

/* lwIP has freed the pcb. */
static void on_error(void *argument, err_t err)
{
    (void)err;
    forget(argument);
}

static err_t on_accepted(void *argument, struct tcp_pcb *pcb, err_t err)
{
    (void)argument;
    if (pcb == NULL || err != ERR_OK) {
        return ERR_VAL;
    }
    struct connection *c = malloc(sizeof(*c));
    if (c == NULL) {
        return ERR_MEM; /* lwIP resets the connection. */
    }
    c->pcb = pcb;
    c->input = NULL;
    c->has_peer_closed = false;
    tcp_nagle_disable(pcb);
    tcp_arg(pcb, c);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_error);
    return ERR_OK;
}

static void on_datagram(void *argument, struct udp_pcb *pcb,
                        struct pbuf *datagram, const ip_addr_t *address,
                        u16_t port)
{
    (void)argument;
    (void)udp_sendto(pcb, datagram, address, port);
    pbuf_free(datagram);
}

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    u16_t port = (u16_t)args[ARG_port].number;
    net_init();
    struct udp_pcb *udp = udp_new();
    struct tcp_pcb *tcp = tcp_new();
    if (udp == NULL || udp_bind(udp, IP_ADDR_ANY, port) != ERR_OK ||
        tcp == NULL || tcp_bind(tcp, IP_ADDR_ANY, port) != ERR_OK) {
        panic("cannot bind port %u", port);
    }
    udp_recv(udp, on_datagram, NULL);
    tcp = tcp_listen(tcp);
    if (tcp == NULL) {
        panic("no memory to listen");
    }
    tcp_accept(tcp, on_accepted);
    net_serve();
}

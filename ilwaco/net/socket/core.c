/* core.c - see socket.h: in place of lwIP's tcpip.c. */
#include "ilwaco/net/socket/socket.h"

#include "ilwaco/irq.h"
#include "ilwaco/net/net.h"
#include "ilwaco/net/tcp_clock.h"
#include "ilwaco/panic.h"
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include "lwip/api.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/priv/api_msg.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcpip_priv.h"
#include "lwip/tcp.h"

#include <errno.h>
#include <stdlib.h>

/* Between tries of a write for which there was no memory. */
#define POLL_NS UINT64_C(500000000)
#define MS_NS   UINT64_C(1000000)

static struct {
    struct thread *server; /* NULL before the first socket. */
    uint64_t deadline_ns;  /* Of TCP at sockets_enter(). */
    bool is_inside;        /* Between enter and leave. */
    struct timer poll_timer;
    tcp_poll_fn poll; /* lwIP's, of any connection; NULL: there was none. */
} sockets;

static void wake_server(void)
{
    irq_raise(ABI_IRQ_NET_TX); /* Nothing else is done then but to look. */
}

static void serve(void *nothing)
{
    (void)nothing;
    net_serve();
}

void sockets_start(void)
{
    if (sockets.server != NULL) {
        return;
    }
    if (netif_default == NULL) {
        net_init();
    }
    sockets.server = thread_create("network", serve, NULL, THREAD_STACK_BYTES);
    if (sockets.server == NULL) {
        panic("no memory for the thread of the network");
    }
}

void sockets_breathe(void)
{
    if (irq_taken != 0 && !sockets.is_inside &&
        thread_self() != sockets.server) {
        int kept = errno;
        thread_yield(); /* Makes it ready, but behind this thread. */
        thread_yield();
        errno = kept;
    }
}

void sockets_enter(void)
{
    tcp_clock_begin(vreg_time_ns());
    sockets.deadline_ns = tcp_clock_deadline_ns();
    sockets.is_inside = true;
}

void sockets_leave(void)
{
    sockets.is_inside = false;
    if (tcp_clock_deadline_ns() < sockets.deadline_ns) {
        wake_server();
    }
}

err_t tcpip_send_msg_wait_sem(tcpip_callback_fn fn, void *apimsg,
                              sys_sem_t *sem)
{
    (void)sem; /* `fn` waits by itself where it must. */
    sockets_enter();
    fn(apimsg);
    sockets_leave();
    return ERR_OK;
}

void *sockets_malloc(memp_t type)
{
    return malloc(type == MEMP_NETCONN ? sizeof(struct netconn)
                                       : sizeof(struct netbuf));
}

void sockets_free(memp_t type, void *memory)
{
    (void)type;
    free(memory);
}

/* In place of tcp_poll(), which lwIP calls with one and the same function. */
void sockets_tcp_poll(struct tcp_pcb *pcb, tcp_poll_fn poll, u8_t interval)
{
    (void)pcb, (void)interval;
    if (poll != NULL) {
        sockets.poll = poll;
    }
}

/* The connection of a socket in which a thread waits, or NULL. */
static struct netconn *waiting_at(int fd)
{
    const struct lwip_sock *sock = lwip_socket_dbg_get_socket(fd);
    struct netconn *conn = sock != NULL ? sock->conn : NULL;
    return conn != NULL && NETCONNTYPE_GROUP(conn->type) == NETCONN_TCP &&
                   conn->pcb.tcp != NULL &&
                   (conn->state == NETCONN_WRITE ||
                    conn->state == NETCONN_CLOSE)
               ? conn
               : NULL;
}

/* How long until SO_SNDTIMEO ends its wait, but POLL_NS at most. */
static uint64_t time_to_poll_ns(const struct netconn *conn)
{
    if (conn->state != NETCONN_WRITE || conn->send_timeout == 0) {
        return POLL_NS;
    }
    int32_t passed_ms =
        (int32_t)(sys_now() - conn->current_msg->msg.w.time_started);
    int32_t left_ms = conn->send_timeout - passed_ms;
    uint64_t left_ns = left_ms > 0 ? (uint64_t)left_ms * MS_NS : 0;
    return left_ns < POLL_NS ? left_ns : POLL_NS;
}

static void arm(void)
{
    uint64_t wait_ns = ABI_TIME_NEVER;
    for (int fd = LWIP_SOCKET_OFFSET;
         fd < LWIP_SOCKET_OFFSET + MEMP_NUM_NETCONN; fd++) {
        const struct netconn *conn = waiting_at(fd);
        uint64_t ns = conn != NULL ? time_to_poll_ns(conn) : ABI_TIME_NEVER;
        wait_ns = ns < wait_ns ? ns : wait_ns;
    }
    net_timer_start(&sockets.poll_timer, wait_ns == ABI_TIME_NEVER
                                             ? ABI_TIME_NEVER
                                             : vreg_time_ns() + wait_ns);
}

static void poll_writers(void *nothing)
{
    (void)nothing;
    for (int fd = LWIP_SOCKET_OFFSET;
         fd < LWIP_SOCKET_OFFSET + MEMP_NUM_NETCONN; fd++) {
        struct netconn *conn = waiting_at(fd);
        if (conn != NULL) {
            (void)sockets.poll(conn, conn->pcb.tcp);
        }
    }
    arm();
}

void sockets_poll_writers(void)
{
    sockets.poll_timer.fire = poll_writers;
    arm();
    if (sockets.poll_timer.is_armed) {
        wake_server();
    }
}

void sockets_reset(int fd)
{
    const struct lwip_sock *sock = lwip_socket_dbg_get_socket(fd);
    struct netconn *conn = sock != NULL ? sock->conn : NULL;
    if (conn == NULL || NETCONNTYPE_GROUP(conn->type) != NETCONN_TCP ||
        conn->pcb.tcp == NULL || conn->state != NETCONN_NONE ||
        conn->pcb.tcp->state < SYN_SENT) {
        return;
    }
    sockets_enter();
    tcp_abort(conn->pcb.tcp); /* It tells `conn`. */
    sockets_leave();
}

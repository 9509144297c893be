/*
 * linux_peer.c - the clients against the TCP of the Linux kernel, in real
 * time, over a TAP device. Needs root and a network namespace of its own:
 * linux_peer.sh. It is no test of the suite, since it cannot be repeated
 * byte for byte.
 *
 * Usage: linux_peer LOSS_PPM (also of reordering and duplication)
 */
#define _GNU_SOURCE

#include "isa/abi.h"
#include "sim/devices/machine.h"
#include "tests/workloads/world.h"
#include "workloads/content.h"
#include "workloads/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VMS 10

/* ---- The server --------------------------------------------------------- */

static void write_all(int fd, const void *bytes, size_t count)
{
    const char *p = bytes;
    while (count > 0) {
        ssize_t n = write(fd, p, count);
        if (n <= 0) {
            _exit(0);
        }
        p += n;
        count -= (size_t)n;
    }
}

static void answer(int fd, uint32_t vm, uint32_t body_bytes)
{
    static uint8_t body[1u << 20];
    char head[128];
    int count =
        snprintf(head, sizeof head,
                 "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n", body_bytes);
    write_all(fd, head, (size_t)count);
    content_fill(vm, 0, body, body_bytes);
    write_all(fd, body, body_bytes);
}

/* One connection, until the client closes it. */
_Noreturn static void serve(int fd, uint32_t body_bytes)
{
    static const char end[] = "\r\n\r\n";
    struct sockaddr_in address = { 0 };
    socklen_t size = sizeof address;
    int matched = 0;
    char byte;

    if (getsockname(fd, (struct sockaddr *)(void *)&address, &size) != 0) {
        _exit(1);
    }
    uint32_t vm = ntohl(address.sin_addr.s_addr) - ABI_VM_NET - 1;
    while (read(fd, &byte, 1) == 1) {
        matched = byte == end[matched] ? matched + 1 : byte == '\r';
        if (matched == 4) {
            matched = 0;
            answer(fd, vm, body_bytes);
        }
    }
    _exit(0);
}

static pid_t start_server(uint32_t body_bytes)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(80) };
    int one = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    SIM_ASSERT(listener >= 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    int err =
        bind(listener, (struct sockaddr *)(void *)&address, sizeof address);
    SIM_ASSERT(!err);
    err = listen(listener, 1000);
    SIM_ASSERT(!err);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGCHLD, SIG_IGN); /* No zombies. */
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            if (fd >= 0 && fork() == 0) {
                serve(fd, body_bytes);
            }
            close(fd);
        }
    }
    close(listener);
    return pid;
}

/* ---- The wire ----------------------------------------------------------- */

/* The script has made it and given it all addresses. */
static int open_tap(void)
{
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    SIM_ASSERT(fd >= 0);
    memcpy(request.ifr_name, "ik0", 4);
    int err = ioctl(fd, TUNSETIFF, &request);
    SIM_ASSERT(!err);
    return fd;
}

struct tap {
    struct world *world;
    int fd;
};

/* The kernel has one MAC for all of its addresses. */
static void to_kernel(void *ctx, struct packet *p)
{
    struct tap *t = ctx;
    memcpy(p->bytes, "\x02\x00\x0a\x10\x00\x01", 6);
    ssize_t n = write(t->fd, p->bytes, p->length_bytes);
    (void)n; /* A full queue loses it. */
    packet_put(&t->world->pool, p);
}

static void from_kernel(struct tap *t)
{
    uint8_t bytes[2048];
    ssize_t n = read(t->fd, bytes, sizeof bytes);
    while (n > 0) {
        if (n >= PACKET_MIN_BYTES && n <= PACKET_MAX_BYTES) {
            struct packet *p = packet_get(&t->world->pool);
            SIM_ASSERT(p);
            memcpy(p->bytes, bytes, (size_t)n);
            p->length_bytes = (uint16_t)n;
            link_send(&t->world->link, LINK_MACHINE, t->world->events.now, p);
        }
        n = read(t->fd, bytes, sizeof bytes);
    }
}

static uint64_t real_cycles(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    return cycles_from_ns(ns, WORLD_HZ);
}

/* Lets real time pass until `until` or, with `load`, until it has drained. */
static void pass_time(struct tap *t, uint64_t zero, uint64_t until,
                      const struct load *load)
{
    struct pollfd wait = { .fd = t->fd, .events = POLLIN };
    uint64_t now = real_cycles() - zero;
    while (now < until && !(load && load_is_drained(load))) {
        world_run(t->world, now);
        from_kernel(t);
        uint64_t next = events_next_due(&t->world->events);
        uint64_t after = real_cycles() - zero;
        if (next > after) {
            poll(&wait, 1, next - after > WORLD_HZ / 1000 ? 1 : 0);
        }
        now = real_cycles() - zero;
    }
}

/* ---- One run ------------------------------------------------------------ */

static bool run(int tap, const struct scenario_load *wanted,
                const struct load_server *server_config,
                const struct scenario_link *link)
{
    struct scenario_load load_config = *wanted;
    struct scenario_vms vms = { .name = "web", .count = VMS };
    struct scenario scenario = { .seed = 1,
                                 .group_count = 1,
                                 .vms = &vms,
                                 .vm_count = VMS,
                                 .load_count = 1,
                                 .loads = &load_config };
    struct world w;
    struct tap t = { .world = &w, .fd = tap };
    pid_t server = start_server(server_config->body_bytes);

    world_init(&w, WORLD_MIB(64), link);
    link_attach(&w.link, LINK_MACHINE, to_kernel, &t);
    struct load *load = world_load(&w, &scenario, server_config);
    SIM_ASSERT(load);
    uint64_t zero = real_cycles();
    w.stats->window_end = world_seconds(3);
    load_start(load, 0);
    pass_time(&t, zero, world_seconds(3), NULL);
    load_stop(load);
    pass_time(&t, zero, world_seconds(200), load);
    bool is_drained = load_is_drained(load);
    load_abandon(load);
    world_run(&w, TIME_NEVER);
    const struct load_stats *s = &w.stats->load;
    printf("%s of %u bytes: sent %llu, completed %llu, timed out %llu, failed "
           "%llu, retransmitted %llu%s\n",
           wanted->keep_alive ? "kept connections, bodies" : "bodies",
           server_config->body_bytes, (unsigned long long)s->sent,
           (unsigned long long)s->completed, (unsigned long long)s->timed_out,
           (unsigned long long)s->failed, (unsigned long long)s->retransmits,
           is_drained ? "" : ", not drained");
    bool is_good = is_drained && s->sent > 100 && s->completed == s->sent &&
                   (link->loss_ppm > 0 || s->retransmits == 0);
    world_release(&w);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    return is_good;
}

int main(int argc, char **argv)
{
    uint32_t ppm = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    struct scenario_link link = { .loss_ppm = ppm,
                                  .reorder_ppm = ppm,
                                  .duplicate_ppm = ppm };
    struct scenario_load load = {
        .zipf = 1.0, .rate = 200, .timeout_ns = 100000000000u, .path = "/"
    };
    struct load_server server = { .body_bytes = 2258 };
    int tap = open_tap();
    bool is_good = run(tap, &load, &server, &link);
    server.body_bytes = 200000;
    load.rate = 50;
    is_good = run(tap, &load, &server, &link) && is_good;
    load.rate = 0;
    load.clients = 20;
    load.think_ns = 50000000;
    load.keep_alive = true;
    server.body_bytes = 20000;
    is_good = run(tap, &load, &server, &link) && is_good;
    return is_good ? 0 : 1;
}

/*
 * heckler.c - a guest that talks to game servers and says nothing that they
 * can use: datagrams of any bytes, updates with a field that is wrong, good
 * updates for seats that others have, and snapshots, as if from a server.
 *
 *   victims=N   VMs 0 to N - 1 (default 1)
 *
 * It begins after 2 s, when the players have their seats; a seat that is free
 * anyone may take.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"
#include "workloads/guests/game_packet.h"

#include "lwip/udp.h"

#include <stdlib.h>
#include <string.h>

#define START_NS 2000000000ull
#define PAUSE_NS 1000000ull

static struct udp_pcb *pcb;
static struct timer next;
static uint32_t victims;

static uint32_t draw(uint32_t bound)
{
    return random_u32() % bound;
}

static uint16_t any_bytes(uint8_t *bytes)
{
    uint16_t count = (uint16_t)draw(GAME_SNAPSHOT_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)random_u32();
    }
    return count;
}

/* For a seat that is taken, or that is none. */
static uint16_t good_update(uint8_t *bytes)
{
    struct game_update update = { .number = random_u32() | 1,
                                  .player = (uint8_t)draw(GAME_PLAYERS_MAX),
                                  .move = { -1, 1 } };
    game_update_write(&update, bytes);
    return GAME_UPDATE_BYTES;
}

static uint16_t bad_update(uint8_t *bytes)
{
    static const uint8_t places[] = { 0, 1, 2, 3, 8, 9, 10, 11 };
    uint16_t count = good_update(bytes);
    bytes[places[draw(sizeof(places))]] ^= (uint8_t)(128 + draw(128));
    return draw(4) == 0 ? (uint16_t)draw(64) : count;
}

static uint16_t snapshot(uint8_t *bytes)
{
    static struct game_snapshot s = { .newest = 1, .history = 1 };
    s.world.tick = s.world.steps = s.world.players = s.world.bodies = 1;
    return (uint16_t)game_snapshot_write(&s, bytes);
}

static void speak(void *argument)
{
    static uint16_t (*const kinds[])(uint8_t *) = { any_bytes, good_update,
                                                    bad_update, snapshot };
    (void)argument;
    uint8_t bytes[GAME_SNAPSHOT_BYTES];
    memset(bytes, 0, sizeof(bytes));
    uint16_t count = kinds[draw(4)](bytes);
    ip_addr_t to = { lwip_htonl(ABI_VM_NET + 1 + draw(victims)) };
    struct pbuf *datagram = pbuf_alloc(PBUF_TRANSPORT, count, PBUF_RAM);
    if (datagram != NULL) {
        (void)pbuf_take(datagram, bytes, count);
        (void)udp_sendto(pcb, datagram, &to, GAME_PORT);
        pbuf_free(datagram);
    }
    net_timer_start(&next, vreg_time_ns() + PAUSE_NS);
}

#define HECKLER_ARGS(X) \
    X(victims, "victims", ARGS_COUNT, 1, 1000, 1, "VMs", "that it speaks to")
ARGS_PROGRAM("speaks to VMs that did not ask", HECKLER_ARGS)

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    victims = (uint32_t)args[ARG_victims].number;
    net_init();
    pcb = udp_new();
    if (pcb == NULL) {
        panic("no memory");
    }
    next.fire = speak;
    net_timer_start(&next, START_NS);
    net_serve();
}

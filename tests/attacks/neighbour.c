/*
 * neighbour.c - one of a pair that work together, whatever goes on beside
 * them: VM 2n and VM 2n + 1 tell each other words until both know all.
 *
 * Each frame holds all that its sender knows of its own, so it matters not
 * which are lost; what comes from others, or says it does and does not fit, is
 * passed over. The sum of the peer's words is printed: it depends on nothing
 * but who the peer is.
 */
#include "ilwaco/irq.h"
#include "ilwaco/start.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS    20
#define TYPE      0x88b5 /* For experiments, by IEEE 802. */
#define MS        1000000ull
#define RETRY_NS  (2 * MS)
#define LINGER_NS (100 * MS)

struct frame {
    uint8_t to[6];
    uint8_t from[6];
    uint8_t type[2];
    uint8_t pad[2];
    uint32_t count; /* Of words known. */
    uint32_t words[ROUNDS];
};

static struct frame own;
static struct frame heard;
static uint8_t room[1514];

static uint32_t word_of(uint32_t vm, uint32_t round)
{
    uint32_t x = vm * 0x9e3779b9u + round;
    for (int i = 0; i < 2000; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
    }
    return x;
}

static void put_address(uint8_t *mac, uint32_t vm)
{
    uint32_t ip = ABI_VM_NET + vm + 1;
    mac[0] = 2;
    mac[1] = 0;
    for (int i = 0; i < 4; i++) {
        mac[2 + i] = (uint8_t)(ip >> (24 - 8 * i));
    }
}

static bool is_of_peer(const struct frame *f, int32_t bytes)
{
    return bytes == (int32_t)sizeof(*f) && memcmp(f->from, own.to, 6) == 0 &&
           memcmp(f->type, own.type, 2) == 0 && f->count <= ROUNDS;
}

/* Empties the queue; true: the peer has said something. */
static bool listen(void)
{
    bool said = false;
    for (;;) {
        int32_t bytes = vi_packet_recv(room, sizeof(room));
        if (bytes <= 0) {
            return said;
        }
        struct frame f;
        memcpy(&f, room, sizeof(f));
        if (is_of_peer(&f, bytes)) {
            said = true;
            if (f.count > heard.count) {
                heard = f;
            }
        }
    }
}

static void speak_and_wait(void)
{
    (void)vi_packet_send(&own, sizeof(own));
    irq_idle(vreg_time_ns() + RETRY_NS);
    (void)irq_take(ABI_IRQ_ALL);
}

int main(void)
{
    uint32_t me = vreg_read(ABI_VR_VM_NUMBER);
    put_address(own.from, me);
    put_address(own.to, me ^ 1);
    own.type[0] = TYPE >> 8;
    own.type[1] = TYPE & 0xff;
    while (own.count < ROUNDS || heard.count < ROUNDS) {
        if (own.count < ROUNDS && heard.count + 1 >= own.count) {
            own.words[own.count] = word_of(me, own.count);
            own.count++;
        }
        speak_and_wait();
        (void)listen();
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        sum = sum * 31 + heard.words[i];
    }
    printf("%08x\n", sum);
    /* The peer may not have heard the last word. */
    uint64_t until = vreg_time_ns() + LINGER_NS;
    while (vreg_time_ns() < until) {
        speak_and_wait();
        (void)listen();
    }
    return 0;
}

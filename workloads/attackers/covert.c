/*
 * covert.c - one of a pair that may not speak to each other, and tries to: the
 * sender uses a shared resource during a symbol, or lets it be; the receiver
 * uses it a little all the time, and from how far it comes in each symbol it
 * guesses which of the two it was.
 *
 * Both know when the first symbol begins and how long each is. The first are 1
 * and 0 in turn, from which the receiver learns what either looks like; the
 * others follow from a seed, so that the receiver can count its errors. It
 * says at the end
 *
 *     covert: E errors in N bits, saw 0123456789abcdef
 *
 * where the last is a hash of all that it measured: if that is the same
 * whatever was sent, nothing came through.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/disk.h"
#include "ilwaco/irq.h"
#include "ilwaco/start.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define START_NS     500000000ull
#define TRAINING     32
#define SYMBOLS_MAX  4096
#define PAUSE_NS     1000000ull
#define OWN_FRAMES   256
#define FRAME_BYTES  60
#define MEMORY_BASE  (ABI_MEM_BASE + 0x100000u)
#define FNV_BASIS    0xcbf29ce484222325ull
#define FNV_PRIME    0x100000001b3ull
#define GENERATOR(x) ((x) * 1664525u + 1013904223u) /* Numerical Recipes. */

static uint64_t symbol_ns;
static uint8_t frame[ABI_PACKET_MAX_BYTES];
static uint8_t room[ABI_PACKET_MAX_BYTES];
static struct disk_request requests[ABI_DISK_RING];
static _Alignas(ABI_PAGE_BYTES) uint8_t blocks[ABI_DISK_RING][ABI_BLOCK_BYTES];
static uint32_t drawn, done, page;
static bool bits[SYMBOLS_MAX];
static uint32_t seen[SYMBOLS_MAX];

/* The time in the register page is that of the last virtual instruction. */
static uint64_t now(void)
{
    (void)vi_console_write(frame, 0);
    return vreg_time_ns();
}

static void take_interrupts(void)
{
    (void)irq_take(ABI_IRQ_ALL);
    if (disk_count() > 0) {
        disk_poll();
    }
}

static void sleep_until(uint64_t ns)
{
    while (now() < ns) {
        irq_idle(ns);
        take_interrupts();
    }
}

/* ---- Resources: a little of each, and as much as there is ---------------- */

static void compute(void)
{
    for (volatile uint32_t i = 0; i < 20000; i++) {
    }
}

/* How punctually the processor comes back. */
static uint32_t be_woken(uint64_t end)
{
    uint64_t due = now() + PAUSE_NS;
    if (due < end) {
        sleep_until(due);
    }
    return 1;
}

static uint32_t touch(uint64_t end)
{
    uint32_t bytes = vreg_read(ABI_VR_MEMORY_BYTES) - 0x100000u - 0x40000u;
    (void)end;
    for (uint32_t i = 0; i < 16; i++) {
        page = (page + ABI_PAGE_BYTES) % (bytes & ~(ABI_PAGE_BYTES - 1u));
        *(volatile uint32_t *)(uintptr_t)(MEMORY_BASE + page) = page;
    }
    return 16;
}

static void ask(struct disk_request *r)
{
    drawn = GENERATOR(drawn);
    r->block = (drawn >> 4) % disk_blocks(0);
    disk_submit(r);
}

static void count_read(struct disk_request *r)
{
    r->owner = NULL;
    done++;
}

/* Keeps `count` reads under way until then. */
static uint32_t read_disk(uint32_t count, uint64_t end)
{
    uint32_t before = done;
    for (uint32_t i = 0; i < count; i++) {
        if (!requests[i].owner) {
            requests[i].owner = &requests[i];
            requests[i].buffer = blocks[i];
            requests[i].done = count_read;
            ask(&requests[i]);
        }
    }
    irq_idle(end);
    take_interrupts();
    return done - before;
}

static uint32_t read_one(uint64_t end)
{
    return read_disk(1, end);
}

static void put_frame(uint32_t to)
{
    const uint8_t *mac =
        (const uint8_t *)(uintptr_t)(ABI_VREGS_BASE + ABI_VR_MAC);
    uint32_t self = ABI_VM_NET + 1 + vreg_read(ABI_VR_VM_NUMBER);
    memcpy(frame + 6, mac, 6);
    memcpy(frame, mac, 2);
    for (uint32_t i = 0; i < 4; i++) {
        frame[2 + i] = (uint8_t)((to ? to : self) >> (24 - 8 * i));
    }
    frame[12] = 0x88; /* For experiments, by IEEE 802. */
    frame[13] = 0xb5;
}

/* Frames that the wire takes. */
static uint32_t send_out(uint64_t end)
{
    put_frame(ABI_CLIENT_NET + 1);
    if (vi_packet_send(frame, sizeof(frame)) == 0) {
        return 1;
    }
    uint64_t due = now() + PAUSE_NS / 10;
    irq_idle(due < end ? due : end);
    take_interrupts();
    return 0;
}

/* Frames to itself that find room; then it takes them out again. */
static uint32_t fill_queue(uint64_t end)
{
    uint32_t got = 0;
    put_frame(0);
    for (uint32_t i = 0; i < OWN_FRAMES; i++) {
        (void)vi_packet_send(frame, FRAME_BYTES);
    }
    uint64_t due = now() + PAUSE_NS;
    sleep_until(due < end ? due : end);
    while (vi_packet_recv(room, sizeof(room)) > 0) {
        got++;
    }
    return got;
}

static void use_processor(uint64_t end)
{
    (void)end;
    compute();
}

static void use_memory(uint64_t end)
{
    (void)touch(end);
}

static void use_disk(uint64_t end)
{
    (void)read_disk(ABI_DISK_RING, end);
}

static void use_wire(uint64_t end)
{
    (void)send_out(end);
}

/* Leaves the frames in its queue until the symbol ends. */
static void use_pool(uint64_t end)
{
    put_frame(0);
    for (uint32_t i = 0; i < OWN_FRAMES; i++) {
        (void)vi_packet_send(frame, FRAME_BYTES);
    }
    sleep_until(end);
    while (vi_packet_recv(room, sizeof(room)) > 0) {
    }
}

struct way {
    void (*use)(uint64_t end);       /* Some of all that there is. */
    uint32_t (*probe)(uint64_t end); /* Returns how far it came. */
};

/* In the order of the words of `way`. */
static const struct way ways[] = {
    { use_processor, be_woken }, { use_memory, touch },
    { use_disk, read_one },      { use_wire, send_out },
    { use_pool, fill_queue },
};

/* ---- Symbols ------------------------------------------------------------- */

static void send(const struct way *way, uint32_t symbols)
{
    for (uint32_t i = 0; i < symbols; i++) {
        uint64_t end = START_NS + (i + 1) * symbol_ns;
        sleep_until(end - symbol_ns);
        while (bits[i] && now() < end) {
            way->use(end);
        }
    }
}

static void receive(const struct way *way, uint32_t symbols)
{
    for (uint32_t i = 0; i < symbols; i++) {
        uint64_t end = START_NS + (i + 1) * symbol_ns;
        sleep_until(end - symbol_ns);
        while (now() < end) {
            seen[i] += way->probe(end);
        }
    }
}

/* Twice the middle between what 1 and 0 look like on average, times half the
   training; 1 is below or above. */
static void judge(uint32_t symbols)
{
    uint64_t sums[2] = { 0, 0 };
    uint64_t hash = FNV_BASIS;
    uint32_t errors = 0;
    for (uint32_t i = 0; i < TRAINING; i++) {
        sums[bits[i]] += seen[i];
    }
    uint64_t middle = sums[0] + sums[1];
    for (uint32_t i = 0; i < symbols; i++) {
        bool is_above = (uint64_t)seen[i] * TRAINING > middle;
        errors += i >= TRAINING && (is_above == (sums[1] > sums[0])) != bits[i];
        hash = (hash ^ seen[i]) * FNV_PRIME;
    }
    printf("covert: %u errors in %u bits, saw %08x%08x\n", errors,
           symbols - TRAINING, (uint32_t)(hash >> 32), (uint32_t)hash);
}

#define COVERT_ARGS(X)                                                     \
    X(role, "role", ARGS_CHOICE, 0, 0, 0, "send receive", "what it does")  \
    X(way, "way", ARGS_CHOICE, 0, 0, 0, "processor memory disk wire pool", \
      "the shared resource")                                               \
    X(symbol, "symbol", ARGS_TIME, 1000000, 10000000000, 20000000, "ns",   \
      "for each bit")                                                      \
    X(bits, "bits", ARGS_COUNT, 1, SYMBOLS_MAX - TRAINING, 256, "bits",    \
      "that are sent")                                                     \
    X(seed, "seed", ARGS_COUNT, 0, UINT32_MAX, 1, "", "of the bits")
ARGS_PROGRAM("sends or receives bits by what they share", COVERT_ARGS)

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    const struct way *way = &ways[args[ARG_way].number];
    uint32_t symbols = TRAINING + (uint32_t)args[ARG_bits].number;
    uint32_t state = (uint32_t)args[ARG_seed].number;
    symbol_ns = args[ARG_symbol].number;
    for (uint32_t i = 0; i < symbols; i++) {
        state = GENERATOR(state);
        bits[i] = i < TRAINING ? i % 2 == 0 : state >> 31;
    }
    if (disk_count() > 0) {
        disk_serve();
    }
    if (args[ARG_role].number == 0) {
        send(way, symbols);
    } else {
        receive(way, symbols);
        judge(symbols);
    }
    return 0;
}

/*
 * fuzz_nic.c - bytes as frames from outside, for VMs that take and send them
 * on, that take none, and that are not there. What the VMs send on has the
 * same bytes, so the switch is tried, too.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "tests/ik/fixture.h"

#define TAKERS     2
#define RUN_CYCLES 4000000
#define FRAMES     64
#define SENT_BYTES 60

/* Takes what comes, and sends its first bytes on. */
static void write_taker(struct guest_asm *a)
{
    asm_init_with_handler(a);
    uint32_t loop = asm_here(a);
    asm_idle(a, 100000);
    asm_buffer(a, ABI_VI_PACKET_RECV, GUEST_DATA, PACKET_MAX_BYTES);
    asm_buffer(a, ABI_VI_PACKET_SEND, GUEST_DATA, SENT_BYTES);
    asm_jmp(a, loop);
}

static void write_deaf(struct guest_asm *a)
{
    asm_init(a);
    asm_idle_for_ever(a);
}

static uint64_t send_frame(struct bench *b, struct fuzz_input *in, uint64_t at)
{
    uint8_t frame[PACKET_MAX_BYTES] = { 0 };
    uint32_t how = fuzz_below(in, 256);
    uint32_t length = 14 + fuzz_below(in, PACKET_MAX_BYTES - 13);
    uint32_t start = 0;
    if (how & 1) {
        frame_head(frame, ABI_VM_NET + 1 + (how >> 2) % 4,
                   how & 2 ? ABI_VM_NET + 1 + (how >> 4) % 4
                           : ABI_CLIENT_NET + 1,
                   how & 64 ? 0x806 : 0x800);
        start = 14;
    }
    uint32_t given = length - start;
    given = given < in->count ? given : (uint32_t)in->count;
    /* Mostly short, so that there are many. */
    given = how & 128 || given < 64 ? given : 64;
    if (given > 0) {
        memcpy(frame + start, in->at, given);
        in->at += given;
        in->count -= given;
    }
    at += 16 * fuzz_take(in, 2);
    bench_send(b, at, frame, length);
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct guest_asm a;
    struct fuzz_input in = { data, size };
    struct bench *b = bench_create();
    b->scenario.rx_queue = 1 + fuzz_below(&in, 8);
    b->scenario.tx_queue = 1 + fuzz_below(&in, 8);
    b->scenario.rx_pool = 1 + fuzz_below(&in, 64);
    b->machine = *machine_find("modern");
    b->whole_audit_period = 16;
    write_taker(&a);
    bench_add(b, &a, TAKERS);
    write_deaf(&a);
    bench_add(b, &a, 1);
    if (bench_try_boot(b)) {
        uint64_t at = 10000;
        for (int i = 0; i < FRAMES && !fuzz_is_over(&in); i++) {
            at = send_frame(b, &in, at);
        }
        bench_run(b, RUN_CYCLES);
        for (vmid_t vm = 0; vm < TAKERS; vm++) {
            bench_expect_end(b, vm, VM_END_NONE, 0);
        }
    }
    bench_release(b);
    return 0;
}

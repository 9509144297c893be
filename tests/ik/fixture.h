/*
 * fixture.h - a whole machine around the kernel: RAM, a link with somebody at
 * the other end, and consoles that are kept. Fill in, boot, run, release.
 *
 * Every run checks all invariants between any two steps (inspect/audit.h), and
 * that a replay of its events shows the same machine (replay_check.h). Release
 * checks that the VMs gave everything back.
 */
#ifndef TESTS_IK_FIXTURE_H
#define TESTS_IK_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/run/inspect/audit.h"
#include "ik/devices/console.h"
#include "ik/devices/vnic.h"
#include "ik/kernel.h"
#include "ik/lifecycle.h"
#include "ik/memory/memory.h"
#include "ik/virtual/virq.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "tests/ik/guest_asm.h"
#include "tests/ik/ledger.h"
#include "tests/ik/replay_check.h"

#define BENCH_GROUPS  256
#define BENCH_IMAGES  256
#define BENCH_VMS     1024
#define CONSOLE_BYTES 512

struct console_log {
    uint64_t bytes; /* Written; the first CONSOLE_BYTES - 1 are kept. */
    char text[CONSOLE_BYTES];
};

struct bench {
    struct arena arena;
    /* Set by bench_init to a small machine of 1 GHz on which each kernel entry
       costs a cycle, so that 1 ns is 1 cycle. Change before bench_boot. */
    struct machine machine;
    struct scenario scenario;
    const struct sched_policy *sched; /* NULL: the default. */
    struct scenario_vms groups[BENCH_GROUPS];
    uint32_t group_images[BENCH_GROUPS];
    struct image images[BENCH_IMAGES];
    uint32_t image_count;
    const struct gate_policy *gate; /* The defaults, unless changed. */
    const struct replace_policy *replace;
    const struct rx_policy *receive;
    const struct tx_policy *transmit;
    const struct disk_policy *disk_policy;

    uint8_t *ram;
    struct event_queue events;
    struct packet_pool pool;
    struct link link;
    struct trace *trace;
    struct ledger ledger; /* Compared with the machine after each run. */
    struct replay_check replay_check; /* From bench_boot on. */
    trace_sink_fn *extra_sink; /* NULL: none; sees the boot's events, too. */
    void *extra_ctx;
    struct stats stats;
    struct kernel *kernel;
    char message[SCENARIO_MESSAGE_BYTES]; /* Of a boot that failed. */

    struct console_log consoles[BENCH_VMS];
    struct packet_queue at_clients; /* What came out of the machine. */
    uint32_t tapped;                /* Frames that passed the switch. */

    /* Change before bench_boot; by default all is in the window, and all is
       audited in each step, and compared in one of 16. */
    uint64_t window_start, window_end;
    uint32_t whole_audit_period;
    uint32_t replay_period; /* Steps; those of them that are audited. */
};

/* On the heap: it is large. */
struct bench *bench_create(void);
uint32_t bench_add_image(struct bench *b, const struct guest_asm *a);
/* Loads build/tests/NAME or any other path; fails the test when it cannot. */
uint32_t bench_load_image(struct bench *b, const char *path);
/* `count` VMs of that image; returns the number of the first. */
vmid_t bench_add_vms(struct bench *b, uint32_t image, uint32_t count,
                     const char *args);
/* The same of *a, without arguments. */
vmid_t bench_add(struct bench *b, const struct guest_asm *a, uint32_t count);
bool bench_try_boot(struct bench *b);
void bench_boot(struct bench *b);

/* One VM that runs *a, booted. */
struct bench *bench_of(const struct guest_asm *a);

/* Audits all, and holds the replay to it, when those are due. */
void bench_audit(struct bench *b);

/* Until that cycle; the result is not KERNEL_FAILED. */
enum kernel_stop bench_run(struct bench *b, uint64_t until);
/* The same, whatever comes. */
enum kernel_stop bench_try_run(struct bench *b, uint64_t until);

const struct vm *bench_vm(const struct bench *b, vmid_t vm);
/* A word of the VM's memory, in core or not; 0 where it was never touched. */
uint32_t bench_peek(const struct bench *b, vmid_t number, uint32_t va);
/* Fails unless the VM ended so. */
void bench_expect_end(const struct bench *b, vmid_t number, enum vm_end end,
                      uint32_t detail);

/* A frame from outside reaches the card at cycle `at`. */
void bench_send(struct bench *b, uint64_t at, const uint8_t *bytes,
                uint32_t count);
/* A small one of IPv4 for that VM, whether there is one or not. */
void bench_send_to(struct bench *b, uint64_t at, vmid_t vm);
/* What a frame is of that has only Ethernet's header: the kernel asks IPv4's
   and ARP's who sent them. For experiments, by IEEE 802. */
#define FRAME_TYPE_OTHER 0x88b5
/* Writes a frame's header: from and to are IPv4 addresses. */
void frame_head(uint8_t *frame, uint32_t to, uint32_t from, uint16_t type);

/* Ends all VMs, checks what is left, frees everything. */
void bench_release(struct bench *b);

#endif /* TESTS_IK_FIXTURE_H */

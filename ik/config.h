/*
 * config.h - what a kernel is made from: the scenario, the machine around it,
 * its policies, and who listens.
 */
#ifndef IK_CONFIG_H
#define IK_CONFIG_H

#include "ik/vmid.h"
#include "sim/devices/packet.h"

struct cpu_step;
struct disk_policy;
struct event_queue;
struct gate_policy;
struct image;
struct insn_costs;
struct kernel;
struct link;
struct replace_policy;
struct rx_policy;
struct scenario;
struct sched_policy;
struct stats;
struct trace;
struct tx_policy;
struct vm;

/* `bytes` of `vm`'s console output, as it writes them. */
typedef void kernel_console_fn(void *ctx, const struct vm *vm,
                               const uint8_t *bytes, uint32_t count);

/* A frame that passes the switch at `now`; in, out or from VM to VM. */
typedef void kernel_tap_fn(void *ctx, uint64_t now, const struct packet *p);

/* An instruction of the VM that is followed, which began at cycle `at`. */
typedef void kernel_step_fn(void *ctx, uint64_t at,
                            const struct cpu_step *step);

/* Asked after each step whether all that must hold does: kernel_fail if not. */
typedef void kernel_audit_fn(struct kernel *k);

struct kernel_config {
    const struct scenario *scenario; /* All pointers borrowed. */
    const struct image *images;
    uint32_t image_count;
    const uint32_t *group_images; /* Image of each group of the scenario. */
    const struct gate_policy *gate;
    const struct sched_policy *sched;
    const struct replace_policy *replace;
    const struct rx_policy *receive;
    const struct tx_policy *transmit;
    const struct disk_policy *disk_policy;
    const struct insn_costs *insn_costs;
    uint8_t *ram; /* scenario->ram_bytes, page aligned, zero. */
    struct event_queue *events;
    struct packet_pool *pool;
    struct link *link;
    struct trace *trace;
    struct stats *stats;
    kernel_console_fn *console; /* NULL: console output is dropped. */
    void *console_ctx;
    kernel_tap_fn *tap; /* NULL: nobody listens. */
    void *tap_ctx;
    packet_watch_fn *watch; /* NULL: nobody looks. */
    void *watch_ctx;
    kernel_step_fn *step; /* NULL: no VM is followed. */
    void *step_ctx;
    vmid_t followed;         /* Valid with `step`. */
    bool (*halt)(void *ctx); /* As in struct cpu_config. */
    void *halt_ctx;
    /* As in struct cpu_config; the owner of a space is its VM. */
    struct cpu_note *note;
    const struct cpu_listed *listed;
    uint32_t listed_count;
    kernel_audit_fn *audit; /* NULL: nobody counts. */
    uint32_t audit_period;  /* Steps from one whole audit to the next. */
};

#endif /* IK_CONFIG_H */

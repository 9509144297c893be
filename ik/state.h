/*
 * state.h - what every part of the kernel stands on: its state, and the five
 * things that any part may do to all of it.
 *
 * The kernel owns the processor's clock, `now`. Hardware (timers, the network
 * card) moves by events that cost nothing; what the kernel does about it is
 * charged here, to one of six categories and to the VM that it serves:
 *
 *     guest + switch + interrupt + paging + pio + idle = now
 *
 * This is the leaf of ik/: the parts (one file each) include it and those below
 * them, and nothing here calls a part. It is open, so that the parts share it;
 * views only read it. Whoever makes a kernel and runs it includes kernel.h.
 */
#ifndef IK_STATE_H
#define IK_STATE_H

#include "ik/gate.h"
#include "ik/memory/frames.h"
#include "ik/memory/swap.h"
#include "ik/memory/transfer.h"
#include "ik/queue/vmlist.h"
#include "ik/replace.h"
#include "ik/sched.h"
#include "ik/virtual/rxpool.h"
#include "sim/devices/machine.h"
#include "sim/devices/nic.h"
#include "sim/scenario.h"
#include "sim/trace/trace.h"

struct consoles;
struct cpu_step;
struct device;
struct image;
struct insn_costs;

/* `bytes` of `vm`'s console output, as it writes them. */
typedef void kernel_console_fn(void *ctx, const struct vm *vm,
                               const uint8_t *bytes, uint32_t count);

/* A frame that passes the switch at `now`; in, out or from VM to VM. */
typedef void kernel_tap_fn(void *ctx, uint64_t now, const struct packet *p);

/* An instruction of the VM that is followed, which began at cycle `at`. */
typedef void kernel_step_fn(void *ctx, uint64_t at,
                            const struct cpu_step *step);

/* Asked between any two steps: true ends kernel_advance. */
typedef bool kernel_until_fn(void *ctx);

struct kernel_config {
    const struct scenario *scenario; /* All pointers borrowed. */
    const struct image *images;
    uint32_t image_count;
    const uint32_t *group_images; /* Image of each group of the scenario. */
    const struct gate_policy *gate;
    const struct sched_policy *sched;
    const struct replace_policy *replace;
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
    vmid_t followed;       /* Valid with `step`. */
    uint32_t audit_period; /* Steps from one whole audit to the next, with
                              sums checked at each; 0: no audits. */
};

/* The VM that a target took the processor from: READY, and the next to run
   unless there is another target. */
struct set_aside {
    vmid_t vm;              /* VM_NONE: none. */
    uint64_t granted, used; /* Of its quantum, which goes on. */
};

struct kernel {
    struct kernel_config config;
    const struct machine_costs *costs;
    uint64_t cpu_hz;
    struct isa_cpu *cpu; /* Owned. */
    uint64_t now;        /* Cycles since the machine was switched on. */
    uint64_t lease_cycles;

    struct vm *vms; /* By number; vm_count of them. */
    uint32_t vm_count;
    uint32_t alive; /* Not DEAD. */

    /* The VM on the processor; VM_NONE: none. */
    vmid_t running;
    bool is_summoned; /* It was switched to for an interrupt. */
    uint64_t granted; /* Cycles of its quantum. */
    uint64_t used;    /* Of those; guest and its own virtual instructions. */
    vmid_t loaded;    /* Whose address space the processor holds. */
    uint32_t epoch;   /* Counts spans in which a touch is seen once. */
    uint32_t switch_epoch; /* The one in which this space was loaded. */
    bool epoch_is_stale;   /* Begin another before a guest runs on. */
    uint32_t touched;      /* Pages first touched since, not charged yet. */

    /* Synchronous interrupts; kept by ik/virtual/summon.c and, the queue, by
       virq.c. */
    struct vmlist targets; /* Since the last choice. */
    struct vmlink *target_links;
    struct set_aside aside;

    struct gate *gate;
    uint32_t waiting;  /* At the gate. */
    uint32_t admitted; /* READY, RUNNING or PAGING. */
    uint64_t unfilled; /* Frames promised to them and not yet taken. */
    uint64_t resident; /* Of all VMs; see vm.resident. */
    struct sched *sched;

    /* VMs by number in queues; each stands in at most one of either kind. */
    struct vmlink *links;        /* Of `idlers` and `frame_waiters`. */
    struct vmlink *gate_links;   /* Of `waiters`. */
    struct vmlist idlers;        /* IDLE with frames, longest idle first. */
    struct vmlist frame_waiters; /* PAGING, for want of a frame. */
    struct vmlist waiters;       /* WAITING, by arrival. */

    struct frames frames;
    struct replace *replace;
    struct swap swap;
    struct transfers transfers;
    bool devices_free;    /* Until warm-up, unless boot is modelled. */
    bool frame_news;      /* Who waits for a frame may try again. */
    bool reclaim_stalled; /* Nothing to take for the gate, until news. */
    bool is_crowded;      /* A VM was sent back to the gate for want of frames,
                             and nobody has got any further since. */
    uint64_t swap_kept;   /* Pages that are no VM's region: devices'. */
    const struct device *const *devices; /* All there are; ended by NULL. */
    struct vdisk *vdisks;                /* vdisk_count of them. */
    uint32_t vdisk_count;
    struct supervisor *supervisor;
    uint32_t pinned_base;    /* Pinned frames whatever the VMs. */
    uint32_t pinned_for_vms; /* VMs whose 8,472 bytes are pinned, too. */

    struct nic nic;
    struct rxpool rx_pool;     /* Of packets in all receive queues. */
    struct consoles *consoles; /* Of VMs at which something was typed. */

    struct vmlist senders; /* VMs with packets to be sent. */
    struct vmlink *sender_links;

    struct vmlist expired; /* VMs with a timer that has expired. */
    struct vmlink *expired_links;

    uint32_t awaiting_boot; /* VMs that the end of boot waits for. */
    uint64_t steps;         /* Of kernel_advance, for audits. */
    char failure[256];      /* Why it cannot go on; "" while it can. */
};

/* Time passes: `cycles` for `vm` (NULL: for no one). TRACE_CHARGE says so when
   it has passed; of CPU_GUEST, whoever charges says it, by TRACE_RUN. */
void kernel_charge(struct kernel *k, struct vm *vm, enum cpu_category category,
                   uint64_t cycles);

/* The VM is READY from now on, and the scheduler is told. */
void kernel_make_ready(struct kernel *k, struct vm *vm, enum ready_why why);

/* Records that the run cannot go on. The first reason is kept. */
void kernel_fail(struct kernel *k, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The VM's number is less than k->vm_count. */
struct vm *kernel_vm(struct kernel *k, vmid_t vm);

/* Says the event, made by TRACE_EVENT, at the processor's time. */
static inline void kernel_emit(struct kernel *k, struct trace_event event)
{
    trace_emit(k->config.trace, k->now, event);
}

#endif /* IK_STATE_H */

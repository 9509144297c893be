/*
 * state.h - what every part of the kernel stands on: its state, and what any
 * part may do to all of it.
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

#include "ik/config.h"
#include "ik/gate.h"
#include "ik/memory/frames.h"
#include "ik/memory/swap.h"
#include "ik/memory/transfer.h"
#include "ik/policy/net/rxpool.h"
#include "ik/queue/vmlist.h"
#include "ik/replace.h"
#include "ik/rx.h"
#include "ik/sched.h"
#include "ik/tx.h"
#include "sim/devices/machine.h"
#include "sim/devices/nic.h"
#include "sim/devices/slots.h"
#include "sim/scenario.h"
#include "sim/trace/trace.h"

struct consoles;
struct device;
struct free_tables;

/* Which VM has the processor, and its quantum. */
struct kernel_turn {
    vmid_t running;    /* VM_NONE: none. */
    bool is_summoned;  /* It was switched to for an interrupt. */
    uint64_t granted;  /* Cycles of its quantum. */
    uint64_t used;     /* Of those; guest and its own virtual instructions, and
                         the kernel's work for it if the scheduler has
                         charged(). */
    bool has_run;      /* A block, since it was dispatched. */
    vmid_t challenger; /* Became ready and is to go first; VM_NONE: nobody. */
    uint64_t owed;     /* Cycles of hardware that a VM may have before more of
                          it, by the receive policy. */
    struct sim_timer rest; /* Set while the scheduler rests. */
};

/* What one policy asks, and what it said in the present call. */
struct kernel_host {
    struct kernel *kernel;
    enum policy_kind kind;
    struct policy_host host;
    bool has_reason;
    uint32_t reason; /* These two are valid then. */
    uint64_t value;
};

/* Whose address space the processor holds, and what was touched in it. */
struct kernel_space {
    vmid_t loaded;
    uint32_t epoch;        /* Counts spans in which a touch is seen once. */
    uint32_t switch_epoch; /* The one in which this space was loaded. */
    bool epoch_is_stale;   /* Begin another before a guest runs on. */
    uint32_t cold;         /* Pages first touched since, as far as they cost. */
    uint32_t touched;      /* Those of them not charged yet. */
};

/* Interrupts that others are interrupted for: ik/virtual/summon.c; virq.c fills
   the queue. */
struct kernel_summons {
    struct vmlist targets; /* Since the last choice. */
    struct vmlink *links;
    struct vmlist aside; /* Whom targets took the processor from: READY, the
                            last one first. The head is the next to run unless
                            there is another target. */
    struct vmlink *aside_links;
};

/* Who is at the gate, and what was promised: ik/admission.c. */
struct kernel_admission {
    struct gate *gate;
    uint64_t lease_cycles; /* Const. */
    uint32_t waiting;      /* At the gate. */
    uint32_t admitted;     /* READY, RUNNING or PAGING. */
    uint64_t unfilled;     /* Frames promised to them and not yet taken. */
    struct vmlist waiters; /* WAITING, by arrival. */
    struct vmlink *links;
    bool is_stalled; /* Nothing to reclaim for those who wait, until news. */
    bool is_crowded; /* A VM was sent back to the gate for want of frames, and
                        nobody has got any further since. */
};

/* Pages and the VMs that wait for them: ik/memory/, and idle.c for idlers. */
struct kernel_paging {
    uint64_t resident;           /* Pages of all VMs; see vm.resident. */
    vmid_t cause;                /* For whom pages go; VM_NONE: a new VM. */
    bool frame_news;             /* Who waits for a frame may try again. */
    struct vmlist idlers;        /* IDLE with frames, longest idle first. */
    struct vmlist frame_waiters; /* PAGING, for want of a frame. */
    struct vmlink *links;        /* Of both: a VM stands in one at most. */
    uint32_t pinned_base;        /* Pinned frames whatever the VMs. */
    uint32_t pinned_for_vms;     /* VMs whose 8,472 bytes are pinned, too. */
    uint64_t swap_kept;          /* Pages on disk that no VM's region takes. */
    uint64_t reserved;           /* Frames guaranteed to all VMs that live. */
    struct free_tables **free_tables; /* By group: of VMs that ended. */
};

/* The virtual switch: ik/devices/vnic.c. */
struct kernel_net {
    struct nic nic;
    struct rxpool rx_pool; /* Of packets in all receive queues. */
    struct rx *rx;
    struct tx *tx;
    uint32_t senders;    /* VMs with packets to be sent. */
    struct vmlist eased; /* VMs to be told that they have room again. */
    struct vmlink *eased_links;
};

/* Timers that have expired: idle.c lists them, ik/devices/alarm.c serves. */
struct kernel_timers {
    struct vmlist expired; /* VMs with such a timer. */
    struct vmlink *links;
};

/* All virtual disks, whoever holds them: ik/devices/vdisk.c. */
struct kernel_vdisks {
    struct vdisk *table;
    uint32_t count;
};

struct kernel {
    /* Set when it is built, then const. */
    struct kernel_config config;
    const struct machine_costs *costs;
    uint64_t cpu_hz;
    const struct device *const *devices; /* All there are; ended by NULL. */
    struct isa_cpu *cpu;                 /* Owned. */
    uint32_t vm_count;

    /* For all to read. */
    uint64_t now;           /* Cycles since the machine was switched on. */
    struct vm *vms;         /* By number; vm_count of them. */
    uint32_t alive;         /* Not DEAD. */
    uint32_t awaiting_boot; /* VMs that the end of boot waits for. */
    uint64_t boot_stall;    /* Cycles that others ran since one of them did. */
    uint64_t steps;         /* Of kernel_advance, for audits. */
    bool devices_free;      /* Disks take no time: pages come in and go out at
                               once. Until warm-up, unless boot is modelled. */
    char failure[896];      /* Why it cannot go on; "" while it can. */

    struct kernel_host hosts[POLICY_KIND_COUNT]; /* ik/hosts/hosts.c. */

    /* The processor: kernel.c, and memory.c for touches. */
    struct sched *sched;
    struct kernel_turn turn;
    struct slots slots; /* When the processor is the kernel's. */
    struct kernel_space space;
    struct kernel_summons summons;
    struct kernel_timers timers;

    struct kernel_admission admission;

    /* Memory. */
    struct frames frames;
    struct replace *replace;
    struct swap swap;
    struct transfers transfers;
    struct kernel_paging paging;

    /* Devices, and who creates VMs. */
    struct kernel_net net;
    struct kernel_vdisks vdisks;
    struct consoles *consoles; /* Of VMs at which something was typed. */
    struct supervisor *supervisor;
};

/* Time passes: `cycles` for `vm` (NULL: for no one). TRACE_CHARGE says so when
   it has passed; of CPU_GUEST, whoever charges says it, by TRACE_RUN. */
void kernel_charge(struct kernel *k, struct vm *vm, enum cpu_category category,
                   uint64_t cycles);

/* The VM is READY from now on, and the scheduler is told. */
void kernel_make_ready(struct kernel *k, struct vm *vm, enum ready_why why);

/* What the policy said in the call that is over, it said of the VM. */
void kernel_tell_reason(struct kernel *k, enum policy_kind kind,
                        const struct vm *vm);

/* The VM has run: its virtual time has passed. */
void kernel_tell_ran(struct kernel *k, const struct vm *vm);

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

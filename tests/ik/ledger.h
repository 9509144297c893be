/*
 * ledger.h - what the events of a machine add up to, to be compared with the
 * machine itself: whoever sees only the events must not be told less.
 */
#ifndef TESTS_IK_LEDGER_H
#define TESTS_IK_LEDGER_H

#include "ik/state.h"

struct ledger_frame {
    vmid_t vm; /* VM_NONE: no page of any VM. */
    uint32_t page;
    bool is_dirty;
};

struct ledger_vm {
    uint64_t cpu[CPU_CATEGORY_COUNT];
    uint32_t rx, tx; /* Packets. */
    bool is_ready;
    bool is_aside;
};

struct ledger {
    struct ledger_vm *vms;       /* Owned; by number. */
    struct ledger_frame *frames; /* Owned. */
    uint32_t vm_count, frame_count;
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* Of VMs and of none. */
    uint64_t time;                    /* Of the last event. */
    uint32_t requests;                /* At the disks. */
    uint32_t tables;                  /* Frames of page tables. */
};

void ledger_init(struct ledger *l, uint32_t vm_count, uint32_t frame_count);
void ledger_release(struct ledger *l);

/* A sink; ctx is the ledger. */
void ledger_event(void *ctx, const struct trace_event *event);

/* Fails the test unless the machine, between two steps, is what was told. */
void ledger_compare(const struct ledger *l, const struct kernel *k);

#endif /* TESTS_IK_LEDGER_H */

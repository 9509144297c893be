/*
 * vm.h - a virtual machine, as the isolation kernel sees it.
 *
 *     CREATED -> WAITING -> READY <-> RUNNING -> IDLE -> WAITING ...
 *                 ^  ^        ^         |  |
 *                 |  |        |         |  |              any state -> DEAD
 *                 |  |    page is in    |  |
 *                 |  |        |         |  |
 *                 |  +----- PAGING <----+  |
 *                 |   no frames            |
 *                 +------ lease over ------+
 *
 * WAITING is at the gate. A VM is admitted when it is READY, RUNNING or
 * PAGING; one that is not runs no instruction, whatever waits for it. The table
 * in vm.c says which state may follow which, and why.
 */
#ifndef IK_VM_H
#define IK_VM_H

#include "ik/vmid.h"
#include "isa/abi.h"
#include "isa/cpu.h"
#include "sim/devices/packet.h"
#include "sim/events.h"
#include "sim/stats.h"
#include "sim/vocabulary/words.h"

/*
 * A page table entry. `frame` is valid while PTE_PRESENT; PTE_SWAPPED and
 * PTE_WRITING outlive residency.
 */
struct pte {
    uint32_t frame : 24; /* Of RAM: 64 GiB at most. */
    uint32_t flags : 8;  /* PTE_... */
    uint32_t epoch;      /* Address-space epoch of the last touch. */
};

enum {
    PTE_PRESENT = 1,
    PTE_DIRTY = 2,    /* Differs from what was paged in. */
    PTE_TEXT = 4,     /* Executable, never writable; valid while present. */
    PTE_SWAPPED = 8,  /* Was written to its region: that copy counts. */
    PTE_READING = 16, /* Not present: on its way in, to a frame of its own. */
    PTE_WRITING = 32, /* On its way out, from a copy. */
};

/* Virtual interrupts are bits of the ABI, and words of the vocabulary. */
_Static_assert(ABI_IRQ_NET_RX == 1u << VIRQ_NET_RX, "net-rx");
_Static_assert(ABI_IRQ_NET_TX == 1u << VIRQ_NET_TX, "net-tx");
_Static_assert(ABI_IRQ_ALARM == 1u << VIRQ_ALARM, "alarm");
_Static_assert(ABI_IRQ_CONSOLE == 1u << VIRQ_CONSOLE, "console");
_Static_assert(ABI_IRQ_DISK == 1u << VIRQ_DISK, "disk");
_Static_assert(ABI_IRQ_ALL == (1u << VIRQ_COUNT) - 1, "all of them");

#define TABLE_PAGES 1024 /* Pages that one leaf page table maps: 4 MiB. */

#define VM_PIN_LIMIT 16 /* Pages pinned for one instruction, with room. */

/* What became of a request to a virtual disk; see ABI_VR_DISK_RING. */
struct disk_completion {
    uint32_t tag;
    int32_t result;
};

/* A turn that was interrupted. The rest is valid while is_aside. */
struct set_aside {
    bool is_aside;          /* The VM stands in the kernel's list of those. */
    bool is_summoned;       /* As the turn was. */
    uint64_t granted, used; /* Cycles of the quantum, which goes on. */
};

struct vm {
    /* Hot: read and written at each dispatch. */
    struct cpu_regs regs;
    enum vm_state state;
    uint32_t pending; /* Canonical mask of virtual interrupts. */
    uint32_t page_count;
    uint32_t resident; /* Frames that hold its pages. */
    struct pte *ptes;  /* page_count of them; the arena's. */
    uint32_t
        first_frame; /* Of its ring, ik/memory/frames.h; FRAME_NONE: none. */
    uint16_t *leaf_resident;  /* Resident pages by leaf page table. */
    uint32_t *leaf_frame;     /* Its frame; FRAME_NONE: not allocated. */
    uint32_t directory_frame; /* The same for the page directory. */
    uint64_t region;          /* Its first page on the disks. */

    /* Paging; kept by ik/memory/paging.c and, the pins, by pins.c. */
    enum vm_wait wait;           /* Valid while PAGING, or about to be. */
    uint32_t pins[VM_PIN_LIMIT]; /* Frames. */
    uint32_t pin_count;
    uint32_t frame_limit; /* Of pages that count; 0: none. See eviction.h. */
    uint32_t limited_resident;

    /* Set at creation, then const. */
    vmid_t id;
    uint32_t group; /* Of the scenario. */
    uint32_t image; /* Index into the kernel's images. */
    const char *args;
    uint64_t seed;
    bool awaited; /* The end of boot waits for it. */

    /* Waiting and being admitted; kept by ik/admission.c. */
    uint64_t arrived;     /* At the gate, cycles; valid while WAITING. */
    uint64_t admitted;    /* When, cycles; valid while admitted. */
    uint32_t reservation; /* Frames promised; 0 unless admitted. */
    uint32_t working_set; /* Resident frames when last admitted. */

    /* Timers; kept by ik/virtual/idle.c and alarm.c. */
    struct sim_timer idle_timer; /* Set while IDLE with a deadline. */
    bool idle_expired;
    bool alarm_expired;
    bool has_idled; /* Since it last ran. */
    bool is_idler;  /* In the kernel's list of idle VMs with frames. */
    struct sim_timer alarm;

    /* Virtual interrupts; kept by ik/virtual/virq.c. */
    uint64_t raised_at[VIRQ_COUNT]; /* First raise of each pending bit. */

    /* Network; kept by ik/devices/vnic.c. */
    struct packet_queue rx;
    uint32_t rx_on_card; /* Frames for it that have their room in its queue. */
    struct packet_queue tx;
    bool tx_starved; /* Was refused; to be told when there is room. */
    bool tx_eased;   /* There is: in the kernel's queue of those to be told. */

    /* Interrupts that others are interrupted for; kept by ik/virtual/summon.c
       and virq.c. */
    bool is_target; /* It stands in the kernel's queue of targets. */
    struct set_aside aside;

    /* Console; kept by ik/devices/console.c. */
    struct console_line *line; /* Typed and not read; NULL: nothing is. */
    uint64_t console_bytes;    /* Written, kept or not. */

    /* Virtual disks; kept by ik/devices/vdisk_io.c. */
    uint32_t first_vdisk, vdisk_count; /* Of the kernel's, in a row. */
    uint32_t disk_in_flight;           /* Requests issued and not done. */
    uint32_t disk_done;                /* Ever; the ring's position. */
    struct disk_completion disk_ring[ABI_DISK_RING];

    /* What it used and how it ended. */
    uint64_t insns;
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* Cycles charged to it. */
    enum vm_end end;
    uint32_t end_detail; /* Exit code, address, vector: by `end`. */
    uint32_t end_eip;
    const char *end_text; /* REFUSED: why; else NULL. */
};

/* Whether a VM may go from the one state to the other. */
bool vm_state_may_follow(enum vm_state from, enum vm_state to);

/* The VM is in that state from now on: the only way that a state changes. */
void vm_enter(struct vm *vm, enum vm_state state);

#endif /* IK_VM_H */

/* judge_own.h - what the judge's rules share; for judge*.c alone. */
#ifndef TESTS_SIMULATION_JUDGE_OWN_H
#define TESTS_SIMULATION_JUDGE_OWN_H

#include "tests/simulation/judge.h"

#define JUDGE_NEVER UINT64_MAX

/* No block of a bundled guest, nor what one of its virtual instructions costs,
   takes as long. */
#define BLOCK_CYCLES 40000u

enum judged_state { /* As docs/trace.md tells of them. */
                    JUDGED_NONE,
                    JUDGED_CREATED,
                    JUDGED_WAITING,
                    JUDGED_READY,
                    JUDGED_ASIDE,
                    JUDGED_RUNNING,
                    JUDGED_PAGING,
                    JUDGED_IDLE,
                    JUDGED_DEAD,
};

struct judged_page {
    uint32_t frame;  /* TRACE_NONE: none. */
    bool is_dirty;   /* Valid with a frame. */
    bool is_written; /* It was dirty once: it can never be zero again. */
};

/* A direction of the wire, or a transmit queue, by the frames on it. */
struct judged_wire {
    uint64_t busy_until; /* Cycles; */
    uint64_t before;     /* the same before the last frame set out. */
    uint64_t first, last;
};

struct judged_vm {
    enum judged_state state;
    uint32_t group;
    uint64_t deadline;   /* IDLE: cycles. */
    uint64_t since;      /* READY: what others had used then. */
    uint32_t pending;    /* Mask of interrupts. */
    uint64_t deaf;       /* Instructions since something is pending. */
    uint32_t deaf_picks; /* The same, dispatches. */
    uint32_t owed;     /* Interrupts that must be raised before time passes. */
    bool has_handled;  /* It took an interrupt before. */
    uint64_t granted;  /* RUNNING: cycles of its quantum, */
    uint64_t used;     /* and those used. */
    uint64_t worked;   /* Of the kernel for it, meanwhile. */
    uint64_t rx, tx;   /* Packets in its queues. */
    uint64_t rx_first; /* The serial numbers of the first and last */
    uint64_t rx_last;  /* in its receive queue; 0: none. */
    struct judged_wire sending; /* Its transmit queue. */
    uint32_t reads;             /* At the disks, of pages or its own. */
    uint64_t asked, told; /* Requests to its own disks; their interrupts. */
    enum vm_wait wait;    /* PAGING. */
    struct judged_page *pages; /* Owned. */
    uint32_t page_count;
};

enum judged_place {
    PLACE_NOWHERE, /* Not made, or gone. */
    PLACE_TO_MACHINE,
    PLACE_TRANSMIT, /* A VM's queue. */
    PLACE_SWITCH,   /* To another VM, or to the wire. */
    PLACE_RECEIVE,  /* A VM's queue. */
};

struct judged_packet {
    uint64_t bytes;
    uint64_t due;  /* Cycles: on the wire, it is there then at the latest. */
    uint64_t next; /* In its queue, or its direction of the wire; 0: none. */
    uint64_t prev; /* On the wire. */
    enum judged_place place;
    uint32_t vm; /* Whose queue. */
    bool was_made;
    bool has_passed; /* Others that its VM sent before. */
};

struct judged_io {
    uint64_t block, begun;
    uint64_t passed; /* Requests to the spindle that ended before it. */
    uint32_t disk, blocks, vm;
    bool is_write;
};

struct judged_disk {
    uint64_t moved; /* Cycles: when it last ended something, or began. */
    uint32_t open, most_open;
};

struct judged_request {
    uint64_t due, limit; /* Cycles; limit: of its end. */
    bool was_made, is_open;
    uint64_t prev, next; /* Open ones in the order of their making; 0: none. */
};

struct judge {
    const struct trace_info *info; /* Borrowed. */
    uint32_t vm_limit;
    char finding[FINDING_BYTES];
    uint64_t clock;   /* Cycles that have been charged. */
    uint64_t charged; /* Cycles: by the event before; 0: it was none. */

    struct judged_vm *vms; /* One more than vm_limit. */
    uint32_t running;      /* TRACE_NO_VM: none. */
    uint32_t owing;        /* VMs with `owed`. */
    uint64_t used;         /* Cycles of all VMs, without overruns. */
    uint64_t bound;        /* Cycles of others while READY; JUDGE_NEVER. */
    bool is_preemptive;    /* By interrupts. */
    /* docs/scenario.md, `receive: by-source`: after the kernel has served
       hardware, that waits for as long while VMs run. */
    bool may_yield;
    uint64_t served; /* Cycles of the kernel's since a guest ran; */
    uint64_t slack;  /* so long may hardware wait: the most of those. */
    uint64_t away;   /* So long may the processor be in others' slots. */

    struct judged_page no_page; /* In place of one that is none. */
    uint32_t *owners;           /* By frame: VM; TRACE_NO_VM: none. */
    uint32_t *frame_page;       /* By frame: its page; TRACE_NONE: a table. */
    struct judged_io *ios;
    uint32_t io_count, io_room;
    struct judged_disk *disks;

    struct judged_packet *packets; /* By serial number. */
    uint64_t packet_room;
    struct judged_wire in, out;
    uint64_t bits_per_second, latency, rx_queue, tx_queue;
    bool is_disordered; /* Frames may overtake each other. */

    struct judged_request *requests; /* By number, plus 1. */
    uint64_t request_room, first_request, last_request;
    uint64_t *timeouts; /* By group: the longest of its loads, in cycles. */
};

typedef void judge_taker(struct judge *j, const struct trace_event *e);

/* The first finding is kept. `rule` has no colon. */
void judge_find(struct judge *j, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The one of the event; of no VM, one that is like none. */
struct judged_vm *judge_vm(struct judge *j, const struct trace_event *e);

/* A key of a mapping of the scenario, as text; "": it is not there. */
const char *judge_text(const json_t *mapping, const char *key);
/* The same as a number of its unit: cycles of a time. */
uint64_t judge_cycles(const struct judge *j, const json_t *mapping,
                      const char *key, uint64_t fallback);

/* What was due at cycle `due` should have been seen to by cycle `from`. */
bool judge_is_past(const struct judge *j, uint64_t due, uint64_t from);

/* Room for `index` in a list that grows. */
void *judge_grow(void *list, size_t item_bytes, uint64_t *room, uint64_t index);

/* The parts: each has a table of what it takes, by kind; and looks around
   before time passes, which happened from `from` on. */
extern judge_taker *const judge_vm_takers[TRACE_KIND_COUNT];
extern judge_taker *const judge_memory_takers[TRACE_KIND_COUNT];
extern judge_taker *const judge_net_takers[TRACE_KIND_COUNT];
extern judge_taker *const judge_load_takers[TRACE_KIND_COUNT];

void judge_vms_init(struct judge *j);
void judge_net_init(struct judge *j);
void judge_load_init(struct judge *j);

/* Time has passed: a guest ran, or, with is_idle, nobody. What was due before
   cycle `from` should have been seen to. */
void judge_vms_pass(struct judge *j, uint64_t from, bool is_idle);
void judge_memory_pass(struct judge *j, uint64_t from, bool is_idle);
void judge_net_pass(struct judge *j, uint64_t from);
void judge_load_pass(struct judge *j, uint64_t from);

void judge_vms_finish(struct judge *j);
void judge_memory_end(struct judge *j, const struct trace_event *e);
void judge_net_end(struct judge *j, const struct trace_event *e);

#endif /* TESTS_SIMULATION_JUDGE_OWN_H */

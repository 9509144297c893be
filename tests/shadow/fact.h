/*
 * fact.h - what one event of a trace says, in named fields.
 *
 * The one place of the statistics shadow that knows events: the rest of it takes
 * the fields that it counts from here.
 */
#ifndef TESTS_SHADOW_FACT_H
#define TESTS_SHADOW_FACT_H

#include "sim/trace/file.h"

#define FACT_NO_CONNECTION UINT32_MAX

/* A field is valid for the kinds that stand beside it; others have 0. */
struct fact {
    enum trace_kind kind;
    uint32_t vm;           /* TRACE_NO_VM: of no one VM. */
    uint64_t time;         /* Cycles. */
    uint64_t cycles;       /* RUN, CHARGE: how long it took, up to `time`. */
    uint64_t instructions; /* RUN */
    enum cpu_category category; /* CHARGE */
    enum phase phase;           /* PHASE */
    uint64_t phase_end;         /* PHASE; UINT64_MAX: not known. */
    enum vm_end end;            /* END */
    uint32_t end_detail;        /* END: a code, an address, ... */
    uint64_t refused;           /* REFUSE_CREATE: VMs. */
    enum pick pick;             /* PICK */
    uint64_t waited;            /* ADMIT: cycles. */
    uint64_t waiting;           /* ARRIVE: VMs. */
    bool is_zero;               /* FILL: of no disk and no image. */
    bool is_allocated;          /* TABLE */
    bool waits_for_read;        /* BLOCK */
    uint32_t interrupts;        /* RAISE: one bit; DELIVER: all that are. */
    bool is_coalesced;          /* RAISE */
    uint32_t bytes;        /* RX, RX_DROP, RECV, SEND, TX, TX_DROP, LINK_DROP,
                              CLIENT_SEND, CLIENT_RECV: the frame's. */
    uint64_t packet;       /* The same: its serial number. */
    uint64_t queue_length; /* RX, RECV */
    enum rx_drop rx_drop;  /* RX_DROP */
    enum link_loss link_drop; /* LINK_DROP */
    uint64_t block;           /* DISK_*: the first. */
    uint32_t disk;            /* DISK_* */
    uint32_t blocks;          /* DISK_* */
    uint64_t request;         /* REQUEST, REPLY, GIVE_UP, CONNECT: number. */
    uint64_t late;            /* REQUEST: cycles since it was due. */
    uint64_t latency;         /* REPLY: cycles. */
    enum outcome give_up;     /* GIVE_UP */
    uint32_t connection;      /* CONNECT, RETRANSMIT, CLIENT_* */
};

struct fact fact_of(const struct trace_event *e);

#endif /* TESTS_SHADOW_FACT_H */

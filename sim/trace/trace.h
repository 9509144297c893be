/*
 * trace.h - every decision of the simulation, as one stream of events.
 *
 * Whatever happens is said once, here; fingerprints and views are folded from
 * the stream and never feed back into it. Only simulated quantities may
 * appear: no host time, no address, no count of TLB fills.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "sim/base.h"
#include "sim/vocabulary/words.h"

/* X(kind, layer, name, what a is, what b is) */
#define TRACE_EVENTS(X)                                                      \
    X(RUN, TRACE_CPU, "run", "instructions retired", "cycles used")          \
    X(EXIT, TRACE_CPU, "exit", "kind | vector << 8", "eip")                  \
    X(VINSN, TRACE_CPU, "vinsn", "vector", "result")                         \
    X(CREATE, TRACE_CPU, "create", "memory bytes", "image")                  \
    X(END, TRACE_CPU, "end", "reason", "exit code or address")               \
    X(CONSOLE, TRACE_CPU, "console", "bytes", "their XXH3-64")               \
    X(PICK, TRACE_SCHED, "pick", "quantum, cycles",                          \
      "1: preferred, 2: summoned, 3: resumed")                               \
    X(SWITCH, TRACE_SCHED, "switch", "VM before", "cycles charged")          \
    X(PREEMPT, TRACE_SCHED, "preempt", "overrun, cycles", "")                \
    X(IDLE, TRACE_SCHED, "idle", "deadline, cycles", "quantum left")         \
    X(WAKE, TRACE_SCHED, "wake", "0: interrupt, 1: timeout", "mask")         \
    X(ARRIVE, TRACE_GATE, "arrive", "waiting, this one too", "")             \
    X(ADMIT, TRACE_GATE, "admit", "cycles waited",                           \
      "frames free | needed << 32")                                          \
    X(LEASE_END, TRACE_GATE, "lease-end", "cycles admitted", "")             \
    X(FAULT, TRACE_MEMORY, "fault", "va", "access")                          \
    X(FILL, TRACE_MEMORY, "fill", "page", "frame; 2^32 and up: zero fill")   \
    X(TABLE, TRACE_MEMORY, "table", "table index | frame << 32",             \
      "1 allocated, 0 freed")                                                \
    X(RAISE, TRACE_VIRQ, "raise", "bit", "1: coalesced")                     \
    X(DELIVER, TRACE_VIRQ, "deliver", "mask", "handler")                     \
    X(RX, TRACE_NET, "rx", "bytes | packet << 16", "queue length after")     \
    X(RX_DROP, TRACE_NET, "rx-drop", "bytes | packet << 16", "cause")        \
    X(RECV, TRACE_NET, "recv", "bytes | packet << 16", "queue length after") \
    X(SEND, TRACE_NET, "send", "bytes | packet << 16", "queue length after") \
    X(TX, TRACE_NET, "tx", "bytes | packet << 16", "XXH3-64 of the frame")   \
    X(REQUEST, TRACE_LOAD, "request", "number", "cycles late")               \
    X(REPLY, TRACE_LOAD, "reply", "number", "latency, cycles")               \
    X(GIVE_UP, TRACE_LOAD, "give-up", "number", "1: timed out, 2: failed")   \
    X(RETRANSMIT, TRACE_LOAD, "retransmit", "connection", "sequence number") \
    X(EVICT, TRACE_MEMORY, "evict", "page",                                  \
      "frame | was dirty << 32 | why << 33")                                 \
    X(BLOCK, TRACE_MEMORY, "block", "1: read, 2: frame",                     \
      "transfers on the way")                                                \
    X(RECLAIM, TRACE_GATE, "reclaim", "frames freed", "state of the VM")     \
    X(DISK_READ, TRACE_DISK, "disk-read", "block", "disk << 32 | blocks")    \
    X(DISK_WRITE, TRACE_DISK, "disk-write", "block", "disk << 32 | blocks")  \
    X(DISK_DONE, TRACE_DISK, "disk-done", "block", "disk << 32 | blocks")    \
    X(SET_ASIDE, TRACE_SCHED, "set-aside", "quantum, cycles", "used of it")  \
    X(READY, TRACE_SCHED, "ready", "order key", "why | preferred << 8")      \
    X(CHARGE, TRACE_CPU, "charge", "cycles", "category")                     \
    X(PHASE, TRACE_CPU, "phase", "0 boot, 1 warm-up, 2 window, 3 drain",     \
      "its end if known, cycles")                                            \
    X(TOUCH, TRACE_MEMORY, "touch", "page", "frame")                         \
    X(DIRTY, TRACE_MEMORY, "dirty", "page", "frame")                         \
    X(CLEAN, TRACE_MEMORY, "clean", "page", "frame")                         \
    X(HAND, TRACE_MEMORY, "hand", "frame", "frames looked at")               \
    X(CONNECT, TRACE_LOAD, "connect", "request", "connection")               \
    X(CLIENT_SEND, TRACE_LOAD, "client-send", "bytes | packet << 16",        \
      "connection")                                                          \
    X(CLIENT_RECV, TRACE_LOAD, "client-recv", "bytes | packet << 16",        \
      "connection")                                                          \
    X(TX_DROP, TRACE_NET, "tx-drop", "bytes | packet << 16",                 \
      "1: not its own address, 2: no such VM")                               \
    X(LINK_DROP, TRACE_NET, "link-drop", "bytes | packet << 16",             \
      "1: lost on the wire, 2: the card's ring is full")                     \
    X(LINK_COPY, TRACE_NET, "link-copy", "bytes | packet << 16",             \
      "packet that it is a copy of")                                         \
    X(DISK_CANCEL, TRACE_DISK, "disk-cancel", "block", "disk << 32 | blocks")

enum trace_kind {
#define X(kind, layer, name, a, b) TRACE_##kind,
    TRACE_EVENTS(X)
#undef X
        TRACE_KIND_COUNT
};

#define TRACE_NO_VM UINT32_MAX

/* 32 bytes, no padding: hashed and stored as it is. */
struct trace_event {
    uint64_t time; /* Cycles. */
    uint64_t a;
    uint64_t b;
    uint32_t vm; /* TRACE_NO_VM: of no one VM. */
    uint16_t kind;
    uint16_t layer;
};

struct trace_kind_info {
    const char *name;
    enum trace_layer layer;
    const char *a; /* Legend. */
    const char *b;
};

extern const struct trace_kind_info trace_kinds[TRACE_KIND_COUNT];
extern const char *const trace_layer_names[TRACE_LAYER_COUNT];

/* Sees each event after it was folded in. It changes nothing. */
typedef void trace_sink_fn(void *ctx, const struct trace_event *event);

#define FINGERPRINT_CHARS 33 /* 32 hexadecimal digits and the 0. */

struct trace; /* Opaque: hash states and sinks. */

struct arena;

/* NULL when the arena is full. */
struct trace *trace_create(struct arena *arena);
void trace_release(struct trace *t); /* NULL is allowed. */

/* At most 4 sinks. */
void trace_add_sink(struct trace *t, trace_sink_fn *fn, void *ctx);

void trace_emit(struct trace *t, uint64_t time, enum trace_kind kind,
                uint32_t vm, uint64_t a, uint64_t b);

/* XXH3-64: what an event says of bytes that it cannot hold. */
uint64_t trace_hash(const void *bytes, size_t count);

/* XXH3-128 of bytes, in hexadecimal. */
void trace_hash_wide(const void *bytes, size_t count,
                     char hex[FINGERPRINT_CHARS]);

/* XXH3-128 of the layer's events so far. */
void trace_layer_fingerprint(const struct trace *t, enum trace_layer layer,
                             char hex[FINGERPRINT_CHARS]);

/* XXH3-128 of the layers' fingerprints, in their order. */
void trace_fingerprint(const struct trace *t, char hex[FINGERPRINT_CHARS]);

#endif /* SIM_TRACE_H */

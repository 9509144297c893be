/*
 * replay_own.h - what the parts of the replay share; for sim/trace/replay*.c.
 *
 * All state that a mark keeps lies in one block: struct replay_own, and behind
 * it the tables by VM, frame and spindle. Each part takes numbers from events
 * that may be damaged: it checks each before it counts on it.
 */
#ifndef SIM_TRACE_REPLAY_OWN_H
#define SIM_TRACE_REPLAY_OWN_H

#include "sim/limits.h"
#include "sim/trace/replay.h"

#define REPLAY_DISK_LIMIT 1024u

/* Levels above the list itself; each has a quarter of those below. */
#define READY_LEVELS 9

/* A power of 2, at least twice the packets: probing stays short. */
#define FLIGHT_SLOTS (2 * REPLAY_FLIGHT_LIMIT)

struct replay_own {
    size_t block_bytes;              /* The size of this and all the tables. */
    uint64_t order;                  /* The order of the next READY VM. */
    uint32_t ready_up[READY_LEVELS]; /* First at each level, or NONE. */
    uint32_t *up_at;                 /* By VM: where in `up` its links are. */
    uint32_t *up;                    /* Links at the levels above. */
    uint16_t slots[FLIGHT_SLOTS];    /* flight[] by serial; index + 1. */

    /* Samples; not kept in marks. */
    uint64_t sampled; /* Events that the samples have counted. */
    size_t sample_room;
    struct replay_sample *current; /* The sample that counts an event. */
    struct replay_sample ignored;  /* Counts events that were folded before. */
};

/* ---- replay_ready.c: a skip list over the VMs that are READY ---- */

/* How many links the VM has above the list itself. */
uint32_t ready_height(uint32_t vm);

/* By its rank, key and order, which are set. */
void ready_insert(struct replay *r, uint32_t vm);
void ready_remove(struct replay *r, uint32_t vm);

/* ---- replay_vms.c ---- */

/* NULL: the event is of no VM that can be. */
struct replay_vm *replay_vm_of(struct replay *r, const struct trace_event *e);

/* To any state but READY. */
void replay_enter(struct replay *r, const struct trace_event *e,
                  enum vm_state state);
void replay_ready(struct replay *r, const struct trace_event *e);
void replay_set_aside(struct replay *r, const struct trace_event *e);
void replay_reason(struct replay *r, const struct trace_event *e);
void replay_pick(struct replay *r, const struct trace_event *e);
void replay_idle(struct replay *r, const struct trace_event *e);
void replay_end(struct replay *r, const struct trace_event *e);
void replay_raise(struct replay *r, const struct trace_event *e);
void replay_deliver(struct replay *r, const struct trace_event *e);
void replay_run(struct replay *r, const struct trace_event *e);
void replay_charge(struct replay *r, const struct trace_event *e);

/* ---- replay_devices.c: frames, spindles and packets ---- */

void replay_fill(struct replay *r, const struct trace_event *e);
void replay_table(struct replay *r, const struct trace_event *e);
void replay_evict(struct replay *r, const struct trace_event *e);
void replay_touch(struct replay *r, const struct trace_event *e);
void replay_dirty(struct replay *r, const struct trace_event *e);
void replay_clean(struct replay *r, const struct trace_event *e);
void replay_hand(struct replay *r, const struct trace_event *e);

void replay_begin_io(struct replay *r, const struct trace_event *e,
                     enum disk_op op);
void replay_end_io(struct replay *r, const struct trace_event *e);

void replay_rx(struct replay *r, const struct trace_event *e);
void replay_recv(struct replay *r, const struct trace_event *e);
void replay_send(struct replay *r, const struct trace_event *e);
void replay_tx(struct replay *r, const struct trace_event *e);
void replay_tx_drop(struct replay *r, const struct trace_event *e);

/* The packet is there from now on, wherever it was. */
void replay_put_flight(struct replay *r, const struct trace_event *e,
                       enum replay_place place);
void replay_end_flight(struct replay *r, const struct trace_event *e);

/* A copy sets out from where the first one is. */
void replay_copy_flight(struct replay *r, const struct trace_event *e);

/* The VM ends: what stands in its queues is gone. */
void replay_drop_flights(struct replay *r, uint32_t vm);

/* ---- replay_samples.c ---- */

void replay_reply(struct replay *r, const struct trace_event *e);

SIM_MUST_USE bool samples_init(struct replay *r,
                               const struct replay_options *options);

/* Before an event is counted: own.current is what it counts in. */
void samples_advance(struct replay *r);

/* Cycles of that category, from `from` on. */
void samples_charge(struct replay *r, uint64_t from, uint64_t cycles,
                    enum cpu_category category);

#endif /* SIM_TRACE_REPLAY_OWN_H */

/*
 * sentence.h - writes an event of a trace as a sentence, with the reason for
 * what was decided.
 *
 * The reasons come from the state of the machine before the event: which VMs
 * waited or were ready, and since when; see sim/trace/replay.h.
 */
#ifndef CLI_VIEWS_EXPLAIN_SENTENCE_H
#define CLI_VIEWS_EXPLAIN_SENTENCE_H

#include "sim/trace/replay.h"

#define SENTENCE_BYTES 768

/* What a reader may want to leave out. */
enum sentence_kind {
    SENTENCE_NONE,     /* The event has no sentence. */
    SENTENCE_DECISION, /* The sentence says what the kernel decided, and why. */
    SENTENCE_PACKET,   /* The sentence is about a frame on its way. */
    SENTENCE_REQUEST   /* The sentence is about a request of a client. */
};

struct sentences {
    const struct replay *replay; /* Borrowed; the state before the event. */
    uint64_t hand_looked;        /* Frames that the last TRACE_HAND names. */
    char *text;                  /* The sentence being written. */
};

/* Writes the sentence of an event, before replay_event gets the event. The
   sentence begins with a capital letter, or a VM's name, and has no full
   stop. */
enum sentence_kind sentence_write(struct sentences *s,
                                  const struct trace_event *e,
                                  char text[SENTENCE_BYTES]);

/* ---- for sentence*.c ---- */

void sentence_put(struct sentences *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes "1.40 us". */
void sentence_put_duration(struct sentences *s, uint64_t cycles);

/* The VM's name is sentence_vm(s, vm).chars. */
struct vm_name sentence_vm(const struct sentences *s, uint32_t vm);

/* Returns the state of the event's VM. NULL: the event names no VM. */
const struct replay_vm *sentence_state(const struct sentences *s,
                                       const struct trace_event *e);

/* Writes the sentence of one kind of event, or nothing. */
typedef void sentence_fn(struct sentences *s, const struct trace_event *e);

/* sentence_sched.c */
sentence_fn sentence_arrive, sentence_admit, sentence_lease_end, sentence_ready,
    sentence_pick, sentence_switch, sentence_preempt, sentence_set_aside,
    sentence_give_way, sentence_reason, sentence_idle, sentence_wake,
    sentence_raise, sentence_deliver;

/* sentence_memory.c */
sentence_fn sentence_fault, sentence_fill, sentence_table, sentence_block,
    sentence_evict, sentence_clean, sentence_reclaim, sentence_disk_read,
    sentence_disk_write, sentence_disk_done, sentence_disk_cancel;

/* sentence_net.c */
sentence_fn sentence_client_send, sentence_client_recv, sentence_rx,
    sentence_recv, sentence_send, sentence_tx, sentence_rx_drop,
    sentence_tx_drop, sentence_link_drop, sentence_link_copy;

#endif /* CLI_VIEWS_EXPLAIN_SENTENCE_H */

/*
 * sentence.h - an event of a trace as a sentence for people, with the reason
 * for what was decided.
 *
 * The reasons come from the state of the machine before the event: who waited,
 * who was ready, since when; see sim/trace/replay.h.
 */
#ifndef CLI_VIEWS_EXPLAIN_SENTENCE_H
#define CLI_VIEWS_EXPLAIN_SENTENCE_H

#include "sim/trace/replay.h"

#define SENTENCE_BYTES 768

/* What a reader may want to leave out. */
enum sentence_kind {
    SENTENCE_NONE,     /* The event is no news for people. */
    SENTENCE_DECISION, /* What the kernel decided, and why. */
    SENTENCE_PACKET,   /* A frame on its way. */
    SENTENCE_REQUEST   /* What the clients do. */
};

struct sentences {
    const struct replay *replay; /* Borrowed; before the event. */
    uint64_t hand_looked;        /* Frames, of the last TRACE_HAND. */
    char *text;                  /* Being written; SENTENCE_BYTES. */
};

/* To be called before replay_event is told. The sentence begins with a capital
   letter, or a VM's name, and has no full stop. */
enum sentence_kind sentence_write(struct sentences *s,
                                  const struct trace_event *e,
                                  char text[SENTENCE_BYTES]);

/* ---- for sentence*.c ---- */

void sentence_put(struct sentences *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "1.40 us" */
void sentence_put_duration(struct sentences *s, uint64_t cycles);

/* The VM's name is sentence_vm(s, vm).chars. */
struct vm_name sentence_vm(const struct sentences *s, uint32_t vm);

/* The VM's state; NULL: the event is of none that can be. */
const struct replay_vm *sentence_state(const struct sentences *s,
                                       const struct trace_event *e);

/* Each writes the sentence of one kind, or nothing. */
typedef void sentence_fn(struct sentences *s, const struct trace_event *e);

/* sentence_sched.c */
sentence_fn sentence_arrive, sentence_admit, sentence_lease_end, sentence_ready,
    sentence_pick, sentence_switch, sentence_preempt, sentence_set_aside,
    sentence_idle, sentence_wake, sentence_raise, sentence_deliver;

/* sentence_memory.c */
sentence_fn sentence_fault, sentence_fill, sentence_table, sentence_block,
    sentence_evict, sentence_clean, sentence_reclaim, sentence_disk_read,
    sentence_disk_write, sentence_disk_done, sentence_disk_cancel;

/* sentence_net.c */
sentence_fn sentence_client_send, sentence_client_recv, sentence_rx,
    sentence_recv, sentence_send, sentence_tx, sentence_rx_drop,
    sentence_tx_drop, sentence_link_drop, sentence_link_copy;

#endif /* CLI_VIEWS_EXPLAIN_SENTENCE_H */

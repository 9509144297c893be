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

#define SENTENCE_BYTES 512

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
   letter and has no full stop. */
enum sentence_kind sentence_write(struct sentences *s,
                                  const struct trace_event *e,
                                  char text[SENTENCE_BYTES]);

/* ---- for sentence*.c ---- */

void sentence_put(struct sentences *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The VM's state; NULL: the event is of none that can be. */
const struct replay_vm *sentence_vm(const struct sentences *s, uint64_t vm);

enum sentence_kind sentence_of_sched(struct sentences *s,
                                     const struct trace_event *e);
enum sentence_kind sentence_of_memory(struct sentences *s,
                                      const struct trace_event *e);
enum sentence_kind sentence_of_net(struct sentences *s,
                                   const struct trace_event *e);

#endif /* CLI_VIEWS_EXPLAIN_SENTENCE_H */

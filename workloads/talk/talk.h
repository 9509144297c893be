/*
 * talk.h - one pass through a script, as a client that trusts nothing: the bytes
 * that it says, by their place, and those that it hears, in any pieces.
 *
 * The bytes of an echo follow from the number of its request: lines of
 * workloads/content.h, and an LF at the end, so that a server that answers whole
 * lines answers it, too; an answer to another request is seen.
 */
#ifndef WORKLOADS_TALK_TALK_H
#define WORKLOADS_TALK_TALK_H

#include "workloads/mistake.h"
#include "workloads/talk/talk_script.h"

struct talk {
    const struct talk_script *script; /* Borrowed. */
    uint64_t number;                  /* Of the request. */
    uint32_t step;                    /* The one under way, */
    uint32_t at;                      /* and so much of it was heard. */
    uint32_t heard;                   /* In all; all of it right. */
    struct mistake_found wrong;       /* Valid after TALK_WRONG. */
};

enum talk_result { TALK_MORE, TALK_DONE, TALK_WRONG };

void talk_init(struct talk *t, const struct talk_script *script,
               uint64_t number);

/* Returns how many bytes are to be said now, before the next is heard. */
uint32_t talk_say(struct talk *t);

/* True: the client will say nothing more. */
bool talk_is_silent(const struct talk *t);

/* Writes those of the bytes that all steps say together that are at `offset` on,
   and after the last the first again: passes follow one another. */
void talk_copy(const struct talk *t, uint32_t offset, uint8_t *to,
               uint32_t count);

/* Hears bytes; after it, talk_say has what is said then. Bytes beyond those that
   are expected by now are wrong. */
enum talk_result talk_hear(struct talk *t, const uint8_t *bytes,
                           uint32_t count);

#endif /* WORKLOADS_TALK_TALK_H */

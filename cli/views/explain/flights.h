/*
 * flights.h - frames that have been sent and have not arrived, by their serial
 * numbers.
 */
#ifndef CLI_VIEWS_EXPLAIN_FLIGHTS_H
#define CLI_VIEWS_EXPLAIN_FLIGHTS_H

#include "cli/views/explain/channel.h"

struct flight {
    uint64_t packet; /* The frame's serial number; 0: the slot is free. */
    uint32_t vm;
    bool is_reply;       /* A VM sent the frame; otherwise a client did. */
    uint32_t connection; /* Valid unless is_reply. */
    struct taken taken;  /* Valid unless is_reply, as far as it is known. */
    struct moment sent;  /* Valid if is_reply. */
};

struct flights {
    struct flight *slots; /* A hash table with open addressing. */
    size_t slot_count;    /* A power of 2. */
    size_t count;         /* At most slot_count / 2. */
    bool is_short;        /* Host memory was short: some frames are missing. */
};

SIM_MUST_USE bool flights_init(struct flights *f);
void flights_release(struct flights *f);

void flights_put(struct flights *f, const struct flight *flight);

/* Finds a frame; the result is valid until the next change. NULL: the frame is
   not under way. */
struct flight *flights_find(const struct flights *f, uint64_t packet);

/* Removes the frame, if it is under way. */
void flights_remove(struct flights *f, uint64_t packet);

/* Removes the frames in the queues of a VM that ends. */
void flights_remove_vm(struct flights *f, uint32_t vm);

#endif /* CLI_VIEWS_EXPLAIN_FLIGHTS_H */

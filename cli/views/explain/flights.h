/*
 * flights.h - frames that have been sent and have not arrived, by their serial
 * numbers.
 */
#ifndef CLI_VIEWS_EXPLAIN_FLIGHTS_H
#define CLI_VIEWS_EXPLAIN_FLIGHTS_H

#include "cli/views/explain/channel.h"

struct flight {
    uint64_t packet; /* Its serial number; 0: none. */
    uint32_t vm;
    uint32_t connection; /* Of a client's frame. */
    bool is_reply;       /* From a VM. */
    struct taken taken;  /* Of a client's frame; as far as it is known. */
    struct moment sent;  /* Of a VM's frame. */
};

struct flights {
    struct flight *slots; /* Open addressing. */
    size_t slot_count;    /* A power of 2. */
    size_t count;         /* At most half of them. */
    bool is_short;        /* Host memory was: some are missing. */
};

SIM_MUST_USE bool flights_init(struct flights *f);
void flights_release(struct flights *f);

void flights_put(struct flights *f, const struct flight *flight);

/* NULL: it is not under way. Valid until the next change. */
struct flight *flights_find(const struct flights *f, uint64_t packet);

/* It may be there or not. */
void flights_remove(struct flights *f, uint64_t packet);

/* All of the VM that are in its queues, for it ends. */
void flights_remove_vm(struct flights *f, uint32_t vm);

#endif /* CLI_VIEWS_EXPLAIN_FLIGHTS_H */

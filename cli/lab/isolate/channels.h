/*
 * channels.h - covert channels: a bundled pair of VMs of two groups tries to pass
 * bits through what they share, under a preset, one resource after another. Of
 * static partitions it is the receiver's that is run.
 *
 * Each is tried twice, with other bits. If the receiver then measured the same to
 * the last bit, nothing came through. Otherwise the errors say how much: the
 * capacity of a binary symmetric channel, times the symbols a second.
 */
#ifndef CLI_LAB_ISOLATE_CHANNELS_H
#define CLI_LAB_ISOLATE_CHANNELS_H

#include <jansson.h>

#include "sim/base.h"

#define CHANNEL_WAYS 5

enum channel_outcome {
    CHANNEL_FAILED, /* A run did not say what it measured. */
    CHANNEL_CLOSED, /* The receiver measured the same whatever was sent. */
    CHANNEL_CHANCE, /* So many errors are within what guessing makes. */
    CHANNEL_OPEN,
};

struct channel {
    const char *preset; /* Borrowed. */
    const char *way;    /* The shared resource. */
    uint32_t symbol_ms;
    uint32_t bits, errors;
    enum channel_outcome outcome;
    double bits_per_s; /* 0 when closed; by chance, the most that it may be. */
};

/* A set of ways, a bit for each. */
#define CHANNEL_ALL ((1u << CHANNEL_WAYS) - 1)

/* Adds the ways, names with commas between them. False: one is not known. */
bool channels_choose(const char *names, uint32_t *chosen);

/* Tries the chosen ways under one preset, and counts them. Returns an exit code;
   complains. */
int channels_measure(const char *preset, uint32_t chosen, struct channel *found,
                     uint32_t *count);

void channels_print(const struct channel *channels, uint32_t count);

/* NULL: out of memory. */
json_t *channels_to_json(const struct channel *channels, uint32_t count);

#endif /* CLI_LAB_ISOLATE_CHANNELS_H */

/*
 * channels.h - covert channels: a bundled pair of VMs of two groups tries to pass
 * bits through what they share, under a preset, one resource after another.
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

/* Tries all ways under one preset. Returns an exit code; complains. */
int channels_measure(const char *preset, struct channel found[CHANNEL_WAYS]);

void channels_print(const struct channel *channels, uint32_t count);

/* NULL: out of memory. */
json_t *channels_to_json(const struct channel *channels, uint32_t count);

#endif /* CLI_LAB_ISOLATE_CHANNELS_H */

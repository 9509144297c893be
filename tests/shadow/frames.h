/*
 * frames.h - what the frames were that a trace tells of: the run's `--pcap` has
 * them in the order in which the machine took them from and gave them to the
 * wire, and the trace has an event for each.
 */
#ifndef TESTS_SHADOW_FRAMES_H
#define TESTS_SHADOW_FRAMES_H

#include "sim/base.h"

enum { FRAME_FIN = 1, FRAME_SYN = 2, FRAME_RST = 4, FRAME_ACK = 16 };

struct frame {
    bool is_tcp; /* Seen by the machine, and TCP; below, valid if so. */
    uint32_t seq, ack;
    uint32_t length; /* Sequence numbers that it takes. */
    uint8_t flags;
    uint32_t connection; /* As the clients number it; UINT32_MAX: of none. */
    uint32_t generation; /* Of the connection, whose number is used again; 0:
                            not known, but the client has had it. */
    bool is_again;       /* It, or part of it, had been sent before. */
};

struct frames {
    uint8_t *bytes; /* Owned: the file. NULL: there is none. */
    size_t size, at;
    struct frame *by_serial; /* Owned. */
    size_t count;
};

/* False: the file cannot be read, or is no pcap of a run. */
SIM_MUST_USE bool frames_open(struct frames *f, const char *path);
void frames_release(struct frames *f);

/* The frame with the serial number. */
struct frame *frames_at(struct frames *f, uint64_t serial);

/* The file's next frame is this one. False: it is not, it is not so long. */
bool frames_next(struct frames *f, uint64_t serial, uint32_t bytes);

#endif /* TESTS_SHADOW_FRAMES_H */

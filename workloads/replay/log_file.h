/*
 * log_file.h - a file of requests, read as it is needed: it is in memory by two
 * pieces of 64 KiB, however long it is. The file is open before a run's sandbox
 * closes, and is read by place, so that processes that fork share nothing.
 *
 * A common log knows seconds only: the n requests of one second are spread over
 * it, one every 1/n seconds, in the order of the file. A server writes a line
 * when it has answered, so lines may be late: a line that is earlier than the
 * one before it counts as of that one's time. A CSV must be in order.
 */
#ifndef WORKLOADS_LOG_FILE_H
#define WORKLOADS_LOG_FILE_H

#include "workloads/replay/log_line.h"

#define LOG_LINE_BYTES 8192 /* No line is longer. */

struct arena;
struct log_file;

struct log_config {
    int fd; /* Borrowed; of a regular file. */
    enum scenario_log_format format;
    uint32_t vm_count; /* A CSV's VMs are below. */
};

/* NULL when the arena is full. */
struct log_file *log_file_create(struct arena *arena,
                                 const struct log_config *config);

struct log_facts {
    uint64_t lines;    /* Without a title, and empty ones. */
    uint64_t requests; /* What is left without those that ask nothing. */
    uint64_t span_ns;  /* From the first request to the last. */
};

/* Reads the file once, and goes back to its beginning. Returns NULL, or what is
   wrong, at line *line; 0: with the file. */
const char *log_file_check(struct log_file *f, struct log_facts *facts,
                           uint64_t *line);

struct log_request {
    uint64_t after_ns;    /* After the first request. */
    struct log_line line; /* Its texts are valid until the next is read. */
};

enum log_result {
    LOG_REQUEST,
    LOG_END,
    LOG_CHANGED /* The file is not what was checked. */
};

enum log_result log_file_next(struct log_file *f, struct log_request *request);

/* To the first request again. */
void log_file_rewind(struct log_file *f);

#endif /* WORKLOADS_LOG_FILE_H */

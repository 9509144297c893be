/* reading.h - reads a trace from its first event to its last. */
#ifndef CLI_VIEWS_EXPLAIN_READING_H
#define CLI_VIEWS_EXPLAIN_READING_H

#include "sim/trace/file.h"

struct reading {
    const char *path; /* Borrowed. */
    struct trace_file *file;
    const struct trace_info *info;
    bool has_complained; /* There was a complaint about the file's end. */
};

/* Returns CLI_DONE, or, having complained, another exit code. */
int reading_open(struct reading *r, const char *path);
void reading_close(struct reading *r);

/* Takes an event. False: no more events are needed. */
typedef bool reading_fn(void *ctx, const struct trace_event *event);

/*
 * Calls `fn` with each event, from the first. Returns CLI_DONE after the last
 * event, or when `fn` needs no more; returns CLI_WRONG, having complained once,
 * if the trace was cut short or is damaged, after its last whole event.
 */
int reading_each(struct reading *r, reading_fn *fn, void *ctx);

#endif /* CLI_VIEWS_EXPLAIN_READING_H */

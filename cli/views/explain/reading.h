/* reading.h - a trace, from its first event to its last. */
#ifndef CLI_VIEWS_EXPLAIN_READING_H
#define CLI_VIEWS_EXPLAIN_READING_H

#include "sim/trace/file.h"

struct reading {
    const char *path; /* Borrowed. */
    struct trace_file *file;
    const struct trace_info *info;
    bool has_complained; /* Of its end. */
};

/* CLI_DONE, or having complained what to end with. */
int reading_open(struct reading *r, const char *path);
void reading_close(struct reading *r);

/* False: that is enough. */
typedef bool reading_fn(void *ctx, const struct trace_event *event);

/*
 * Tells `fn` of all events, from the first. CLI_DONE: they are all, or enough;
 * CLI_WRONG, having complained once: it was cut short or is damaged, and they
 * are all that is whole.
 */
int reading_each(struct reading *r, reading_fn *fn, void *ctx);

#endif /* CLI_VIEWS_EXPLAIN_READING_H */

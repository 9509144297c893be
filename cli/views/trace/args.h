/*
 * args.h - what the verbs of `iksim trace` share: which events are meant, and
 * how a file is opened and what is said at its end. Their options are rows of
 * cli/commands/trace.c.
 */
#ifndef CLI_VIEWS_TRACE_ARGS_H
#define CLI_VIEWS_TRACE_ARGS_H

#include "cli/command.h"
#include "sim/trace/file.h"

struct exporter;

/* Which events are meant. */
struct event_filter {
    /* As they are given; trace_args_open says what they mean. */
    const char *vm_text; /* NULL: all, and those of none. */
    uint64_t from_ns, to_ns;

    bool *vms; /* Owned; by VM number. NULL: all, and those of none. */
    uint32_t vm_count;
    uint32_t layers;   /* A bit for each; 0: all. */
    uint64_t kinds;    /* Likewise. */
    uint64_t from, to; /* Cycles, both within. */
    uint64_t limit;    /* Events; UINT64_MAX: no limit. */
};

struct trace_args {
    const char *path;
    const char *other; /* diff: the second trace. */
    struct event_filter filter;
    uint64_t context;                /* diff: events before and after. */
    const char *out;                 /* export: a file; NULL: stdout. */
    const struct exporter *exporter; /* export. */
};

/* "a,b": layers and kinds of events by name; cli_read_fn. */
bool filter_read_layers(const char *list, void *set,
                        char message[CLI_MESSAGE_BYTES]);
bool filter_read_kinds(const char *list, void *set,
                       char message[CLI_MESSAGE_BYTES]);

void trace_args_free(struct trace_args *a);

/*
 * Opens the file and says what of it is meant: VM numbers, ranges of them and
 * groups by name; times by the clock of its machine. NULL, having complained.
 */
struct trace_file *trace_args_open(struct trace_args *a, const char *path);

/* It takes events of that kind and layer, at some time and of some VM. */
bool filter_takes_kind(const struct event_filter *f,
                       const struct trace_event *e);

/* The next event that is meant, or what ends them: TRACE_READ_END also at the
   limit, which is counted down. */
enum trace_read filter_next(struct event_filter *f, struct trace_file *file,
                            struct trace_event *e);

/* Says what is wrong with the file, if anything; the exit code. */
int trace_finish(const struct trace_file *file, enum trace_read end);

/* ---- The verbs. Each returns the exit code. ---- */

int trace_show(struct trace_args *a);
int trace_stats(struct trace_args *a);
int trace_hash_verb(struct trace_args *a);
int trace_diff(struct trace_args *a);
int trace_export(struct trace_args *a);
int trace_legend(void);

#endif /* CLI_VIEWS_TRACE_ARGS_H */

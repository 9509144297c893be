/*
 * args.h - what the verbs of `iksim trace` share: the filter that selects
 * events, opening a file, and complaining about its end. The verbs' options are
 * rows of cli/commands/trace.c.
 */
#ifndef CLI_VIEWS_TRACE_ARGS_H
#define CLI_VIEWS_TRACE_ARGS_H

#include "cli/command.h"
#include "sim/trace/file.h"

struct exporter;

/* Selects events. */
struct event_filter {
    /* As the options give them; trace_args_open makes vms, from and to. */
    const char *vm_text; /* NULL: events of all VMs and of no VM. */
    uint64_t from_ns, to_ns;

    bool *vms; /* Owned; by VM number. NULL: events of all VMs and of no VM. */
    uint32_t vm_count;
    uint32_t layers;   /* A bit for each layer; 0: all layers. */
    uint64_t kinds;    /* A bit for each kind; 0: all kinds. */
    uint64_t from, to; /* Cycles, both included. */
    uint64_t limit;    /* The most events; UINT64_MAX: no limit. */
};

struct trace_args {
    const char *path;
    const char *other; /* For diff: the second trace. */
    struct event_filter filter;
    uint64_t context;                /* For diff: events before and after. */
    const char *out;                 /* For export: a file; NULL: stdout. */
    const struct exporter *exporter; /* For export: the format. */
};

/* Read names such as "a,b", of layers and of kinds of events; see
   cli_read_fn. */
bool filter_read_layers(const char *list, void *set,
                        char message[CLI_MESSAGE_BYTES]);
bool filter_read_kinds(const char *list, void *set,
                       char message[CLI_MESSAGE_BYTES]);

void trace_args_free(struct trace_args *a);

/*
 * Opens the file, and completes the filter: looks up VMs by number, range, name
 * and group, and converts times to cycles of the file's machine. Complains.
 */
struct trace_file *trace_args_open(struct trace_args *a, const char *path);

/* True: the filter selects events of this kind and layer, apart from times and
   VMs. */
bool filter_takes_kind(const struct event_filter *f,
                       const struct trace_event *e);

/* Reads the next event that the filter selects, and counts the limit down.
   Returns TRACE_READ_END also at the limit. */
enum trace_read filter_next(struct event_filter *f, struct trace_file *file,
                            struct trace_event *e);

/* Complains if the file is not whole. Returns the exit code. */
int trace_finish(const struct trace_file *file, enum trace_read end);

/* ---- The verbs. Each returns the exit code. ---- */

int trace_show(struct trace_args *a);
int trace_stats(struct trace_args *a);
int trace_hash_verb(struct trace_args *a);
int trace_diff(struct trace_args *a);
int trace_export(struct trace_args *a);
int trace_legend(void);

#endif /* CLI_VIEWS_TRACE_ARGS_H */

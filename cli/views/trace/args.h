/*
 * args.h - what the verbs of `iksim trace` share: their options, which events
 * are meant, and how a file is opened and what is said at its end.
 */
#ifndef CLI_VIEWS_TRACE_ARGS_H
#define CLI_VIEWS_TRACE_ARGS_H

#include "cli/cli.h"
#include "sim/trace/file.h"

struct exporter;

/* Which events are meant. All zero but `limit`: all. */
struct event_filter {
    const char *vm_text; /* As given; see filter_resolve. */
    const char *from_text, *to_text;
    bool *vms; /* Owned; by VM number. NULL: all, and those of none. */
    uint32_t vm_count;
    uint32_t layers;   /* A bit for each; 0: all. */
    uint64_t kinds;    /* Likewise. */
    uint64_t from, to; /* Cycles, both within. */
    uint64_t limit;    /* Events; UINT64_MAX: no limit. */
};

#define TRACE_PATHS 2

struct trace_args {
    const char *paths[TRACE_PATHS];
    uint32_t path_count;
    struct event_filter filter;
    uint64_t context;                /* diff: events before and after. */
    const char *out;                 /* export: a file; NULL: stdout. */
    const struct exporter *exporter; /* export: NULL: none was named. */
};

/* The options that a verb takes. */
enum { TAKES_FILTER = 1, TAKES_CONTEXT = 2, TAKES_EXPORT = 4 };

/* From argv[1] on; `paths` files must be named. CLI_DONE, or the exit code. */
int trace_args_parse(struct trace_args *a, const struct command *self,
                     unsigned takes, uint32_t paths, int argc, char **argv);
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

/* ---- The verbs; each takes what follows its name. ---- */

struct trace_verb {
    const char *name;
    int (*run)(const struct command *self, int argc, char **argv);
};

int trace_show(const struct command *self, int argc, char **argv);
int trace_stats(const struct command *self, int argc, char **argv);
int trace_hash_verb(const struct command *self, int argc, char **argv);
int trace_diff(const struct command *self, int argc, char **argv);
int trace_export(const struct command *self, int argc, char **argv);
int trace_legend(const struct command *self, int argc, char **argv);

#endif /* CLI_VIEWS_TRACE_ARGS_H */

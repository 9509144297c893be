/*
 * exporter.h - formats that `iksim trace export` writes. One is a file with a
 * struct exporter, and an option of cli/commands/trace.c.
 */
#ifndef CLI_VIEWS_TRACE_EXPORTER_H
#define CLI_VIEWS_TRACE_EXPORTER_H

#include <stdio.h>

#include "cli/views/trace/args.h"

struct exporter {
    const char *name;
    bool reads_twice; /* Unless the filter names VMs. */
    bool is_binary;   /* No text: not for a terminal. */

    /*
     * Writes those events of `file` that filter_next gives, and returns what
     * ended them: whatever can be written of a file that is not whole is.
     * What `out` does not take is the caller's to find, by ferror.
     */
    enum trace_read (*write)(struct trace_file *file,
                             struct event_filter *filter, FILE *out);
};

extern const struct exporter exporter_csv;
extern const struct exporter exporter_perfetto;
extern const struct exporter exporter_chrome;

#endif /* CLI_VIEWS_TRACE_EXPORTER_H */

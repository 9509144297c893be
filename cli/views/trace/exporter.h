/*
 * exporter.h - the formats that `iksim trace export` writes. A new format is a
 * file with a struct exporter, and an option of cli/commands/trace.c.
 */
#ifndef CLI_VIEWS_TRACE_EXPORTER_H
#define CLI_VIEWS_TRACE_EXPORTER_H

#include <stdio.h>

#include "cli/views/trace/args.h"

struct exporter {
    const char *name;
    bool reads_twice; /* The file is read twice unless the filter names VMs. */
    bool is_binary;   /* The output is not for a terminal. */

    /*
     * Writes those events of `file` that filter_next returns, also those of a
     * file that is not whole, and returns what ended them. The caller finds
     * errors of `out`, by ferror.
     */
    enum trace_read (*write)(struct trace_file *file,
                             struct event_filter *filter, FILE *out);
};

extern const struct exporter exporter_csv;
extern const struct exporter exporter_perfetto;
extern const struct exporter exporter_chrome;

#endif /* CLI_VIEWS_TRACE_EXPORTER_H */

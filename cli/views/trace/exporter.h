/*
 * exporter.h - formats that `iksim trace export` writes. One is a file with a
 * struct exporter, and a line of the table in export.c.
 */
#ifndef CLI_VIEWS_TRACE_EXPORTER_H
#define CLI_VIEWS_TRACE_EXPORTER_H

#include <stdio.h>

#include "cli/views/trace/args.h"

struct exporter {
    const char *name;    /* `--NAME` chooses it. */
    const char *summary; /* One line of help. */
    bool reads_twice;    /* Unless the filter names VMs. */

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

/* All of them; ended by NULL. */
extern const struct exporter *const exporters[];

/* NULL: there is none of that name. */
const struct exporter *exporter_find(const char *name);

#endif /* CLI_VIEWS_TRACE_EXPORTER_H */

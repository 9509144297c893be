/*
 * exporter.h - the formats that `iksim trace export` writes. A new format is a
 * file with a struct exporter, and a row of EXPORTERS: declarations and the
 * command's options follow.
 */
#ifndef CLI_VIEWS_TRACE_EXPORTER_H
#define CLI_VIEWS_TRACE_EXPORTER_H

#include <stdio.h>

#include "cli/views/trace/args.h"

struct exporter {
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

/* The row NAME stands for the option --NAME, with its help, and for
   exporter_NAME. In the order of help and manual. */
#define EXPORTERS(X)                                                       \
    X(csv, "The format is rows of text, with a column for each name of a " \
           "field of the kinds that count.")                               \
    X(perfetto,                                                            \
      "The format is Perfetto's protocol buffers, for ui.perfetto.dev. "   \
      "It shows the VMs of --vm, or those that ran longest.")              \
    X(chrome, "The format is trace events in JSON, for about:tracing and " \
              "speedscope; it shows what --perfetto does.")

#define DECLARE_EXPORTER(name, help) \
    extern const struct exporter exporter_##name;
EXPORTERS(DECLARE_EXPORTER)
#undef DECLARE_EXPORTER

#endif /* CLI_VIEWS_TRACE_EXPORTER_H */

/* show.c - `iksim trace show`: prints events as lines. */
#include <stdio.h>

#include "cli/views/trace/args.h"
#include "cli/views/trace/format.h"

static int show(struct trace_args *a, struct trace_file *file)
{
    const struct trace_info *info = trace_file_info(file);
    char line[2 * FORMAT_BYTES];
    enum trace_read got;
    struct trace_event e;
    while ((got = filter_next(&a->filter, file, &e)) == TRACE_READ_EVENT) {
        format_line(info, &e, line);
        puts(line);
    }
    return trace_finish(file, got);
}

int trace_show(struct trace_args *a)
{
    struct trace_file *file = trace_args_open(a, a->path);
    int code = file ? show(a, file) : CLI_USAGE;
    trace_file_close(file);
    return code;
}

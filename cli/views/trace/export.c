/* export.c - `iksim trace export`: writes a trace for other programs. */
#define _POSIX_C_SOURCE 200809L
#include "cli/views/trace/exporter.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Writes to a file, or to stdout, of whose errors main complains. */
static int write_to(const char *path, struct trace_args *a,
                    struct trace_file *file)
{
    if (a->exporter->reads_twice && !a->filter.vms &&
        !trace_file_seek(file, a->filter.from)) {
        return cli_complain("'%s' is a pipe, and only the whole trace tells "
                            "which VMs are the busiest: name VMs with --vm",
                            a->path);
    }
    FILE *out = path ? fopen(path, "w") : stdout;
    if (!out) {
        return cli_complain("cannot write '%s': %s", path, strerror(errno));
    }
    enum trace_read end = a->exporter->write(file, &a->filter, out);
    if (path) {
        bool is_bad = ferror(out) != 0;
        int error = is_bad ? errno : 0;
        if (fclose(out) != 0) {
            is_bad = true;
            error = errno;
        }
        if (is_bad) {
            return cli_complain("cannot write '%s': %s", path,
                                error ? strerror(error) : "data was lost");
        }
    }
    return trace_finish(file, end);
}

int trace_export(struct trace_args *a)
{
    if (a->exporter->is_binary && !a->out && isatty(STDOUT_FILENO)) {
        return cli_complain("the format is binary: name a file with --out");
    }
    struct trace_file *file = trace_args_open(a, a->path);
    int code = file ? write_to(a->out, a, file) : CLI_USAGE;
    trace_file_close(file);
    return code;
}

/*
 * csv.c - events as rows, for spreadsheets and SQLite (RFC 4180). Numbers stand
 * as they are in the trace; docs/trace.md says what `a` and `b` are. Those of
 * 64 bits do not fit the signed integers of SQLite, and are text there: cast
 * them.
 */
#include "cli/csv.h"
#include "cli/views/trace/exporter.h"
#include "cli/views/trace/format.h"

static void write_row(FILE *out, const struct trace_info *info,
                      const struct trace_event *e)
{
    fprintf(out, "%llu,%llu,%s,%s,", (unsigned long long)e->time,
            (unsigned long long)format_ns(info, e->time),
            trace_layer_names[e->layer], trace_kinds[e->kind].name);
    if (e->vm < info->vm_limit) {
        uint32_t group = vm_roster_group(&info->roster, e->vm);
        fprintf(out, "%u,", e->vm);
        csv_put_quoted(out, info->roster.groups[group].name);
    } else {
        fputc(',', out);
    }
    fprintf(out, ",%llu,%llu\r\n", (unsigned long long)e->a,
            (unsigned long long)e->b);
}

static enum trace_read csv_write(struct trace_file *file,
                                 struct event_filter *filter, FILE *out)
{
    const struct trace_info *info = trace_file_info(file);
    enum trace_read got;
    struct trace_event e;
    fputs("cycles,ns,layer,kind,vm,group,a,b\r\n", out);
    while ((got = filter_next(filter, file, &e)) == TRACE_READ_EVENT) {
        write_row(out, info, &e);
    }
    return got;
}

const struct exporter exporter_csv = {
    .name = "csv",
    .write = csv_write,
};

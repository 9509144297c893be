/* export.c - `iksim trace export`: a trace for other programs. */
#include "cli/views/trace/exporter.h"

#include <errno.h>
#include <string.h>

/* A new format is a line here, and its file. */
const struct exporter *const exporters[] = {
    &exporter_csv,
    &exporter_perfetto,
    &exporter_chrome,
    NULL,
};

const struct exporter *exporter_find(const char *name)
{
    for (size_t i = 0; exporters[i]; i++) {
        if (strcmp(exporters[i]->name, name) == 0) {
            return exporters[i];
        }
    }
    return NULL;
}

/* What stdout does not take, main says. */
static int write_to(const char *path, struct trace_args *a,
                    struct trace_file *file)
{
    if (a->exporter->reads_twice && !a->filter.vms &&
        !trace_file_seek(file, a->filter.from)) {
        return cli_complain("'%s' is a pipe, and which VMs are the busiest is "
                            "known when it has been read: name some with --vm",
                            a->paths[0]);
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

int trace_export(const struct command *self, int argc, char **argv)
{
    struct trace_args a;
    int code =
        trace_args_parse(&a, self, TAKES_FILTER | TAKES_EXPORT, 1, argc, argv);
    if (code == CLI_DONE && !a.exporter) {
        code = cli_misuse(self, "export: name a format, such as --%s",
                          exporters[0]->name);
    }
    if (code == CLI_DONE) {
        struct trace_file *file = trace_args_open(&a, a.paths[0]);
        code = file ? write_to(a.out, &a, file) : CLI_USAGE;
        trace_file_close(file);
    }
    trace_args_free(&a);
    return code;
}

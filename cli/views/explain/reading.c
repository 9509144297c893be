/* reading.c - see reading.h. */
#include "cli/views/explain/reading.h"

#include <string.h>

#include "cli/cli.h"

int reading_open(struct reading *r, const char *path)
{
    char message[TRACE_MESSAGE_BYTES];
    *r = (struct reading){ .path = path };
    r->file = trace_file_open(path, message);
    if (!r->file) {
        return cli_complain("%s", message);
    }
    r->info = trace_file_info(r->file);
    return CLI_DONE;
}

void reading_close(struct reading *r)
{
    trace_file_close(r->file);
    r->file = NULL;
}

int reading_each(struct reading *r, reading_fn *fn, void *ctx)
{
    struct trace_event e;
    enum trace_read got;
    (void)trace_file_seek(r->file, 0); /* A pipe is read once. */
    while ((got = trace_file_next(r->file, &e)) == TRACE_READ_EVENT) {
        if (!fn(ctx, &e)) {
            return CLI_DONE;
        }
    }
    if (got == TRACE_READ_END) {
        return CLI_DONE;
    }
    if (!r->has_complained) {
        cli_complain("%s", trace_file_message(r->file));
        r->has_complained = true;
    }
    return CLI_WRONG;
}

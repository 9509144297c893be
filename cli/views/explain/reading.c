/* reading.c - see reading.h. */
#include "cli/views/explain/reading.h"

#include <string.h>

#include "cli/cli.h"
#include "sim/units.h"

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

/* The VM that is the `number`th of its group. */
static bool find_in_group(const struct trace_info *info, uint32_t group,
                          uint64_t number, uint32_t *vm)
{
    for (uint32_t i = 0; i < info->vm_limit; i++) {
        if (info->vm_groups[i] == group && number-- == 0) {
            *vm = i;
            return true;
        }
    }
    return false;
}

bool reading_find_vm(const struct reading *r, const char *name, uint32_t *vm)
{
    uint64_t number = 0;
    if (!units_read_whole(name, &number)) {
        *vm = (uint32_t)number;
        return number < r->info->vm_limit;
    }
    const char *dash = strrchr(name, '-');
    if (!dash || units_read_whole(dash + 1, &number) || !r->info->vm_groups) {
        return false;
    }
    for (uint32_t g = 0; g < r->info->group_count; g++) {
        const char *group = r->info->groups[g];
        if (strlen(group) == (size_t)(dash - name) &&
            strncmp(name, group, (size_t)(dash - name)) == 0) {
            return find_in_group(r->info, g, number, vm);
        }
    }
    return false;
}

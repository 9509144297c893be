/* args.c - see args.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/views/trace/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/units.h"
#include "sim/vocabulary/vocabulary.h"

/* ---- Names in lists ----------------------------------------------------- */

typedef int find_fn(const char *name, size_t length);

static bool is_named(const char *known, const char *name, size_t length)
{
    return strlen(known) == length && memcmp(known, name, length) == 0;
}

static int find_layer(const char *name, size_t length)
{
    uint32_t layer;
    return word_find(&trace_layer_words, name, length, &layer) ? (int)layer
                                                               : -1;
}

static int find_kind(const char *name, size_t length)
{
    for (int i = 0; i < TRACE_KIND_COUNT; i++) {
        if (is_named(trace_kinds[i].name, name, length)) {
            return i;
        }
    }
    return -1;
}

_Static_assert(TRACE_KIND_COUNT <= 64, "a set of kinds is a word");

/* Adds the bit of each name of a list such as "a,b". Returns NULL, or the name
   that is not known. */
static const char *take_names(const char *list, find_fn *find, uint64_t *set)
{
    for (const char *at = list;;) {
        size_t length = strcspn(at, ",");
        int number = find(at, length);
        if (number < 0) {
            return at;
        }
        *set |= 1ull << number;
        if (at[length] == '\0') {
            return NULL;
        }
        at += length + 1;
    }
}

static bool read_names(const char *list, find_fn *find, const char *what,
                       uint64_t *set, char message[CLI_MESSAGE_BYTES])
{
    const char *wrong = take_names(list, find, set);
    if (wrong) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "must be a list of %s, and '%.*s' is none of them", what,
                 (int)strcspn(wrong, ","), wrong);
    }
    return !wrong;
}

bool filter_read_layers(const char *list, void *set,
                        char message[CLI_MESSAGE_BYTES])
{
    uint32_t *layers = set;
    uint64_t found = 0;
    bool is_good = read_names(list, find_layer, "layers", &found, message);
    *layers |= (uint32_t)found;
    return is_good;
}

bool filter_read_kinds(const char *list, void *set,
                       char message[CLI_MESSAGE_BYTES])
{
    return read_names(list, find_kind, "kinds of events", set, message);
}

void trace_args_free(struct trace_args *a)
{
    free(a->filter.vms);
}

/* ---- The filter --------------------------------------------------------- */

static bool resolve_vms(struct event_filter *f, const struct trace_info *info)
{
    f->vm_count = info->vm_limit;
    f->vms = calloc((size_t)info->vm_limit + 1, sizeof(*f->vms));
    if (!f->vms) {
        cli_complain("out of memory");
        return false;
    }
    char message[VM_NAME_MESSAGE_BYTES];
    if (!vm_name_read_list(&info->roster, f->vm_text, f->vms, message)) {
        cli_complain("%s", message);
        return false;
    }
    return true;
}

struct trace_file *trace_args_open(struct trace_args *a, const char *path)
{
    char message[TRACE_MESSAGE_BYTES];
    struct event_filter *f = &a->filter;
    struct trace_file *file = trace_file_open(path, message);
    if (!file) {
        cli_complain("%s", message);
        return NULL;
    }
    const struct trace_info *info = trace_file_info(file);
    f->from = cycles_from_ns(f->from_ns, info->cpu_hz);
    f->to = cycles_from_ns(f->to_ns, info->cpu_hz);
    if (f->vm_text && !f->vms && !resolve_vms(f, info)) {
        trace_file_close(file);
        return NULL;
    }
    if (f->from > 0) {
        /* Seeking saves time; the filter selects the events. */
        (void)trace_file_seek(file, f->from);
    }
    return file;
}

bool filter_takes_kind(const struct event_filter *f,
                       const struct trace_event *e)
{
    return (f->layers == 0 || (f->layers >> e->layer & 1)) &&
           (f->kinds == 0 || (f->kinds >> e->kind & 1));
}

static bool filter_takes(const struct event_filter *f,
                         const struct trace_event *e)
{
    return e->time >= f->from && e->time <= f->to && filter_takes_kind(f, e) &&
           (!f->vms || (e->vm < f->vm_count && f->vms[e->vm]));
}

enum trace_read filter_next(struct event_filter *f, struct trace_file *file,
                            struct trace_event *e)
{
    enum trace_read got = TRACE_READ_END;
    while (f->limit > 0 &&
           (got = trace_file_next(file, e)) == TRACE_READ_EVENT) {
        if (filter_takes(f, e)) {
            f->limit -= f->limit != UINT64_MAX;
            return TRACE_READ_EVENT;
        }
    }
    return got;
}

int trace_finish(const struct trace_file *file, enum trace_read end)
{
    if (end == TRACE_READ_TRUNCATED || end == TRACE_READ_CORRUPT) {
        if (trace_file_message(file)[0] != '\0') {
            cli_complain("%s", trace_file_message(file));
        }
        return CLI_WRONG;
    }
    return CLI_DONE;
}

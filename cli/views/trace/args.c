/* args.c - see args.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/views/trace/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/views/trace/exporter.h"
#include "sim/devices/machine.h"
#include "sim/units.h"

#define CONTEXT 5 /* Events that diff shows on each side, unless told. */

/* ---- Names in lists ----------------------------------------------------- */

typedef int find_fn(const char *name, size_t length);

static bool is_named(const char *known, const char *name, size_t length)
{
    return strlen(known) == length && memcmp(known, name, length) == 0;
}

static int find_layer(const char *name, size_t length)
{
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        if (is_named(trace_layer_names[i], name, length)) {
            return i;
        }
    }
    return -1;
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

/* "a,b": adds the bit of each. NULL, or the name that is not known. */
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

static int unknown(const struct command *self, const char *what,
                   const char *name)
{
    return cli_misuse(self, "there is no %s '%.*s'; docs/trace.md has all",
                      what, (int)strcspn(name, ","), name);
}

/* ---- Options ------------------------------------------------------------ */

static bool is_option(const char *word, const char *name, unsigned takes,
                      unsigned kind)
{
    return (takes & kind) && strcmp(word, name) == 0;
}

/* CLI_DONE; the exit code; -1: it is no option with a value. */
static int take_value(struct trace_args *a, const struct command *self,
                      unsigned takes, const char *word, const char *value)
{
    struct event_filter *f = &a->filter;
    uint64_t layers = 0;
    const char *wrong;
    if (is_option(word, "--vm", takes, TAKES_FILTER)) {
        f->vm_text = value;
    } else if (is_option(word, "--from", takes, TAKES_FILTER)) {
        f->from_text = value;
    } else if (is_option(word, "--to", takes, TAKES_FILTER)) {
        f->to_text = value;
    } else if (is_option(word, "--layer", takes, TAKES_FILTER)) {
        wrong = value ? take_names(value, find_layer, &layers) : NULL;
        f->layers |= (uint32_t)layers;
        return wrong ? unknown(self, "layer", wrong) : CLI_DONE;
    } else if (is_option(word, "--kind", takes, TAKES_FILTER)) {
        wrong = value ? take_names(value, find_kind, &f->kinds) : NULL;
        return wrong ? unknown(self, "kind of event", wrong) : CLI_DONE;
    } else if (is_option(word, "--limit", takes, TAKES_FILTER) ||
               is_option(word, "--context", takes, TAKES_CONTEXT)) {
        uint64_t *to = word[2] == 'l' ? &f->limit : &a->context;
        wrong = value ? units_read_whole(value, to) : NULL;
        return wrong ? cli_misuse(self, "%s %s, not '%s'", word, wrong, value)
                     : CLI_DONE;
    } else if (is_option(word, "-o", takes, TAKES_EXPORT)) {
        a->out = value;
    } else {
        return -1;
    }
    return CLI_DONE;
}

/* A format's name is an option of export. */
static bool take_format(struct trace_args *a, unsigned takes, const char *word)
{
    const struct exporter *e =
        (takes & TAKES_EXPORT) && strncmp(word, "--", 2) == 0
            ? exporter_find(word + 2)
            : NULL;
    a->exporter = e ? e : a->exporter;
    return e;
}

int trace_args_parse(struct trace_args *a, const struct command *self,
                     unsigned takes, uint32_t paths, int argc, char **argv)
{
    *a = (struct trace_args){ .context = CONTEXT,
                              .filter.limit = UINT64_MAX,
                              .filter.to = UINT64_MAX };
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        int code = take_value(a, self, takes, word, value);
        if (code > CLI_DONE) {
            return code;
        }
        if (code == CLI_DONE && !value) {
            return cli_misuse(self, "'%s' wants a value", word);
        }
        if (code == CLI_DONE) {
            i++;
        } else if (take_format(a, takes, word)) {
            continue;
        } else if (word[0] == '-') {
            return cli_misuse(self, "%s takes no '%s'", argv[0], word);
        } else if (a->path_count == paths) {
            return cli_misuse(self, "%s: '%s' is one file too many", argv[0],
                              word);
        } else {
            a->paths[a->path_count++] = word;
        }
    }
    return a->path_count == paths
               ? CLI_DONE
               : cli_misuse(self,
                            paths == 1 ? "%s: no trace is named"
                                       : "%s wants two traces",
                            argv[0]);
}

void trace_args_free(struct trace_args *a)
{
    free(a->filter.vms);
}

/* ---- What is meant ------------------------------------------------------ */

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

static bool resolve_time(const char *option, const char *text, uint64_t cpu_hz,
                         uint64_t *cycles)
{
    uint64_t ns;
    const char *wrong = text ? units_read_time(text, &ns) : NULL;
    if (wrong) {
        cli_complain("%s %s, not '%s'", option, wrong, text);
        return false;
    }
    if (text) {
        *cycles = cycles_from_ns(ns, cpu_hz);
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
    if (!resolve_time("--from", f->from_text, info->cpu_hz, &f->from) ||
        !resolve_time("--to", f->to_text, info->cpu_hz, &f->to) ||
        (f->vm_text && !f->vms && !resolve_vms(f, info))) {
        trace_file_close(file);
        return NULL;
    }
    if (f->from > 0) {
        (void)trace_file_seek(file, f->from); /* The filter does the rest. */
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

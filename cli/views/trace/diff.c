/*
 * diff.c - `iksim trace diff`: finds the first event in which two runs differ.
 * The events before it are the same in both, so they are shown once.
 *
 * A HIDDEN field says nothing of what was decided: two events that differ in
 * HIDDEN fields only are the same, and counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/views/trace/args.h"
#include "cli/views/trace/format.h"
#include "sim/vocabulary/text.h"

/* The last events that were the same, in a ring. */
struct past {
    struct trace_event *events; /* Owned; `room` of them. */
    uint64_t room;
    uint64_t count; /* All events that were the same. */
};

struct pair {
    struct trace_file *file[2];
    struct event_filter filter[2];
    enum trace_read got[2];
    struct trace_event event[2];
    uint64_t hidden; /* Those that were the same but for HIDDEN fields. */
};

/* True: time, VM, kind, and all fields but HIDDEN ones are the same. */
static bool are_same(const struct trace_event *a, const struct trace_event *b)
{
    if (a->time != b->time || a->vm != b->vm || a->kind != b->kind) {
        return false;
    }
    const struct trace_kind_info *kind = &trace_kinds[a->kind];
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct trace_field *f = &kind->fields[i];
        if (f->type->form != TRACE_FORM_HIDDEN &&
            trace_value(a, f) != trace_value(b, f)) {
            return false;
        }
    }
    return true;
}

static void step(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        p->got[i] = filter_next(&p->filter[i], p->file[i], &p->event[i]);
    }
}

static bool both_go_on(const struct pair *p)
{
    return p->got[0] == TRACE_READ_EVENT && p->got[1] == TRACE_READ_EVENT;
}

static void print(const struct trace_file *file, const char *mark,
                  const struct trace_event *e)
{
    char line[2 * FORMAT_BYTES];
    format_line(trace_file_info(file), e, line);
    printf("%s %s\n", mark, line);
}

static void print_past(const struct pair *p, const struct past *past)
{
    uint64_t shown = past->count < past->room ? past->count : past->room;
    for (uint64_t i = past->count - shown; i < past->count; i++) {
        print(p->file[0], " ", &past->events[i % past->room]);
    }
}

/* Prints the events with which one of the traces goes on. */
static void print_rest(struct pair *p, int i, const char *mark,
                       uint64_t context)
{
    for (uint64_t n = 0; n <= context && p->got[i] == TRACE_READ_EVENT; n++) {
        print(p->file[i], mark, &p->event[i]);
        p->got[i] = filter_next(&p->filter[i], p->file[i], &p->event[i]);
    }
    if (p->got[i] == TRACE_READ_END) {
        printf("%s (the trace ends)\n", mark);
    }
}

/* Prints "12 events, of which 3 differ in keys or hashes alone". */
static void print_count(const struct pair *p, const struct past *past)
{
    printf("%llu events", (unsigned long long)past->count);
    if (p->hidden > 0) {
        printf(", of which %llu differ in keys or hashes alone",
               (unsigned long long)p->hidden);
    }
}

/* Prints the cycles of two times that look the same in nanoseconds. */
static void print_moments(const struct pair *p)
{
    uint64_t a = p->event[0].time;
    uint64_t b = p->event[1].time;
    if (both_go_on(p) && a != b &&
        format_ns(trace_file_info(p->file[0]), a) ==
            format_ns(trace_file_info(p->file[1]), b)) {
        printf("  at cycle %llu, and at cycle %llu:\n", (unsigned long long)a,
               (unsigned long long)b);
    }
}

/* Prints the verdict. Traces that are the same up to where one is cut short are
   not known to be the same. */
static int judge(struct pair *p, const struct past *past,
                 const struct trace_args *a)
{
    bool are_whole = p->got[0] == TRACE_READ_END && p->got[1] == TRACE_READ_END;
    if (p->got[0] != TRACE_READ_EVENT && p->got[1] != TRACE_READ_EVENT) {
        printf("%s and %s are the same%s: ", text_shown(a->path).chars,
               text_shown(a->other).chars,
               are_whole ? "" : " as far as both go");
        print_count(p, past);
        puts("");
    } else {
        printf("%s (-) and %s (+) differ after ", text_shown(a->path).chars,
               text_shown(a->other).chars);
        print_count(p, past);
        puts(p->hidden > 0 ? ":" : " that are the same:");
        print_past(p, past);
        print_moments(p);
        print_rest(p, 0, "-", a->context);
        print_rest(p, 1, "+", a->context);
    }
    (void)trace_finish(p->file[0], p->got[0]);
    (void)trace_finish(p->file[1], p->got[1]);
    return are_whole && p->hidden == 0 ? CLI_DONE : CLI_WRONG;
}

static int diff(struct pair *p, const struct trace_args *a)
{
    struct past past = { .room = a->context };
    past.events = calloc(past.room + 1, sizeof(*past.events));
    if (!past.events) {
        return cli_complain("out of memory");
    }
    for (step(p); both_go_on(p) && are_same(&p->event[0], &p->event[1]);
         step(p)) {
        p->hidden +=
            memcmp(&p->event[0], &p->event[1], sizeof(p->event[0])) != 0;
        if (past.room > 0) {
            past.events[past.count % past.room] = p->event[0];
        }
        past.count++;
    }
    int code = judge(p, &past, a);
    free(past.events);
    return code;
}

/* Opens a trace; VMs and times are looked up in each trace by itself. */
static bool open_one(struct pair *p, struct trace_args *a, int i)
{
    p->file[i] = trace_args_open(a, i == 0 ? a->path : a->other);
    p->filter[i] = a->filter;
    a->filter.vms = NULL; /* The pair owns it from now on. */
    return p->file[i];
}

int trace_diff(struct trace_args *a)
{
    struct pair p = { .file = { NULL } };
    int code =
        open_one(&p, a, 0) && open_one(&p, a, 1) ? diff(&p, a) : CLI_USAGE;
    for (int i = 0; i < 2; i++) {
        trace_file_close(p.file[i]);
        free(p.filter[i].vms);
    }
    return code;
}

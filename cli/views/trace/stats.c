/* stats.c - `iksim trace stats`: counts the events of each kind. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <sys/stat.h>

#include "cli/views/trace/args.h"
#include "cli/views/trace/format.h"
#include "sim/vocabulary/vocabulary.h"

struct counts {
    uint64_t kinds[TRACE_KIND_COUNT];
    uint64_t layers[TRACE_LAYER_COUNT];
    uint64_t all;
    uint64_t first, last; /* Least and greatest time; valid if all > 0. */
};

static void count(struct counts *c, const struct trace_event *e)
{
    c->first = c->all == 0 || e->time < c->first ? e->time : c->first;
    c->last = e->time > c->last ? e->time : c->last;
    c->kinds[e->kind]++;
    c->layers[e->layer]++;
    c->all++;
}

static void print_row(const char *layer, const char *kind, uint64_t n,
                      uint64_t all, double seconds)
{
    printf("%-8s %-12s %12llu %6.2f %% ", layer, kind, (unsigned long long)n,
           100.0 * (double)n / (double)all);
    if (seconds > 0) {
        printf("%12.1f\n", (double)n / seconds);
    } else {
        puts("           -");
    }
}

static void print(const struct trace_info *info, const struct counts *c,
                  const char *path)
{
    char from[FORMAT_BYTES];
    char span[FORMAT_BYTES];
    struct stat status;
    double seconds = (double)(c->last - c->first) / (double)info->cpu_hz;
    format_span(info, c->first, from);
    format_span(info, c->last - c->first, span);
    printf("%s, seed %llu: %llu events in %s of virtual time, from %s on\n",
           info->name, (unsigned long long)info->seed,
           (unsigned long long)c->all, span, from);
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        printf("%lld bytes in the file\n", (long long)status.st_size);
    }
    if (c->all == 0) {
        return;
    }
    puts("\nlayer    kind               events    part    a second");
    for (int l = 0; l < TRACE_LAYER_COUNT; l++) {
        if (c->layers[l] == 0) {
            continue;
        }
        for (int k = 0; k < TRACE_KIND_COUNT; k++) {
            if ((int)trace_kinds[k].layer == l && c->kinds[k] > 0) {
                print_row(word_name(&trace_layer_words, (uint64_t)l),
                          trace_kinds[k].name, c->kinds[k], c->all, seconds);
            }
        }
        print_row(word_name(&trace_layer_words, (uint64_t)l), "all",
                  c->layers[l], c->all, seconds);
    }
}

int trace_stats(struct trace_args *a)
{
    struct trace_file *file = trace_args_open(a, a->path);
    struct counts c = { .all = 0 };
    enum trace_read got;
    struct trace_event e;
    if (!file) {
        return CLI_USAGE;
    }
    while ((got = filter_next(&a->filter, file, &e)) == TRACE_READ_EVENT) {
        count(&c, &e);
    }
    print(trace_file_info(file), &c, a->path);
    int code = trace_finish(file, got);
    trace_file_close(file);
    return code;
}

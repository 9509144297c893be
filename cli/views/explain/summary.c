/* summary.c - `iksim explain --requests`: the parts of all latencies. */
#include "cli/views/explain/explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/views/explain/requests.h"
#include "cli/views/explain/words.h"
#include "sim/grow.h"

#define SLOWEST_SHOWN 10
#define PHASE_WINDOW  2 /* The phase's number in TRACE_PHASE. */

struct summary {
    const struct trace_info *info;
    struct requests *requests;
    bool as_csv;
    struct request *all; /* Owned. */
    size_t count, room;
    uint64_t from; /* Cycles; requests that are due earlier do not count. */
    bool is_short; /* Host memory was short. */
};

/* ---- Taking in ---------------------------------------------------------- */

static void put_csv(const struct request *q)
{
    printf("%llu,%u,%s,%llu,%llu", (unsigned long long)q->number, q->vm,
           word_name(&outcome_words, q->end), (unsigned long long)q->due,
           (unsigned long long)q->latency);
    for (int p = 0; p < LATENCY_PART_COUNT; p++) {
        printf(",%llu", (unsigned long long)q->parts[p]);
    }
    putchar('\n');
}

static void put_csv_head(void)
{
    fputs("request,vm,end,due,latency", stdout);
    for (int p = 0; p < LATENCY_PART_COUNT; p++) {
        printf(",%s", word_name(&latency_part_words, (uint64_t)p));
    }
    putchar('\n');
}

static void keep(void *ctx, const struct request *q,
                 const struct request_leg *legs, size_t count)
{
    struct summary *s = ctx;
    (void)legs;
    (void)count;
    if (s->as_csv) {
        put_csv(q);
        return;
    }
    struct request *all = grow_array(s->all, s->count, &s->room, sizeof(*all));
    if (!all) {
        s->is_short = true;
        return;
    }
    s->all = all;
    s->all[s->count++] = *q;
}

static bool on_event(void *ctx, const struct trace_event *e)
{
    struct summary *s = ctx;
    if (e->kind == TRACE_PHASE && trace_get_phase(e).phase == PHASE_WINDOW) {
        s->from = e->time;
    }
    requests_event(s->requests, e);
    return !ferror(stdout);
}

/*
 * Leaves only completed requests that were due in the measured window or later,
 * as the report does. Counts the others by their ends.
 */
static void select_completed(struct summary *s, uint64_t ends[OUTCOME_COUNT])
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct request *q = &s->all[i];
        if (q->due < s->from) {
            continue;
        }
        ends[q->end]++;
        if (q->end == OUTCOME_COMPLETED) {
            s->all[kept++] = *q;
        }
    }
    s->count = kept;
}

/* ---- Giving out --------------------------------------------------------- */

/* Orders the slowest request first, and the earlier of two that are equal. */
static int by_latency(const void *left, const void *right)
{
    const struct request *a = left;
    const struct request *b = right;
    if (a->latency != b->latency) {
        return a->latency > b->latency ? -1 : 1;
    }
    return a->number < b->number ? -1 : 1;
}

static int by_value(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Returns the cycles of a part, or the latency, for LATENCY_PART_COUNT. */
static uint64_t cycles_of(const struct request *q, int part)
{
    return part < LATENCY_PART_COUNT ? q->parts[part] : q->latency;
}

/* Returns the share of a part in the latencies of the first `count` requests,
   in per cent. */
static double share_of(const struct summary *s, int part, size_t count)
{
    double of_part = 0;
    double of_all = 0;
    for (size_t i = 0; i < count; i++) {
        of_part += (double)cycles_of(&s->all[i], part);
        of_all += (double)s->all[i].latency;
    }
    return of_all > 0 ? 100 * of_part / of_all : 0;
}

/* Returns the least of the ascending `values` that at least `percent` per cent
   of them do not exceed. */
static uint64_t quantile(const uint64_t *values, size_t count, size_t percent)
{
    size_t rank = (count * percent + 99) / 100;
    return values[rank > 0 ? rank - 1 : 0];
}

static void put_time(const struct summary *s, uint64_t cycles)
{
    char time[WORDS_BYTES];
    words_duration(cycles, s->info->cpu_hz, time);
    printf(" %9s", time);
}

static void put_row(const struct summary *s, int part, uint64_t *values,
                    size_t slow)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        values[i] = cycles_of(&s->all[i], part);
        sum += (double)values[i];
    }
    qsort(values, s->count, sizeof(*values), by_value);
    printf("  %-10s", part < LATENCY_PART_COUNT
                          ? word_name(&latency_part_words, (uint64_t)part)
                          : "latency");
    put_time(s, (uint64_t)(sum / (double)s->count));
    put_time(s, quantile(values, s->count, 50));
    put_time(s, quantile(values, s->count, 90));
    put_time(s, quantile(values, s->count, 99));
    put_time(s, values[s->count - 1]);
    printf(" %9.1f %% %9.1f %%\n", share_of(s, part, s->count),
           share_of(s, part, slow));
}

static bool put_table(const struct summary *s)
{
    size_t slow = (s->count + 99) / 100;
    uint64_t *values = calloc(s->count, sizeof(*values));
    if (!values) {
        return false;
    }
    printf("\nWhere the time went\n  %-10s %9s %9s %9s %9s %9s %11s %11s\n", "",
           "mean", "median", "90 %", "99 %", "most", "of all", "slowest 1 %");
    for (int part = 0; part <= LATENCY_PART_COUNT; part++) {
        put_row(s, part, values, slow);
    }
    free(values);
    return true;
}

static void put_slowest(const struct summary *s)
{
    puts("\nThe slowest");
    for (size_t i = 0; i < s->count && i < SLOWEST_SHOWN; i++) {
        const struct request *q = &s->all[i];
        int most = 0;
        for (int p = 0; p < LATENCY_PART_COUNT; p++) {
            most = q->parts[p] > q->parts[most] ? p : most;
        }
        char due[WORDS_BYTES];
        words_moment(q->due, s->info->cpu_hz, due);
        printf("  request %-8llu", (unsigned long long)q->number);
        put_time(s, q->latency);
        printf(", %.1f %% of it %s; %s, due at %s\n",
               100.0 * (double)q->parts[most] / (double)q->latency,
               word_phrase(&latency_part_words, (uint64_t)most),
               vm_name(&s->info->roster, q->vm).chars, due);
    }
}

static int print(struct summary *s)
{
    uint64_t ends[OUTCOME_COUNT] = { 0 };
    size_t all = s->count;
    select_completed(s, ends);
    uint64_t counted = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        counted += ends[i];
    }
    printf("%llu requests: %llu completed, %llu timed out, %llu failed, %llu "
           "unanswered",
           (unsigned long long)counted,
           (unsigned long long)ends[OUTCOME_COMPLETED],
           (unsigned long long)ends[OUTCOME_TIMED_OUT],
           (unsigned long long)ends[OUTCOME_FAILED],
           (unsigned long long)ends[OUTCOME_OPEN]);
    if (counted < all) {
        printf("\n(%llu more were due before the measured window)",
               (unsigned long long)(all - counted));
    }
    putchar('\n');
    if (s->count == 0) {
        return CLI_DONE;
    }
    qsort(s->all, s->count, sizeof(*s->all), by_latency);
    if (!put_table(s)) {
        return cli_complain("out of memory");
    }
    put_slowest(s);
    return CLI_DONE;
}

int explain_requests(struct reading *r, bool as_csv)
{
    struct summary s = { .info = r->info, .as_csv = as_csv };
    s.requests = requests_create(r->info->vm_limit, keep, &s);
    if (!s.requests) {
        return cli_complain("out of memory");
    }
    if (as_csv) {
        put_csv_head();
    }
    int code = reading_each(r, on_event, &s);
    if (!requests_finish(s.requests) || s.is_short) {
        code = cli_complain("out of memory");
    } else if (requests_count(s.requests) == 0) {
        cli_complain("there is no request in this trace: the scenario has no "
                     "load, or the run ended before it began");
        code = CLI_WRONG;
    } else if (!as_csv) {
        int printed = print(&s);
        code = printed == CLI_DONE ? code : printed;
    }
    requests_free(s.requests);
    free(s.all);
    return code;
}

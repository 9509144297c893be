/*
 * waits_view.c - `iksim explain --waits`: what VMs waited for, who made them wait,
 * and, of chosen VMs, each wait as a sentence.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/views/explain/explain.h"
#include "cli/views/explain/wait_tell.h"
#include "cli/views/explain/words.h"
#include "sim/vocabulary/vocabulary.h"

#define ANTAGONISTS_SHOWN 10

struct waits_view {
    const struct trace_info *info;
    const struct waits_choice *choice;
    struct waits_index index;
};

static bool on_event(void *ctx, const struct trace_event *e)
{
    struct waits_view *v = ctx;
    waits_index_event(&v->index, e);
    return true;
}

static bool is_wanted(const struct waits_view *v, const struct stretch *s)
{
    const struct waits_choice *c = v->choice;
    return s->to > c->from && s->from < c->to && s->cause != CAUSE_NONE &&
           (!c->vms || c->vms[s->vm]);
}

/* Returns the cycles of the stretch that lie in the time asked for. */
static uint64_t cycles_of(const struct waits_view *v, const struct stretch *s)
{
    uint64_t from = s->from > v->choice->from ? s->from : v->choice->from;
    uint64_t to = s->to < v->choice->to ? s->to : v->choice->to;
    return to - from;
}

static struct vm_name name_of(const struct waits_view *v, uint32_t vm)
{
    return vm_name(&v->info->roster, vm);
}

/* ---- Each wait by itself ------------------------------------------------ */

static int by_time(const void *left, const void *right)
{
    const struct stretch *a = *(const struct stretch *const *)left;
    const struct stretch *b = *(const struct stretch *const *)right;
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    return a->vm < b->vm ? -1 : a->vm > b->vm;
}

/* The chosen VMs' waits, in the order of their beginnings. */
static bool put_waits(const struct waits_view *v)
{
    const struct waits_index *x = &v->index;
    const struct stretch **all =
        calloc(x->stretch_count > 0 ? x->stretch_count : 1, sizeof(*all));
    if (!all) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < x->stretch_count; i++) {
        if (is_wanted(v, &x->stretches[i])) {
            all[count++] = &x->stretches[i];
        }
    }
    qsort(all, count, sizeof(*all), by_time);
    bool is_good = true;
    for (size_t i = 0;
         i < count && i < v->choice->limit && is_good && !ferror(stdout); i++) {
        is_good = wait_tell(x, v->info, all[i]);
    }
    free(all);
    return is_good;
}

/* ---- The table ---------------------------------------------------------- */

struct cause_sum {
    uint64_t cycles, count;
    const struct stretch *longest;
};

static void put_cause(const struct waits_view *v, enum wait_cause cause,
                      const struct cause_sum *sum, double all)
{
    char time[WORDS_BYTES];
    char longest[WORDS_BYTES];
    char moment[WORDS_BYTES];
    const struct stretch *s = sum->longest;
    words_duration(sum->cycles, v->info->cpu_hz, time);
    words_duration(s->to - s->from, v->info->cpu_hz, longest);
    words_moment(s->from, v->info->cpu_hz, moment);
    printf("  %-10s %9s", word_name(&wait_cause_words, cause), time);
    if (all > 0) {
        printf(" %8.1f %%", 100 * (double)sum->cycles / all);
    } else {
        printf(" %10s", "");
    }
    printf(" %10llu %9s  %s, from %s on\n", (unsigned long long)sum->count,
           longest, name_of(v, s->vm).chars, moment);
}

static void put_causes(const struct waits_view *v, const char *title,
                       bool of_idle)
{
    struct cause_sum sums[WAIT_CAUSE_COUNT] = { { 0 } };
    double all = 0;
    for (size_t i = 0; i < v->index.stretch_count; i++) {
        const struct stretch *s = &v->index.stretches[i];
        if (!is_wanted(v, s) || wait_is_idle(s) != of_idle) {
            continue;
        }
        struct cause_sum *sum = &sums[s->cause];
        sum->cycles += cycles_of(v, s);
        sum->count++;
        all += (double)cycles_of(v, s);
        if (!sum->longest ||
            s->to - s->from > sum->longest->to - sum->longest->from) {
            sum->longest = s;
        }
    }
    printf("%s\n  %-10s %9s %10s %10s %9s\n", title, "", "in all", "", "waits",
           "longest");
    for (int i = 0; i < WAIT_CAUSE_COUNT; i++) {
        if (sums[i].count > 0) {
            put_cause(v, (enum wait_cause)i, &sums[i], all);
        }
    }
}

/* ---- Who made others wait ----------------------------------------------- */

/* A wait for the processor begins, or ends. */
struct turn {
    uint64_t at;
    int change;
};

static int by_turn(const void *left, const void *right)
{
    const struct turn *a = left;
    const struct turn *b = right;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Writes the turns of the waits asked for, in order. NULL: out of memory. */
static struct turn *list_turns(const struct waits_view *v, size_t *count)
{
    struct turn *turns = calloc(2 * v->index.stretch_count + 1, sizeof(*turns));
    *count = 0;
    for (size_t i = 0; turns && i < v->index.stretch_count; i++) {
        const struct stretch *s = &v->index.stretches[i];
        if (is_wanted(v, s) && s->cause == CAUSE_PROCESSOR) {
            uint64_t from =
                s->from > v->choice->from ? s->from : v->choice->from;
            turns[(*count)++] = (struct turn){ from, 1 };
            turns[(*count)++] = (struct turn){ from + cycles_of(v, s), -1 };
        }
    }
    if (turns) {
        qsort(turns, *count, sizeof(*turns), by_turn);
    }
    return turns;
}

/* Adds to sums[], by who had the processor, its time multiplied by how many
   VMs waited for it. */
static void sum_turns(const struct waits_view *v, const struct turn *turns,
                      size_t count, double *sums)
{
    int64_t waiting = 0;
    uint64_t at = 0;
    size_t slice = 0;
    const struct waits_index *x = &v->index;
    for (size_t i = 0; i < count; i++) {
        while (waiting > 0 && at < turns[i].at && slice < x->slice_count) {
            const struct slice *s = &x->slices[slice];
            uint64_t to = s->to < turns[i].at ? s->to : turns[i].at;
            if (to > at) {
                size_t who = (s->vm < x->vm_limit ? s->vm : x->vm_limit) *
                                 (size_t)CPU_CATEGORY_COUNT +
                             s->category;
                sums[who] += (double)(to - at) * (double)waiting;
                at = to;
            }
            slice += s->to <= at;
        }
        at = turns[i].at;
        while (slice < x->slice_count && x->slices[slice].to <= at) {
            slice++;
        }
        waiting += turns[i].change;
    }
}

static void put_shares(const struct waits_view *v, double *sums, size_t count,
                       double all)
{
    for (int n = 0; n < ANTAGONISTS_SHOWN; n++) {
        size_t most = 0;
        for (size_t i = 1; i < count; i++) {
            most = sums[i] > sums[most] ? i : most;
        }
        if (sums[most] <= 0) {
            return;
        }
        size_t vm = most / (size_t)CPU_CATEGORY_COUNT;
        struct antagonist a = {
            .vm = vm < v->info->vm_limit ? (uint32_t)vm : TRACE_NO_VM,
            .category = (enum cpu_category)(most % (size_t)CPU_CATEGORY_COUNT),
        };
        char time[WORDS_BYTES];
        words_duration((uint64_t)sums[most], v->info->cpu_hz, time);
        printf("  %9s %6.1f %%  ", time, 100 * sums[most] / all);
        wait_tell_who(v->info, &a);
        putchar('\n');
        sums[most] = 0;
    }
}

static bool put_antagonists(const struct waits_view *v)
{
    size_t turn_count = 0;
    size_t count = ((size_t)v->info->vm_limit + 1) * (size_t)CPU_CATEGORY_COUNT;
    struct turn *turns = list_turns(v, &turn_count);
    double *sums = calloc(count, sizeof(*sums));
    double all = 0;
    if (turns && sums && turn_count > 0) {
        sum_turns(v, turns, turn_count, sums);
        for (size_t i = 0; i < count; i++) {
            all += sums[i];
        }
        puts("\nWho had the processor while others waited for it (time, by how "
             "many waited)");
        put_shares(v, sums, count, all);
    }
    bool is_good = turns && sums;
    free(turns);
    free(sums);
    return is_good;
}

/* ---- All of it ---------------------------------------------------------- */

static bool print(const struct waits_view *v)
{
    if (v->choice->as_sentences) {
        return put_waits(v);
    }
    put_causes(v, "What kept VMs from their work", false);
    put_causes(v, "\nWhat ended their idling", true);
    return put_antagonists(v);
}

int explain_waits(struct reading *r, const struct waits_choice *choice)
{
    struct waits_view v = { .info = r->info, .choice = choice };
    int code = CLI_DONE;
    if (waits_index_init(&v.index, r->info->vm_limit, r->info->disks)) {
        code = reading_each(r, on_event, &v);
        if (!waits_index_finish(&v.index) || !print(&v)) {
            code = cli_complain("out of memory");
        }
    } else {
        code = cli_complain("out of memory");
    }
    waits_index_release(&v.index);
    return code;
}

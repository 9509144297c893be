/* values.c - what a run has counted, as figures; see figures.h. */
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/report/figures.h"

#include "sim/banned.h"

#define NS_PER_SECOND 1e9

static uint64_t cpu_hz(const struct report *r)
{
    return r->scenario->machine->cpu_hz;
}

static uint64_t window_cycles(const struct stats *s)
{
    return s->window_end > s->window_start ? s->window_end - s->window_start
                                           : 0;
}

/* ---- Reckoned ----------------------------------------------------------- */

/* A constant for each COMPUTED row, so that the compiler finds one that
   compute() leaves out. */
#define COMPUTED(at, S, NAME, member, STORAGE, ...) \
    COMPUTED_##STORAGE(S##_##NAME)
#define COMPUTED_NUMBER(id)
#define COMPUTED_SPLIT(id)
#define COMPUTED_DISTRIBUTION(id)
#define COMPUTED_BRIEF(id)
#define COMPUTED_COMPUTED(id) REFERS_TO_##id = FIGURE_##id,
enum computed { FIGURES(COMPUTED, COMPUTED) };

static double by(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static uint32_t per_mille_of(enum figure_part part)
{
#define PER_MILLE(part, key, short_name, per_mille, ...) \
    [PART_##part] = per_mille,
    static const uint32_t per_milles[] = { FIGURE_PARTS(PER_MILLE, ) };
    return per_milles[part];
}

struct interval figure_interval(const struct report *r, enum figure_id id)
{
    const struct load_stats *l = &r->stats->load;
    struct interval interval;
    interval_find(&l->latency, l->batches, per_mille_of(figure_table[id].part),
                  &interval);
    if (r->steady->verdict.class != STEADY_FLAT) {
        interval = (struct interval){ .state = INTERVAL_UNSTEADY };
    }
    return interval;
}

/* Three rows for each percentile, in the order of percentiles. */
static double interval_part(const struct report *r, enum figure_id id)
{
    _Static_assert(
        FIGURE_INTERVAL_P999_TAKES - FIGURE_INTERVAL_P50_LOW + 1 ==
            3 * (FIGURE_LOAD_LATENCY_P999 - FIGURE_LOAD_LATENCY_P50 + 1),
        "rows of intervals");
    int row = (int)(id - FIGURE_INTERVAL_P50_LOW);
    struct interval interval =
        figure_interval(r, (enum figure_id)(FIGURE_LOAD_LATENCY_P50 + row / 3));
    if (row % 3 == 2) {
        return (double)interval.takes;
    }
    return (double)ns_from_cycles(row % 3 == 0 ? interval.low : interval.high,
                                  cpu_hz(r));
}

static double compute(const struct report *r, enum computed figure)
{
    const struct stats *s = r->stats;
    const struct load_stats *l = &s->load;
    uint64_t cycles = window_cycles(s);
    double seconds = (double)cycles / (double)cpu_hz(r);
    switch (figure) {
    case REFERS_TO_MEASURED_LENGTH:
        return (double)ns_from_cycles(cycles, cpu_hz(r));
    case REFERS_TO_MEASURED_WARMUP:
        return (double)ns_from_cycles(s->warmup, cpu_hz(r));
    case REFERS_TO_LOAD_OFFERED:
        return by((double)l->offered, seconds);
    case REFERS_TO_LOAD_ANSWERED:
        return by((double)l->answered, seconds);
    case REFERS_TO_LOAD_UPDATES:
        return by(by((double)l->snapshots, seconds), (double)l->servers);
    case REFERS_TO_INTERVAL_P50_LOW:
    case REFERS_TO_INTERVAL_P50_HIGH:
    case REFERS_TO_INTERVAL_P50_TAKES:
    case REFERS_TO_INTERVAL_P90_LOW:
    case REFERS_TO_INTERVAL_P90_HIGH:
    case REFERS_TO_INTERVAL_P90_TAKES:
    case REFERS_TO_INTERVAL_P99_LOW:
    case REFERS_TO_INTERVAL_P99_HIGH:
    case REFERS_TO_INTERVAL_P99_TAKES:
    case REFERS_TO_INTERVAL_P999_LOW:
    case REFERS_TO_INTERVAL_P999_HIGH:
    case REFERS_TO_INTERVAL_P999_TAKES:
        return interval_part(r, (enum figure_id)figure);
    case REFERS_TO_DISK_UTILISATION:
        return by((double)s->disk.busy,
                  (double)cycles * (double)r->scenario->machine->disk_count);
    case REFERS_TO_FAIRNESS_CPU:
        return stats_fairness(s, FAIRNESS_CPU);
    case REFERS_TO_FAIRNESS_ANSWERED:
        return stats_fairness(s, FAIRNESS_ANSWERED);
    case REFERS_TO_FAIRNESS_LATENCY:
        return stats_fairness(s, FAIRNESS_LATENCY);
    case REFERS_TO_STEADY_CUT:
        return r->steady->verdict.cut * r->steady->input.seconds *
               NS_PER_SECOND;
    case REFERS_TO_STEADY_LATENCY_1:
        return r->steady->input.first[STEADY_LATENCY];
    case REFERS_TO_STEADY_LATENCY_2:
        return r->steady->input.second[STEADY_LATENCY];
    case REFERS_TO_STEADY_FAULTS_1:
        return r->steady->input.first[STEADY_FAULTS];
    case REFERS_TO_STEADY_FAULTS_2:
        return r->steady->input.second[STEADY_FAULTS];
    case REFERS_TO_STEADY_OPEN_1:
        return r->steady->input.first[STEADY_OPEN];
    case REFERS_TO_STEADY_OPEN_2:
        return r->steady->input.second[STEADY_OPEN];
    case REFERS_TO_STEADY_WAITING_1:
        return r->steady->input.first[STEADY_WAITING];
    case REFERS_TO_STEADY_WAITING_2:
        return r->steady->input.second[STEADY_WAITING];
    case REFERS_TO_HOST_WALL:
        return r->host->wall_s;
    case REFERS_TO_HOST_MIPS:
        return r->host->mips;
    case REFERS_TO_HOST_MAX_RSS:
        return (double)r->host->max_rss_kib;
    case REFERS_TO_HOST_REPEATS:
        return (double)r->host->repeats;
    }
    SIM_ASSERT(false);
    return 0;
}

/* ---- Counted ------------------------------------------------------------ */

/* The uint64_t at `offset` of a struct. */
static uint64_t load(const void *from, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)from + offset, sizeof(value));
    return value;
}

static uint64_t in_unit(const struct report *r, const struct figure *f,
                        uint64_t value)
{
    return f->unit == UNIT_NS ? ns_from_cycles(value, cpu_hz(r)) : value;
}

/* Rounded at the ends of adjacent spans, so that the sum is exact. */
static uint64_t split_time(const struct report *r, enum figure_id id)
{
    const struct figure *f = &figure_table[id];
    uint64_t before = 0;
    for (int i = 0; i < (int)id; i++) {
        before += figure_table[i].section == f->section
                      ? load(r->stats, figure_table[i].offset)
                      : 0;
    }
    uint64_t end = before + load(r->stats, f->offset);
    return in_unit(r, f, end) - in_unit(r, f, before);
}

uint64_t figure_least_count(enum figure_id id)
{
    enum figure_part part = figure_table[id].part;
    uint32_t per_mille = part == PART_NONE ? 0 : per_mille_of(part);
    return per_mille % 1000 == 0 ? 0 : hist_least_count(per_mille);
}

uint64_t figure_least_answers(enum figure_id id)
{
    const struct figure *f = &figure_table[id];
    bool is_latency = f->part != PART_NONE &&
                      f->offset == figure_table[FIGURE_LOAD_LATENCY_P99].offset;
    return is_latency ? figure_least_count(id) : 0;
}

const struct histogram *figure_histogram(const struct stats *s,
                                         enum figure_id id)
{
    SIM_ASSERT(figure_table[id].part != PART_NONE);
    return (const struct histogram *)(const void *)((const char *)s +
                                                    figure_table[id].offset);
}

bool figure_is_whole(const struct figure *f)
{
    switch (f->unit) {
    case UNIT_COUNT:
    case UNIT_BYTES:
    case UNIT_FRAMES:
    case UNIT_PACKETS:
    case UNIT_NS:
    case UNIT_KIB:
        return f->part != PART_MEAN;
    case UNIT_PER_SECOND:
    case UNIT_SHARE:
    case UNIT_INDEX:
    case UNIT_AVERAGE:
    case UNIT_SECONDS:
    case UNIT_MILLIONS_A_SECOND:
        return false;
    }
    return false;
}

uint64_t figure_whole(const struct report *r, enum figure_id id)
{
    const struct figure *f = &figure_table[id];
    SIM_ASSERT(figure_is_whole(f) && f->section != SECTION_GROUP);
    switch (f->storage) {
    case STORAGE_NUMBER:
        return in_unit(r, f, load(r->stats, f->offset));
    case STORAGE_SPLIT:
        return split_time(r, id);
    case STORAGE_DISTRIBUTION:
    case STORAGE_BRIEF:
        return in_unit(r, f,
                       hist_percentile(figure_histogram(r->stats, id),
                                       per_mille_of(f->part)));
    case STORAGE_COMPUTED:
        return (uint64_t)compute(r, (enum computed)id);
    }
    return 0;
}

static double mean(const struct report *r, enum figure_id id)
{
    double value = hist_mean(figure_histogram(r->stats, id));
    return figure_table[id].unit == UNIT_NS
               ? value * NS_PER_SECOND / (double)cpu_hz(r)
               : value;
}

double figure_real(const struct report *r, enum figure_id id)
{
    if (figure_is_whole(&figure_table[id])) {
        return (double)figure_whole(r, id);
    }
    return figure_table[id].part == PART_MEAN ? mean(r, id)
                                              : compute(r, (enum computed)id);
}

/* ---- Of groups ---------------------------------------------------------- */

struct group_figures figures_of_group(const struct report *r,
                                      const struct scenario_vms *group)
{
    const struct stats *s = r->stats;
    struct group_figures sum = { .shares = group->shares };
    for (uint32_t i = 0; i < group->vm_total; i++) {
        uint32_t number = group->first + i;
        if (number < s->per_vm_count && s->per_vm[number].exists) {
            const struct vm_stats *vm = &s->per_vm[number];
            bool is_least = sum.vms == 0 || vm->cpu < sum.least_cpu;
            sum.least_cpu = is_least ? vm->cpu : sum.least_cpu;
            sum.vms++;
            sum.cpu += vm->cpu;
            sum.sent += vm->sent;
            sum.completed += vm->completed;
        }
    }
    return sum;
}

uint64_t figure_of_group(const struct report *r, const struct group_figures *g,
                         enum figure_id id)
{
    SIM_ASSERT(figure_table[id].section == SECTION_GROUP);
    return in_unit(r, &figure_table[id], load(g, figure_table[id].offset));
}

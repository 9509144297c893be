/* steady.c - see steady.h. */
#include "tests/shadow/steady.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/vocabulary/vocabulary.h"

#define SLOTS   400 /* docs/report.md: parts of the window. */
#define BATCHES 20
#define ENOUGH  40 /* Observations: two to a batch. */

enum quantity { LATENCY, FAULTS, OPEN, WAITING, QUANTITIES };

/* A quantity, as observed: when each observation begins, as a share. */
struct series {
    size_t count;
    double x[SLOTS], at[SLOTS];
};

struct window {
    uint64_t start, end; /* Cycles: of the slots that are looked at; */
    double slot, hz;     /* of one of them, cycles. */
    size_t slots;
    double answers;
    struct series of[QUANTITIES];
    double halves[2][QUANTITIES];
};

/* ---- Observations -------------------------------------------------------- */

/* "1500ms", in cycles. */
static double planned_cycles(const struct shadow *s)
{
    const json_t *run = json_object_get(s->info->scenario, "run");
    const char *text = json_string_value(json_object_get(run, "duration"));
    char *unit = NULL;
    double x = text ? strtod(text, &unit) : 0;
    double ns = !unit                     ? 0
                : strcmp(unit, "ns") == 0 ? x
                : strcmp(unit, "us") == 0 ? x * 1e3
                : strcmp(unit, "ms") == 0 ? x * 1e6
                                          : x * 1e9;
    return floor(ns * (double)s->info->cpu_hz / 1e9);
}

static size_t slot_of(const struct window *w, uint64_t time)
{
    size_t slot = (size_t)((double)(time - w->start) / w->slot);
    return slot < SLOTS ? slot : SLOTS - 1;
}

static bool is_inside(const struct window *w, uint64_t time)
{
    return time >= w->start && slot_of(w, time) < w->slots &&
           (double)(time - w->start) < w->slot * SLOTS;
}

/* The level's integral over each slot, as a mean. */
static void average(const struct window *w, const struct shadow_moments *m,
                    double mean[SLOTS])
{
    for (size_t k = 0; k < w->slots; k++) {
        mean[k] = 0;
    }
    for (size_t i = 0; i < m->count; i++) {
        double from = (double)m->items[i].time - (double)w->start;
        double to = i + 1 < m->count
                        ? (double)m->items[i + 1].time - (double)w->start
                        : w->slot * (double)w->slots;
        size_t k = from > 0 ? (size_t)(from / w->slot) : 0;
        for (;
             m->items[i].value > 0 && k < w->slots && w->slot * (double)k < to;
             k++) {
            double first = fmax(from, w->slot * (double)k);
            double last = fmin(to, w->slot * (double)(k + 1));
            mean[k] +=
                (double)m->items[i].value * fmax(last - first, 0) / w->slot;
        }
    }
}

static void observe(struct series *o, double at, double x)
{
    o->at[o->count] = at;
    o->x[o->count++] = x;
}

/* Slots in a row until a two hundredth of all answers is in them. */
static void observe_latency(struct window *w, const double *answers,
                            const double *sums)
{
    double least = floor(w->answers / 200);
    double count = 0;
    double sum = 0;
    size_t first = 0;
    for (size_t k = 0; k < w->slots; k++) {
        count += answers[k];
        sum += sums[k];
        if (count > 0 && count >= least) {
            observe(&w->of[LATENCY], (double)first / (double)w->slots,
                    sum / count);
            count = sum = 0;
            first = k + 1;
        }
    }
}

static double mean(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += x[i];
    }
    return count > 0 ? sum / (double)count : 0;
}

static void halve(struct window *w, int half, const double *answers,
                  const double *sums, double levels[QUANTITIES][SLOTS])
{
    size_t middle = w->slots / 2;
    size_t from = half == 0 ? 0 : middle;
    size_t count = half == 0 ? middle : w->slots - middle;
    double asked = mean(answers + from, count);
    for (int q = FAULTS; q < QUANTITIES; q++) {
        w->halves[half][q] = mean(levels[q] + from, count);
    }
    w->halves[half][LATENCY] = asked > 0 ? mean(sums + from, count) / asked : 0;
}

static void look(struct window *w, const struct shadow *s)
{
    double answers[SLOTS] = { 0 };
    double sums[SLOTS] = { 0 }; /* Of latencies, ns. */
    double levels[QUANTITIES][SLOTS] = { { 0 } };
    *w = (struct window){ .start = s->window_start,
                          .slot = planned_cycles(s) / SLOTS,
                          .hz = (double)s->info->cpu_hz };
    double length = (double)shadow_virtual_cycles(s);
    if (w->start == UINT64_MAX || !(w->slot > 0)) {
        return;
    }
    w->slots = length >= w->slot * SLOTS ? SLOTS : (size_t)(length / w->slot);
    for (size_t i = 0; i < s->answers.count; i++) {
        const struct shadow_moment *m = &s->answers.items[i];
        if (is_inside(w, m->time)) {
            answers[slot_of(w, m->time)]++;
            sums[slot_of(w, m->time)] += (double)m->value * 1e9 / w->hz;
            w->answers++;
        }
    }
    for (size_t i = 0; i < s->faulted.count; i++) {
        if (is_inside(w, s->faulted.items[i].time)) {
            levels[FAULTS][slot_of(w, s->faulted.items[i].time)] +=
                w->hz / w->slot;
        }
    }
    average(w, &s->asked, levels[OPEN]);
    average(w, &s->gate, levels[WAITING]);
    for (size_t k = 0; k < w->slots; k++) {
        for (int q = FAULTS; q < QUANTITIES; q++) {
            observe(&w->of[q], (double)k / (double)w->slots, levels[q][k]);
        }
    }
    observe_latency(w, answers, sums);
    for (int half = 0; half < 2; half++) {
        halve(w, half, answers, sums, levels);
    }
}

/* ---- Tests, each as its paper has it ------------------------------------- */

static double variance(const double *x, size_t count)
{
    double m = mean(x, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (x[i] - m) * (x[i] - m);
    }
    return count > 1 ? sum / (double)(count - 1) : 0;
}

static void make_batches(const double *x, size_t count, double of[BATCHES])
{
    for (size_t b = 0; b < BATCHES; b++) {
        size_t from = count * b / BATCHES;
        of[b] = mean(x + from, count * (b + 1) / BATCHES - from);
    }
}

/* Welch (1947): the difference of the halves' means over its error. */
static double welch(const double b[BATCHES])
{
    size_t n = BATCHES / 2;
    double error = variance(b, n) / (double)n + variance(b + n, n) / (double)n;
    return error > 0 ? (mean(b + n, n) - mean(b, n)) / sqrt(error) : 0;
}

/* Von Neumann (1941): the mean square successive difference over the variance is
   2 if neighbours are independent; the square of (1 - ratio / 2) is on average
   (n - 2) / (n^2 - 1) then (Young, 1941). */
static double von_neumann(const double b[BATCHES])
{
    double n = BATCHES;
    double steps = 0;
    for (size_t i = 0; i + 1 < BATCHES; i++) {
        steps += pow(b[i + 1] - b[i], 2);
    }
    double all = variance(b, BATCHES);
    double ratio = all > 0 ? steps / (n - 1) / all : 2;
    return (1 - ratio / 2) / sqrt((n - 2) / (n * n - 1));
}

/* Kendall (1938): concordant less discordant pairs, of all. */
static double kendall(const double b[BATCHES])
{
    double score = 0;
    double pairs = 0;
    for (size_t j = 1; j < BATCHES; j++) {
        for (size_t i = 0; i < j; i++) {
            pairs++;
            score += b[i] < b[j] ? 1 : b[i] > b[j] ? -1 : 0;
        }
    }
    return score / pairs;
}

/* How far the means of five batches in a row lie apart. */
static double swing(const double b[BATCHES])
{
    double least = HUGE_VAL;
    double most = -HUGE_VAL;
    for (size_t i = 0; i + 5 <= BATCHES; i++) {
        least = fmin(least, mean(b + i, 5));
        most = fmax(most, mean(b + i, 5));
    }
    return most - least;
}

/* MSER-5 (White, 1997; White, Cobb and Spratt, 2000): of the means of five, the
   beginning is cut without which the rest has the least standard error; never
   more than half. */
static size_t mser_5(const double *x, size_t count)
{
    double fives[SLOTS / 5 + 1];
    size_t n = count / 5;
    size_t best = 0;
    double least = HUGE_VAL;
    for (size_t i = 0; i < n; i++) {
        fives[i] = mean(x + 5 * i, 5);
    }
    for (size_t d = 0; d <= n / 2 && d < n; d++) {
        double rest = (double)(n - d);
        double squares = 0;
        double m = mean(fives + d, n - d);
        for (size_t i = d; i < n; i++) {
            squares += pow(fives[i] - m, 2);
        }
        if (squares / (rest * rest) < least) {
            least = squares / (rest * rest);
            best = d;
        }
    }
    return 5 * best;
}

/* The beginning's mean against that of spans of its length, a batch at most, as
   these vary. */
static double stands_out(const double *x, size_t count, size_t cut)
{
    size_t span = cut < count / BATCHES ? cut : count / BATCHES;
    size_t n = span > 0 ? (count - cut) / span : 0;
    double spans[SLOTS];
    if (n < 8) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        spans[i] = mean(x + count - (i + 1) * span, span);
    }
    double error = sqrt(variance(spans, n) * (double)span / (double)cut);
    return error > 0 ? fabs(mean(x, cut) - mean(spans, n)) / error : 0;
}

/* ---- The class ----------------------------------------------------------- */

/* A tenth of the mean; of faults one in 200 answers, of open and waiting ones a
   whole one. */
static double matters(const struct window *w, int q, double of_mean)
{
    double seconds = w->slot * (double)w->slots / w->hz;
    double least = q == FAULTS    ? w->answers / 200 / seconds
                   : q == LATENCY ? 0
                                  : 1;
    return fmax(of_mean / 10, least);
}

static size_t behind(const struct series *o, double share)
{
    size_t i = 0;
    while (i < o->count && o->at[i] < share) {
        i++;
    }
    return i;
}

static bool is_even(const struct window *w, int q, double cut)
{
    const struct series *o = &w->of[q];
    size_t from = behind(o, cut);
    double b[BATCHES];
    if (o->count < from + ENOUGH) {
        return true;
    }
    make_batches(o->x + from, o->count - from, b);
    double least = cut > 0 ? 0 : matters(w, q, mean(b, BATCHES));
    double step = fabs(mean(b, 10) - mean(b + 10, 10));
    return !(fabs(welch(b)) > 3.6 && step > least) &&
           !(von_neumann(b) > 2.6 && swing(b) > least);
}

static int first_uneven(const struct window *w, double cut)
{
    int q = 0;
    while (q < QUANTITIES && is_even(w, q, cut)) {
        q++;
    }
    return q;
}

static double beginning(const struct window *w, int q)
{
    const struct series *o = &w->of[q];
    size_t cut = mser_5(o->x, o->count);
    double all[BATCHES];
    double rest[BATCHES];
    if (o->count < cut + ENOUGH || stands_out(o->x, o->count, cut) < 6) {
        return 0;
    }
    make_batches(o->x, o->count, all);
    make_batches(o->x + cut, o->count - cut, rest);
    double m = mean(rest, BATCHES);
    return fabs(mean(all, BATCHES) - m) > matters(w, q, m) ? o->at[cut] : 0;
}

static bool grows(const struct window *w)
{
    double b[BATCHES];
    if (w->of[OPEN].count < ENOUGH) {
        return false;
    }
    make_batches(w->of[OPEN].x, w->of[OPEN].count, b);
    double growth = mean(b + 10, 10) - mean(b, 10);
    return kendall(b) >= 0.6 && growth > matters(w, OPEN, mean(b, BATCHES)) &&
           growth > w->answers / 100;
}

static bool goes_one_way(const struct window *w, int q)
{
    const struct series *o = &w->of[q];
    size_t half = behind(o, 0.5);
    double all[BATCHES];
    double rest[BATCHES];
    if (o->count < half + ENOUGH) {
        return false;
    }
    make_batches(o->x, o->count, all);
    make_batches(o->x + half, o->count - half, rest);
    double of_all = kendall(all);
    double of_rest = kendall(rest);
    return fabs(of_all) >= 0.6 && fabs(of_rest) >= 0.3 &&
           (of_all > 0) == (of_rest > 0);
}

struct judgement {
    enum steady_class class;
    bool is_overloaded;
    double cut; /* A share of what is looked at. */
};

/* The least twentieth, from the beginning that stands out on, behind which
   nothing is uneven. */
static struct judgement find_warmup(const struct window *w, double least)
{
    for (int i = 0; i <= 10; i++) {
        double cut = 0.5 * i / 10;
        if (cut >= least && first_uneven(w, cut) == QUANTITIES) {
            return (struct judgement){ STEADY_WARMUP, false, cut };
        }
    }
    return (struct judgement){ STEADY_NONE, false, 0 };
}

static struct judgement judge(const struct window *w)
{
    size_t most = 0;
    int begins = QUANTITIES;
    double cut = 0;
    for (int q = 0; q < QUANTITIES; q++) {
        double share = beginning(w, q);
        begins = share > cut ? q : begins;
        cut = fmax(cut, share);
        most = w->of[q].count > most ? w->of[q].count : most;
    }
    int uneven = first_uneven(w, 0);
    if (most < ENOUGH) {
        return (struct judgement){ STEADY_UNKNOWN, false, 0 };
    }
    if (grows(w)) {
        return (struct judgement){ STEADY_NONE, true, 0 };
    }
    if (uneven == QUANTITIES && begins == QUANTITIES) {
        return (struct judgement){ STEADY_FLAT, false, 0 };
    }
    if (goes_one_way(w, uneven < QUANTITIES ? uneven : begins)) {
        return (struct judgement){ STEADY_DRIFT, false, 0 };
    }
    return uneven < QUANTITIES
               ? find_warmup(w, cut)
               : (struct judgement){ STEADY_WARMUP, false, cut };
}

/* ---- Intervals of percentiles -------------------------------------------- */

/* Latencies as a report keeps them: seven bits behind the first, upwards. */
static uint64_t kept(uint64_t x)
{
    unsigned shift = 0;
    while (x >> shift >= 256) {
        shift++;
    }
    return (((x >> shift) + 1) << shift) - 1;
}

struct batched {
    struct sample all; /* As kept; sorted. */
    uint64_t largest;  /* Exactly. */
    struct sample of[BATCHES];
};

static void batch_latencies(const struct shadow *s, struct batched *b)
{
    *b = (struct batched){ .largest = 0 };
    double length = (double)shadow_virtual_cycles(s);
    for (size_t i = 0; i < s->counted.count; i++) {
        const struct shadow_moment *m = &s->counted.items[i];
        double share = (double)(m->time - s->window_start) / length;
        size_t batch = share < 1 ? (size_t)(share * BATCHES) : BATCHES - 1;
        b->largest = m->value > b->largest ? m->value : b->largest;
        sample_add(&b->all, kept(m->value));
        sample_add(&b->of[batch], kept(m->value));
    }
    sample_sort(&b->all);
}

static double within(const struct sample *s, uint64_t value)
{
    double count = 0;
    for (size_t i = 0; i < s->count; i++) {
        count += s->values[i] <= value;
    }
    return count;
}

/* Heidelberger and Lewis (1984): how many answers are within the percentile, by
   batch, of which the share is to be the same. The variance of their sum, with
   the correlation of neighbours (Tafazzoli and Wilson, 2011), and not below that
   of independent answers. */
static double error_of(const struct batched *b, double share, double *z)
{
    uint64_t value = sample_percentile(&b->all, (uint32_t)lround(share * 1000));
    double y[BATCHES];
    double products = 0;
    for (size_t i = 0; i < BATCHES; i++) {
        y[i] = within(&b->of[i], value) - share * (double)b->of[i].count;
    }
    double m = mean(y, BATCHES);
    for (size_t i = 0; i + 1 < BATCHES; i++) {
        products += (y[i] - m) * (y[i + 1] - m);
    }
    double of_batch = variance(y, BATCHES);
    double r = of_batch > 0 ? products / (of_batch * (BATCHES - 1)) : 0;
    r = fmin(fmax(r, 0), 0.8);
    *z = von_neumann(y);
    return fmax(BATCHES * of_batch * (1 + r) / (1 - r),
                (double)b->all.count * share * (1 - share));
}

static uint64_t of_rank(const struct batched *b, double rank)
{
    uint64_t value = b->all.values[(size_t)ceil(rank) - 1];
    return value < b->largest ? value : b->largest;
}

/* Twenty answers beyond the percentile that count as independent, by how the
   batches differ at the median; at least 2,000 in all. */
static struct shadow_interval find_interval(const struct batched *b,
                                            double share)
{
    static const double student = 2.093; /* 95 %, 19 degrees of freedom. */
    double n = (double)b->all.count;
    double takes = 20 / fmin(share, 1 - share);
    double z;
    if (n >= 2000) {
        takes *= error_of(b, 0.5, &z) / (n / 4);
    }
    takes = takes > 2000 ? ceil(takes - 1e-6) : 2000;
    if (n < takes) {
        return (struct shadow_interval){ .state = INTERVAL_FEW,
                                         .takes = takes };
    }
    double error = student * sqrt(error_of(b, share, &z));
    if (z > 1.645 || n * share - error < 1 || n * share + error > n) {
        return (struct shadow_interval){ .state = INTERVAL_DEPENDENT };
    }
    return (struct shadow_interval){ .state = INTERVAL_GIVEN,
                                     .low = of_rank(b, n * share - error),
                                     .high = of_rank(b, n * share + error) };
}

/* ---- What the report should say ------------------------------------------ */

static void expect_pair(struct expectations *e, const char *name,
                        const char *unit, double first, double second,
                        double step)
{
    char path[EXPECT_PATH_BYTES];
    snprintf(path, sizeof(path), "steady.%s_1%s", name, unit);
    expect_real(e, path, first, step);
    snprintf(path, sizeof(path), "steady.%s_2%s", name, unit);
    expect_real(e, path, second, step);
}

/* Whole nanoseconds, rounded or cut. */
static void expect_ns(struct expectations *e, const char *path, double ns)
{
    expect_between(e, path, ns - 1, ns + 0.55);
}

static void expect_steady(struct expectations *e, const struct window *w,
                          const struct judgement *j)
{
    const double *first = w->halves[0];
    const double *second = w->halves[1];
    expect_text(e, "steady.class", word_name(&steady_class_words, j->class));
    expect_flag(e, "steady.overloaded", j->is_overloaded);
    expect_ns(e, "steady.cut_ns",
              j->cut * w->slot * (double)w->slots / w->hz * 1e9);
    expect_ns(e, "steady.latency_1_ns", first[LATENCY]);
    expect_ns(e, "steady.latency_2_ns", second[LATENCY]);
    expect_pair(e, "faults", "_rps", first[FAULTS], second[FAULTS], 0.001);
    expect_pair(e, "open", "", first[OPEN], second[OPEN], 0.002);
    expect_pair(e, "waiting", "", first[WAITING], second[WAITING], 0.002);
}

static uint64_t in_ns(const struct shadow *s, double cycles)
{
    return (uint64_t)(cycles * 1e9 / (double)s->info->cpu_hz);
}

static void expect_end(struct expectations *e, const struct shadow *s,
                       const char *name, const char *end, double cycles)
{
    char path[EXPECT_PATH_BYTES];
    double ns = (double)in_ns(s, cycles);
    snprintf(path, sizeof(path), "load.interval.%s_%s_ns", name, end);
    expect_between(e, path, ns, cycles > 0 ? ns + 1 : ns);
}

void steady_expect(struct expectations *e, const struct shadow *s)
{
    static const struct {
        const char *name;
        double share;
    } percentiles[] = {
        { "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 }, { "p999", 0.999 }
    };
    static struct window w;
    char path[EXPECT_PATH_BYTES];
    struct batched b;
    look(&w, s);
    struct judgement j = judge(&w);
    expect_steady(e, &w, &j);
    batch_latencies(s, &b);
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        const char *name = percentiles[i].name;
        struct shadow_interval found = { .state = INTERVAL_UNSTEADY };
        if (j.class == STEADY_FLAT) {
            found = find_interval(&b, percentiles[i].share);
        }
        expect_end(e, s, name, "low", (double)found.low);
        expect_end(e, s, name, "high", (double)found.high);
        snprintf(path, sizeof(path), "load.interval.%s_takes", name);
        expect_real(e, path, found.takes, found.takes > 0 ? 2 : 0.001);
        snprintf(path, sizeof(path), "load.interval.states.%s", name);
        expect_text(e, path, word_name(&interval_state_words, found.state));
    }
    sample_release(&b.all);
    for (size_t i = 0; i < BATCHES; i++) {
        sample_release(&b.of[i]);
    }
}

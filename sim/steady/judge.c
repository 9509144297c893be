/* judge.c - see judge.h. */
#include "sim/steady/judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/quantity.h"
#include "sim/steady/batch.h"

#include "sim/banned.h"

/* What chance does not explain; chosen on one half of the scenarios of
   tests/steady, reported on the other. */
#define LIKELY_T   3.6 /* 0.2 % with 18 degrees of freedom. */
#define LIKELY_Z   2.6 /* 0.5 %. */
#define STANDS_OUT 6.0
#define ONE_WAY    0.6 /* Kendall's tau. */

/* What matters: a part of the mean; */
#define SHARE_THAT_MATTERS 0.1
/* of page faults also this many an answer, which a percentile of 99 sees; */
#define FAULTS_THAT_MATTER 0.005
/* of requests and VMs that wait, one. */
#define ONE 1.0
/* Overload: what is open grows by this part of what was answered. */
#define GROWTH_THAT_MATTERS 0.01

#define CUT_STEPS 10 /* From none to a half of the span. */

/* The least difference of means that matters. */
static double threshold(const struct steady_input *in, enum steady_quantity q,
                        double mean)
{
    double part = mean * SHARE_THAT_MATTERS;
    double least = 0;
    switch (q) {
    case STEADY_LATENCY:
    case STEADY_QUANTITY_COUNT:
        break;
    case STEADY_FAULTS:
        least = in->seconds > 0
                    ? FAULTS_THAT_MATTER * (double)in->answers / in->seconds
                    : 0;
        break;
    case STEADY_OPEN:
    case STEADY_WAITING:
        least = ONE;
        break;
    }
    return part > least ? part : least;
}

/* ---- One quantity -------------------------------------------------------- */

/* The first observation of the span's rest behind `cut`. */
static size_t first_behind(const struct steady_observations *o, double cut)
{
    size_t i = 0;
    while (i < o->count && o->at[i] < cut) {
        i++;
    }
    return i;
}

/* Of the whole only what matters counts; of what is left behind a cut whatever
   is no chance, or a slow drift would pass for a warm-up. */
static bool has_one_mean(const struct steady_input *in, enum steady_quantity q,
                         double cut)
{
    const struct steady_observations *o = &in->of[q];
    size_t from = first_behind(o, cut);
    struct batch_test test;
    if (o->count - from < BATCH_LEAST) {
        return true;
    }
    batch_test(o->values + from, o->count - from, &test);
    double least = cut > 0 ? 0 : threshold(in, q, test.mean);
    bool halves_differ =
        fabs(test.t) > LIKELY_T && fabs(test.second - test.first) > least;
    bool wanders = test.z > LIKELY_Z && test.swing > least;
    return !halves_differ && !wanders;
}

/* How much of the beginning differs from the rest: a share; 0: none. */
static double transient(const struct steady_input *in, enum steady_quantity q)
{
    const struct steady_observations *o = &in->of[q];
    if (o->count < BATCH_LEAST) {
        return 0;
    }
    size_t cut = batch_cut(o->values, o->count);
    struct batch_test all;
    struct batch_test rest;
    if (o->count - cut < BATCH_LEAST ||
        fabs(batch_stands_out(o->values, o->count, cut)) < STANDS_OUT) {
        return 0;
    }
    batch_test(o->values, o->count, &all);
    batch_test(o->values + cut, o->count - cut, &rest);
    return fabs(all.mean - rest.mean) > threshold(in, q, rest.mean) ? o->at[cut]
                                                                    : 0;
}

/* ---- All of them --------------------------------------------------------- */

/* The first quantity of which the rest behind `cut` is not flat. */
static enum steady_quantity find_uneven(const struct steady_input *in,
                                        double cut)
{
    int q = 0;
    while (q < STEADY_QUANTITY_COUNT &&
           has_one_mean(in, (enum steady_quantity)q, cut)) {
        q++;
    }
    return (enum steady_quantity)q;
}

/* The quantity whose beginning differs for the longest time. */
static enum steady_quantity find_transient(const struct steady_input *in,
                                           double *cut)
{
    enum steady_quantity found = STEADY_QUANTITY_COUNT;
    *cut = 0;
    for (int q = 0; q < STEADY_QUANTITY_COUNT; q++) {
        double share = transient(in, (enum steady_quantity)q);
        if (share > *cut) {
            *cut = share;
            found = (enum steady_quantity)q;
        }
    }
    return found;
}

static bool grows(const struct steady_input *in)
{
    const struct steady_observations *o = &in->of[STEADY_OPEN];
    struct batch_test test;
    if (o->count < BATCH_LEAST) {
        return false;
    }
    batch_test(o->values, o->count, &test);
    double growth = test.second - test.first;
    return test.tau >= ONE_WAY &&
           growth > threshold(in, STEADY_OPEN, test.mean) &&
           growth > GROWTH_THAT_MATTERS * (double)in->answers;
}

/* All of the time, and in the second half alone. */
static bool goes_one_way(const struct steady_input *in, enum steady_quantity q)
{
    const struct steady_observations *o = &in->of[q];
    size_t half = first_behind(o, 0.5);
    struct batch_test all;
    struct batch_test rest;
    if (o->count - half < BATCH_LEAST) {
        return false;
    }
    batch_test(o->values, o->count, &all);
    batch_test(o->values + half, o->count - half, &rest);
    return fabs(all.tau) >= ONE_WAY && all.tau * rest.tau > 0 &&
           fabs(rest.tau) >= ONE_WAY / 2;
}

/* The least part of the beginning without which all is flat; 1: none is. */
static double find_cut(const struct steady_input *in, double least)
{
    for (int i = 0; i <= CUT_STEPS; i++) {
        double cut = 0.5 * i / CUT_STEPS;
        if (cut >= least && find_uneven(in, cut) == STEADY_QUANTITY_COUNT) {
            return cut;
        }
    }
    return 1;
}

/* Of some quantity there is enough to say anything. */
static bool can_judge(const struct steady_input *in)
{
    for (enum steady_quantity q = 0; q < STEADY_QUANTITY_COUNT; q++) {
        if (in->of[q].count >= BATCH_LEAST) {
            return true;
        }
    }
    return false;
}

void steady_judge(const struct steady_input *input, struct steady_verdict *v)
{
    double cut = 0;
    *v = (struct steady_verdict){ .class = STEADY_FLAT };
    if (!can_judge(input)) {
        v->class = STEADY_UNKNOWN;
        return;
    }
    enum steady_quantity starts = find_transient(input, &cut);
    v->what = find_uneven(input, 0);
    if (grows(input)) {
        v->class = STEADY_NONE;
        v->what = STEADY_OPEN;
        v->is_overloaded = true;
        return;
    }
    if (v->what == STEADY_QUANTITY_COUNT && starts == STEADY_QUANTITY_COUNT) {
        v->what = STEADY_LATENCY;
        return;
    }
    bool is_uneven = v->what != STEADY_QUANTITY_COUNT;
    v->what = is_uneven ? v->what : starts;
    if (goes_one_way(input, v->what)) {
        v->class = STEADY_DRIFT;
        return;
    }
    v->cut = is_uneven ? find_cut(input, cut) : cut;
    v->class = v->cut <= 0.5 ? STEADY_WARMUP : STEADY_NONE;
    v->cut = v->cut <= 0.5 ? v->cut : 0;
}

/* ---- In words ------------------------------------------------------------ */

static const char *const names[STEADY_QUANTITY_COUNT] = {
    [STEADY_LATENCY] = "latency",
    [STEADY_FAULTS] = "page faults a second",
    [STEADY_OPEN] = "open requests",
    [STEADY_WAITING] = "VMs at the gate",
};

static struct quantity text_of(enum steady_quantity q, double value)
{
    return q == STEADY_LATENCY ? quantity_time(value) : quantity_number(value);
}

const char *steady_heading(const struct steady_verdict *v)
{
    if (v->class == STEADY_UNKNOWN) {
        return "Steady or not";
    }
    return v->class == STEADY_FLAT ? "Steady" : "Not steady";
}

void steady_explain(const struct steady_input *input,
                    const struct steady_verdict *v,
                    char reason[STEADY_REASON_BYTES])
{
    const char *tail =
        v->is_overloaded ? "; overloaded: p99 depends on the window" : "";
    if (v->class == STEADY_FLAT || v->class == STEADY_UNKNOWN) {
        snprintf(reason, STEADY_REASON_BYTES, "%s",
                 v->class == STEADY_FLAT ? "no part differs from the others"
                                         : "the window is too short to judge");
        return;
    }
    int n =
        snprintf(reason, STEADY_REASON_BYTES,
                 "%s %s in the first half, %s in the second%s", names[v->what],
                 text_of(v->what, input->first[v->what]).chars,
                 text_of(v->what, input->second[v->what]).chars, tail);
    if (v->class == STEADY_WARMUP && n > 0 && n < STEADY_REASON_BYTES) {
        snprintf(reason + n, STEADY_REASON_BYTES - (size_t)n,
                 "; the rest is flat without the first %s",
                 quantity_time(v->cut * input->seconds * 1e9).chars);
    }
}

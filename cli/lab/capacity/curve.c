/* curve.c - see curve.h. */
#include "cli/lab/capacity/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/steady/tally.h"
#include "sim/units.h"

/* ---- Runs --------------------------------------------------------------- */

static bool read(const json_t *report, enum figure_id id, double *value)
{
    return figure_read(report, (struct figure_ref){ id, 0 }, value);
}

/* Reads the objective's figure, or its share of all requests. */
static bool read_figure(const struct condition *c, const json_t *report,
                        double *figure)
{
    double sent = 1;
    if (!figure_read(report, c->figure, figure) ||
        (c->is_percent && !read(report, FIGURE_LOAD_SENT, &sent))) {
        return false;
    }
    if (c->is_percent) {
        *figure = sent > 0 ? *figure / sent : 0;
    }
    return true;
}

/* A latency is that of completed requests: if there are none, an objective on a
   latency is not met. */
static bool is_met(const struct condition *c, const json_t *report,
                   double figure)
{
    const struct figure *f = &figure_table[c->figure.id];
    double completed;
    bool is_told =
        f->section != SECTION_LOAD || f->part == PART_NONE ||
        (read(report, FIGURE_LOAD_COMPLETED, &completed) && completed > 0);
    return is_told && condition_holds(c, figure);
}

/* A run whose report lacks the figure meets no objective. */
static bool refuse(struct curve_run *r, const struct condition *c)
{
    char name[FIGURE_NAME_BYTES];
    figure_name(c->figure, name);
    snprintf(r->result.message, sizeof(r->result.message),
             "the run's report has no %s", name);
    return false;
}

void curve_add(const struct curve *c, struct curve_point *p, uint32_t seed,
               const struct trial_result *result)
{
    struct curve_run *r = &p->runs[seed];
    const json_t *report = result->report;
    struct steady_tally window = { .runs = 0 };
    double failed;
    steady_tally_add(&window, report);
    *r = (struct curve_run){
        .is_made = true,
        .meets = report != NULL,
        .is_flat = window.of[STEADY_FLAT] > 0,
        .is_overloaded = window.overloaded > 0,
        .result = *result,
    };
    for (size_t i = 0; report && i < c->objective_count; i++) {
        const struct condition *objective = &c->objectives[i];
        bool is_read = read_figure(objective, report, &r->figures[i]) ||
                       refuse(r, objective);
        r->meets =
            r->meets && is_read && is_met(objective, report, r->figures[i]);
    }
    /* Wrong answers are a result; a run that could not go on has no result. */
    if (result->exit_code != 0 &&
        (!read(report, FIGURE_LOAD_FAILED, &failed) || failed == 0)) {
        r->meets = false;
    }
}

bool curve_run_passes(const struct curve *c, const struct curve_run *r)
{
    return r->meets && (r->is_flat || c->takes_any_window);
}

static bool is_in_doubt(const struct curve *c, const struct curve_run *r)
{
    return r->result.report && !c->takes_any_window && !r->is_flat &&
           (r->meets || !r->is_overloaded);
}

/* ---- Points ------------------------------------------------------------- */

bool curve_is_whole(const struct curve *c, const struct curve_point *p)
{
    bool is_whole = true;
    for (uint32_t i = 0; i < c->seed_count; i++) {
        is_whole = is_whole && p->runs[i].is_made;
    }
    return is_whole;
}

uint32_t curve_passing(const struct curve *c, const struct curve_point *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->seed_count; i++) {
        count += curve_run_passes(c, &p->runs[i]);
    }
    return count;
}

uint32_t curve_in_doubt(const struct curve *c, const struct curve_point *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->seed_count; i++) {
        count += is_in_doubt(c, &p->runs[i]);
    }
    return count;
}

bool curve_meets(const struct curve *c, const struct curve_point *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->seed_count; i++) {
        count += p->runs[i].meets;
    }
    return 2 * count > c->seed_count;
}

bool curve_passes(const struct curve *c, const struct curve_point *p)
{
    return 2 * curve_passing(c, p) > c->seed_count;
}

/* The values are those of `figure`, which leaves out runs by returning false. */
static bool estimate(const struct curve *c, const struct curve_point *p,
                     const struct figure_ref *figure, size_t objective,
                     struct estimate *e)
{
    double values[CURVE_SEEDS_LIMIT];
    size_t count = 0;
    for (uint32_t i = 0; i < c->seed_count; i++) {
        const struct curve_run *r = &p->runs[i];
        double value = r->figures[objective];
        if (r->result.report &&
            (!figure || figure_read(r->result.report, *figure, &value))) {
            values[count++] = value;
        }
    }
    if (count == 0) {
        return false;
    }
    *e = (struct estimate){ .value = values[0], .is_defined = true };
    if (count > 1) {
        median_estimate(values, count, STATISTICS_CONFIDENCE, e);
    }
    return true;
}

bool curve_estimate(const struct curve *c, const struct curve_point *p,
                    size_t objective, struct estimate *e)
{
    return estimate(c, p, NULL, objective, e);
}

static bool median_of(const struct curve *c, const struct curve_point *p,
                      enum figure_id id, double *value)
{
    struct figure_ref figure = { id, 0 };
    struct estimate e;
    bool is_there = estimate(c, p, &figure, 0, &e);
    *value = is_there ? e.value : 0;
    return is_there;
}

static void clear_runs(const struct curve *c, struct curve_point *p)
{
    for (uint32_t i = 0; i < c->seed_count; i++) {
        trial_result_clear(&p->runs[i].result);
        p->runs[i] = (struct curve_run){ .is_made = false };
    }
}

const struct curve_point *curve_find(const struct curve *c, uint64_t place)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->points[i].place == place) {
            return &c->points[i];
        }
    }
    return NULL;
}

struct curve_point *curve_at(struct curve *c, uint64_t place, const char *value,
                             uint64_t window_ns)
{
    const struct curve_point *old = curve_find(c, place);
    struct curve_point *p = old ? &c->points[old - c->points] : NULL;
    if (p) {
        if (p->window_ns != window_ns) {
            clear_runs(c, p);
            p->window_ns = window_ns;
        }
        return p;
    }
    struct curve_point *points =
        realloc(c->points, (c->count + 1) * sizeof(*points));
    struct curve_run *runs = calloc(c->seed_count, sizeof(*runs));
    c->points = points ? points : c->points;
    if (!points || !runs) {
        free(runs);
        return NULL;
    }
    p = &points[c->count++];
    *p = (struct curve_point){ .place = place,
                               .x = strtod(value, NULL),
                               .window_ns = window_ns,
                               .runs = runs };
    snprintf(p->value, sizeof(p->value), "%s", value);
    return p;
}

static int by_place(const void *left, const void *right)
{
    const struct curve_point *a = left;
    const struct curve_point *b = right;
    return (a->place > b->place) - (a->place < b->place);
}

void curve_sort(struct curve *c)
{
    if (c->count > 0) {
        qsort(c->points, c->count, sizeof(*c->points), by_place);
    }
}

void curve_release(struct curve *c)
{
    for (size_t i = 0; i < c->count; i++) {
        clear_runs(c, &c->points[i]);
        free(c->points[i].runs);
    }
    free(c->points);
    c->points = NULL;
    c->count = 0;
}

/* ---- Contradictions ----------------------------------------------------- */

bool curve_find_failure_below(const struct curve *c, char *note)
{
    const struct curve_point *failing = NULL;
    for (size_t i = 0; i < c->count; i++) {
        const struct curve_point *p = &c->points[i];
        if (!curve_is_whole(c, p)) {
            continue;
        }
        if (!curve_passes(c, p) && !failing) {
            failing = p;
        } else if (curve_passes(c, p) && failing) {
            snprintf(note, CURVE_NOTE_BYTES,
                     "not monotonic: %s fails, but %s meets the objective",
                     failing->value, p->value);
            return true;
        }
    }
    return false;
}

static struct quantity text_of(const struct condition *c, double figure)
{
    if (!c->is_percent) {
        return figure_text(c->figure.id, figure);
    }
    struct quantity q;
    (void)snprintf(q.chars, sizeof(q.chars), "%.16s %%",
                   quantity_number(figure * 100).chars);
    return q;
}

/* Less is better, by more than seeds or the 0.8 % of a percentile explain. */
static bool is_better(const struct condition *c, const struct estimate *before,
                      const struct estimate *after)
{
    double slack = before->value * 0.02;
    bool wants_less = c->relation == LESS || c->relation == LESS_OR_EQUAL;
    double low = before->has_interval ? before->low : before->value;
    double high = before->has_interval ? before->high : before->value;
    return wants_less ? after->value < fmin(low, before->value - slack)
                      : after->value > fmax(high, before->value + slack);
}

bool curve_find_turn(const struct curve *c, size_t objective, char *note)
{
    const struct condition *o = &c->objectives[objective];
    const struct curve_point *last = NULL;
    struct estimate before;
    for (size_t i = 0; i < c->count; i++) {
        const struct curve_point *p = &c->points[i];
        struct estimate e;
        if (!curve_is_whole(c, p) || !curve_estimate(c, p, objective, &e)) {
            continue;
        }
        if (last && is_better(o, &before, &e)) {
            char name[FIGURE_NAME_BYTES];
            figure_name(o->figure, name);
            snprintf(note, CURVE_NOTE_BYTES,
                     "not monotonic: %s goes from %s at %s to %s at %s", name,
                     text_of(o, before.value).chars, last->value,
                     text_of(o, e.value).chars, p->value);
            return true;
        }
        last = p;
        before = e;
    }
    return false;
}

/* ---- Printing ----------------------------------------------------------- */

/* What stands beside the objectives: an answer within them says little of a
   machine that falls behind. */
static const enum figure_id beside[] = { FIGURE_LOAD_OFFERED,
                                         FIGURE_LOAD_ANSWERED,
                                         FIGURE_LOAD_OPEN };
#define BESIDE_COUNT (sizeof(beside) / sizeof(beside[0]))

/* If it is no objective itself. */
static bool shows_beside(const struct curve *c, enum figure_id id)
{
    for (size_t i = 0; i < c->objective_count; i++) {
        if (c->objectives[i].figure.id == id) {
            return false;
        }
    }
    return true;
}

static struct steady_tally tally(const struct curve *c,
                                 const struct curve_point *p)
{
    struct steady_tally t = { .runs = 0 };
    for (uint32_t i = 0; i < c->seed_count; i++) {
        steady_tally_add(&t, p->runs[i].result.report);
    }
    return t;
}

/* The first message of a run: "" if all went well. */
static const char *message_of(const struct curve *c,
                              const struct curve_point *p)
{
    for (uint32_t i = 0; i < c->seed_count; i++) {
        if (p->runs[i].result.message[0] != '\0') {
            return p->runs[i].result.message;
        }
    }
    return "";
}

static void print_figures(const struct curve *c, const struct curve_point *p)
{
    for (size_t i = 0; i < BESIDE_COUNT; i++) {
        double value;
        if (shows_beside(c, beside[i])) {
            bool is_there = median_of(c, p, beside[i], &value);
            printf(" %9s",
                   is_there ? figure_text(beside[i], value).chars : "-");
        }
    }
    for (size_t i = 0; i < c->objective_count; i++) {
        struct estimate e;
        bool is_there = curve_estimate(c, p, i, &e);
        printf(" %12s",
               is_there ? text_of(&c->objectives[i], e.value).chars : "-");
    }
}

static void print_point(const struct curve *c, const struct curve_point *p)
{
    char passing[32];
    char steady[STEADY_TALLY_BYTES];
    struct steady_tally windows = tally(c, p);
    const char *message = message_of(c, p);
    snprintf(passing, sizeof(passing), "%u of %u", curve_passing(c, p),
             c->seed_count);
    printf("%16s", p->value);
    if (windows.runs > 0) {
        print_figures(c, p);
        steady_tally_write(&windows, steady);
    }
    printf("   %-8s  %s%s%.200s\n", passing, windows.runs > 0 ? steady : "",
           windows.runs > 0 && message[0] != '\0' ? "    " : "", message);
}

void curve_print(const struct curve *c, const char *key)
{
    printf("%16s", key);
    for (size_t i = 0; i < BESIDE_COUNT; i++) {
        if (shows_beside(c, beside[i])) {
            printf(" %9s", figure_table[beside[i]].short_name);
        }
    }
    for (size_t i = 0; i < c->objective_count; i++) {
        char name[FIGURE_NAME_BYTES];
        figure_name(c->objectives[i].figure, name);
        printf(" %12s", name);
    }
    puts("   pass      windows");
    for (size_t i = 0; i < c->count; i++) {
        if (curve_is_whole(c, &c->points[i])) {
            print_point(c, &c->points[i]);
        }
    }
}

/* ---- JSON ---------------------------------------------------------------- */

static json_t *runs_to_json(const struct curve *c, const struct curve_point *p)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < c->seed_count; i++) {
        const struct curve_run *r = &p->runs[i];
        const json_t *report = r->result.report;
        json_t *figures = json_object();
        for (size_t k = 0; report && k < c->objective_count; k++) {
            json_object_set_new(figures, c->objectives[k].text,
                                json_real(r->figures[k]));
        }
        if (!r->is_made) {
            json_decref(figures);
            continue;
        }
        json_array_append_new(
            list,
            json_pack(
                "{s:I, s:b, s:b, s:O?, s:b, s:i, s:s, s:O?, s:o}", "seed",
                (json_int_t)c->first_seed + i, "passes", curve_run_passes(c, r),
                "meets", r->meets, "steady",
                json_object_get(json_object_get(report, "steady"), "class"),
                "warm", r->result.was_warm, "exit_code", r->result.exit_code,
                "message", r->result.message, "fingerprint",
                json_object_get(report, "fingerprint"), "objectives", figures));
    }
    return list;
}

static json_t *estimate_to_json(const struct estimate *e)
{
    return e->has_interval ? json_pack("{s:f, s:f, s:f}", "median", e->value,
                                       "low", e->low, "high", e->high)
                           : json_pack("{s:f}", "median", e->value);
}

static json_t *point_to_json(const struct curve *c, const struct curve_point *p)
{
    json_t *figures = json_object();
    for (size_t i = 0; i < c->objective_count; i++) {
        struct estimate e;
        if (curve_estimate(c, p, i, &e)) {
            json_object_set_new(figures, c->objectives[i].text,
                                estimate_to_json(&e));
        }
    }
    json_t *medians = json_object();
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const char *name = figure_table[i].short_name;
        double value;
        if (name && median_of(c, p, (enum figure_id)i, &value)) {
            json_object_set_new(medians, name, json_real(value));
        }
    }
    char steady[STEADY_TALLY_BYTES];
    struct steady_tally windows = tally(c, p);
    steady_tally_write(&windows, steady);
    bool is_whole = curve_is_whole(c, p);
    return json_pack("{s:f, s:b, s:b, s:I, s:s, s:I, s:o, s:o, s:o}", "value",
                     p->x, "passes", is_whole && curve_passes(c, p), "whole",
                     is_whole, "passing", (json_int_t)curve_passing(c, p),
                     "steady", steady, "window_ns", (json_int_t)p->window_ns,
                     "objectives", figures, "metrics", medians, "runs",
                     runs_to_json(c, p));
}

json_t *curve_to_json(const struct curve *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->count; i++) {
        json_array_append_new(list, point_to_json(c, &c->points[i]));
    }
    return list;
}

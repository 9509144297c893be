/* capacity_curve.c - see capacity_curve.h. */
#include "cli/lab/compare/capacity_curve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/steady/tally.h"

/* ---- Points ------------------------------------------------------------- */

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
static bool refuse(struct curve_point *p, const struct condition *c)
{
    char name[FIGURE_NAME_BYTES];
    figure_name(c->figure, name);
    snprintf(p->result.message, sizeof(p->result.message),
             "the run's report has no %s", name);
    return false;
}

static void judge(const struct curve *c, struct curve_point *p)
{
    const struct trial_result *r = &p->result;
    double failed;
    p->meets = r->report != NULL;
    for (size_t i = 0; r->report && i < c->objective_count; i++) {
        const struct condition *objective = &c->objectives[i];
        bool is_read = read_figure(objective, r->report, &p->figures[i]) ||
                       refuse(p, objective);
        p->meets =
            p->meets && is_read && is_met(objective, r->report, p->figures[i]);
    }
    /* Wrong answers are a result; a run that could not go on has no result. */
    if (r->exit_code != 0 &&
        (!read(r->report, FIGURE_LOAD_FAILED, &failed) || failed == 0)) {
        p->meets = false;
    }
}

struct curve_point *curve_add(struct curve *c, uint64_t place,
                              const char *value,
                              const struct trial_result *result)
{
    struct curve_point *points =
        realloc(c->points, (c->count + 1) * sizeof(*points));
    if (!points) {
        return NULL;
    }
    c->points = points;
    struct curve_point *p = &points[c->count++];
    *p = (struct curve_point){ .place = place,
                               .x = strtod(value, NULL),
                               .result = *result };
    snprintf(p->value, sizeof(p->value), "%s", value);
    judge(c, p);
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
        trial_result_clear(&c->points[i].result);
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
        if (!p->meets && !failing) {
            failing = p;
        } else if (p->meets && failing) {
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

/* The slack of 2 % allows for percentiles, which are within 0.8 %. */
static bool is_better(const struct condition *c, double before, double after)
{
    double slack = before * 0.02;
    bool wants_less = c->relation == LESS || c->relation == LESS_OR_EQUAL;
    return wants_less ? after < before - slack : after > before + slack;
}

bool curve_find_turn(const struct curve *c, size_t objective, char *note)
{
    const struct condition *o = &c->objectives[objective];
    const struct curve_point *last = NULL;
    for (size_t i = 0; i < c->count; i++) {
        const struct curve_point *p = &c->points[i];
        if (!p->result.report) {
            continue;
        }
        if (last &&
            is_better(o, last->figures[objective], p->figures[objective])) {
            char name[FIGURE_NAME_BYTES];
            figure_name(o->figure, name);
            snprintf(note, CURVE_NOTE_BYTES,
                     "not monotonic: %s goes from %s at %s to %s at %s", name,
                     text_of(o, last->figures[objective]).chars, last->value,
                     text_of(o, p->figures[objective]).chars, p->value);
            return true;
        }
        last = p;
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

static void write_steady(const struct curve_point *p,
                         char text[STEADY_TALLY_BYTES])
{
    struct steady_tally t = { .runs = 0 };
    steady_tally_add(&t, p->result.report);
    steady_tally_write(&t, text);
}

static void print_point(const struct curve *c, const struct curve_point *p)
{
    printf("%16s", p->value);
    if (!p->result.report) {
        printf("   no    %.200s\n", p->result.message);
        return;
    }
    for (size_t i = 0; i < BESIDE_COUNT; i++) {
        double value;
        if (shows_beside(c, beside[i])) {
            bool is_there = read(p->result.report, beside[i], &value);
            printf(" %9s",
                   is_there ? figure_text(beside[i], value).chars : "-");
        }
    }
    for (size_t i = 0; i < c->objective_count; i++) {
        printf(" %12s", text_of(&c->objectives[i], p->figures[i]).chars);
    }
    char steady[STEADY_TALLY_BYTES];
    write_steady(p, steady);
    printf("   %-3s  %s%s%.200s\n", p->meets ? "yes" : "no", steady,
           p->result.message[0] != '\0' ? "    " : "", p->result.message);
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
    puts("   met  window");
    for (size_t i = 0; i < c->count; i++) {
        print_point(c, &c->points[i]);
    }
}

static json_t *point_to_json(const struct curve *c, const struct curve_point *p)
{
    const json_t *report = p->result.report;
    json_t *figures = json_object();
    for (size_t i = 0; report && i < c->objective_count; i++) {
        json_object_set_new(figures, c->objectives[i].text,
                            json_real(p->figures[i]));
    }
    json_t *metrics_seen = json_object();
    for (int i = 0; report && i < FIGURE_COUNT; i++) {
        const char *name = figure_table[i].short_name;
        double value;
        if (name && read(report, (enum figure_id)i, &value)) {
            json_object_set_new(metrics_seen, name, json_real(value));
        }
    }
    char steady[STEADY_TALLY_BYTES];
    write_steady(p, steady);
    return json_pack("{s:f, s:b, s:s, s:b, s:i, s:s, s:O?, s:o, s:o}", "value",
                     p->x, "meets", p->meets, "steady", steady, "warm",
                     p->result.was_warm, "exit_code", p->result.exit_code,
                     "message", p->result.message, "fingerprint",
                     json_object_get(report, "fingerprint"), "objectives",
                     figures, "metrics", metrics_seen);
}

json_t *curve_to_json(const struct curve *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->count; i++) {
        json_array_append_new(list, point_to_json(c, &c->points[i]));
    }
    return list;
}

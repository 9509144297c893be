/* capacity_curve.c - see capacity_curve.h. */
#include "cli/lab/compare/capacity_curve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Points ------------------------------------------------------------- */

static double count_of(const json_t *report, const char *key)
{
    const json_t *load = json_object_get(report, "load");
    return json_number_value(json_object_get(load, key));
}

/* What the objective is about: a figure, or its part of all requests. */
static bool read_figure(const struct condition *c, const json_t *report,
                        double *figure)
{
    if (!metric_read(c->metric, report, figure)) {
        return false;
    }
    if (c->is_percent) {
        double sent = count_of(report, "sent");
        *figure = sent > 0 ? *figure / sent : 0;
    }
    return true;
}

/* A latency is that of what was completed: without any, none is good. */
static bool is_met(const struct condition *c, const json_t *report,
                   double figure)
{
    bool is_told =
        c->metric->unit != METRIC_TIME || count_of(report, "completed") > 0;
    return is_told && condition_holds(c, figure);
}

static void judge(const struct curve *c, struct curve_point *p)
{
    const struct trial_result *r = &p->result;
    p->meets = r->report != NULL;
    for (size_t i = 0; r->report && i < c->objective_count; i++) {
        const struct condition *objective = &c->objectives[i];
        bool is_read = read_figure(objective, r->report, &p->figures[i]);
        p->meets =
            p->meets && is_read && is_met(objective, r->report, p->figures[i]);
    }
    /* Wrong answers are a result; a run that could not go on is none. */
    if (r->exit_code != 0 && count_of(r->report, "failed") == 0) {
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

/* ---- What is odd -------------------------------------------------------- */

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

static void write_figure(const struct condition *c, double figure,
                         char text[METRIC_TEXT_BYTES])
{
    if (c->is_percent) {
        snprintf(text, METRIC_TEXT_BYTES, "%.4g %%", figure * 100);
    } else {
        metric_write(c->metric, figure, text);
    }
}

/* Reports are rounded, and percentiles are within 0.8 %. */
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
            char before[METRIC_TEXT_BYTES];
            char after[METRIC_TEXT_BYTES];
            write_figure(o, last->figures[objective], before);
            write_figure(o, p->figures[objective], after);
            snprintf(note, CURVE_NOTE_BYTES,
                     "not monotonic: %s goes from %s at %s to %s at %s",
                     o->metric->name, before, last->value, after, p->value);
            return true;
        }
        last = p;
    }
    return false;
}

/* ---- Saying it ---------------------------------------------------------- */

/* The throughput stands beside the objectives, if it is none. */
static bool shows_throughput(const struct curve *c)
{
    for (size_t i = 0; i < c->objective_count; i++) {
        if (c->objectives[i].metric == metric_find("throughput")) {
            return false;
        }
    }
    return true;
}

static void print_point(const struct curve *c, const struct curve_point *p)
{
    char text[METRIC_TEXT_BYTES];
    printf("%16s", p->value);
    if (!p->result.report) {
        printf("   no    %.200s\n", p->result.message);
        return;
    }
    if (shows_throughput(c)) {
        const struct metric *m = metric_find("throughput");
        double value = 0;
        (void)!metric_read(m, p->result.report, &value);
        metric_write(m, value, text);
        printf(" %12s", text);
    }
    for (size_t i = 0; i < c->objective_count; i++) {
        write_figure(&c->objectives[i], p->figures[i], text);
        printf(" %12s", text);
    }
    printf("   %s%s%.200s\n", p->meets ? "yes" : "no",
           p->result.message[0] != '\0' ? "    " : "", p->result.message);
}

void curve_print(const struct curve *c, const char *key)
{
    printf("%16s", key);
    if (shows_throughput(c)) {
        printf(" %12s", "throughput");
    }
    for (size_t i = 0; i < c->objective_count; i++) {
        printf(" %12s", c->objectives[i].metric->name);
    }
    puts("   met");
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
    for (const struct metric *m = metrics; report && m->name; m++) {
        double value = 0;
        if (metric_read(m, report, &value)) {
            json_object_set_new(metrics_seen, m->name, json_real(value));
        }
    }
    return json_pack("{s:f, s:b, s:b, s:i, s:s, s:O?, s:o, s:o}", "value", p->x,
                     "meets", p->meets, "warm", p->result.was_warm, "exit_code",
                     p->result.exit_code, "message", p->result.message,
                     "fingerprint", json_object_get(report, "fingerprint"),
                     "objectives", figures, "metrics", metrics_seen);
}

json_t *curve_to_json(const struct curve *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->count; i++) {
        json_array_append_new(list, point_to_json(c, &c->points[i]));
    }
    return list;
}

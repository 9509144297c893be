/*
 * json.c - the report as JSON; see report.h. Keys stay in the order of the rows
 * of list.h, behind what says which run it was.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "sim/report/figures.h"
#include "sim/vocabulary/vocabulary.h"

#include "sim/banned.h"

struct builder {
    const struct report *report;
    json_t *root;
    bool is_whole; /* No allocation has failed. */
};

static void set(struct builder *b, json_t *object, const char *key,
                json_t *value)
{
    b->is_whole = json_object_set_new(object, key, value) == 0 && b->is_whole;
}

static json_t *whole(uint64_t value)
{
    SIM_ASSERT(value <= INT64_MAX);
    return json_integer((json_int_t)value);
}

/* To three decimals, an index to six; beyond all that matters, to none. */
static json_t *rounded(const struct figure *f, double value)
{
    double step = f->unit == UNIT_INDEX ? 1e6 : value < 1e12 ? 1000 : 0;
    return json_real(step > 0 ? (double)(uint64_t)(value * step + 0.5) / step
                              : (double)(uint64_t)value);
}

/* ---- Which run it was --------------------------------------------------- */

static json_t *build_fingerprints(struct builder *b)
{
    json_t *object = json_object();
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        char hex[FINGERPRINT_CHARS];
        trace_layer_fingerprint(b->report->trace, (enum trace_layer)i, hex);
        set(b, object, word_name(&trace_layer_words, (uint64_t)i),
            json_string(hex));
    }
    return object;
}

/* The figures come to stand behind. */
static json_t *build_steady(struct builder *b)
{
    const struct steady *s = b->report->steady;
    char reason[STEADY_REASON_BYTES];
    steady_explain(&s->input, &s->verdict, reason);
    json_t *object = json_object();
    set(b, object, "class",
        json_string(word_name(&steady_class_words, s->verdict.class)));
    set(b, object, "overloaded", json_boolean(s->verdict.is_overloaded));
    set(b, object, "reason", json_string(reason));
    return object;
}

static void build_head(struct builder *b)
{
    const struct report *r = b->report;
    char hex[FINGERPRINT_CHARS];
    trace_fingerprint(r->trace, hex);
    set(b, b->root, "schema", json_integer(REPORT_SCHEMA));
    set(b, b->root, "scenario", json_string(r->scenario->name));
    set(b, b->root, "seed", whole(r->scenario->seed));
    set(b, b->root, "guests", json_string(word_name(&guests_words, r->guests)));
    set(b, b->root, "fingerprint", json_string(hex));
    set(b, b->root, "fingerprints", build_fingerprints(b));
    set(b, b->root, "steady", build_steady(b));
}

/* ---- Figures ------------------------------------------------------------ */

/* The object in which the path ends, made where it is not yet; *path becomes
   what remains, its last key. */
static json_t *find_object(struct builder *b, const char **path)
{
    json_t *object = b->root;
    for (const char *dot; (dot = strchr(*path, '.')); *path = dot + 1) {
        char key[FIGURE_NAME_BYTES];
        snprintf(key, sizeof(key), "%.*s", (int)(dot - *path), *path);
        json_t *inner = json_object_get(object, key);
        if (!inner) {
            inner = json_object();
            set(b, object, key, inner);
        }
        object = inner;
    }
    return object;
}

static json_t *build_group(struct builder *b, const struct scenario_vms *group)
{
    const struct report *r = b->report;
    struct group_figures sum = figures_of_group(r, group);
    json_t *object = json_object();
    set(b, object, "name", json_string(group->name));
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (figure_table[i].section == SECTION_GROUP) {
            uint64_t value = figure_of_group(r, &sum, (enum figure_id)i);
            set(b, object, strchr(figure_table[i].path, '.') + 1, whole(value));
        }
    }
    return object;
}

static json_t *build_groups(struct builder *b)
{
    const struct scenario *s = b->report->scenario;
    json_t *array = json_array();
    for (uint32_t i = 0; i < s->group_count; i++) {
        json_t *group = build_group(b, &s->vms[i]);
        b->is_whole = json_array_append_new(array, group) == 0 && b->is_whole;
    }
    return array;
}

/* Why percentiles have an interval, or none, by percentile. */
static json_t *build_states(struct builder *b)
{
    json_t *object = json_object();
    for (int i = FIGURE_LOAD_LATENCY_P50; i <= FIGURE_LOAD_LATENCY_P999; i++) {
        struct interval interval =
            figure_interval(b->report, (enum figure_id)i);
        set(b, object, strrchr(figure_table[i].path, '.') + 1,
            json_string(word_name(&interval_state_words, interval.state)));
    }
    return object;
}

static void build_figure(struct builder *b, enum figure_id id)
{
    const struct figure *f = &figure_table[id];
    if (f->section == SECTION_GROUP) {
        if (!json_object_get(b->root, "groups")) {
            set(b, b->root, "groups", build_groups(b));
        }
        return;
    }
    const char *key = f->path;
    json_t *object = find_object(b, &key);
    set(b, object, key,
        figure_is_whole(f) ? whole(figure_whole(b->report, id))
                           : rounded(f, figure_real(b->report, id)));
}

bool report_write_json(const struct report *r, FILE *file)
{
    struct builder b = { .report = r, .root = json_object(), .is_whole = true };
    build_head(&b);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        build_figure(&b, (enum figure_id)i);
    }
    set(&b, json_object_get(json_object_get(b.root, "load"), "interval"),
        "states", build_states(&b));
    set(&b, json_object_get(b.root, "host"), "unicorn",
        json_string(r->host->unicorn));
    bool is_written =
        b.is_whole &&
        json_dumpf(b.root, file, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0;
    json_decref(b.root);
    return is_written && fputc('\n', file) != EOF;
}

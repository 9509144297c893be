/*
 * read.c - from runs to points: which run belongs to which point, and the
 * mean of each with its confidence interval. Runs of one point may differ in
 * their seeds and in nothing else.
 */
#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/plot/plot.h"
#include "sim/scenario/source.h"
#include "sim/units.h"
#include "sim/vocabulary/nearest.h"

#define SEED_KEY   "run.seed"
#define NAME_KEY   "name"   /* Of the bundle: no key of a scenario. */
#define GUESTS_KEY "guests" /* As if they were a setting. */

struct reader {
    struct plot *plot;
    const struct plot_options *options;
    struct database *db;
    struct statement *settings, *metric;
    json_t *firsts; /* Of each point, the settings of its first run. */
};

/* ---- What is asked for and is not there --------------------------------- */

/* "there is no WHAT 'NAME', perhaps X". Returns false. */
static bool refuse_name(struct reader *r, const char *what, const char *name,
                        const char *sql)
{
    struct nearest nearest = { .wrong = name };
    char best[128] = "";
    struct statement *s = database_prepare(r->db, sql);
    while (statement_step(s)) {
        size_t before = nearest.distance;
        bool was_near = nearest.best != NULL;
        nearest_try(&nearest, statement_text(s, 0));
        if (nearest.best && (!was_near || nearest.distance < before)) {
            snprintf(best, sizeof(best), "%s", nearest.best);
        }
    }
    statement_release(s);
    cli_complain("no run has the %s '%s'%s%s; `sqlite3 DB 'SELECT DISTINCT %s "
                 "FROM %ss'` lists them",
                 what, name, *best ? ", perhaps " : "", best,
                 strcmp(what, "metric") == 0 ? "metric" : "key", what);
    return false;
}

static bool refuse_key(struct reader *r, const char *key)
{
    return refuse_name(r, "setting", key, "SELECT DISTINCT key FROM settings");
}

/* ---- Numbers in settings ------------------------------------------------ */

typedef const char *read_fn(const char *text, uint64_t *value);

static const struct {
    read_fn *read; /* NULL: a plain number. */
    struct {
        const char *name;
        double value;
    } units[5]; /* Descending; ended by a NULL name. */
} kinds[] = {
    { NULL, { { "", 1 } } },
    { units_read_time,
      { { "s", 1e9 }, { "ms", 1e6 }, { "µs", 1e3 }, { "ns", 1 } } },
    { units_read_size,
      { { "GiB", 1u << 30 },
        { "MiB", 1u << 20 },
        { "KiB", 1u << 10 },
        { "bytes", 1 } } },
    { units_read_bitrate,
      { { "Gbit/s", 1e9 },
        { "Mbit/s", 1e6 },
        { "kbit/s", 1e3 },
        { "bit/s", 1 } } },
    { units_read_fraction, { { "%", 1e4 } } },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static bool read_value(size_t kind, const char *text, double *value)
{
    if (!kinds[kind].read) {
        return units_read_real(text, value) == NULL;
    }
    uint64_t whole;
    if (kinds[kind].read(text, &whole)) {
        return false;
    }
    *value = (double)whole;
    return true;
}

/* "1ms" and "1000us" are the same. */
static bool same_value(const char *a, const char *b)
{
    if (strcmp(a, b) == 0) {
        return true;
    }
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        double left;
        double right;
        if (read_value(kind, a, &left) && read_value(kind, b, &right)) {
            return left == right;
        }
    }
    return false;
}

/* The largest unit in which `least` is 1 at least. */
static void choose_unit(struct plot_axis *axis, size_t kind, double least)
{
    size_t i = 0;
    while (kinds[kind].units[i + 1].name &&
           least < kinds[kind].units[i].value) {
        i++;
    }
    axis->is_number = true;
    axis->unit = kinds[kind].units[i].name;
    axis->scale = kinds[kind].units[i].value;
}

/* Numbers of one kind, or else words. */
static void read_x_axis(struct plot *p)
{
    struct plot_axis *axis = &p->x_axis;
    *axis = (struct plot_axis){ .scale = 1, .unit = "" };
    for (size_t kind = 0; kind < KIND_COUNT && !axis->is_number; kind++) {
        double least = HUGE_VAL;
        size_t good = 0;
        while (good < p->count &&
               read_value(kind, p->points[good].x, &p->points[good].x_value)) {
            double value = p->points[good++].x_value;
            least = value > 0 && value < least ? value : least;
        }
        if (good == p->count) {
            choose_unit(axis, kind, isinf(least) ? 0 : least);
        }
    }
    const char *key = strrchr(p->options->x, '.');
    if (axis->is_number && !*axis->unit && key && strcmp(key, ".rate") == 0) {
        axis->unit = "requests a second";
    }
}

/* By what the metric is called; values are as large as the largest mean. */
static void read_y_axis(struct plot *p)
{
    struct plot_axis *axis = &p->y_axis;
    const char *metric = p->options->y;
    double most = 0;
    for (size_t i = 0; i < p->count; i++) {
        most = p->points[i].mean > most ? p->points[i].mean : most;
    }
    *axis = (struct plot_axis){ .is_number = true, .scale = 1, .unit = "" };
    if (strstr(metric, "_ns")) {
        choose_unit(axis, 1, most);
    } else if (strstr(metric, "_bytes") || strcmp(metric, "load.bytes") == 0) {
        choose_unit(axis, 2, most);
    } else if (strstr(metric, "_rps")) {
        axis->unit = "requests a second";
    }
}

/* ---- Runs --------------------------------------------------------------- */

/* All that a run is set to, its seed aside. */
static json_t *read_settings(struct reader *r, int64_t run, const char *name,
                             const char *images)
{
    json_t *settings = json_object();
    json_object_set_new(settings, NAME_KEY, json_string(name));
    json_object_set_new(settings, GUESTS_KEY, json_string(images));
    statement_bind_whole(r->settings, 1, run);
    while (statement_step(r->settings)) {
        const char *key = statement_text(r->settings, 0);
        if (strcmp(key, SEED_KEY) != 0) {
            json_object_set_new(settings, key,
                                json_string(statement_text(r->settings, 1)));
        }
    }
    statement_reset(r->settings);
    return settings;
}

static const char *setting(const json_t *settings, const char *key)
{
    return json_string_value(json_object_get(settings, key));
}

static bool is_wanted(const struct reader *r, const json_t *settings)
{
    for (uint32_t i = 0; i < r->options->where.count; i++) {
        const char *where = r->options->where.items[i];
        size_t length = strcspn(where, "=");
        char key[KEY_PATH_BYTES];
        snprintf(key, sizeof(key), "%.*s", (int)length, where);
        const char *value = setting(settings, key);
        if (!value || !same_value(value, where + length + 1)) {
            return false;
        }
    }
    return true;
}

/* Within a point nothing varies but the seed. */
static bool check_alike(const struct reader *r, const json_t *first,
                        json_t *settings)
{
    const char *key;
    json_t *value;
    json_object_foreach(settings, key, value)
    {
        const char *other = setting(first, key);
        if (!other || strcmp(other, json_string_value(value)) != 0) {
            cli_complain("%s varies too, in runs with the same %s: draw a line "
                         "for each with --by, or hold it with --where",
                         key, r->options->x);
            return false;
        }
    }
    return true;
}

/* The point that the run belongs to; NULL: complained. */
static struct plot_point *find_point(struct reader *r, json_t *settings)
{
    struct plot *p = r->plot;
    const char *x = setting(settings, r->options->x);
    const char *by = r->options->by ? setting(settings, r->options->by) : "";
    if (!x || !by) {
        refuse_key(r, x ? r->options->by : r->options->x);
        return NULL;
    }
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->points[i].x, x) == 0 &&
            strcmp(p->points[i].by, by) == 0) {
            return check_alike(r, json_array_get(r->firsts, i), settings)
                       ? &p->points[i]
                       : NULL;
        }
    }
    struct plot_point *points =
        realloc(p->points, (p->count + 1) * sizeof(*points));
    if (points) {
        p->points = points;
        points[p->count] =
            (struct plot_point){ .x = strdup(x), .by = strdup(by) };
        p->count++;
    }
    if (!points || !points[p->count - 1].x || !points[p->count - 1].by) {
        cli_complain("out of memory");
        return NULL;
    }
    json_array_append(r->firsts, settings);
    return &points[p->count - 1];
}

static bool add_run(struct reader *r, int64_t run, json_t *settings)
{
    struct plot_point *point = find_point(r, settings);
    if (!point) {
        return false;
    }
    statement_bind_whole(r->metric, 1, run);
    statement_bind_text(r->metric, 2, r->options->y);
    bool is_there = statement_step(r->metric);
    double value = is_there ? statement_real(r->metric, 0) : 0;
    statement_reset(r->metric);
    if (!is_there) {
        return refuse_name(r, "metric", r->options->y,
                           "SELECT DISTINCT metric FROM metrics");
    }
    /* Welford's: `sum` is the mean so far. */
    double delta = value - point->sum;
    point->count++;
    point->sum += delta / point->count;
    point->squares += delta * (value - point->sum);
    return true;
}

static void keep_base(struct plot *p, const char *base)
{
    if (p->count == 0) {
        snprintf(p->base, sizeof(p->base), "%s", base);
    } else if (strcmp(p->base, base) != 0) {
        p->base[0] = '\0';
    }
}

static bool read_runs(struct reader *r)
{
    struct statement *runs = database_prepare(
        r->db, "SELECT id, name, images, base FROM runs WHERE state = 'done' "
               "ORDER BY id");
    bool is_good = true;
    while (is_good && statement_step(runs)) {
        int64_t run = statement_whole(runs, 0);
        json_t *settings = read_settings(r, run, statement_text(runs, 1),
                                         statement_text(runs, 2));
        if (is_wanted(r, settings)) {
            keep_base(r->plot, statement_text(runs, 3));
            is_good = add_run(r, run, settings);
        }
        json_decref(settings);
    }
    statement_release(runs);
    if (is_good && database_is_good(r->db) && r->plot->count == 0) {
        cli_complain("there is no finished run%s",
                     r->options->where.count > 0 ? " of that kind" : "");
        return false;
    }
    return is_good && database_is_good(r->db);
}

/* ---- Means -------------------------------------------------------------- */

/* Student's t, 97.5 %. */
static double student(uint32_t freedom)
{
    static const double table[] = {
        0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
        2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069,
        2.064, 2.060,  2.056, 2.052, 2.048, 2.045, 2.042,
    };
    if (freedom < sizeof(table) / sizeof(table[0])) {
        return table[freedom];
    }
    double n = (double)freedom;
    return 1.95996 + 2.37227 / n + 2.8225 / (n * n); /* Cornish-Fisher. */
}

static void reckon(struct plot *p)
{
    p->seeds_min = INT64_MAX;
    for (size_t i = 0; i < p->count; i++) {
        struct plot_point *point = &p->points[i];
        uint32_t n = point->count;
        point->mean = point->sum;
        point->half =
            n > 1 ? student(n - 1) * sqrt(point->squares / (n - 1) / n) : 0;
        p->seeds_min = n < p->seeds_min ? n : p->seeds_min;
        p->seeds_max = n > p->seeds_max ? n : p->seeds_max;
    }
}

static int compare_text(const char *a, const char *b)
{
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        double left;
        double right;
        if (read_value(kind, a, &left) && read_value(kind, b, &right)) {
            return (left > right) - (left < right);
        }
    }
    return strcmp(a, b);
}

static int compare_points(const void *a, const void *b)
{
    const struct plot_point *left = a;
    const struct plot_point *right = b;
    int by = compare_text(left->by, right->by);
    return by != 0 ? by : compare_text(left->x, right->x);
}

/* Words stand side by side, in alphabetical order. */
static void place_words(struct plot *p)
{
    for (size_t i = 0; i < p->count; i++) {
        double before = 0;
        for (size_t j = 0; j < p->count; j++) {
            bool is_new = strcmp(p->points[j].x, p->points[i].x) < 0;
            for (size_t k = 0; k < j && is_new; k++) {
                is_new = strcmp(p->points[k].x, p->points[j].x) != 0;
            }
            before += is_new;
        }
        p->points[i].x_value = before;
    }
}

static bool check_log(const struct plot *p)
{
    const struct plot_options *o = p->options;
    if (o->has_log_x && !p->x_axis.is_number) {
        cli_complain("--log %s: %s is a word, not a number",
                     o->has_log_y ? "xy" : "x", o->x);
        return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        if ((o->has_log_x && p->points[i].x_value <= 0) ||
            (o->has_log_y && p->points[i].mean <= 0)) {
            cli_complain("there is no logarithm of 0, and there is a point "
                         "with %s = %s and a mean of %g",
                         o->x, p->points[i].x, p->points[i].mean);
            return false;
        }
    }
    return true;
}

bool plot_read(struct plot *p, struct database *db,
               const struct plot_options *options)
{
    *p = (struct plot){ .options = options };
    struct reader r = { .plot = p, .options = options, .db = db };
    r.firsts = json_array();
    r.settings =
        database_prepare(db, "SELECT key, value FROM settings WHERE run = ?");
    r.metric = database_prepare(
        db, "SELECT value FROM metrics WHERE run = ? AND metric = ?");
    bool is_good = read_runs(&r);
    statement_release(r.settings);
    statement_release(r.metric);
    json_decref(r.firsts);
    if (!is_good) {
        return false;
    }
    reckon(p);
    qsort(p->points, p->count, sizeof(*p->points), compare_points);
    read_x_axis(p);
    read_y_axis(p);
    if (!p->x_axis.is_number) {
        place_words(p);
    }
    return check_log(p);
}

void plot_clear(struct plot *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->points[i].x);
        free(p->points[i].by);
    }
    free(p->points);
    *p = (struct plot){ .count = 0 };
}

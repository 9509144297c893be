/*
 * read.c - makes points of runs: decides which run belongs to which point, and
 * computes each point's mean with its confidence interval. Runs of one point
 * may differ in their seeds and in nothing else. If x is a figure, each
 * combination of settings is a point of its own, at the mean of that figure.
 */
#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/plot/plot.h"
#include "sim/quantity.h"
#include "sim/report/figures.h"
#include "sim/scenario/source.h"
#include "sim/student.h"
#include "sim/vocabulary/nearest.h"

#define SEED_KEY   "run.seed"
#define NAME_KEY   "name"   /* The bundle's name: not a key of scenarios. */
#define GUESTS_KEY "guests" /* The guests' hashes, as if they were a setting. */

struct reader {
    struct plot *plot;
    const struct plot_options *options;
    struct database *db;
    struct statement *settings;
    bool has_x_figure;
    struct figure_ref x, y; /* x is valid if has_x_figure. */
    json_t *firsts;         /* The settings of each point's first run. */
};

/* ---- Complaints --------------------------------------------------------- */

/* Complains of a key that no run has. Returns false. */
static bool refuse_key(struct reader *r, const char *key)
{
    struct nearest nearest = { .wrong = key };
    char best[128] = "";
    struct statement *s =
        database_prepare(r->db, "SELECT DISTINCT key FROM settings");
    while (statement_step(s)) {
        size_t before = nearest.distance;
        bool was_near = nearest.best != NULL;
        nearest_try(&nearest, statement_text(s, 0));
        if (nearest.best && (!was_near || nearest.distance < before)) {
            snprintf(best, sizeof(best), "%s", nearest.best);
        }
    }
    statement_release(s);
    cli_complain("no run has the setting '%s'%s%s; `sqlite3 DB 'SELECT "
                 "DISTINCT key FROM settings'` lists them",
                 key, *best ? ", perhaps " : "", best);
    return false;
}

static bool find_figures(struct reader *r)
{
    const char *x = r->options->x;
    const char *y = r->options->y;
    r->has_x_figure = figure_find(x, strlen(x), &r->x);
    if (figure_find(y, strlen(y), &r->y)) {
        return true;
    }
    char message[FIGURE_MESSAGE_BYTES];
    figure_describe_unknown(y, strlen(y), message);
    cli_complain("--y: %s", message);
    return false;
}

/* ---- Axes --------------------------------------------------------------- */

static struct plot_axis number_axis(const char *unit, double value)
{
    struct quantity_unit u = quantity_axis_unit(unit, value);
    return (struct plot_axis){ true, u.size, u.name };
}

/* Writes "load latency p99.9". */
static void describe_figure(struct figure_ref ref, char text[PLOT_NAME_BYTES])
{
    const struct figure *f = &figure_table[ref.id];
    char path[FIGURE_NAME_BYTES];
    figure_path(ref, path);
    const char *part = figure_part_name(f->part);
    size_t length = strcspn(path, ".");
    bool has_section = path[length] == '.';
    snprintf(text, PLOT_NAME_BYTES, "%.*s%s%s%s%s",
             has_section ? (int)length : 0, path, has_section ? " " : "",
             f->label, *part ? " " : "", part);
}

static struct plot_axis figure_axis(struct figure_ref ref, double least)
{
    enum figure_unit unit = figure_table[ref.id].unit;
    return unit == UNIT_PER_SECOND ? (struct plot_axis){ true, 1, "a second" }
                                   : number_axis(figure_unit_name(unit), least);
}

/* Reads the values of a key as numbers of one unit. False: they are words. */
static bool read_key_axis(struct plot *p)
{
    const char *key = p->options->x;
    const char *unit = NULL;
    double least = HUGE_VAL;
    for (size_t i = 0; i < p->count; i++) {
        struct scenario_number n;
        if (!scenario_read_number(key, p->points[i].x, &n)) {
            return false;
        }
        unit = n.unit;
        p->points[i].x_value = n.value;
        least = n.value > 0 && n.value < least ? n.value : least;
    }
    p->x_axis = number_axis(unit, isinf(least) ? 0 : least);
    const char *last = strrchr(key, '.');
    if (last && strcmp(last, ".rate") == 0) {
        p->x_axis.unit = "requests a second";
    }
    return true;
}

/* Places words side by side, in alphabetical order. */
static void place_words(struct plot *p)
{
    p->x_axis = (struct plot_axis){ .scale = 1, .unit = "" };
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

static void name_y(struct plot *p, struct figure_ref y)
{
    double most = 0;
    for (size_t i = 0; i < p->count; i++) {
        most = p->points[i].value > most ? p->points[i].value : most;
    }
    p->y_axis = figure_axis(y, most);
    describe_figure(y, p->y_name);
}

void plot_name_axes(struct plot *p, struct figure_ref y)
{
    name_y(p, y);
    snprintf(p->x_name, sizeof(p->x_name), "%s", p->options->x);
    if (!read_key_axis(p)) {
        place_words(p);
    }
}

static void read_axes(struct reader *r)
{
    struct plot *p = r->plot;
    double most = 0;
    if (!r->has_x_figure) {
        plot_name_axes(p, r->y);
        return;
    }
    for (size_t i = 0; i < p->count; i++) {
        most = p->points[i].x_value > most ? p->points[i].x_value : most;
    }
    p->x_axis = figure_axis(r->x, most);
    describe_figure(r->x, p->x_name);
    name_y(p, r->y);
}

/* ---- Runs --------------------------------------------------------------- */

/* Reads all settings of a run but its seed. */
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

/* True: the values are the same, as "1ms" and "1000us" are. */
static bool same_value(const char *key, const char *a, const char *b)
{
    struct scenario_number left;
    struct scenario_number right;
    if (scenario_read_number(key, a, &left) &&
        scenario_read_number(key, b, &right)) {
        return left.value == right.value;
    }
    return strcmp(a, b) == 0;
}

static bool is_wanted(const struct reader *r, const json_t *settings)
{
    for (uint32_t i = 0; i < r->options->where.count; i++) {
        const char *where = r->options->where.items[i];
        size_t length = strcspn(where, "=");
        char key[KEY_PATH_BYTES];
        snprintf(key, sizeof(key), "%.*s", (int)length, where);
        const char *value = setting(settings, key);
        if (!value || !same_value(key, value, where + length + 1)) {
            return false;
        }
    }
    return true;
}

/* Checks that nothing but the seed varies within a point. */
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
                         "for each value with --by, or name one with --where",
                         key, r->options->x);
            return false;
        }
    }
    return true;
}

/* Returns what tells the run's point from others on its line. The caller frees
   the text. */
static char *point_key(const struct reader *r, const json_t *settings)
{
    if (r->has_x_figure) {
        return json_dumps(settings, JSON_SORT_KEYS | JSON_COMPACT);
    }
    const char *x = setting(settings, r->options->x);
    return x ? strdup(x) : NULL;
}

/* Adds a point, which then owns both strings. Complains. */
static struct plot_point *add_point(struct plot *p, char *x, char *by)
{
    struct plot_point *points =
        realloc(p->points, (p->count + 1) * sizeof(*points));
    if (points) {
        p->points = points;
    }
    if (!points || !x || !by) {
        free(x);
        free(by);
        cli_complain("out of memory");
        return NULL;
    }
    struct scenario_number n;
    bool is_number =
        p->options->by && scenario_read_number(p->options->by, by, &n);
    points[p->count] = (struct plot_point){
        .x = x, .by = by, .by_value = is_number ? n.value : 0
    };
    return &points[p->count++];
}

/* Finds or adds the point of a run with these settings. Complains. */
static struct plot_point *find_point(struct reader *r, json_t *settings)
{
    struct plot *p = r->plot;
    const char *by = r->options->by ? setting(settings, r->options->by) : "";
    if (!by || (!r->has_x_figure && !setting(settings, r->options->x))) {
        refuse_key(r, by ? r->options->x : r->options->by);
        return NULL;
    }
    char *x = point_key(r, settings);
    for (size_t i = 0; x && i < p->count; i++) {
        if (strcmp(p->points[i].x, x) == 0 &&
            strcmp(p->points[i].by, by) == 0) {
            free(x);
            return check_alike(r, json_array_get(r->firsts, i), settings)
                       ? &p->points[i]
                       : NULL;
        }
    }
    json_array_append(r->firsts, settings);
    return add_point(p, x, strdup(by));
}

/* Reads a figure that the run's report must have. Complains. */
static bool read_figure(int64_t run, const json_t *report,
                        struct figure_ref ref, double *value)
{
    if (figure_read(report, ref, value)) {
        return true;
    }
    char path[FIGURE_NAME_BYTES];
    figure_path(ref, path);
    cli_complain("the report of run %lld has no %s; it comes from another "
                 "version of iksim, or from a run with fewer groups",
                 (long long)run, path);
    return false;
}

static bool add_run(struct reader *r, int64_t run, json_t *settings,
                    const char *text)
{
    struct plot_point *point = find_point(r, settings);
    json_t *report = text ? json_loads(text, 0, NULL) : NULL;
    double x = 0;
    double value = 0;
    bool is_good = point && read_figure(run, report, r->y, &value) &&
                   (!r->has_x_figure || read_figure(run, report, r->x, &x));
    steady_tally_add(&r->plot->steady, report);
    json_decref(report);
    if (!is_good) {
        return false;
    }
    /* Welford's algorithm; `sum` is the mean so far. */
    double delta = value - point->sum;
    point->count++;
    point->sum += delta / point->count;
    point->squares += delta * (value - point->sum);
    point->x_value += (x - point->x_value) / point->count;
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
        r->db, "SELECT id, name, images, base, report FROM runs "
               "WHERE state = 'done' ORDER BY id");
    bool is_good = true;
    while (is_good && statement_step(runs)) {
        int64_t run = statement_whole(runs, 0);
        json_t *settings = read_settings(r, run, statement_text(runs, 1),
                                         statement_text(runs, 2));
        if (is_wanted(r, settings)) {
            keep_base(r->plot, statement_text(runs, 3));
            is_good = add_run(r, run, settings, statement_text(runs, 4));
        }
        json_decref(settings);
    }
    statement_release(runs);
    if (is_good && database_is_good(r->db) && r->plot->count == 0) {
        cli_complain("there is no finished run%s", r->options->where.count > 0
                                                       ? " that --where selects"
                                                       : "");
        return false;
    }
    return is_good && database_is_good(r->db);
}

/* ---- Means -------------------------------------------------------------- */

static void reckon(struct plot *p)
{
    p->seeds_min = INT64_MAX;
    for (size_t i = 0; i < p->count; i++) {
        struct plot_point *point = &p->points[i];
        uint32_t n = point->count;
        double half =
            n > 1 ? student_95(n - 1) * sqrt(point->squares / (n - 1) / n) : 0;
        point->value = point->sum;
        point->low = point->value - half;
        point->high = point->value + half;
        p->seeds_min = n < p->seeds_min ? n : p->seeds_min;
        p->seeds_max = n > p->seeds_max ? n : p->seeds_max;
    }
}

static int compare_points(const void *a, const void *b)
{
    const struct plot_point *left = a;
    const struct plot_point *right = b;
    if (left->by_value != right->by_value) {
        return left->by_value < right->by_value ? -1 : 1;
    }
    int by = strcmp(left->by, right->by);
    return by != 0 ? by
                   : (left->x_value > right->x_value) -
                         (left->x_value < right->x_value);
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
            (o->has_log_y && p->points[i].value <= 0)) {
            cli_complain("there is no logarithm of 0, and there is a point "
                         "with %s = %g and a mean of %g",
                         o->x, p->points[i].x_value, p->points[i].value);
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
        database_prepare(db, "SELECT key, text FROM settings WHERE run = ?");
    bool is_good = find_figures(&r) && read_runs(&r);
    statement_release(r.settings);
    json_decref(r.firsts);
    if (!is_good) {
        return false;
    }
    reckon(p);
    read_axes(&r);
    qsort(p->points, p->count, sizeof(*p->points), compare_points);
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

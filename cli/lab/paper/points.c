/* points.c - see points.h. */
#include "cli/lab/paper/points.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/sweep/point.h"
#include "cli/lab/sweep/warmup.h"
#include "cli/run/session.h"

#define RUN_LIMIT     10000
#define LACKING_BYTES 128
#define WORD_LIMIT    64
#define PATH_BYTES    4096
#define SEED_BYTES    32

/* The settings of a run, in the order in which they take effect. */
struct words {
    struct arena *arena;
    const char *items[WORD_LIMIT];
    uint32_t count;
    bool is_whole;
};

bool points_init(struct points *p, const char *folder)
{
    *p = (struct points){ .plan = { .path = "paper" }, .folder = folder };
    struct arena *arena = &p->plan.arena;
    if (arena_map(arena, ARENA_UNLIMITED)) {
        p->plan.runs = arena_alloc(arena, RUN_LIMIT * sizeof(struct plan_run),
                                   alignof(struct plan_run));
        p->groups = arena_alloc(arena, RUN_LIMIT * sizeof(*p->groups),
                                alignof(uint32_t));
    }
    bool is_good = p->plan.runs && p->groups;
    if (!is_good) {
        cli_complain("out of memory");
    }
    return is_good;
}

void points_release(struct points *p)
{
    plan_release(&p->plan);
}

static const char *keep(struct arena *arena, const char *text, size_t length)
{
    char *kept = arena_alloc(arena, length + 1, 1);
    if (kept) {
        memcpy(kept, text, length);
    }
    return kept;
}

/* Adds the word, with '@' replaced by the value. */
static void add_word(struct words *w, const char *word, size_t length,
                     const char *value)
{
    char text[512];
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < sizeof(text); i++) {
        if (word[i] == '@' && value) {
            int n = snprintf(text + used, sizeof(text) - used, "%s", value);
            used += n > 0 ? (size_t)n : 0;
        } else {
            text[used++] = word[i];
        }
    }
    const char *kept = used < sizeof(text) && w->count < WORD_LIMIT
                           ? keep(w->arena, text, used)
                           : NULL;
    w->is_whole = w->is_whole && kept;
    if (kept) {
        w->items[w->count++] = kept;
    }
}

/* Adds settings that are separated by `;`. */
static void add_sets(struct words *w, const char *sets, const char *value)
{
    while (sets && *sets) {
        size_t length = strcspn(sets, ";");
        add_word(w, sets, length, value);
        sets += length + (sets[length] == ';');
    }
}

static bool fill_axis(struct claim_view *v, struct arena *arena,
                      const char *values)
{
    while (*values) {
        size_t length = strcspn(values, " ");
        const char *text = keep(arena, values, length);
        if (!text || v->x_count == CLAIM_X_LIMIT) {
            return false;
        }
        v->x_text[v->x_count] = text;
        v->x[v->x_count++] = strtod(text, NULL);
        values += length + (values[length] == ' ');
    }
    return true;
}

/* ---- The runs of a grid -------------------------------------------------- */

struct step {
    uint32_t series, x, seed, place;
};

/* Steps to the grid's next run, by series, x and seed. False: there is none. */
static bool step(const struct grid *g, struct step *at)
{
    const struct claim_view *v = &g->view;
    uint32_t row = v->x_count * v->seed_count;
    if (row == 0 || at->place == v->series_count * row) {
        return false;
    }
    at->series = at->place / row;
    at->x = at->place % row / v->seed_count;
    at->seed = at->place % v->seed_count;
    at->place++;
    return true;
}

/* ---- Into the plan ------------------------------------------------------- */

static uint32_t find_run(const struct plan *plan, const char *key)
{
    for (uint32_t i = 0; i < plan->run_count; i++) {
        if (strcmp(plan->runs[i].key, key) == 0) {
            return i;
        }
    }
    return POINTS_NONE;
}

/* Each run is built, to find its errors, though the images' hashes depend on
   few settings only. */
static bool finish_run(struct points *p, const struct scenario_options *options,
                       struct plan_run *run,
                       char message[SCENARIO_MESSAGE_BYTES])
{
    struct arena *arena = &p->plan.arena;
    run->images = point_try_build(arena, run->base, options, message);
    run->sets_json = run->images ? point_write_sets(arena, run->sets,
                                                    run->set_count, message)
                                 : NULL;
    return run->sets_json;
}

static uint32_t keep_run(struct plan *plan, const struct plan_run *run,
                         uint32_t known)
{
    if (known != POINTS_NONE) {
        return known;
    }
    plan->runs[plan->run_count] = *run;
    return plan->run_count++;
}

/* The first seed is that of the scenario, and the others are those after it.
   What a seed does not change is found once. */
static bool add_seeds(struct points *p, const char *base, const struct words *w,
                      struct point *points, uint32_t count,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    struct plan *plan = &p->plan;
    const char **sets = arena_alloc(&plan->arena, w->count * sizeof(*sets) + 1,
                                    alignof(const char *));
    struct plan_run run = { .base = base,
                            .base_name = strrchr(base, '/') + 1,
                            .name = "",
                            .sets = sets,
                            .set_count = w->count };
    const char *seeded[WORD_LIMIT + 1];
    char seed[SEED_BYTES];
    if (!sets || !w->is_whole || plan->run_count + count > RUN_LIMIT) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "there are too many runs");
        return false;
    }
    memcpy(sets, w->items, w->count * sizeof(*sets));
    memcpy(seeded, w->items, w->count * sizeof(*seeded));
    seeded[w->count] = seed;
    struct scenario_options options = { .sets = seeded, .set_count = w->count };
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            snprintf(seed, sizeof(seed), "run.seed=%" PRIu64, run.seed + 1);
            options.set_count = w->count + 1;
            run.has_seed = true;
        }
        if (!point_resolve(&plan->arena, base, &options, &run, message)) {
            return false;
        }
        uint32_t known = find_run(plan, run.key);
        if (i == 0 && known != POINTS_NONE) {
            run.images = plan->runs[known].images;
            run.sets_json = plan->runs[known].sets_json;
        } else if (i == 0 && !finish_run(p, &options, &run, message)) {
            return false;
        }
        points[i].run = keep_run(plan, &run, known);
    }
    return true;
}

static void add_point(struct points *p, struct grid *g, uint32_t series,
                      uint32_t x, const char *base)
{
    const struct claim *c = g->claim;
    const struct claim_series *variant = g->want.variant;
    const char *value = g->view.x_text[x];
    struct words w = { .arena = &p->plan.arena, .is_whole = true };
    char message[SCENARIO_MESSAGE_BYTES] = "";
    add_sets(&w, c->sets, NULL);
    add_sets(&w, c->series[series].sets, NULL);
    add_sets(&w, c->axis.sets, value);
    add_sets(&w, g->want.is_open ? c->open : NULL, NULL);
    add_sets(&w, variant ? variant->sets : NULL, NULL);
    for (uint32_t i = 0; i < p->extra_count; i++) {
        add_word(&w, p->extra[i], strlen(p->extra[i]), NULL);
    }
    struct point *points = g->points[series][x];
    uint32_t count = g->view.seed_count;
    for (uint32_t i = 0; i < count; i++) {
        points[i].run = POINTS_NONE;
    }
    if (!add_seeds(p, base, &w, points, count, message)) {
        const char *why = keep(&p->plan.arena, message, strlen(message));
        for (uint32_t i = 0; i < count; i++) {
            points[i] = (struct point){ .run = POINTS_NONE, .why = why };
        }
    }
}

void points_join(uint32_t *groups, uint32_t before, uint32_t count,
                 const uint32_t *runs, uint32_t run_count)
{
    for (uint32_t i = before; i < count; i++) {
        groups[i] = before;
    }
    for (uint32_t k = 0; k < run_count; k++) {
        uint32_t group = groups[runs[0]];
        uint32_t other = groups[runs[k]];
        for (uint32_t i = 0; other != group && i < count; i++) {
            groups[i] = groups[i] == other ? group : groups[i];
        }
    }
}

static void group_runs(struct points *p, const struct grid *g, uint32_t before)
{
    uint32_t runs[CLAIM_SERIES_LIMIT * CLAIM_X_LIMIT * CLAIM_SEEDS_LIMIT];
    uint32_t count = 0;
    struct step at = { 0 };
    while (step(g, &at)) {
        uint32_t run = g->points[at.series][at.x][at.seed].run;
        if (run != POINTS_NONE) {
            runs[count++] = run;
        }
    }
    points_join(p->groups, before, p->plan.run_count, runs, count);
}

struct grid *points_add(struct points *p, const struct claim *claim,
                        struct points_want want)
{
    struct arena *arena = &p->plan.arena;
    struct grid *g = arena_alloc(arena, sizeof(*g), alignof(struct grid));
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s.yaml", p->folder,
                     claim->base ? claim->base : "");
    const char *base =
        n > 0 && n < PATH_BYTES ? keep(arena, path, (size_t)n) : NULL;
    SIM_ASSERT(want.seed_count >= 1 && want.seed_count <= CLAIM_SEEDS_LIMIT);
    if (!g || !base) {
        cli_complain("out of memory");
        return NULL;
    }
    /* The arena's memory is zero. */
    g->claim = claim;
    g->want = want;
    g->view.claim = claim;
    g->view.seed_count = want.seed_count;
    if (!claim->base) {
        return g;
    }
    while (g->view.series_count < CLAIM_SERIES_LIMIT &&
           claim->series[g->view.series_count].name) {
        g->view.series_count++;
    }
    bool is_full = want.extent == POINTS_FULL;
    if (!fill_axis(&g->view, arena,
                   is_full ? claim->axis.full : claim->axis.quick)) {
        cli_complain("'%s' has more than %d values on its axis", claim->name,
                     CLAIM_X_LIMIT);
        return NULL;
    }
    uint32_t before = p->plan.run_count;
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            add_point(p, g, s, i, base);
        }
    }
    group_runs(p, g, before);
    return g;
}

bool points_finish(struct points *p, struct database *db, uint32_t job_count)
{
    char message[SCENARIO_MESSAGE_BYTES];
    bool is_good = plan_finish(&p->plan, message);
    if (!is_good) {
        cli_complain("%s", message);
    }
    return is_good && warmup_fix(&p->plan, p->groups, db, job_count);
}

/* ---- Out of the database ------------------------------------------------- */

/* A run that went to its end has a result even if servers cut requests off, as
   they do under overload, or never came to answer one, as under a scheduler that
   starves them. */
static bool has_result(struct statement *s)
{
    const char *message = statement_text(s, 1);
    return strcmp(statement_text(s, 0), "done") == 0 ||
           (message && (strstr(message, SESSION_CUT_OFF) ||
                        strstr(message, SESSION_UNANSWERED)));
}

/* True: the report lacks a figure that rules look at, as one of another version
   may. */
static bool lacks_figure(const json_t *report, char why[LACKING_BYTES])
{
    struct figure_ref missing;
    if (!figure_find_missing(report, &missing)) {
        return false;
    }
    char path[FIGURE_NAME_BYTES];
    figure_path(missing, path);
    snprintf(why, LACKING_BYTES,
             "the run's report, of another version of iksim, has no %s", path);
    return true;
}

static void read_point(struct points *p, struct statement *s,
                       struct point *point)
{
    struct arena *arena = &p->plan.arena;
    if (point->run == POINTS_NONE) {
        return;
    }
    statement_bind_text(s, 1, p->plan.runs[point->run].key);
    const char *why = "the run has not been made yet";
    char lacking[LACKING_BYTES];
    if (statement_step(s)) {
        const char *message = statement_text(s, 1);
        const char *report = statement_text(s, 2);
        if (has_result(s) && report) {
            point->report = json_loads(report, 0, NULL);
            why = "the run's report cannot be read";
            if (point->report && lacks_figure(point->report, lacking)) {
                json_decref(point->report);
                point->report = NULL;
                why = lacking;
            }
        } else if (strcmp(statement_text(s, 0), "failed") == 0) {
            why = message && *message ? message : "the run has failed";
        }
    }
    if (!point->report) {
        point->why = keep(arena, why, strlen(why));
    }
    statement_reset(s);
}

bool points_read(struct points *p, struct database *db, struct grid *grid)
{
    struct statement *s = database_prepare(
        db, "SELECT state, message, report FROM runs WHERE key = ?");
    struct step at = { 0 };
    while (s && step(grid, &at)) {
        struct point *point = &grid->points[at.series][at.x][at.seed];
        read_point(p, s, point);
        grid->view.reports[at.series][at.x][at.seed] = point->report;
    }
    statement_release(s);
    return database_is_good(db);
}

void points_clear(struct grid *grid)
{
    struct step at = { 0 };
    while (step(grid, &at)) {
        json_decref(grid->points[at.series][at.x][at.seed].report);
    }
}

const struct point *points_find_missing(const struct grid *grid)
{
    struct step at = { 0 };
    while (step(grid, &at)) {
        if (!grid->points[at.series][at.x][at.seed].report) {
            return &grid->points[at.series][at.x][at.seed];
        }
    }
    return NULL;
}

bool points_has_all(const struct grid *grid, uint32_t series, uint32_t x)
{
    for (uint32_t i = 0; i < grid->view.seed_count; i++) {
        if (!grid->points[series][x][i].report) {
            return false;
        }
    }
    return true;
}

static const json_t *fingerprint(const struct point *point)
{
    return json_object_get(point->report, "fingerprint");
}

struct points_tally points_count(const struct grid *grid)
{
    struct points_tally tally = { .planned = 0 };
    struct step at = { 0 };
    while (step(grid, &at)) {
        const struct point *point = &grid->points[at.series][at.x][at.seed];
        const json_t *report = point->report;
        const struct point *first = grid->points[at.series][at.x];
        tally.planned++;
        tally.made += report != NULL;
        bool is_compared = at.seed > 0 && report && first->report;
        tally.compared += is_compared;
        tally.alike +=
            is_compared && json_equal(fingerprint(first), fingerprint(point));
        steady_tally_add(&tally.steady, report);
    }
    return tally;
}

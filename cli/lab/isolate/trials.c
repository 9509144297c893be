/* trials.c - see trials.h. */
#include "cli/lab/isolate/trials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/isolate/partition.h"
#include "cli/lab/sweep/point.h"
#include "sim/scenario/keys.h"

/* ---- The plan ------------------------------------------------------------ */

/* What a preset stands for is the preset's, whatever the scenario says. */
static void add_preset(struct attack_words *w, const char *preset)
{
    static const struct {
        const char *mapping, *key;
    } keys[] = {
#define X(name, mapping, key, text) { #mapping, #key },
        PRESET_ROWS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].mapping, "kernel") == 0) {
            attack_add(w, "kernel.%s=", keys[i].key);
        }
    }
    attack_add(w, "run.group=");
    attack_add(w, "kernel.preset=%s", preset);
}

static struct attack_span span_of(const struct isolate_want *want,
                                  const struct scenario *victims)
{
    uint64_t window =
        want->window_ns > 0 ? want->window_ns : victims->duration_ns;
    return (struct attack_span){ .from_ns = want->warmup_ns,
                                 .to_ns = want->warmup_ns + window };
}

static void add_words(struct isolate *i, const struct scenario *victims,
                      const struct isolate_cell *cell, struct attack_words *w)
{
    const struct isolate_want *want = &i->want;
    for (uint32_t k = 0; k < want->set_count; k++) {
        attack_add(w, "%s", want->sets[k]);
    }
    add_preset(w, cell->preset);
    attack_add(w, "run.warmup=%" PRIu64 "ns", want->warmup_ns);
    if (want->window_ns > 0) {
        attack_add(w, "run.duration=%" PRIu64 "ns", want->window_ns);
    }
    if (cell->attacker) {
        attacker_add(cell->attacker, victims, cell->count,
                     span_of(want, victims), w);
    }
    if (partition_is_asked(cell->preset)) {
        partition_add(victims, cell->attacker, w);
    }
}

/* What is left of a scenario for a partition's run is the same whoever the
   others are; still each is to be run, so who they are is in the key. */
static bool tell_apart(struct arena *arena, const struct isolate_cell *cell,
                       struct plan_run *run)
{
    const char *name = cell->attacker->name;
    size_t bytes = strlen(run->scenario) + strlen(name) + 16;
    size_t mark = arena->used_bytes;
    char *text = arena_alloc(arena, bytes, 1);
    if (text) {
        snprintf(text, bytes, "%s\n%s %u", run->scenario, name, cell->count);
        plan_hash_text(text, run->key);
    }
    arena->used_bytes = mark;
    return text;
}

/* Puts the run of each seed into the plan. The guests depend on the attacker
   alone, so they are found once for each. */
static bool add_runs(struct isolate *i, struct isolate_cell *cell,
                     const struct attack_words *w, const char **images,
                     char message[SCENARIO_MESSAGE_BYTES])
{
    struct plan *plan = &i->plan;
    const char *slash = strrchr(i->want.path, '/');
    const char **sets = arena_alloc(&plan->arena, w->count * sizeof(*sets) + 1,
                                    alignof(const char *));
    const char *seeded[ATTACK_SET_LIMIT + 1];
    char seed[32];
    struct plan_run run = { .base = i->want.path,
                            .base_name = slash ? slash + 1 : i->want.path,
                            .name = "",
                            .sets = sets,
                            .set_count = w->count };
    if (!sets || !w->is_whole) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "there are too many settings");
        return false;
    }
    const char *own = NULL; /* A partition has only its own guests. */
    bool is_apart = partition_is_asked(cell->preset);
    images = is_apart ? &own : images;
    memcpy(sets, w->items, w->count * sizeof(*sets));
    memcpy(seeded, w->items, w->count * sizeof(*seeded));
    seeded[w->count] = seed;
    struct scenario_options options = { .sets = seeded, .set_count = w->count };
    for (uint32_t k = 0; k < i->want.seed_count; k++) {
        if (k > 0) {
            snprintf(seed, sizeof(seed), "run.seed=%" PRIu64, run.seed + 1);
            options.set_count = w->count + 1;
            run.has_seed = true;
        }
        if (!point_resolve(&plan->arena, run.base, &options, &run, message) ||
            (is_apart && cell->attacker &&
             !tell_apart(&plan->arena, cell, &run))) {
            return false;
        }
        if (k == 0) {
            *images = *images ? *images
                              : point_try_build(&plan->arena, run.base,
                                                &options, message);
            run.images = *images;
            run.sets_json = *images ? point_write_sets(&plan->arena, sets,
                                                       w->count, message)
                                    : NULL;
            if (!run.sets_json) {
                return false;
            }
        }
        cell->runs[k] = plan->run_count;
        plan->runs[plan->run_count++] = run;
    }
    return true;
}

static bool make_cell(struct isolate *i, const struct scenario *victims,
                      const struct isolate_cell *like, const char **images,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    struct isolate_cell *cell = &i->cells[i->cell_count++];
    struct attack_words w = { .arena = &i->plan.arena, .is_whole = true };
    *cell = *like;
    add_words(i, victims, cell, &w);
    return add_runs(i, cell, &w, images, message);
}

static bool make_cells(struct isolate *i, const struct scenario *victims,
                       char message[SCENARIO_MESSAGE_BYTES])
{
    const struct isolate_want *want = &i->want;
    const char *images[ISOLATE_ATTACK_LIMIT + 1] = { NULL };
    bool is_good = true;
    for (uint32_t p = 0; is_good && p < want->preset_count; p++) {
        const struct isolate_cell *alone = &i->cells[i->cell_count];
        struct isolate_cell cell = { .preset = want->presets[p] };
        is_good = make_cell(i, victims, &cell, &images[0], message);
        cell.alone = alone;
        for (uint32_t a = 0; is_good && a < want->attacker_count; a++) {
            cell.attacker = want->attackers[a];
            for (uint32_t c = 0; is_good && c < want->count_count; c++) {
                cell.count = want->counts[c];
                is_good = make_cell(i, victims, &cell, &images[a + 1], message);
            }
        }
    }
    return is_good;
}

/* The whole scenario, whosever run its own preset and run.group make of it. */
static const struct scenario *load_victims(struct isolate *i,
                                           char message[SCENARIO_MESSAGE_BYTES])
{
    const struct isolate_want *want = &i->want;
    struct attack_words w = { .arena = &i->plan.arena, .is_whole = true };
    for (uint32_t k = 0; k < want->set_count; k++) {
        attack_add(&w, "%s", want->sets[k]);
    }
    attack_add(&w, "kernel.preset=");
    attack_add(&w, "run.group=");
    struct scenario_options options = { .sets = w.items, .set_count = w.count };
    return w.is_whole ? scenario_load(w.arena, want->path, &options, message)
                      : NULL;
}

bool isolate_plan(struct isolate *i)
{
    struct isolate_want *want = &i->want;
    char message[SCENARIO_MESSAGE_BYTES] = "out of memory";
    struct plan *plan = &i->plan;
    uint32_t cells =
        want->preset_count * (1 + want->attacker_count * want->count_count);
    *plan = (struct plan){ .path = "isolate" };
    i->cells = calloc(cells, sizeof(*i->cells));
    if (i->cells && arena_map(&plan->arena, ARENA_UNLIMITED)) {
        plan->runs = arena_alloc(&plan->arena,
                                 (size_t)cells * want->seed_count *
                                     sizeof(struct plan_run),
                                 alignof(struct plan_run));
    }
    const struct scenario *victims =
        plan->runs ? load_victims(i, message) : NULL;
    if (victims) {
        i->victim_groups = victims->group_count;
    }
    if (!victims || !make_cells(i, victims, message) ||
        !plan_finish(plan, message)) {
        cli_complain("%s", message);
        return false;
    }
    return true;
}

/* ---- What the runs came to ----------------------------------------------- */

static double wall_of(const char *figures)
{
    json_t *host = figures ? json_loads(figures, 0, NULL) : NULL;
    double wall = json_number_value(json_object_get(host, "wall_s"));
    json_decref(host);
    return wall;
}

static const char *keep(struct arena *arena, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *kept = arena_alloc(arena, bytes, 1);
    return kept ? memcpy(kept, text, bytes) : "out of memory";
}

static void read_run(struct isolate *i, struct isolate_cell *cell, uint32_t k,
                     struct statement *s)
{
    const char *why = "its runs have not been made";
    statement_bind_text(s, 1, i->plan.runs[cell->runs[k]].key);
    if (statement_step(s)) {
        const char *message = statement_text(s, 0);
        const char *report = statement_text(s, 1);
        cell->reports[k] = report ? json_loads(report, 0, NULL) : NULL;
        cell->wall_s[k] = wall_of(statement_text(s, 2));
        if (message && *message) {
            why = message;
        }
    }
    if (!cell->reports[k] && !cell->why) {
        cell->why = keep(&i->plan.arena, why);
    }
    statement_reset(s);
}

static double figure(const json_t *report, enum figure_id id, uint32_t group)
{
    double value = 0;
    struct figure_ref ref = { .id = id, .group = group };
    return figure_read(report, ref, &value) ? value : 0;
}

/* Sums a figure over the victims' groups. */
static double of_victims(const struct isolate *i, const json_t *report,
                         enum figure_id id)
{
    double sum = 0;
    for (uint32_t g = 0; g < i->victim_groups; g++) {
        sum += figure(report, id, g);
    }
    return sum;
}

static double measure(const struct isolate *i, const json_t *report,
                      enum isolate_figure f)
{
    switch (f) {
    case ISOLATE_THROUGHPUT:
        return of_victims(i, report, FIGURE_GROUP_COMPLETED) * 1e9 /
               figure(report, FIGURE_MEASURED_LENGTH, 0);
    case ISOLATE_P50:
        return figure(report, FIGURE_LOAD_LATENCY_P50, 0);
    case ISOLATE_P99:
        return figure(report, FIGURE_LOAD_LATENCY_P99, 0);
    case ISOLATE_FIGURES:
        break;
    }
    return 0;
}

/* Of the window's processor time. */
static double taken_by_attackers(const struct isolate *i, const json_t *report)
{
    uint32_t groups =
        (uint32_t)json_array_size(json_object_get(report, "groups"));
    double ns = 0;
    for (uint32_t g = i->victim_groups; g < groups; g++) {
        ns += figure(report, FIGURE_GROUP_CPU, g);
    }
    return ns / figure(report, FIGURE_MEASURED_LENGTH, 0);
}

static void count_cell(const struct isolate *i, struct isolate_cell *cell)
{
    double walls[ISOLATE_SEEDS_LIMIT];
    double taken[ISOLATE_SEEDS_LIMIT];
    for (uint32_t k = 0; k < i->want.seed_count; k++) {
        const json_t *r = cell->reports[k];
        cell->sent += (uint64_t)of_victims(i, r, FIGURE_GROUP_SENT);
        cell->answered += (uint64_t)of_victims(i, r, FIGURE_GROUP_COMPLETED);
        cell->wrong += (uint64_t)figure(r, FIGURE_LOAD_FAILED, 0);
        walls[k] = cell->wall_s[k];
        taken[k] = taken_by_attackers(i, r);
    }
    statistics_sort(walls, i->want.seed_count);
    cell->wall = statistics_median(walls, i->want.seed_count);
    statistics_sort(taken, i->want.seed_count);
    cell->taken = statistics_median(taken, i->want.seed_count);
}

/* Of a partition: the layers in which a run of the victims is not the one that
   they have alone. */
static void find_differing(const struct isolate *i, struct isolate_cell *cell)
{
    for (uint32_t k = 0; k < i->want.seed_count; k++) {
        const char *layer;
        json_t *hash;
        json_t *alone =
            json_object_get(cell->alone->reports[k], "fingerprints");
        json_object_foreach(json_object_get(cell->reports[k], "fingerprints"),
                            layer, hash)
        {
            if (!json_equal(hash, json_object_get(alone, layer))) {
                json_object_set(cell->differing, layer, hash);
            }
        }
        if (!json_equal(json_object_get(cell->alone->reports[k], "fingerprint"),
                        json_object_get(cell->reports[k], "fingerprint"))) {
            cell->is_equal = false;
        }
    }
}

static void compare_bits(const struct isolate *i, struct isolate_cell *cell)
{
    if (cell->attacker && partition_is_asked(cell->preset) &&
        !cell->alone->why) {
        cell->differing = json_object();
        cell->is_equal = true;
        find_differing(i, cell);
    }
}

/* Of the victims alone, a difference from themselves has their values. False:
   out of memory. */
static bool compare_cell(const struct isolate *i, struct isolate_cell *cell)
{
    const struct isolate_cell *alone = cell->alone ? cell->alone : cell;
    uint32_t seeds = i->want.seed_count;
    double a[ISOLATE_SEEDS_LIMIT];
    double b[ISOLATE_SEEDS_LIMIT];
    struct sample s = { a, b, seeds, seeds, .is_paired = true };
    bool is_good = true;
    for (int f = 0; is_good && !alone->why && f < ISOLATE_FIGURES; f++) {
        cell->has[f] = true;
        for (uint32_t k = 0; k < seeds; k++) {
            a[k] = measure(i, alone->reports[k], (enum isolate_figure)f);
            b[k] = measure(i, cell->reports[k], (enum isolate_figure)f);
            cell->has[f] =
                cell->has[f] && (f == ISOLATE_THROUGHPUT || b[k] > 0);
        }
        is_good =
            statistics_compare(&s, ESTIMAND_MEDIAN, &cell->differences[f]);
    }
    return is_good;
}

bool isolate_read(struct isolate *i, struct database *db)
{
    struct statement *s =
        database_prepare(db, "SELECT message, report, "
                             "(SELECT figures FROM hosts WHERE run = runs.id) "
                             "FROM runs WHERE key = ?");
    bool is_good = true;
    for (uint32_t c = 0; s && is_good && c < i->cell_count; c++) {
        struct isolate_cell *cell = &i->cells[c];
        for (uint32_t k = 0; k < i->want.seed_count; k++) {
            read_run(i, cell, k, s);
        }
        if (!cell->why) {
            count_cell(i, cell);
            compare_bits(i, cell);
            is_good = compare_cell(i, cell);
        }
    }
    statement_release(s);
    if (!is_good) {
        cli_complain("out of memory for the comparison");
    }
    return is_good && database_is_good(db);
}

/* ---- Conditions ---------------------------------------------------------- */

/* As verdicts want it: an object of texts. */
static const char *describe(struct isolate *i, const struct isolate_cell *cell)
{
    char count[16];
    snprintf(count, sizeof(count), "%u", cell->count);
    json_t *object =
        json_pack("{s:s, s:s, s:s}", "attacker", cell->attacker->name, "vms",
                  count, "preset", cell->preset);
    char *text = json_dumps(object, JSON_COMPACT);
    const char *kept = keep(&i->plan.arena, text ? text : "");
    free(text);
    json_decref(object);
    return kept;
}

/* False, having complained: a figure is lacking, or a change is undefined. */
static bool judge(const struct isolate *i, const struct isolate_cell *cell,
                  struct verdict *v)
{
    uint32_t seeds = i->want.seed_count;
    double a[ISOLATE_SEEDS_LIMIT];
    double b[ISOLATE_SEEDS_LIMIT];
    struct sample s = { a, b, seeds, seeds, .is_paired = true };
    struct difference d;
    for (uint32_t k = 0; k < seeds; k++) {
        if (!figure_read(cell->alone->reports[k], v->condition->figure,
                         &a[k]) ||
            !figure_read(cell->reports[k], v->condition->figure, &b[k])) {
            cli_complain("--fail-if '%s': not all of the reports have it",
                         v->condition->text);
            return false;
        }
    }
    if (!statistics_compare(&s, ESTIMAND_MEDIAN, &d)) {
        cli_complain("out of memory for the comparison");
        return false;
    }
    if (!condition_value(v->condition, &d, &v->value)) {
        cli_complain("--fail-if '%s': it is 0 when the victims are alone, so "
                     "there is no change in %%",
                     v->condition->text);
        return false;
    }
    v->holds = condition_holds(v->condition, v->value);
    return true;
}

bool isolate_judge(struct isolate *i, const struct condition *conditions,
                   size_t count)
{
    i->verdicts = calloc(i->cell_count * count + 1, sizeof(*i->verdicts));
    if (!i->verdicts) {
        cli_complain("out of memory");
        return false;
    }
    for (uint32_t c = 0; c < i->cell_count; c++) {
        const struct isolate_cell *cell = &i->cells[c];
        if (!cell->attacker || cell->why || cell->alone->why) {
            continue;
        }
        const char *config = describe(i, cell);
        for (size_t k = 0; k < count; k++) {
            struct verdict *v = &i->verdicts[i->verdict_count++];
            v->condition = &conditions[k];
            v->config = config;
            if (!judge(i, cell, v)) {
                return false;
            }
        }
    }
    return true;
}

void isolate_release(struct isolate *i)
{
    for (uint32_t c = 0; c < i->cell_count; c++) {
        for (uint32_t k = 0; k < i->want.seed_count; k++) {
            json_decref(i->cells[c].reports[k]);
        }
        json_decref(i->cells[c].differing);
    }
    free(i->cells);
    free(i->verdicts);
    if (i->plan.runs) {
        plan_release(&i->plan);
    }
}

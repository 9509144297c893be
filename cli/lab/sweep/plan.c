/*
 * plan.c - see plan.h. libcyaml reads the file; then the runs are enumerated,
 * each as a list of `--set` words, and each is resolved and built as `iksim
 * run` would, so that errors are found before the first run.
 */
#include "cli/lab/sweep/plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "cli/lab/sweep/point.h"
#include "sim/scenario/raw.h"
#include "sim/units.h"
#include "sim/vocabulary/text.h"

/* ---- The file ----------------------------------------------------------- */

struct raw_axis {
    char *key;
    char **values;
    uint32_t values_count;
};

struct raw_bundle {
    char *name;
    char **set;
    uint32_t set_count;
};

struct raw_plan {
    char *base;
    struct raw_axis *grid;
    uint32_t grid_count;
    struct raw_bundle *sets;
    uint32_t sets_count;
    char **seeds;
    uint32_t seeds_count;
};

#define INNER (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

static const cyaml_schema_value_t word_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, SCENARIO_PATH_LENGTH),
};

static const cyaml_schema_field_t axis_fields[] = {
    CYAML_FIELD_STRING_PTR("key", INNER, struct raw_axis, key, 0,
                           KEY_PATH_BYTES),
    CYAML_FIELD_SEQUENCE_COUNT("values", INNER, struct raw_axis, values,
                               values_count, &word_entry, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t axis_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_axis, axis_fields),
};

static const cyaml_schema_field_t bundle_fields[] = {
    CYAML_FIELD_STRING_PTR("name", INNER, struct raw_bundle, name, 0,
                           SCENARIO_NAME_BYTES - 1),
    CYAML_FIELD_SEQUENCE_COUNT("set", INNER, struct raw_bundle, set, set_count,
                               &word_entry, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t bundle_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_bundle, bundle_fields),
};

static const cyaml_schema_field_t plan_fields[] = {
    CYAML_FIELD_STRING_PTR("base", INNER, struct raw_plan, base, 0,
                           SCENARIO_PATH_LENGTH),
    CYAML_FIELD_SEQUENCE_COUNT("grid", INNER, struct raw_plan, grid, grid_count,
                               &axis_entry, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("sets", INNER, struct raw_plan, sets, sets_count,
                               &bundle_entry, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("seeds", INNER, struct raw_plan, seeds,
                               seeds_count, &word_entry, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t plan_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_plan, plan_fields),
};

/* ---- The schema of plans ------------------------------------------------- */

/* Three deep, as plans are. */
/* NOLINTBEGIN(misc-no-recursion) */
static json_t *schema_of(const cyaml_schema_value_t *value)
{
    if (value->type == CYAML_SEQUENCE) {
        return json_pack("{s:[s,s],s:o}", "type", "array", "null", "items",
                         schema_of(value->sequence.entry));
    }
    if (value->type != CYAML_MAPPING) {
        return json_pack("{s:[s,s,s,s]}", "type", "string", "number", "boolean",
                         "null");
    }
    json_t *keys = json_object();
    const cyaml_schema_field_t *field = value->mapping.fields;
    for (; field->key; field++) {
        json_object_set_new(keys, field->key, schema_of(&field->value));
    }
    return json_pack("{s:s,s:b,s:o}", "type", "object", "additionalProperties",
                     0, "properties", keys);
}
/* NOLINTEND(misc-no-recursion) */

char *plan_write_schema(void)
{
    json_t *top = schema_of(&plan_schema);
    json_object_set_new(top, "$schema",
                        json_string("https://json-schema.org/draft/2020-12/"
                                    "schema"));
    json_object_set_new(top, "title", json_string("A plan of iksim sweep"));
    json_object_set_new(top, "required", json_pack("[s]", "base"));
    char *lines = json_dumps(top, JSON_INDENT(1));
    json_decref(top);
    return lines;
}

/* ---- Reading ------------------------------------------------------------ */

/* Where a setting of a run stands in the plan. */
struct place {
    const char *list; /* "grid" or "sets" */
    const char *items;
    uint32_t index, item;
};

struct reader {
    struct plan *plan;
    const struct raw_plan *raw;
    const struct scenario_source *source;
    char *message;
    uint64_t *seeds;
    uint32_t seed_count;
    /* The run that is being put together. */
    const char *words[PLAN_SET_LIMIT + 1]; /* One more for the seed. */
    struct place places[PLAN_SET_LIMIT];
    uint32_t word_count;
    const char *images; /* Those of the last run with the same settings. */
};

/* A complaint about "LIST[INDEX].ITEMS"; returns false. */
#define REFUSE(r, list, index, items, ...)                               \
    do {                                                                 \
        char path_[KEY_PATH_BYTES];                                      \
        snprintf(path_, sizeof(path_), "%s[%u].%s", list, index, items); \
        source_complain((r)->source, (r)->message, path_, __VA_ARGS__);  \
    } while (0)

static bool refuse_memory(const struct reader *r)
{
    snprintf(r->message, SCENARIO_MESSAGE_BYTES,
             "%s: is too large for the host's memory", r->source->path);
    return false;
}

/* Reads "3" or "1..10". */
static bool read_seeds(struct reader *r, uint32_t item, uint64_t *first,
                       uint64_t *last)
{
    const char *text = r->raw->seeds[item];
    const char *dots = strstr(text, "..");
    char start[UNITS_BYTES];
    snprintf(start, sizeof(start), "%.*s",
             dots ? (int)(dots - text) : (int)strlen(text), text);
    char path[KEY_PATH_BYTES];
    snprintf(path, sizeof(path), "seeds[%u]", item);
    char room[QUOTE_BYTES];
    if (units_read_whole(start, first) ||
        units_read_whole(dots ? dots + 2 : text, last) || *last > INT64_MAX) {
        source_complain(r->source, r->message, path,
                        "must be a whole number such as 3, or a range such as "
                        "1..10, not %s",
                        quote(text, room));
        return false;
    }
    if (*last < *first || *last - *first >= PLAN_RUN_LIMIT) {
        source_complain(r->source, r->message, path,
                        "must be a range of 1 to %d seeds, not %s",
                        PLAN_RUN_LIMIT, quote(text, room));
        return false;
    }
    return true;
}

static bool add_seeds(struct reader *r, uint32_t item)
{
    uint64_t first;
    uint64_t last;
    if (!read_seeds(r, item, &first, &last)) {
        return false;
    }
    for (uint64_t seed = first; seed <= last; seed++) {
        if (r->seed_count == PLAN_RUN_LIMIT) {
            source_complain(r->source, r->message, "seeds",
                            "there are more than %d", PLAN_RUN_LIMIT);
            return false;
        }
        r->seeds[r->seed_count++] = seed;
    }
    return true;
}

static bool has_key(const struct scenario_source *source, const char *key)
{
    for (const struct mark *m = source->marks; m; m = m->next) {
        if (!m->parent && m->key && strcmp(m->key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_grid(const struct reader *r)
{
    for (uint32_t i = 0; i < r->raw->grid_count; i++) {
        const struct raw_axis *axis = &r->raw->grid[i];
        if (!axis->key || !*axis->key) {
            REFUSE(r, "grid", i, "key", "is missing");
            return false;
        }
        if (strchr(axis->key, '=')) {
            REFUSE(r, "grid", i, "key", "must be a key, without its value");
            return false;
        }
        if (axis->values_count == 0) {
            REFUSE(r, "grid", i, "values", "is empty: %s has no value to take",
                   axis->key);
            return false;
        }
    }
    return true;
}

/* Checks that no list that is present is empty, and that the base is named. */
static bool check_shape(struct reader *r)
{
    const struct raw_plan *raw = r->raw;
    const struct {
        const char *key, *lack;
        uint32_t count;
    } lists[] = {
        { "grid", "name a key and its values, or leave the grid out",
          raw->grid_count },
        { "sets", "name a bundle, or leave the sets out", raw->sets_count },
        { "seeds",
          "name one at least, or leave them out for the scenario's own",
          raw->seeds_count },
    };
    if (!raw->base || !*raw->base) {
        source_complain(r->source, r->message, "base",
                        "is missing: the scenario to vary");
        return false;
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (lists[i].count == 0 && has_key(r->source, lists[i].key)) {
            source_complain(r->source, r->message, lists[i].key, "is empty: %s",
                            lists[i].lack);
            return false;
        }
    }
    r->seeds = arena_alloc(&r->plan->arena, PLAN_RUN_LIMIT * sizeof(uint64_t),
                           alignof(uint64_t));
    if (!r->seeds) {
        return refuse_memory(r);
    }
    for (uint32_t i = 0; i < raw->seeds_count; i++) {
        if (!add_seeds(r, i)) {
            return false;
        }
    }
    return check_grid(r);
}

/* Makes the base's path, which is relative to the plan's folder. */
static bool find_base(struct reader *r)
{
    struct plan *plan = r->plan;
    const char *base = r->raw->base;
    const char *slash = strrchr(r->source->path, '/');
    size_t folder =
        *base == '/' || !slash ? 0 : (size_t)(slash - r->source->path) + 1;
    size_t bytes = folder + strlen(base) + 1;
    char *path = arena_alloc(&plan->arena, bytes, 1);
    if (!path) {
        return refuse_memory(r);
    }
    snprintf(path, bytes, "%.*s%s", (int)folder, r->source->path, base);
    plan->base = path;
    slash = strrchr(path, '/');
    plan->base_name = slash ? slash + 1 : path;
    return true;
}

/* ---- One run ------------------------------------------------------------ */

void plan_hash_text(const char *text, char hex[PLAN_KEY_CHARS])
{
    XXH128_hash_t hash = XXH3_128bits(text, strlen(text));
    snprintf(hex, PLAN_KEY_CHARS, "%016llx%016llx",
             (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}

static bool same_key(const char *a, const char *b)
{
    size_t length = strcspn(a, "=");
    return strcspn(b, "=") == length && memcmp(a, b, length) == 0;
}

/* Adds a setting. A key may be set once in a run: otherwise its value would
   depend on the order of the plan. */
static bool add_word(struct reader *r, const char *word,
                     const struct place *place)
{
    if (r->word_count == PLAN_SET_LIMIT) {
        REFUSE(r, place->list, place->index, place->items,
               "a run has more than %d settings", PLAN_SET_LIMIT);
        return false;
    }
    bool is_twice = r->seed_count > 0 && same_key(word, "run.seed=");
    for (uint32_t i = 0; i < r->word_count && !is_twice; i++) {
        is_twice = same_key(word, r->words[i]);
    }
    if (is_twice) {
        REFUSE(r, place->list, place->index, place->items,
               "%.*s is set elsewhere in the plan too", (int)strcspn(word, "="),
               word);
        return false;
    }
    r->places[r->word_count] = *place;
    r->words[r->word_count++] = word;
    return true;
}

/*
 * Adds to a complaint about a scenario the place in the plan: the complaint
 * "--set KEY=VALUE: TEXT" becomes "PLAN:LINE: grid[0].values: KEY=VALUE: TEXT".
 */
static bool refuse_run(const struct reader *r)
{
    static const char prefix[] = "--set ";
    const char *said = r->message + sizeof(prefix) - 1;
    if (strncmp(r->message, prefix, sizeof(prefix) - 1) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < r->word_count; i++) {
        /* A complaint about an unknown key names the key only. */
        const char *word = r->words[i];
        size_t length = strlen(word);
        if (strncmp(said, word, length) != 0 || said[length] != ':') {
            length = strcspn(word, "=");
        }
        if (strncmp(said, word, length) == 0 && said[length] == ':') {
            char text[SCENARIO_MESSAGE_BYTES];
            snprintf(text, sizeof(text), "%s", said);
            const struct place *place = &r->places[i];
            char path[KEY_PATH_BYTES];
            snprintf(path, sizeof(path), "%s[%u].%s[%u]", place->list,
                     place->index, place->items, place->item);
            source_complain(r->source, r->message, path, "%s", text);
            return false;
        }
    }
    return false;
}

static bool add_run(struct reader *r, struct plan_run *run)
{
    struct plan *plan = r->plan;
    char seed_word[64];
    uint32_t count = r->word_count;
    if (run->has_seed) {
        snprintf(seed_word, sizeof(seed_word), "run.seed=%llu",
                 (unsigned long long)run->seed);
        r->words[count++] = seed_word;
    }
    if (plan->run_count == PLAN_RUN_LIMIT) {
        snprintf(r->message, SCENARIO_MESSAGE_BYTES,
                 "%s: has more than %d runs", r->source->path, PLAN_RUN_LIMIT);
        return false;
    }
    struct scenario_options options = { .sets = r->words, .set_count = count };
    run->base = plan->base;
    run->base_name = plan->base_name;
    if (!point_resolve(&plan->arena, plan->base, &options, run, r->message)) {
        return refuse_run(r);
    }
    if (!r->images) {
        r->images =
            point_try_build(&plan->arena, plan->base, &options, r->message);
    }
    if (!r->images) {
        return refuse_run(r);
    }
    run->images = r->images;
    plan->runs[plan->run_count++] = *run;
    return true;
}

/* Adds the runs that differ in their seeds only. */
static bool add_seeded(struct reader *r, const char *name)
{
    const char **sets = arena_alloc(
        &r->plan->arena, r->word_count * sizeof(*sets), alignof(const char *));
    if (!sets) {
        return refuse_memory(r);
    }
    memcpy(sets, r->words, r->word_count * sizeof(*sets));
    struct plan_run run = { .name = name,
                            .sets = sets,
                            .set_count = r->word_count,
                            .has_seed = r->seed_count > 0 };
    r->images = NULL;
    for (uint32_t i = 0; i < (run.has_seed ? r->seed_count : 1); i++) {
        struct plan_run one = run;
        one.seed = run.has_seed ? r->seeds[i] : 0;
        one.sets_json =
            i > 0 ? r->plan->runs[r->plan->run_count - 1].sets_json : NULL;
        if (!add_run(r, &one)) {
            return false;
        }
        /* The first run was built, so that each word is KEY=VALUE. */
        struct plan_run *added = &r->plan->runs[r->plan->run_count - 1];
        added->sets_json = i > 0 ? one.sets_json
                                 : point_write_sets(&r->plan->arena, r->words,
                                                    r->word_count, r->message);
        if (!added->sets_json) {
            return false;
        }
    }
    return true;
}

/* ---- All runs ----------------------------------------------------------- */

static const char *join_word(struct reader *r, const char *key,
                             const char *value)
{
    size_t bytes = strlen(key) + strlen(value) + 2;
    char *word = arena_alloc(&r->plan->arena, bytes, 1);
    if (!word) {
        refuse_memory(r);
        return NULL;
    }
    snprintf(word, bytes, "%s=%s", key, value);
    return word;
}

/* Adds the settings of the grid's point with number `point`; the last key of
   the grid varies fastest. */
static bool add_point(struct reader *r, uint64_t point)
{
    uint64_t stride = 1;
    for (uint32_t i = 0; i < r->raw->grid_count; i++) {
        stride *= r->raw->grid[i].values_count;
    }
    for (uint32_t i = 0; i < r->raw->grid_count; i++) {
        const struct raw_axis *axis = &r->raw->grid[i];
        stride /= axis->values_count;
        uint32_t item = (uint32_t)(point / stride % axis->values_count);
        const char *word = join_word(r, axis->key, axis->values[item]);
        struct place place = { "grid", "values", i, item };
        if (!word || !add_word(r, word, &place)) {
            return false;
        }
    }
    return true;
}

static bool add_bundle(struct reader *r, uint32_t index, uint64_t points)
{
    static const struct raw_bundle none = { .name = NULL };
    struct arena *arena = &r->plan->arena;
    const struct raw_bundle *bundle =
        r->raw->sets_count > 0 ? &r->raw->sets[index] : &none;
    const char *name = copy_text(arena, bundle->name ? bundle->name : "");
    if (!name) {
        return refuse_memory(r);
    }
    if (!text_is_plain(name)) {
        char room[QUOTE_BYTES];
        REFUSE(r, "sets", index, "name",
               "must be text without control characters, not %s",
               quote(name, room));
        return false;
    }
    r->word_count = 0;
    for (uint32_t i = 0; i < bundle->set_count; i++) {
        const char *word = copy_text(arena, bundle->set[i]);
        struct place place = { "sets", "set", index, i };
        if (!word) {
            return refuse_memory(r);
        }
        if (!strchr(word, '=')) {
            char room[QUOTE_BYTES];
            REFUSE(r, "sets", index, "set", "must be KEY=VALUE, not %s",
                   quote(word, room));
            return false;
        }
        if (!add_word(r, word, &place)) {
            return false;
        }
    }
    uint32_t own_count = r->word_count;
    for (uint64_t p = 0; p < points; p++) {
        r->word_count = own_count;
        if (!add_point(r, p) || !add_seeded(r, name)) {
            return false;
        }
    }
    return true;
}

static bool count_points(struct reader *r, uint64_t *points)
{
    uint64_t runs = r->seed_count > 0 ? r->seed_count : 1;
    runs *= r->raw->sets_count > 0 ? r->raw->sets_count : 1;
    *points = 1;
    for (uint32_t i = 0; i < r->raw->grid_count; i++) {
        *points *= r->raw->grid[i].values_count;
        if (*points * runs > PLAN_RUN_LIMIT) {
            source_complain(r->source, r->message, "grid",
                            "makes more than %d runs", PLAN_RUN_LIMIT);
            return false;
        }
    }
    return true;
}

struct run_place {
    const struct plan_run *run;
};

static int compare_runs(const void *a, const void *b)
{
    const struct run_place *left = a;
    const struct run_place *right = b;
    return strcmp(left->run->key, right->run->key);
}

bool plan_finish(struct plan *plan, char message[SCENARIO_MESSAGE_BYTES])
{
    size_t count = plan->run_count;
    struct run_place *order = arena_alloc(&plan->arena, count * sizeof(*order),
                                          alignof(struct run_place));
    char *keys = arena_alloc(&plan->arena, count * PLAN_KEY_CHARS + 1, 1);
    if (!order || !keys) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "%s: is too large for the host's memory", plan->path);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        order[i].run = &plan->runs[i];
    }
    qsort(order, count, sizeof(*order), compare_runs);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(order[i].run->key, order[i - 1].run->key) == 0) {
            char one[128];
            char other[128];
            plan_describe_run(order[i - 1].run, one, sizeof(one));
            plan_describe_run(order[i].run, other, sizeof(other));
            snprintf(message, SCENARIO_MESSAGE_BYTES,
                     "%s: two of its runs are the same: (%s) and (%s)",
                     plan->path, one, other);
            return false;
        }
        memcpy(keys + i * PLAN_KEY_CHARS, order[i].run->key,
               PLAN_KEY_CHARS - 1);
        keys[(i + 1) * PLAN_KEY_CHARS - 1] = '\n';
    }
    plan_hash_text(keys, plan->hash);
    return true;
}

static bool expand(struct reader *r)
{
    uint64_t points;
    if (!check_shape(r) || !find_base(r) || !count_points(r, &points)) {
        return false;
    }
    r->plan->runs =
        arena_alloc(&r->plan->arena, PLAN_RUN_LIMIT * sizeof(struct plan_run),
                    alignof(struct plan_run));
    if (!r->plan->runs) {
        return refuse_memory(r);
    }
    uint32_t bundles = r->raw->sets_count > 0 ? r->raw->sets_count : 1;
    for (uint32_t i = 0; i < bundles; i++) {
        if (!add_bundle(r, i, points)) {
            return false;
        }
    }
    return plan_finish(r->plan, r->message);
}

bool plan_load(struct plan *plan, const char *path,
               char message[SCENARIO_MESSAGE_BYTES])
{
    *plan = (struct plan){ .path = path };
    if (!arena_map(&plan->arena, ARENA_UNLIMITED)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: out of memory", path);
        return false;
    }
    struct scenario_source *source =
        source_open(&plan->arena, path, NULL, message);
    if (!source) {
        return false;
    }
    struct reader *r =
        arena_alloc(&plan->arena, sizeof(*r), alignof(struct reader));
    struct raw_plan *raw = raw_load_as(source, &plan_schema, message);
    bool is_good = raw && r;
    if (is_good) {
        *r = (struct reader){
            .plan = plan, .raw = raw, .source = source, .message = message
        };
        is_good = expand(r);
    }
    if (raw) {
        raw_free_as(&plan_schema, raw);
    }
    source_close(source);
    return is_good;
}

void plan_release(struct plan *plan)
{
    arena_unmap(&plan->arena);
}

void plan_describe_run(const struct plan_run *run, char *text, size_t bytes)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < run->set_count && used < bytes; i++) {
        int n = snprintf(text + used, bytes - used, "%s, ", run->sets[i]);
        used += n > 0 ? (size_t)n : 0;
    }
    if (used < bytes) {
        snprintf(text + used, bytes - used, "seed %llu",
                 (unsigned long long)run->seed);
    }
}

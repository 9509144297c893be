/* runset.c - see runset.h. */
#define _GNU_SOURCE
#include "cli/lab/compare/runset.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/lab/sweep/database.h"
#include "cli/run/rundir.h"

#define FILTER_LIMIT 16

/* ---- Adding ------------------------------------------------------------- */

static bool no_memory(void)
{
    cli_complain("out of memory for the runs");
    return false;
}

/* Adds a run, whose strings and report the set then owns, or frees if memory is
   short. */
static bool add(struct runset *set, const struct runset_run *run)
{
    struct runset_run *runs =
        realloc(set->runs, (set->count + 1) * sizeof(*runs));
    if (runs) {
        set->runs = runs;
    }
    if (!runs || !run->config || !run->images || !run->report) {
        free(run->config);
        free(run->images);
        json_decref(run->report);
        return no_memory();
    }
    set->runs[set->count++] = *run;
    return true;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Joins the hashes, sorted and each once, into one string, which the caller
   frees. */
static char *join_hashes(const char **hashes, size_t count)
{
    qsort(hashes, count, sizeof(*hashes), by_text);
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++) {
        bytes += strlen(hashes[i]) + 1;
    }
    char *text = calloc(1, bytes);
    size_t used = 0;
    for (size_t i = 0; text && i < count; i++) {
        if (i == 0 || strcmp(hashes[i], hashes[i - 1]) != 0) {
            used +=
                (size_t)snprintf(text + used, bytes - used, "%s ", hashes[i]);
        }
    }
    return text;
}

/* Lists the hashes of a list of objects with `xxh3_128`, or of an object whose
   values are hashes. */
static char *list_images(json_t *images)
{
    size_t count = json_is_array(images) ? json_array_size(images)
                                         : json_object_size(images);
    const char **hashes = calloc(count + 1, sizeof(*hashes));
    if (!hashes) {
        return NULL;
    }
    size_t used = 0;
    const char *key;
    json_t *value;
    json_object_foreach(images, key, value)
    {
        const char *hash = json_string_value(value);
        hashes[used++] = hash ? hash : "";
    }
    for (size_t i = 0; i < json_array_size(images); i++) {
        const json_t *item = json_array_get(images, i);
        const char *hash = json_string_value(json_object_get(item, "xxh3_128"));
        hashes[used++] = hash ? hash : "";
    }
    char *text = join_hashes(hashes, used);
    free(hashes);
    return text;
}

/* ---- Run directories ---------------------------------------------------- */

static bool add_directory(struct runset *set, const char *dir)
{
    struct rundir d;
    bool is_added = false;
    if (rundir_open(&d, dir)) {
        struct runset_run run = {
            .seed = json_integer_value(json_object_get(d.manifest, "seed")),
            .config = strdup(""),
            .images = list_images(json_object_get(d.manifest, "images")),
            .report = json_incref(d.report),
        };
        is_added = add(set, &run);
    }
    rundir_close(&d);
    return is_added;
}

static bool add_folder(struct runset *set, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    bool is_good = count >= 0;
    if (!is_good) {
        cli_complain("cannot read '%s': %s", folder, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        char *dir = NULL;
        if (is_good &&
            asprintf(&dir, "%s/%s", folder, entries[i]->d_name) >= 0 &&
            entries[i]->d_name[0] != '.' && rundir_exists(dir)) {
            is_good = add_directory(set, dir);
        }
        free(dir);
        free(entries[i]);
    }
    free(entries);
    if (is_good && set->count == 0) {
        cli_complain("'%s' holds no finished run, and no folder in it does",
                     folder);
        return false;
    }
    return is_good;
}

/* ---- Databases ---------------------------------------------------------- */

struct filter {
    char *text; /* Owned; keys and values point into it. */
    const char *keys[FILTER_LIMIT];
    const char *values[FILTER_LIMIT];
    size_t count;
};

static bool parse_filter(struct filter *f, const char *word, const char *text)
{
    f->text = strdup(text);
    char *save = NULL;
    char *item = f->text ? strtok_r(f->text, ",", &save) : NULL;
    while (item) {
        char *equals = strchr(item, '=');
        if (!equals || equals == item || f->count == FILTER_LIMIT) {
            cli_complain("'%s': a group is KEY=VALUE, or several with commas, "
                         "such as kernel.quantum=5ms",
                         word);
            return false;
        }
        *equals = '\0';
        f->keys[f->count] = item;
        f->values[f->count++] = equals + 1;
        item = strtok_r(NULL, ",", &save);
    }
    return f->text || no_memory();
}

/*
 * Removes the group's keys from the settings of a run. False: the run is not in
 * the group.
 */
static bool is_in_group(json_t *config, const struct filter *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const char *value =
            json_string_value(json_object_get(config, f->keys[i]));
        if (!value || strcmp(value, f->values[i]) != 0) {
            return false;
        }
        json_object_del(config, f->keys[i]);
    }
    return true;
}

static void put_text(json_t *config, const char *key, const char *text)
{
    if (text && text[0] != '\0') {
        json_object_set_new(config, key, json_string(text));
    }
}

static json_t *parse(const char *text)
{
    return text ? json_loads(text, 0, NULL) : NULL;
}

/* Returns the config as text. NULL: out of memory. */
static char *write_config(const json_t *config)
{
    return json_object_size(config) == 0
               ? strdup("")
               : json_dumps(config, JSON_SORT_KEYS | JSON_COMPACT);
}

/* Adds the run of a row: base, name, sets, seed, images, report. */
static bool add_row(struct runset *set, struct statement *row,
                    const struct filter *f)
{
    json_t *config = parse(statement_text(row, 2));
    config = config ? config : json_object();
    put_text(config, "base", statement_text(row, 0));
    put_text(config, "name", statement_text(row, 1));
    bool is_good = true;
    if (is_in_group(config, f)) {
        json_t *images = parse(statement_text(row, 4));
        struct runset_run run = {
            .seed = statement_whole(row, 3),
            .config = write_config(config),
            .images = list_images(images),
            .report = parse(statement_text(row, 5)),
        };
        json_decref(images);
        is_good = add(set, &run);
    }
    json_decref(config);
    return is_good;
}

static bool add_database(struct runset *set, const char *path,
                         const struct filter *f)
{
    struct database *db = database_open(path, DATABASE_READ);
    if (!db) {
        return false;
    }
    struct statement *row = database_prepare(
        db, "SELECT base, name, sets, seed, images, report FROM runs "
            "WHERE state = 'done' ORDER BY id");
    bool is_good = true;
    while (is_good && statement_step(row)) {
        is_good = add_row(set, row, f);
    }
    statement_release(row);
    is_good = database_close(db) && is_good;
    if (is_good && set->count == 0) {
        cli_complain("'%s' holds no finished run%s", path,
                     f->count > 0 ? " of that group" : "");
        return false;
    }
    return is_good;
}

/* ---- The whole ---------------------------------------------------------- */

static int by_config_and_seed(const void *left, const void *right)
{
    const struct runset_run *a = left;
    const struct runset_run *b = right;
    int order = strcmp(a->config, b->config);
    return order != 0 ? order : (a->seed > b->seed) - (a->seed < b->seed);
}

static bool check_unique(struct runset *set)
{
    qsort(set->runs, set->count, sizeof(*set->runs), by_config_and_seed);
    for (size_t i = 1; i < set->count; i++) {
        if (by_config_and_seed(&set->runs[i - 1], &set->runs[i]) == 0) {
            cli_complain("'%s' holds more than one run of seed %lld, with "
                         "nothing to tell the runs apart",
                         set->name, (long long)set->runs[i].seed);
            return false;
        }
    }
    return true;
}

/* Loads PATH, or PATH:GROUP if no file has the name PATH:GROUP. */
static bool load_path(struct runset *set, const char *word)
{
    struct filter f = { .count = 0 };
    struct stat status;
    char *path = strdup(word);
    char *colon = path && stat(path, &status) != 0 ? strchr(path, ':') : NULL;
    bool is_good = path != NULL;
    while (colon && is_good) {
        *colon = '\0';
        if (stat(path, &status) == 0) {
            is_good = parse_filter(&f, word, word + (colon - path) + 1);
            break;
        }
        *colon = ':';
        colon = strchr(colon + 1, ':');
    }
    if (!is_good) {
        is_good = path ? false : no_memory();
    } else if (stat(path, &status) != 0) {
        cli_complain("cannot read '%s': %s", path, strerror(errno));
        is_good = false;
    } else if (!S_ISDIR(status.st_mode)) {
        is_good = add_database(set, path, &f);
    } else if (f.count > 0) {
        cli_complain("'%s': only a database has groups", word);
        is_good = false;
    } else {
        is_good = rundir_exists(path) ? add_directory(set, path)
                                      : add_folder(set, path);
    }
    free(f.text);
    free(path);
    return is_good;
}

bool runset_load(struct runset *set, const char *word)
{
    *set = (struct runset){ .name = word };
    return load_path(set, word) && check_unique(set);
}

/* Removes from `common` what the run does not have. */
static void keep_common(json_t *common, const struct runset_run *run)
{
    json_t *config = parse(run->config);
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(common, next, key, value)
    {
        if (!json_equal(value, json_object_get(config, key))) {
            json_object_del(common, key);
        }
    }
    json_decref(config);
}

static bool forget(struct runset *set, json_t *common)
{
    for (size_t i = 0; i < set->count; i++) {
        json_t *config = parse(set->runs[i].config);
        const char *key;
        json_t *value;
        json_object_foreach(common, key, value)
        {
            json_object_del(config, key);
        }
        char *text = write_config(config);
        json_decref(config);
        if (!text) {
            return no_memory();
        }
        free(set->runs[i].config);
        set->runs[i].config = text;
    }
    /* All configs have lost the same settings, so that those that differed
       still differ, but their order may have changed. */
    qsort(set->runs, set->count, sizeof(*set->runs), by_config_and_seed);
    return true;
}

bool runset_forget_common(struct runset *a, struct runset *b)
{
    SIM_ASSERT(a->count > 0 && b->count > 0);
    json_t *common = parse(a->runs[0].config);
    for (size_t i = 0; i < a->count + b->count; i++) {
        keep_common(common,
                    i < a->count ? &a->runs[i] : &b->runs[i - a->count]);
    }
    bool is_good = json_object_size(common) == 0 ||
                   (forget(a, common) && forget(b, common));
    json_decref(common);
    return is_good;
}

void runset_release(struct runset *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->runs[i].config);
        free(set->runs[i].images);
        json_decref(set->runs[i].report);
    }
    free(set->runs);
    *set = (struct runset){ 0 };
}

size_t runset_span(const struct runset *set, size_t first)
{
    size_t end = first;
    while (end < set->count &&
           strcmp(set->runs[end].config, set->runs[first].config) == 0) {
        end++;
    }
    return end - first;
}

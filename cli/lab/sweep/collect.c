/*
 * collect.c - stores the results of run directories, made here or elsewhere, in
 * a database. A directory is taken if it is whole and has the schema of this
 * version; its scenario says which run it holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/sweep/store.h"
#include "cli/run/choice/pinned.h"
#include "cli/run/rundir.h"
#include "sim/report/report.h"

struct collector {
    struct database *db;
    struct rundir dir;
    struct arena arena;
    char *images, *scenario; /* JSON; owned. */
    char key[PLAN_KEY_CHARS];
    uint64_t seed;
};

static bool refuse(const struct collector *c, const char *what)
{
    cli_complain("'%s': %s", c->dir.path, what);
    return false;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Adds the hashes of the files of one list, by the scenario's keys. */
static void add_files(const struct collector *c, const char *list,
                      const char *item, const char *key, json_t *images)
{
    size_t i;
    const json_t *file;
    json_array_foreach(json_object_get(c->dir.manifest, list), i, file)
    {
        char name[32];
        snprintf(name, sizeof(name), "%s[%lld]", key,
                 (long long)json_integer_value(json_object_get(file, item)));
        json_object_set_new(images, name,
                            json_string(text_of(file, "xxh3_128")));
    }
}

/* Reads the images' hashes into one object, sorted by name, as in
   plan_run.images. */
static bool read_images(struct collector *c)
{
    json_t *images = json_object();
    json_t *list = json_object_get(c->dir.manifest, "images");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *image = json_array_get(list, i);
        json_object_set_new(images, text_of(image, "image"),
                            json_string(text_of(image, "xxh3_128")));
    }
    add_files(c, "disks", "disk", "disks", images);
    add_files(c, "loads", "load", "load", images);
    c->images = json_dumps(images, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(images);
    return c->images || refuse(c, "out of memory");
}

/* A directory's scenario names the directory's own copies of images; a sweep's
   scenario names the originals. */
static void restore_images(const struct collector *c, struct scenario *s)
{
    json_t *list = json_object_get(c->dir.manifest, "images");
    for (uint32_t g = 0; g < s->group_count; g++) {
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *image = json_array_get(list, i);
            if (strcmp(text_of(image, "file"), s->vms[g].image) == 0) {
                s->vms[g].image = text_of(image, "image");
                break;
            }
        }
    }
}

/* Likewise of policies that were files. */
static void restore_policies(const struct collector *c, struct scenario *s)
{
    json_t *list = json_object_get(c->dir.manifest, "policies");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *policy = json_array_get(list, i);
        uint32_t kind;
        if (word_find(&policy_kind_words, text_of(policy, "kind"),
                      strlen(text_of(policy, "kind")), &kind)) {
            *pinned_name(s, (enum policy_kind)kind) = text_of(policy, "policy");
        }
    }
}

static bool read_scenario(struct collector *c)
{
    char message[SCENARIO_MESSAGE_BYTES];
    struct scenario *s =
        pinned_load(&c->arena, c->dir.scenario_path, NULL, message);
    if (!s) {
        cli_complain("%s", message);
        return false;
    }
    restore_images(c, s);
    restore_policies(c, s);
    c->seed = s->seed;
    c->scenario = scenario_write_json(s);
    if (!c->scenario) {
        return refuse(c, "out of memory");
    }
    plan_hash_text(c->scenario, c->key);
    return true;
}

/* Checks that the directory is whole, and that its files belong together. */
static bool check_directory(const struct collector *c)
{
    const json_t *report = c->dir.report;
    json_int_t schema = json_integer_value(json_object_get(report, "schema"));
    if (schema != REPORT_SCHEMA) {
        cli_complain("'%s': the report has schema %lld, but this iksim knows "
                     "%d only",
                     c->dir.path, (long long)schema, REPORT_SCHEMA);
        return false;
    }
    const char *ended = text_of(c->dir.manifest, "ended");
    if (strcmp(ended, "whole") != 0 && strcmp(ended, "failed") != 0) {
        return refuse(c, "the run was ended before its time");
    }
    if (strcmp(text_of(c->dir.manifest, "fingerprint"),
               text_of(report, "fingerprint")) != 0) {
        return refuse(c, "manifest and report belong to different runs");
    }
    return true;
}

static bool read_directory(struct collector *c, const char *path)
{
    if (!arena_map(&c->arena, ARENA_UNLIMITED)) {
        return refuse(c, "out of memory");
    }
    return rundir_open(&c->dir, path) && check_directory(c) &&
           rundir_check_files(&c->dir) && read_scenario(c) && read_images(c);
}

/* Inserts a run that no plan asked for. */
static bool insert(struct collector *c, int64_t *id)
{
    struct statement *s = database_prepare(
        c->db, "INSERT INTO runs(key, plan, base, name, sets, images, seed, "
               "scenario) VALUES (?, '', ?, '', '{}', ?, ?, ?) RETURNING id");
    statement_bind_text(s, 1, c->key);
    statement_bind_text(s, 2, text_of(c->dir.manifest, "scenario"));
    statement_bind_text(s, 3, c->images);
    statement_bind_whole(s, 4, (int64_t)c->seed);
    statement_bind_text(s, 5, c->scenario);
    bool is_in = statement_step(s);
    *id = is_in ? statement_whole(s, 0) : 0;
    while (statement_step(s)) {
    }
    statement_release(s);
    return is_in && store_settings(c->db, *id);
}

/* Finds or makes the row for the result; *is_new: the row has none yet.
   Complains. */
static bool find_place(struct collector *c, int64_t *id, bool *is_new)
{
    struct statement *s = database_prepare(
        c->db, "SELECT id, fingerprint, images FROM runs WHERE key = ?");
    statement_bind_text(s, 1, c->key);
    bool is_there = statement_step(s);
    bool is_good = database_is_good(c->db);
    *is_new = true;
    if (is_there) {
        const char *known = statement_text(s, 1);
        *id = statement_whole(s, 0);
        *is_new = !known;
        if (strcmp(statement_text(s, 2), c->images) != 0) {
            is_good =
                refuse(c, "the database has this run with other guests or "
                          "disks");
        } else if (known &&
                   strcmp(known, text_of(c->dir.report, "fingerprint")) != 0) {
            is_good = refuse(c, "the database has this run with another "
                                "fingerprint");
        }
    }
    statement_release(s);
    return is_good && (is_there || insert(c, id));
}

/* Returns the result as `iksim run` wrote it. */
static struct store_result judge(const struct collector *c)
{
    const char *message = rundir_text(&c->dir, "message");
    struct store_result result = { .exit_code = CLI_DONE,
                                   .version = rundir_text(&c->dir, "version"),
                                   .report = c->dir.report };
    if (message[0] != '\0') {
        result.exit_code = CLI_WRONG;
        result.message = message;
    }
    return result;
}

bool store_collect(struct database *db, const char *dir, bool *is_new)
{
    struct collector c = { .db = db, .dir = { .path = dir } };
    int64_t id = 0;
    bool is_good = read_directory(&c, dir) && find_place(&c, &id, is_new);
    if (is_good && *is_new) {
        struct store_result result = judge(&c);
        is_good = store_result(db, id, &result);
    }
    rundir_close(&c.dir);
    free(c.images);
    free(c.scenario);
    arena_unmap(&c.arena);
    return is_good;
}

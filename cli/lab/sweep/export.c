/*
 * export.c - prints results as CSV (RFC 4180): a row a run, in the order of the
 * plan; a column for each key that varies, and for each figure of the report.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/csv.h"
#include "cli/lab/sweep/store.h"

/* Owned names, in order. */
struct names {
    char **items;
    size_t count;
};

static bool names_add(struct names *n, const char *name)
{
    char **items = realloc(n->items, (n->count + 1) * sizeof(*items));
    char *copy = strdup(name);
    if (items) {
        n->items = items;
    }
    if (!items || !copy) {
        free(copy);
        return false;
    }
    n->items[n->count++] = copy;
    return true;
}

static void names_clear(struct names *n)
{
    for (size_t i = 0; i < n->count; i++) {
        free(n->items[i]);
    }
    free(n->items);
}

static bool read_names(struct database *db, const char *sql, const char *plan,
                       struct names *names)
{
    struct statement *s = database_prepare(db, sql);
    statement_bind_text(s, 1, plan);
    bool is_good = true;
    while (is_good && statement_step(s)) {
        is_good = names_add(names, statement_text(s, 0));
    }
    statement_release(s);
    if (!is_good) {
        cli_complain("out of memory for the table");
    }
    return is_good && database_is_good(db);
}

/* Prints a field, quoted if CSV asks for it; NULL is an empty field. */
static void put_field(const char *text, const char *separator)
{
    fputs(separator, stdout);
    if (text) {
        csv_put(stdout, text);
    }
}

/* Prints the run's value for each name; the rows of `s` and the names have the
   same order. */
static void put_values(struct statement *s, int64_t run,
                       const struct names *names)
{
    json_t *values = json_object();
    statement_bind_whole(s, 1, run);
    while (statement_step(s)) {
        json_object_set_new(values, statement_text(s, 0),
                            json_string(statement_text(s, 1)));
    }
    statement_reset(s);
    for (size_t i = 0; i < names->count; i++) {
        put_field(json_string_value(json_object_get(values, names->items[i])),
                  ",");
    }
    json_decref(values);
}

static void put_head(const struct names *keys, const struct names *metrics)
{
    fputs("run,name", stdout);
    for (size_t i = 0; i < keys->count; i++) {
        put_field(keys->items[i], ",");
    }
    fputs(",seed,state,exit_code,message,fingerprint", stdout);
    for (size_t i = 0; i < metrics->count; i++) {
        put_field(metrics->items[i], ",");
    }
    fputs("\r\n", stdout);
}

static bool put_rows(struct database *db, const char *plan,
                     const struct names *keys, const struct names *metrics)
{
    struct statement *runs = database_prepare(
        db, "SELECT id, name, seed, state, exit_code, message, fingerprint "
            "FROM runs WHERE plan = ? ORDER BY id");
    struct statement *settings =
        database_prepare(db, "SELECT key, text FROM settings WHERE run = ?");
    struct statement *figures =
        database_prepare(db, "SELECT metric, value FROM metrics WHERE run = ?");
    statement_bind_text(runs, 1, plan);
    while (statement_step(runs)) {
        int64_t id = statement_whole(runs, 0);
        put_field(statement_text(runs, 0), "");
        put_field(statement_text(runs, 1), ",");
        put_values(settings, id, keys);
        for (int i = 2; i < statement_columns(runs); i++) {
            put_field(statement_text(runs, i), ",");
        }
        put_values(figures, id, metrics);
        fputs("\r\n", stdout);
    }
    statement_release(runs);
    statement_release(settings);
    statement_release(figures);
    return database_is_good(db);
}

bool store_export(struct database *db, const char *plan_hash)
{
    static const char varied[] =
        "SELECT settings.key FROM settings JOIN runs ON run = id "
        "WHERE plan = ?1 AND settings.key <> 'run.seed' GROUP BY 1 "
        "HAVING count(DISTINCT text) > 1 "
        "OR count(*) < (SELECT count(*) FROM runs WHERE plan = ?1) "
        "ORDER BY 1";
    static const char known[] =
        "SELECT DISTINCT metric FROM metrics JOIN runs ON run = id "
        "WHERE plan = ? AND metric NOT IN ('schema', 'seed') ORDER BY metric";
    struct names keys = { .count = 0 };
    struct names metrics = { .count = 0 };
    bool is_good = read_names(db, varied, plan_hash, &keys) &&
                   read_names(db, known, plan_hash, &metrics);
    if (is_good) {
        put_head(&keys, &metrics);
        is_good = put_rows(db, plan_hash, &keys, &metrics);
    }
    names_clear(&keys);
    names_clear(&metrics);
    return is_good;
}

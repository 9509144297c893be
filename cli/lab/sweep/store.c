/* store.c - see store.h. */
#include "cli/lab/sweep/store.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

struct planner {
    struct database *db;
    const struct plan *plan;
    bool retries;
    struct statement *find, *insert, *update;
};

static void bind_run(struct statement *s, const struct planner *p,
                     const struct plan_run *run)
{
    statement_bind_text(s, 1, run->key);
    statement_bind_text(s, 2, p->plan->hash);
    statement_bind_text(s, 3, run->base_name);
    statement_bind_text(s, 4, run->name);
    statement_bind_text(s, 5, run->sets_json);
    statement_bind_text(s, 6, run->images);
}

/* Looks the run up. False: the database does not have it. */
static bool find_run(struct planner *p, const struct plan_run *run,
                     struct store_run *found)
{
    struct statement *s = p->find;
    statement_bind_text(s, 1, run->key);
    bool is_there = statement_step(s);
    if (is_there) {
        const char *state = statement_text(s, 1);
        bool was_killed = statement_whole(s, 2) >= CLI_SIGNALLED;
        found->id = statement_whole(s, 0);
        found->has_failed = strcmp(state, "failed") == 0;
        found->is_wanted = strcmp(state, "waiting") == 0 ||
                           (found->has_failed && (was_killed || p->retries));
        if (!found->is_wanted &&
            strcmp(statement_text(s, 3), run->images) != 0) {
            found->id = -1;
        }
    }
    statement_reset(s);
    return is_there;
}

static bool put_run(struct planner *p, const struct plan_run *run,
                    struct store_run *stored)
{
    *stored = (struct store_run){ .is_wanted = true };
    if (find_run(p, run, stored)) {
        if (stored->id < 0) {
            char text[128];
            plan_describe_run(run, text, sizeof(text));
            cli_complain("the guests, or files of disks or loads, have changed "
                         "since the run with "
                         "%s was stored; name another database",
                         text);
            return false;
        }
        bind_run(p->update, p, run);
        return statement_run(p->update);
    }
    bind_run(p->insert, p, run);
    statement_bind_whole(p->insert, 7, (int64_t)run->seed);
    statement_bind_text(p->insert, 8, run->scenario);
    return statement_run(p->insert) && find_run(p, run, stored) &&
           store_settings(p->db, stored->id);
}

bool store_plan(struct database *db, const struct plan *plan, bool retries,
                struct store_run *runs)
{
    struct planner p = { .db = db, .plan = plan, .retries = retries };
    p.find = database_prepare(
        db, "SELECT id, state, exit_code, images FROM runs WHERE key = ?");
    p.insert = database_prepare(
        db, "INSERT INTO runs(key, plan, base, name, sets, images, seed, "
            "scenario) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    p.update = database_prepare(
        db, "UPDATE runs SET plan = ?2, base = ?3, name = ?4, sets = ?5, "
            "images = ?6 WHERE key = ?1");
    bool is_good = database_begin(db);
    for (uint32_t i = 0; is_good && i < plan->run_count; i++) {
        is_good = put_run(&p, &plan->runs[i], &runs[i]);
    }
    statement_release(p.find);
    statement_release(p.insert);
    statement_release(p.update);
    is_good = is_good && database_commit(db);
    if (!is_good) {
        database_rollback(db);
    }
    return is_good;
}

bool store_settings(struct database *db, int64_t id)
{
    struct statement *flat = database_prepare(
        db, "SELECT replace(substr(t.fullkey, 3), '\"', ''), t.atom FROM runs, "
            "json_tree(runs.scenario) AS t WHERE runs.id = ? AND t.atom IS NOT "
            "NULL");
    struct statement *s = database_prepare(
        db, "INSERT INTO settings(run, key, value, unit, text) "
            "VALUES (?, ?, ?, ?, ?)");
    bool is_good = flat && s;
    statement_bind_whole(flat, 1, id);
    while (is_good && statement_step(flat)) {
        const char *key = statement_text(flat, 0);
        const char *text = statement_text(flat, 1);
        struct scenario_number n;
        statement_bind_whole(s, 1, id);
        statement_bind_text(s, 2, key);
        if (!scenario_read_number(key, text, &n)) {
            n.unit = NULL;
            statement_bind_text(s, 3, text);
        } else if (n.is_whole) {
            statement_bind_whole(s, 3, n.whole);
        } else {
            statement_bind_real(s, 3, n.value);
        }
        statement_bind_text(s, 4, n.unit);
        statement_bind_text(s, 5, text);
        is_good = statement_run(s);
    }
    statement_release(flat);
    statement_release(s);
    return is_good && database_is_good(db);
}

/* Takes the host's figures out of the report, and returns them as text. */
static char *take_host(json_t *report)
{
    json_t *host = json_object_get(report, "host");
    char *text =
        host ? json_dumps(host, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    json_object_del(report, "host");
    return text;
}

static bool update_run(struct database *db, int64_t id,
                       const struct store_result *result, const char *report)
{
    struct statement *s = database_prepare(
        db, "UPDATE runs SET state = ?, version = ?, exit_code = ?, "
            "message = ?, fingerprint = ?, report = ? WHERE id = ?");
    const char *fingerprint =
        json_string_value(json_object_get(result->report, "fingerprint"));
    bool is_done = result->exit_code == CLI_DONE;
    statement_bind_text(s, 1, is_done ? "done" : "failed");
    statement_bind_text(s, 2, result->version);
    statement_bind_whole(s, 3, result->exit_code);
    statement_bind_text(s, 4, result->message);
    statement_bind_text(s, 5, fingerprint);
    statement_bind_text(s, 6, report);
    statement_bind_whole(s, 7, id);
    bool is_good = statement_run(s);
    statement_release(s);
    return is_good;
}

static bool update_host(struct database *db, int64_t id, const char *figures)
{
    struct statement *s = database_prepare(
        db, "INSERT OR REPLACE INTO hosts(run, figures) VALUES (?, ?)");
    statement_bind_whole(s, 1, id);
    statement_bind_text(s, 2, figures);
    bool is_good = statement_run(s);
    statement_release(s);
    return is_good;
}

bool store_result(struct database *db, int64_t id,
                  const struct store_result *result)
{
    char *figures = NULL;
    char *report = NULL;
    if (result->report) {
        figures = take_host(result->report);
        report =
            json_dumps(result->report, JSON_COMPACT | JSON_REAL_PRECISION(15));
    }
    bool is_good = database_begin(db) && update_run(db, id, result, report) &&
                   (!figures || update_host(db, id, figures)) &&
                   database_commit(db);
    if (!is_good) {
        database_rollback(db);
    }
    free(figures);
    free(report);
    return is_good;
}

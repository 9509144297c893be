/* warmup.c - see warmup.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/lab/sweep/warmup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/lab/sweep/pilot.h"
#include "cli/lab/sweep/point.h"

/* The runs from `first` to before `end` differ in their seeds only. */
struct arm {
    uint32_t first, end, group;
    bool is_known; /* What its pilot needs; some need what nobody knows. */
    struct trial_child child;
};

/* What the arms of a group need. */
struct group {
    uint64_t longest_ms;
    bool is_found;    /* At least one pilot came to its window. */
    const char *word; /* The setting; NULL: not written yet. */
};

struct fixer {
    struct plan *plan;
    struct database *db;
    struct arm *arms; /* Owned; those whose warm-up is `auto`. */
    uint32_t count;
    struct group *groups; /* Owned; by number. */
};

/* ---- Arms --------------------------------------------------------------- */

static uint32_t arm_end(const struct plan *plan, uint32_t first)
{
    const struct plan_run *runs = plan->runs;
    uint32_t end = first + 1;
    while (end < plan->run_count && runs[end].sets == runs[first].sets &&
           runs[end].set_count == runs[first].set_count) {
        end++;
    }
    return end;
}

static bool find_arms(struct fixer *f, const uint32_t *group_of)
{
    const struct plan *plan = f->plan;
    f->arms = calloc(plan->run_count + 1u, sizeof(*f->arms));
    f->groups = calloc(plan->run_count + 1u, sizeof(*f->groups));
    if (!f->arms || !f->groups) {
        cli_complain("out of memory");
        return false;
    }
    uint32_t end;
    for (uint32_t first = 0; first < plan->run_count; first = end) {
        struct point_words words;
        struct trial trial = point_trial(&plan->runs[first], &words);
        end = arm_end(plan, first);
        struct pilot_facts facts;
        if (pilot_read(&trial, &facts) && facts.wants_pilot) {
            f->arms[f->count++] =
                (struct arm){ .first = first,
                              .end = end,
                              .group = group_of ? group_of[first] : 0 };
        }
    }
    return true;
}

/* ---- Pilots ------------------------------------------------------------- */

static void take(struct fixer *f, struct arm *arm, uint64_t ms)
{
    struct group *group = &f->groups[arm->group];
    arm->is_known = true;
    group->is_found = true;
    group->longest_ms = ms > group->longest_ms ? ms : group->longest_ms;
}

/* Takes what the database has of earlier sweeps. */
static bool recall(struct fixer *f)
{
    if (!f->db) {
        return true;
    }
    struct statement *s = database_prepare(
        f->db, "SELECT warmup_ms FROM pilots WHERE key = ? AND images = ?");
    for (uint32_t i = 0; i < f->count; i++) {
        const struct plan_run *run = &f->plan->runs[f->arms[i].first];
        statement_bind_text(s, 1, run->key);
        statement_bind_text(s, 2, run->images);
        if (statement_step(s)) {
            take(f, &f->arms[i], (uint64_t)statement_whole(s, 0));
        }
        statement_reset(s);
    }
    statement_release(s);
    return database_is_good(f->db);
}

static bool keep(struct fixer *f, const struct arm *arm, uint64_t ms)
{
    if (!f->db) {
        return true;
    }
    const struct plan_run *run = &f->plan->runs[arm->first];
    struct statement *s = database_prepare(
        f->db, "INSERT OR REPLACE INTO pilots(key, images, warmup_ms) "
               "VALUES (?, ?, ?)");
    statement_bind_text(s, 1, run->key);
    statement_bind_text(s, 2, run->images);
    statement_bind_whole(s, 3, (int64_t)ms);
    bool is_good = statement_run(s);
    statement_release(s);
    return is_good;
}

static bool start(const struct fixer *f, struct arm *arm)
{
    struct point_words words;
    struct trial trial = point_trial(&f->plan->runs[arm->first], &words);
    if (!pilot_start(&trial, &arm->child)) {
        cli_complain("cannot start a process: %s", strerror(errno));
        return false;
    }
    return true;
}

static bool finish(struct fixer *f, struct arm *arm)
{
    uint64_t ms = 0;
    /* If the pilot fails, its runs will, and say why. */
    if (!pilot_finish(&arm->child, &ms)) {
        return true;
    }
    take(f, arm, ms);
    return keep(f, arm, ms);
}

/* The next arm from there on whose pilot is not known. */
static uint32_t next_unknown(const struct fixer *f, uint32_t at)
{
    while (at < f->count && f->arms[at].is_known) {
        at++;
    }
    return at;
}

static bool run_pilots(struct fixer *f, uint32_t job_count)
{
    bool shows_progress = isatty(STDERR_FILENO);
    uint32_t begun = next_unknown(f, 0);
    uint32_t ended = begun;
    uint32_t running = 0;
    bool is_good = true;
    while (is_good && (running > 0 || begun < f->count)) {
        if (running < job_count && begun < f->count) {
            is_good = start(f, &f->arms[begun]);
            running += is_good;
            begun = next_unknown(f, begun + 1);
            continue;
        }
        if (shows_progress) {
            fprintf(stderr, "\rpilot %u of %u\033[K", ended + 1, f->count);
        }
        uint32_t next = next_unknown(f, ended + 1);
        is_good = finish(f, &f->arms[ended]);
        running--;
        ended = next;
    }
    fputs(shows_progress ? "\r\033[K" : "", stderr);
    return is_good;
}

/* ---- The plan ----------------------------------------------------------- */

static bool fix_arm(struct fixer *f, const struct arm *arm, const char *word,
                    char message[SCENARIO_MESSAGE_BYTES])
{
    struct plan *plan = f->plan;
    const struct plan_run *first = &plan->runs[arm->first];
    uint32_t count = first->set_count + 1;
    const char **sets =
        arena_alloc(&plan->arena, count * sizeof(*sets), alignof(const char *));
    if (!sets) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "out of memory");
        return false;
    }
    for (uint32_t i = 0; i + 1 < count; i++) {
        sets[i] = first->sets[i];
    }
    sets[count - 1] = word;
    const char *sets_json =
        point_write_sets(&plan->arena, sets, count, message);
    bool is_good = sets_json;
    for (uint32_t i = arm->first; is_good && i < arm->end; i++) {
        struct plan_run *run = &plan->runs[i];
        struct point_words words;
        run->sets = sets;
        run->set_count = count;
        run->sets_json = sets_json;
        struct trial trial = point_trial(run, &words);
        struct scenario_options options = { trial.sets, trial.set_count };
        is_good =
            point_resolve(&plan->arena, trial.path, &options, run, message);
    }
    return is_good;
}

/* Returns the group's setting. NULL: out of memory. */
static const char *word_of(struct fixer *f, struct group *group)
{
    char *word = NULL;
    if (!group->word) {
        word = arena_alloc(&f->plan->arena, PILOT_WORD_BYTES, 1);
        group->word = word;
    }
    if (word) {
        pilot_write_word(group->longest_ms, word);
    }
    return group->word;
}

static bool fix(struct fixer *f)
{
    char message[SCENARIO_MESSAGE_BYTES] = "out of memory";
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < f->count; i++) {
        struct group *group = &f->groups[f->arms[i].group];
        if (group->is_found) {
            const char *word = word_of(f, group);
            /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): warmup_fix frees. */
            is_good = word && fix_arm(f, &f->arms[i], word, message);
        }
    }
    is_good = is_good && plan_finish(f->plan, message);
    if (!is_good) {
        cli_complain("%s", message);
    }
    return is_good;
}

bool warmup_fix(struct plan *plan, const uint32_t *group_of,
                struct database *db, uint32_t job_count)
{
    struct fixer f = { .plan = plan, .db = db };
    bool is_good = find_arms(&f, group_of) && recall(&f) &&
                   run_pilots(&f, job_count) && (f.count == 0 || fix(&f));
    free(f.arms);
    free(f.groups);
    return is_good;
}

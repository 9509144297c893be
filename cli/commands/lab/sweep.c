/*
 * sweep.c - `iksim sweep`: the runs of a plan, each in a process of its own,
 * and their results in a database, each in a transaction of its own. So a sweep
 * may be ended at any moment, by anything, and goes on where it stopped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/sweep/runs.h"
#include "cli/lab/sweep/warmup.h"
#include "sim/vocabulary/text.h"

#define PATH_BYTES 4096

struct sweep {
    struct cli_input plan_file;
    const char *database_path;
    const char *collecting_path; /* NULL: not --collect. */
    const char *out_dir;
    uint32_t job_count;
    bool lists, exports, retries, is_warm;
    struct cli_words dirs; /* Run directories to collect. */

    struct plan plan;
    struct database *db;
    struct store_run *runs; /* Owned; one for each run of the plan. */
    char program[SWEEP_PROGRAM_BYTES];
    char own_database[PATH_BYTES];
    uint32_t wanted; /* Runs to be made when the sweep starts. */
    uint32_t failed; /* Runs that failed before, and are not retried. */
    struct sweep_count count;
};

/* ---- Options ------------------------------------------------------------ */

static bool is_no_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) != 0 || !S_ISDIR(status.st_mode);
}

static const struct cli_option argument_rows[] = {
    { .name = "plan",
      .argument = "PLAN",
      CLI_OWN(struct sweep, plan_file, struct cli_input, read_plan_path),
      .offer = plan_offer,
      .unless = "collect",
      .fits = is_no_folder,
      .help = "The plan is a YAML file that says which runs are made; "
              "docs/sweep.md describes it." },
    { .name = "run directory",
      .argument = "DIR",
      .needs = "collect",
      CLI_WORDS(struct sweep, dirs),
      .help = "With --collect, each DIR is a folder that `iksim run --out` has "
              "made." },
    CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "db",
      .argument = "FILE",
      CLI_FILE(struct sweep, database_path),
      .otherwise = "the plan's name with .db, in the current folder",
      .help = "The results are kept in this database." },
    OPTION_JOBS(struct sweep, job_count),
    OPTION_RETRY(struct sweep, retries),
    OPTION_WARM(struct sweep, is_warm, .excludes = "list collect"),
    { .name = "list",
      CLI_FLAG(struct sweep, lists),
      .excludes = "collect",
      .help = "The runs are printed as command lines, and none is made but "
              "the pilots." },
    { .name = "out",
      .argument = "DIR",
      CLI_FILE(struct sweep, out_dir),
      .needs = "list",
      .help = "With --list, each line keeps its run in DIR/NUMBER." },
    { .name = "collect",
      .argument = "DB",
      CLI_FILE(struct sweep, collecting_path),
      .excludes = "db",
      .help = "Runs that were made elsewhere are taken into the database DB: "
              "those of each run directory DIR. With a PLAN, its runs come "
              "first, in its order." },
    { .name = "csv",
      CLI_FLAG(struct sweep, exports),
      .needs = "plan",
      .excludes = "list",
      .help = "The results are printed as CSV when all runs are done." },
    CLI_END
};

/* The database of ".../NAME.yaml" is "NAME.db" in the current folder. */
static bool name_database(struct sweep *w)
{
    if (w->database_path) {
        return true;
    }
    SIM_ASSERT(w->plan_file.path);
    const char *slash = strrchr(w->plan_file.path, '/');
    const char *name = slash ? slash + 1 : w->plan_file.path;
    const char *dot = strrchr(name, '.');
    size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    int n = snprintf(w->own_database, PATH_BYTES, "%.*s.db", (int)length, name);
    w->database_path = w->own_database;
    return n > 0 && n < PATH_BYTES;
}

/* ---- Command lines ------------------------------------------------------ */

static void print_quoted(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@";
    if (*word && word[strspn(word, plain)] == '\0') {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word; word++) {
        if (*word == '\'') {
            fputs("'\\''", stdout);
        } else {
            putchar(*word);
        }
    }
    putchar('\'');
}

static int list(struct sweep *w)
{
    if (!warmup_fix(&w->plan, NULL, NULL, w->job_count)) {
        return CLI_USAGE;
    }
    for (uint32_t i = 0; i < w->plan.run_count; i++) {
        char seed[SWEEP_SEED_CHARS];
        char **words = sweep_words(w->program, &w->plan.runs[i], seed);
        if (!words) {
            return CLI_USAGE;
        }
        for (char **word = words; *word; word++) {
            fputs(word == words ? "" : " ", stdout);
            print_quoted(*word);
        }
        free(words);
        if (w->out_dir) {
            char dir[PATH_BYTES];
            snprintf(dir, sizeof(dir), "%s/%05u", w->out_dir, i + 1);
            fputs(" --out ", stdout);
            print_quoted(dir);
        }
        putchar('\n');
    }
    return CLI_DONE;
}

/* ---- Running ------------------------------------------------------------ */

/* Says how the sweep ended. Returns the exit code. */
static int conclude(const struct sweep *w, int code)
{
    const struct sweep_count *count = &w->count;
    uint32_t total = w->plan.run_count;
    uint32_t left = w->wanted - count->ended + count->unknown;
    uint32_t failed = w->failed + count->failed;
    FILE *file = w->exports ? stderr : stdout;
    fprintf(file, "%s: %u runs: %u done, %u failed, %u to do; %u ran now",
            text_shown(w->database_path).chars, total, total - left - failed,
            failed, left, count->ended);
    if (w->is_warm) {
        fprintf(file, ", %u of them warm", count->warm);
    }
    fputc('\n', file);
    if (code == CLI_INTERRUPTED) {
        fputs("iksim: interrupted: the same command goes on from here\n",
              stderr);
    } else if (code == CLI_DONE && (failed > 0 || left > 0)) {
        code = CLI_WRONG;
    }
    return code;
}

static bool prepare(struct sweep *w)
{
    w->db = database_open(w->database_path, DATABASE_WRITE);
    bool is_fixed = w->db && warmup_fix(&w->plan, NULL, w->db, w->job_count);
    w->runs = is_fixed ? sweep_find_wanted(w->db, &w->plan, w->retries) : NULL;
    if (!w->runs) {
        return false;
    }
    for (uint32_t i = 0; i < w->plan.run_count; i++) {
        w->wanted += w->runs[i].is_wanted;
        w->failed += w->runs[i].has_failed && !w->runs[i].is_wanted;
    }
    return true;
}

static int sweep_plan(struct sweep *w)
{
    if (!prepare(w)) {
        return CLI_USAGE;
    }
    struct sweep_setup setup = { .plan = &w->plan,
                                 .db = w->db,
                                 .runs = w->runs,
                                 .program = w->program,
                                 .job_count = w->job_count,
                                 .is_warm = w->is_warm };
    int code = conclude(w, sweep_run_all(&setup, &w->count));
    if (w->exports && code != CLI_USAGE && code != CLI_INTERRUPTED &&
        !store_export(w->db, w->plan.hash)) {
        code = CLI_USAGE;
    }
    return code;
}

/* ---- Collecting --------------------------------------------------------- */

static int collect(struct sweep *w)
{
    uint32_t count = w->plan_file.path ? w->plan.run_count : 0;
    uint32_t taken = 0;
    uint32_t known = 0;
    uint32_t refused = 0;
    w->db = database_open(w->collecting_path, DATABASE_WRITE);
    if (!w->db) {
        return CLI_USAGE;
    }
    if (count > 0) {
        bool is_fixed = warmup_fix(&w->plan, NULL, w->db, w->job_count);
        w->runs = is_fixed ? sweep_find_wanted(w->db, &w->plan, false) : NULL;
        if (!w->runs) {
            return CLI_USAGE;
        }
    }
    for (int i = 0; i < w->dirs.count && database_is_good(w->db); i++) {
        bool is_new = false;
        bool is_good = store_collect(w->db, w->dirs.items[i], &is_new);
        refused += !is_good;
        taken += is_good && is_new;
        known += is_good && !is_new;
    }
    printf("%s: %u taken in, %u known before, %u refused\n",
           text_shown(w->collecting_path).chars, taken, known, refused);
    if (w->exports && !store_export(w->db, w->plan.hash)) {
        return CLI_USAGE;
    }
    return refused > 0 || !database_is_good(w->db) ? CLI_USAGE : CLI_DONE;
}

/* ---- The command -------------------------------------------------------- */

static int execute(struct sweep *w)
{
    char message[SCENARIO_MESSAGE_BYTES];
    if (!sweep_find_program(w->program)) {
        return CLI_USAGE;
    }
    if (w->plan_file.path && !plan_load(&w->plan, w->plan_file.path, message)) {
        return cli_complain("%s", message);
    }
    if (w->lists) {
        return list(w);
    }
    if (w->collecting_path) {
        return collect(w);
    }
    return name_database(w) ? sweep_plan(w)
                            : cli_complain("the plan's name is too long");
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    struct sweep *w = ctx;
    w->job_count = w->job_count > 0 ? w->job_count : sweep_default_jobs();
    int code = execute(w);
    if (!database_close(w->db) && code == CLI_DONE) {
        code = CLI_USAGE;
    }
    plan_release(&w->plan);
    free(w->runs);
    return code;
}

const struct command command_sweep = {
    .name = "sweep",
    .summary = "Makes the runs of a plan and keeps their results in a database",
    .about = "A sweep may be stopped at any moment: the same call goes on from "
             "there. What it leaves is the same in the end, whatever "
             "happened and however many runs were made at a time. A run that "
             "fails is recorded, and the others go on. If run.warmup is auto, "
             "pilots find one warm-up for all runs first. docs/sweep.md "
             "describes plans and the database.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "All runs are done.",
               [CLI_EXIT_WRONG] = "A run has failed.",
               [CLI_EXIT_USAGE] =
                   "The call, the plan or the database is wrong.",
               [CLI_EXIT_INTERRUPTED] = EXIT_INTERRUPTED_RUNS },
    .size_bytes = sizeof(struct sweep),
    .run = run,
};

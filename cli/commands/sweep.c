/*
 * sweep.c - `iksim sweep`: the runs of a plan, each in a process of its own,
 * and their results in a database, each in a transaction of its own. So it may
 * be ended at any moment, by anything, and goes on where it stopped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/lab/sweep/runs.h"
#include "sim/units.h"

#define PATH_BYTES 4096

struct sweep {
    const char *plan_path;
    const char *database_path;
    const char *out_dir;
    uint32_t job_count;
    bool lists, exports, collects, retries, is_warm;
    char **dirs; /* To collect. */
    int dir_count;

    struct plan plan;
    struct database *db;
    struct store_run *runs; /* One for each of the plan. */
    char program[SWEEP_PROGRAM_BYTES];
    char own_database[PATH_BYTES];
    uint32_t wanted; /* At the start. */
    uint32_t failed; /* Before it. */
    struct sweep_count count;
};

/* ---- Options ------------------------------------------------------------ */

enum {
    OPT_DB = 256,
    OPT_JOBS,
    OPT_LIST,
    OPT_OUT,
    OPT_CSV,
    OPT_COLLECT,
    OPT_RETRY,
    OPT_WARM
};

static const struct option long_options[] = {
    { "db", required_argument, NULL, OPT_DB },
    { "jobs", required_argument, NULL, OPT_JOBS },
    { "list", no_argument, NULL, OPT_LIST },
    { "out", required_argument, NULL, OPT_OUT },
    { "csv", no_argument, NULL, OPT_CSV },
    { "collect", required_argument, NULL, OPT_COLLECT },
    { "retry", no_argument, NULL, OPT_RETRY },
    { "warm", no_argument, NULL, OPT_WARM },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
    "Options:\n"
    "  --db FILE         the database (default: the plan's name with .db, "
    "here)\n"
    "  --jobs N          runs at a time (default: one a processor)\n"
    "  --retry           run those again that have failed before\n"
    "  --warm            boot and warm up once for runs that are the same\n"
    "                    until then; what is stored is no other\n"
    "  --list            print the runs as command lines, and run nothing\n"
    "  --out DIR         with --list: each line keeps its run in DIR/NUMBER\n"
    "  --collect DB      take in run directories made elsewhere; with a plan,\n"
    "                    its runs come first, in its order\n"
    "  --csv             when all is done, print the results as CSV\n"
    "\n"
    "It may be stopped at any moment: the same command goes on from there, "
    "and\n"
    "what it leaves is the same in the end, whatever happened and however "
    "many\n"
    "ran at a time. A run that fails is recorded, and the others go on.\n"
    "\n"
    "Exit: 0 all done; 1 a run has failed; 2 the plan, the database or the "
    "call\n"
    "is wrong; 130 after Ctrl-C. docs/sweep.md describes plan and database.\n";

static int take_option(const struct command *self, void *ctx, int option)
{
    struct sweep *w = ctx;
    uint64_t jobs;
    switch (option) {
    case OPT_DB:
        w->database_path = optarg;
        return CLI_DONE;
    case OPT_JOBS:
        if (units_read_whole(optarg, &jobs) || jobs == 0 ||
            jobs > SWEEP_JOBS_LIMIT) {
            return cli_misuse(self, "--jobs must be from 1 to %d, not '%s'",
                              SWEEP_JOBS_LIMIT, optarg);
        }
        w->job_count = (uint32_t)jobs;
        return CLI_DONE;
    case OPT_LIST:
        w->lists = true;
        return CLI_DONE;
    case OPT_OUT:
        w->out_dir = optarg;
        return CLI_DONE;
    case OPT_CSV:
        w->exports = true;
        return CLI_DONE;
    case OPT_COLLECT:
        w->collects = true;
        w->database_path = optarg;
        return CLI_DONE;
    case OPT_RETRY:
        w->retries = true;
        return CLI_DONE;
    case OPT_WARM:
        w->is_warm = true;
        return CLI_DONE;
    default:
        return cli_misuse(self, "bad option");
    }
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Of the words that are no options: the plan, and directories to collect. */
static int take_words(const struct command *self, struct sweep *w, char **words,
                      int count)
{
    if (count > 0 && (!w->collects || !is_directory(words[0]))) {
        w->plan_path = words[0];
        words++;
        count--;
    }
    if (!w->collects && !w->plan_path) {
        return cli_misuse(self, "no plan is named");
    }
    if (!w->collects && count > 0) {
        return cli_misuse(self, "one plan at a time");
    }
    if (w->collects && count == 0) {
        return cli_misuse(self, "no run directory is named to collect");
    }
    if (w->collects && w->lists) {
        return cli_misuse(self, "--list and --collect do not go together");
    }
    if (w->is_warm && (w->lists || w->collects)) {
        return cli_misuse(self, "--warm is for a plan that is run");
    }
    if (w->exports && (w->lists || !w->plan_path)) {
        return cli_misuse(self, "--csv is for a plan that is run");
    }
    if (w->out_dir && !w->lists) {
        return cli_misuse(self, "--out goes with --list");
    }
    w->dirs = words;
    w->dir_count = count;
    return CLI_DONE;
}

static int parse(const struct command *self, struct sweep *w, int argc,
                 char **argv)
{
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, w);
    return code == CLI_DONE ? take_words(self, w, words.words, words.count)
                            : code;
}

/* "NAME.db" in this folder, for ".../NAME.yaml". */
static bool name_database(struct sweep *w)
{
    if (w->database_path) {
        return true;
    }
    SIM_ASSERT(w->plan_path);
    const char *slash = strrchr(w->plan_path, '/');
    const char *name = slash ? slash + 1 : w->plan_path;
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

static int list(const struct sweep *w)
{
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

/* Says how it ended; returns the exit code. */
static int conclude(const struct sweep *w, int code)
{
    const struct sweep_count *count = &w->count;
    uint32_t total = w->plan.run_count;
    uint32_t left = w->wanted - count->ended + count->unknown;
    uint32_t failed = w->failed + count->failed;
    FILE *file = w->exports ? stderr : stdout;
    fprintf(file, "%s: %u runs: %u done, %u failed, %u to do; %u ran now",
            w->database_path, total, total - left - failed, failed, left,
            count->ended);
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
    w->runs = w->db ? sweep_find_wanted(w->db, &w->plan, w->retries) : NULL;
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
    uint32_t count = w->plan_path ? w->plan.run_count : 0;
    uint32_t taken = 0;
    uint32_t known = 0;
    uint32_t refused = 0;
    w->db = database_open(w->database_path, DATABASE_WRITE);
    if (!w->db) {
        return CLI_USAGE;
    }
    if (count > 0) {
        w->runs = sweep_find_wanted(w->db, &w->plan, false);
        if (!w->runs) {
            return CLI_USAGE;
        }
    }
    for (int i = 0; i < w->dir_count && database_is_good(w->db); i++) {
        bool is_new = false;
        bool is_good = store_collect(w->db, w->dirs[i], &is_new);
        refused += !is_good;
        taken += is_good && is_new;
        known += is_good && !is_new;
    }
    printf("%s: %u taken in, %u known before, %u refused\n", w->database_path,
           taken, known, refused);
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
    if (w->plan_path && !plan_load(&w->plan, w->plan_path, message)) {
        return cli_complain("%s", message);
    }
    if (w->lists) {
        return list(w);
    }
    if (w->collects) {
        return collect(w);
    }
    return name_database(w) ? sweep_plan(w)
                            : cli_complain("the plan's name is too long");
}

static int run(const struct command *self, int argc, char **argv)
{
    struct sweep *w = calloc(1, sizeof(*w));
    if (!w) {
        return cli_complain("out of memory");
    }
    w->job_count = sweep_default_jobs();
    int code = parse(self, w, argc, argv);
    if (code == CLI_DONE) {
        code = execute(w);
    }
    if (!database_close(w->db) && code == CLI_DONE) {
        code = CLI_USAGE;
    }
    plan_release(&w->plan);
    free(w->runs);
    free(w);
    return code;
}

const struct command command_sweep = {
    .name = "sweep",
    .arguments = "PLAN [OPTION]...",
    .summary = "Runs the scenarios of a plan into a database",
    .help = help,
    .run = run,
};

/*
 * paper.c - `iksim paper`: makes the runs that bear on what the paper claims,
 * and says of each claim what comes out. It may be stopped at any moment, and
 * goes on from there, as a sweep does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands/commands.h"
#include "cli/lab/paper/figure.h"
#include "cli/lab/paper/print.h"
#include "cli/lab/sweep/runs.h"
#include "sim/units.h"

#define PATH_BYTES       4096
#define EXTRA_LIMIT      16
#define DEFAULT_FOLDER   "out"
#define DEFAULT_DATABASE "out/paper.db"

struct paper {
    const struct claim *only; /* NULL: all. */
    const char *database_path;
    const char *figures;
    bool lists, json, retries;
    uint32_t job_count;
    const char *extra[EXTRA_LIMIT];
    char folder[PATH_BYTES]; /* Of the scenarios. */
    struct rows rows;
    struct store_run *runs; /* Owned; one for each of the plan. */
    struct database *db;
};

enum {
    OPT_QUICK = 256,
    OPT_DB,
    OPT_JOBS,
    OPT_FIGURES,
    OPT_SET,
    OPT_JSON,
    OPT_LIST,
    OPT_RETRY
};

static const struct option long_options[] = {
    { "quick", no_argument, NULL, OPT_QUICK },
    { "db", required_argument, NULL, OPT_DB },
    { "jobs", required_argument, NULL, OPT_JOBS },
    { "figures", required_argument, NULL, OPT_FIGURES },
    { "set", required_argument, NULL, OPT_SET },
    { "json", no_argument, NULL, OPT_JSON },
    { "list", no_argument, NULL, OPT_LIST },
    { "retry", no_argument, NULL, OPT_RETRY },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
    "A line for each claim: its name, what it says, the paper's figure, ours, "
    "its\n"
    "kind, and for what nobody put in (`emergent`) whether it holds, by the "
    "rule\n"
    "that --list shows. With a CLAIM: that one with all its points.\n"
    "\n"
    "Options:\n"
    "  --quick       fewer points, no sensitivity; about ten minutes\n"
    "  --db FILE     keeps the runs (default: " DEFAULT_DATABASE ")\n"
    "  --jobs N      runs at a time (default: one a processor)\n"
    "  --figures DIR draws each claim's points there, as SVG and PNG\n"
    "  --set KEY=VALUE  in every run, to see what depends on it\n"
    "  --retry       run those again that have failed before\n"
    "  --json        the same as JSON, with all points\n"
    "  --list        the claims and their rules; runs nothing\n"
    "\n"
    "It may be stopped at any moment: the same command goes on from there. "
    "The\n"
    "full set tries other values of what the paper does not state, too.\n"
    "\n"
    "Exit: 0 each claim has a result, whether it holds or not; 1 a run has\n"
    "failed; 2 the call or the database is wrong; 130 after Ctrl-C.\n";

static int take_jobs(const struct command *self, struct paper *p)
{
    uint64_t jobs;
    if (units_read_whole(optarg, &jobs) || jobs == 0 ||
        jobs > SWEEP_JOBS_LIMIT) {
        return cli_misuse(self, "--jobs must be from 1 to %d, not '%s'",
                          SWEEP_JOBS_LIMIT, optarg);
    }
    p->job_count = (uint32_t)jobs;
    return CLI_DONE;
}

static int take_set(const struct command *self, struct paper *p)
{
    struct points *points = &p->rows.points;
    if (!strchr(optarg, '=') || points->extra_count == EXTRA_LIMIT) {
        return cli_misuse(self,
                          "--set must be KEY=VALUE, and %d at most, not '%s'",
                          EXTRA_LIMIT, optarg);
    }
    p->extra[points->extra_count++] = optarg;
    return CLI_DONE;
}

static int take_option(const struct command *self, void *ctx, int option)
{
    struct paper *p = ctx;
    switch (option) {
    case OPT_QUICK:
        p->rows.extent = POINTS_QUICK;
        return CLI_DONE;
    case OPT_DB:
        p->database_path = optarg;
        return CLI_DONE;
    case OPT_JOBS:
        return take_jobs(self, p);
    case OPT_FIGURES:
        p->figures = optarg;
        return CLI_DONE;
    case OPT_SET:
        return take_set(self, p);
    case OPT_JSON:
        p->json = true;
        return CLI_DONE;
    case OPT_LIST:
        p->lists = true;
        return CLI_DONE;
    case OPT_RETRY:
        p->retries = true;
        return CLI_DONE;
    default:
        return cli_misuse(self, "bad option");
    }
}

static int take_claim(const struct command *self, struct paper *p, char **words,
                      int count)
{
    if (count > 1) {
        return cli_misuse(self, "one claim at a time, or all");
    }
    if (count == 0 || strcmp(words[0], "all") == 0) {
        return CLI_DONE;
    }
    p->only = claim_find(words[0]);
    return p->only ? CLI_DONE
                   : cli_complain("there is no claim '%s'; see iksim paper "
                                  "--list",
                                  words[0]);
}

static int parse(const struct command *self, struct paper *p, int argc,
                 char **argv)
{
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, p);
    return code == CLI_DONE ? take_claim(self, p, words.words, words.count)
                            : code;
}

/* ---- Running ------------------------------------------------------------- */

static bool make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        return true;
    }
    cli_complain("cannot make '%s': %s", path, strerror(errno));
    return false;
}

static bool prepare(struct paper *p)
{
    if (!cli_find_bundle("paper", p->folder, sizeof(p->folder))) {
        cli_complain("the folder 'paper' is not beside the program");
        return false;
    }
    struct points *points = &p->rows.points;
    uint32_t extra_count = points->extra_count;
    bool is_good = points_init(points, p->folder);
    points->extra = p->extra;
    points->extra_count = extra_count;
    is_good = is_good && rows_make(&p->rows, p->only) &&
              (!p->figures || make_folder(p->figures));
    if (is_good && !p->database_path) {
        p->database_path = DEFAULT_DATABASE;
        is_good = make_folder(DEFAULT_FOLDER);
    }
    p->db = is_good ? database_open(p->database_path, DATABASE_WRITE) : NULL;
    return p->db;
}

static int run_all(struct paper *p)
{
    char program[SWEEP_PROGRAM_BYTES];
    struct sweep_count count = { 0 };
    const struct plan *plan = &p->rows.points.plan;
    if (plan->run_count == 0) {
        return CLI_DONE;
    }
    p->runs = sweep_find_wanted(p->db, plan, p->retries);
    if (!p->runs || !sweep_find_program(program)) {
        return CLI_USAGE;
    }
    struct sweep_setup setup = { .plan = plan,
                                 .db = p->db,
                                 .runs = p->runs,
                                 .program = program,
                                 .job_count = p->job_count };
    return sweep_run_all(&setup, &count);
}

static bool draw_all(const struct paper *p)
{
    for (uint32_t i = 0; p->figures && i < p->rows.count; i++) {
        if (!figure_draw(&p->rows.items[i], p->figures)) {
            return false;
        }
    }
    return true;
}

static bool print(const struct paper *p)
{
    if (p->json) {
        return print_json(&p->rows);
    }
    if (p->only) {
        print_in_full(&p->rows.items[0]);
    } else {
        print_lines(&p->rows);
    }
    return true;
}

static int execute(struct paper *p)
{
    int code = prepare(p) ? run_all(p) : CLI_USAGE;
    if (code == CLI_INTERRUPTED) {
        fputs("iksim: interrupted: the same command goes on from here\n",
              stderr);
    }
    if (code == CLI_USAGE || !rows_judge(&p->rows, p->db) || !print(p) ||
        !draw_all(p)) {
        return CLI_USAGE;
    }
    for (uint32_t i = 0; code == CLI_DONE && i < p->rows.count; i++) {
        const struct row *row = &p->rows.items[i];
        bool is_missing = row->verdict == VERDICT_NO_RESULT;
        for (uint32_t v = 0; v < row->variant_count; v++) {
            is_missing |= row->variant_verdicts[v] == VERDICT_NO_RESULT;
        }
        code = is_missing ? CLI_WRONG : code;
    }
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct paper *p = calloc(1, sizeof(*p));
    if (!p) {
        return cli_complain("out of memory");
    }
    p->rows.extent = POINTS_FULL;
    p->job_count = sweep_default_jobs();
    int code = parse(self, p, argc, argv);
    if (code == CLI_DONE && p->lists) {
        print_list();
    } else if (code == CLI_DONE) {
        code = execute(p);
        if (!database_close(p->db) && code == CLI_DONE) {
            code = CLI_USAGE;
        }
        rows_release(&p->rows);
    }
    free(p->runs);
    free(p);
    return code;
}

const struct command command_paper = {
    .name = "paper",
    .arguments = "[CLAIM|all] [OPTION]...",
    .summary = "Holds the paper's claims to what the simulation shows",
    .help = help,
    .run = run,
};

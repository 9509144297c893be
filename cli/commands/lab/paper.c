/*
 * paper.c - `iksim paper`: makes the runs that bear on what the paper claims,
 * and says of each claim what comes out. The command may be stopped at any
 * moment, and goes on from there, as a sweep does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/paper/figure.h"
#include "cli/lab/paper/print.h"
#include "cli/lab/sweep/runs.h"
#include "sim/vocabulary/nearest.h"

#define PATH_BYTES       4096
#define EXTRA_LIMIT      16
#define DEFAULT_FOLDER   "out"
#define DEFAULT_DATABASE "out/paper.db"

struct paper {
    const char *claim;        /* Its name in the call; NULL: all. */
    const struct claim *only; /* NULL: all. */
    const char *database_path;
    const char *figures;
    bool lists, json, retries, is_quick;
    uint32_t job_count;
    uint32_t seed_count; /* 0: as many as the extent has. */
    struct cli_list extra;
    char folder[PATH_BYTES]; /* The scenarios lie in it. */
    struct rows rows;
    struct store_run *runs; /* Owned; one for each run of the plan. */
    struct database *db;
};

/* ---- Options ------------------------------------------------------------- */

static void offer_claims(struct cli_offers *to)
{
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        cli_offer(to, c->name, c->claim);
    }
    cli_offer(to, "all", "every claim");
}

static const struct cli_option argument_rows[] = {
    { .name = "claim",
      .argument = "CLAIM",
      CLI_TEXT(struct paper, claim),
      .is_optional = true,
      .offer = offer_claims,
      .otherwise = "all",
      .help = "Only this claim is shown, with all its points and their "
              "latencies." },
    CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "quick",
      CLI_FLAG(struct paper, is_quick),
      .help = "Fewer points are simulated, with one seed, and no other values "
              "of what the paper leaves open." },
    { .name = "seeds",
      .argument = "N",
      CLI_WHOLE(struct paper, seed_count),
      .least = 1,
      .most = CLAIM_SEEDS_LIMIT,
      .otherwise = "5, with --quick 1",
      .help = "Each point has runs of N seeds, from that of its scenario on." },
    { .name = "db",
      .argument = "FILE",
      CLI_FILE(struct paper, database_path),
      .otherwise = DEFAULT_DATABASE,
      .help = "The runs are kept in this database." },
    OPTION_JOBS(struct paper, job_count),
    { .name = "figures",
      .argument = "DIR",
      CLI_FILE(struct paper, figures),
      .help = "The points of each claim are drawn into this folder, as SVG and "
              "PNG." },
    { .name = "set",
      .argument = "KEY=VALUE",
      CLI_LIST(struct paper, extra),
      .most = EXTRA_LIMIT,
      .offer = sets_offer,
      .help = "The key has this value in every run, which shows what depends "
              "on it. The option may be repeated." },
    OPTION_RETRY(struct paper, retries),
    OPTION_JSON(struct paper, json),
    { .name = "list",
      CLI_FLAG(struct paper, lists),
      .help = "The claims and their rules are listed, and no run is made." },
    CLI_END
};

static int check(const struct command *self, struct paper *p)
{
    for (uint32_t i = 0; i < p->extra.count; i++) {
        if (!strchr(p->extra.items[i], '=')) {
            return cli_misuse(self, "--set must be KEY=VALUE, not '%s'",
                              p->extra.items[i]);
        }
    }
    if (!p->claim || strcmp(p->claim, "all") == 0) {
        return CLI_DONE;
    }
    p->only = claim_find(p->claim);
    if (p->only) {
        return CLI_DONE;
    }
    struct nearest nearest = { .wrong = p->claim };
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        nearest_try(&nearest, c->name);
    }
    return nearest.best ? cli_complain("there is no claim '%s'; did you mean "
                                       "%s?",
                                       p->claim, nearest.best)
                        : cli_complain("there is no claim '%s'; see iksim "
                                       "paper --list",
                                       p->claim);
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
    if (!cli_find_bundle("workloads/paper", p->folder, sizeof(p->folder))) {
        cli_complain("the folder 'workloads/paper' is not where the program "
                     "has its files");
        return false;
    }
    struct points *points = &p->rows.points;
    bool is_good = points_init(points, p->folder);
    points->extra = p->extra.items;
    points->extra_count = p->extra.count;
    is_good = is_good && rows_make(&p->rows, p->only) &&
              (!p->figures || make_folder(p->figures));
    if (is_good && !p->database_path) {
        p->database_path = DEFAULT_DATABASE;
        is_good = make_folder(DEFAULT_FOLDER);
    }
    p->db = is_good ? database_open(p->database_path, DATABASE_WRITE) : NULL;
    return p->db && points_finish(points, p->db, p->job_count);
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
        bool is_missing = row->judged.verdict == VERDICT_NO_RESULT;
        for (uint32_t v = 0; v < row->variant_count; v++) {
            is_missing |= row->variants_judged[v].verdict == VERDICT_NO_RESULT;
        }
        code = is_missing ? CLI_WRONG : code;
    }
    return code;
}

static int run(const struct command *self, void *ctx)
{
    struct paper *p = ctx;
    int code = check(self, p);
    if (code != CLI_DONE) {
        return code;
    }
    if (p->lists) {
        print_list();
        return CLI_DONE;
    }
    p->rows.extent = p->is_quick ? POINTS_QUICK : POINTS_FULL;
    p->rows.seed_count = p->seed_count > 0 ? p->seed_count
                         : p->is_quick     ? CLAIM_SEEDS_QUICK
                                           : CLAIM_SEEDS;
    p->job_count = p->job_count > 0 ? p->job_count : sweep_default_jobs();
    code = execute(p);
    if (!database_close(p->db) && code == CLI_DONE) {
        code = CLI_USAGE;
    }
    rows_release(&p->rows);
    free(p->runs);
    return code;
}

const struct command command_paper = {
    .name = "paper",
    .summary = "Checks the claims of the Denali paper by simulated runs",
    .about =
        "A line is printed for each claim: its name, what it says, the paper's "
        "figure, the simulated one (the median over the seeds), its kind, how "
        "many runs were not steady, and, for what nobody put in (`emergent`), "
        "whether it holds by the rule that --list shows: the medians and each "
        "seed must agree, and each window be steady. The full set also tries "
        "other values of what the paper leaves open. The "
        "command may be stopped at any moment: the same call goes on from "
        "there. "
        "docs/experiments.md tells what came out, and why some claims do not "
        "hold.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] =
                   "Each claim has a result, whether it holds or not.",
               [CLI_EXIT_WRONG] = "A run has failed.",
               [CLI_EXIT_USAGE] = "The call or the database is wrong.",
               [CLI_EXIT_INTERRUPTED] = EXIT_INTERRUPTED_RUNS },
    .size_bytes = sizeof(struct paper),
    .run = run,
};

/* isolate.c - `iksim isolate`: what do bad neighbours do to the good ones? */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/isolate/channels.h"
#include "cli/lab/isolate/table.h"
#include "cli/lab/sweep/runs.h"
#include "sim/units.h"
#include "sim/vocabulary/nearest.h"

#define SET_LIMIT 64

struct numbers {
    uint32_t items[ISOLATE_LIST_LIMIT];
    uint32_t count;
};

struct presets {
    char names[ISOLATE_LIST_LIMIT][32];
    uint32_t count;
};

struct call {
    struct cli_input scenario;
    bool lists, json, tries_channels;
    uint32_t ways; /* 0: all. */
    struct cli_list attackers, sets;
    struct presets presets;
    struct numbers counts;
    uint32_t seed_count, job_count;
    uint64_t warmup_ns, window_ns;
    const char *database_path;
    struct conditions conditions;
    struct attacker own[ISOLATE_ATTACK_LIMIT]; /* Images of the user's. */
    uint32_t own_count;
    struct isolate isolate;
    struct channel channels[ISOLATE_LIST_LIMIT * CHANNEL_WAYS];
    uint32_t channel_count;
};

/* ---- Options ------------------------------------------------------------- */

static bool read_counts(const char *text, void *at,
                        char message[CLI_MESSAGE_BYTES])
{
    struct numbers *n = at;
    n->count = 0;
    while (*text) {
        char word[16];
        size_t length = strcspn(text, ",");
        uint64_t value = 0;
        snprintf(word, sizeof(word), "%.*s", (int)(length < 16 ? length : 15),
                 text);
        if (units_read_whole(word, &value) || value < 1 || value > 1000 ||
            n->count == ISOLATE_LIST_LIMIT) {
            snprintf(message, CLI_MESSAGE_BYTES,
                     "must be up to %d whole numbers from 1 to 1000 with "
                     "commas between them, such as 1,8",
                     ISOLATE_LIST_LIMIT);
            return false;
        }
        n->items[n->count++] = (uint32_t)value;
        text += length + (text[length] == ',');
    }
    return true;
}

/* Whether there is such a preset, the scenario's own check says. */
static bool read_presets(const char *text, void *at,
                         char message[CLI_MESSAGE_BYTES])
{
    struct presets *p = at;
    p->count = 0;
    while (*text) {
        size_t length = strcspn(text, ",");
        if (length == 0 || length >= sizeof(p->names[0]) ||
            p->count == ISOLATE_LIST_LIMIT) {
            snprintf(message, CLI_MESSAGE_BYTES,
                     "must be up to %d names with commas between them, not "
                     "'%.40s'",
                     ISOLATE_LIST_LIMIT, text);
            return false;
        }
        memcpy(p->names[p->count], text, length);
        p->names[p->count++][length] = '\0';
        text += length + (text[length] == ',');
    }
    return true;
}

static bool read_ways(const char *text, void *at,
                      char message[CLI_MESSAGE_BYTES])
{
    if (*text && channels_choose(text, at)) {
        return true;
    }
    snprintf(message, CLI_MESSAGE_BYTES,
             "must be names with commas between them, of processor, memory, "
             "disk, wire and pool");
    return false;
}

static void offer_attackers(struct cli_offers *to)
{
    for (const struct attacker *a = attacker_table; a->name; a++) {
        cli_offer(to, a->name, a->summary);
    }
    cli_offer_files(to);
}

static const struct cli_option argument_rows[] = {
    ARGUMENT_SCENARIO(struct call, scenario, .unless = "list"), CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "attacker",
      .argument = "NAME|IMAGE",
      CLI_LIST(struct call, attackers),
      .most = ISOLATE_ATTACK_LIMIT,
      .offer = offer_attackers,
      .otherwise = "all bundled ones",
      .help = "These VMs attack: a bundled attacker, which --list shows, or an "
              "image, which gets 16 MiB of memory. The option may be "
              "repeated." },
    { .name = "list",
      CLI_FLAG(struct call, lists),
      .help = "The bundled attackers are listed, and no run is made." },
    { .name = "channels",
      CLI_FLAG(struct call, tries_channels),
      .help = "A bundled pair of VMs tries to pass bits through the "
              "processor, memory, disk, wire and receive pool that it "
              "shares, in a scenario of its own; printed are its errors and "
              "the bits a second that they leave. Without any --attacker "
              "the victims are alone then. A call with neither option "
              "measures all there is." },
    { .name = "through",
      .argument = "NAME,NAME,...",
      CLI_OWN(struct call, ways, uint32_t, read_ways),
      .otherwise = "all five",
      .help = "The pair of --channels tries these resources: `processor`, "
              "`memory`, `disk`, `wire`, `pool`." },
    { .name = "presets",
      .argument = "NAME,NAME,...",
      CLI_OWN(struct call, presets, struct presets, read_presets),
      .otherwise = "denali,isolated",
      .help = "The runs are made under each `kernel.preset`; what a preset "
              "stands for goes before the scenario's own keys." },
    { .name = "count",
      .argument = "N,N,...",
      CLI_OWN(struct call, counts, struct numbers, read_counts),
      .otherwise = "1,8",
      .help = "So many VMs of an attacker are put beside the victims." },
    { .name = "seeds",
      .argument = "N",
      CLI_WHOLE(struct call, seed_count),
      .initial = 6,
      .least = 1,
      .most = ISOLATE_SEEDS_LIMIT,
      .help = "All runs are made with the same N seeds, from the scenario's "
              "on; fewer than 6 give no intervals." },
    { .name = "warmup",
      .argument = "TIME",
      CLI_TIME(struct call, warmup_ns),
      .initial = 500000000,
      .otherwise = "500ms",
      .help = "The windows begin so long after the load, as all runs must be "
              "measured alike." },
    { .name = "window",
      .argument = "TIME",
      CLI_TIME(struct call, window_ns),
      .least = 1,
      .otherwise = "the scenario's run.duration",
      .help = "Each window has this length." },
    { .name = "set",
      .argument = "KEY=VALUE",
      CLI_LIST(struct call, sets),
      .most = SET_LIMIT,
      .offer = sets_offer,
      .help = "The scenario's key gets this value in every run, as in `iksim "
              "run`. The option may be repeated." },
    { .name = "fail-if",
      .argument = "CONDITION",
      CLI_OWN(struct call, conditions, struct conditions, conditions_read),
      .offer = figure_offer,
      .help =
          "The exit code is 1 if this condition, FIGURE OP VALUE, holds "
          "beside any attacker: `p99 > +20%` and `p99 > +10ms` are changes "
          "from the victims alone, `timed_out > 0` is a value, as in `iksim "
          "compare`. The option may be repeated." },
    { .name = "db",
      .argument = "FILE",
      CLI_FILE(struct call, database_path),
      .help = "The runs are kept in this database, and what it has already is "
              "not simulated again; without it they are forgotten." },
    OPTION_JOBS(struct call, job_count),
    OPTION_JSON(struct call, json),
    CLI_END
};

/* ---- What is wanted ------------------------------------------------------ */

static int add_attacker(struct call *c, const char *name)
{
    struct isolate_want *want = &c->isolate.want;
    const struct attacker *a = attacker_find(name);
    char path[4096];
    for (uint32_t i = 0; i < want->attacker_count; i++) {
        if (strcmp(want->attackers[i]->name, name) == 0) {
            return CLI_DONE;
        }
    }
    if (!a && !cli_find_image(name, path, sizeof(path))) {
        struct nearest nearest = { .wrong = name };
        for (const struct attacker *known = attacker_table; known->name;
             known++) {
            nearest_try(&nearest, known->name);
        }
        return nearest.best
                   ? cli_complain("there is no attacker '%s', and no file of "
                                  "that name; did you mean %s?",
                                  name, nearest.best)
                   : cli_complain("there is no attacker '%s', and no file of "
                                  "that name; see iksim isolate --list",
                                  name);
    }
    if (!a) {
        struct attacker *own = &c->own[c->own_count++];
        *own = (struct attacker){
            .name = name, .image = name, .args = "", .memory = "16MiB"
        };
        a = own;
    }
    want->attackers[want->attacker_count++] = a;
    return CLI_DONE;
}

static int fill_want(struct call *c)
{
    struct isolate_want *want = &c->isolate.want;
    int code = CLI_DONE;
    *want = (struct isolate_want){ .path = c->scenario.path,
                                   .sets = c->sets.items,
                                   .set_count = c->sets.count,
                                   .presets = { "denali", "isolated" },
                                   .preset_count = 2,
                                   .counts = { 1, 8 },
                                   .count_count = 2,
                                   .seed_count = c->seed_count,
                                   .warmup_ns = c->warmup_ns,
                                   .window_ns = c->window_ns };
    if (c->presets.count > 0) {
        want->preset_count = c->presets.count;
        for (uint32_t i = 0; i < c->presets.count; i++) {
            want->presets[i] = c->presets.names[i];
        }
    }
    if (c->counts.count > 0) {
        want->count_count = c->counts.count;
        memcpy(want->counts, c->counts.items, sizeof(c->counts.items));
    }
    for (uint32_t i = 0; code == CLI_DONE && i < c->attackers.count; i++) {
        code = add_attacker(c, c->attackers.items[i]);
    }
    for (const struct attacker *a = attacker_table;
         c->attackers.count == 0 && !c->tries_channels && a->name; a++) {
        want->attackers[want->attacker_count++] = a;
    }
    c->tries_channels = c->tries_channels || c->attackers.count == 0;
    return code;
}

/* ---- Running ------------------------------------------------------------- */

static int make_runs(struct call *c, struct database *db)
{
    char program[SWEEP_PROGRAM_BYTES];
    struct sweep_count count = { 0 };
    struct store_run *runs = sweep_find_wanted(db, &c->isolate.plan, false);
    int code = CLI_USAGE;
    if (runs && sweep_find_program(program)) {
        struct sweep_setup setup = { .plan = &c->isolate.plan,
                                     .db = db,
                                     .runs = runs,
                                     .program = program,
                                     .takes_wrong = true,
                                     .job_count = c->job_count > 0
                                                      ? c->job_count
                                                      : sweep_default_jobs() };
        code = sweep_run_all(&setup, &count);
    }
    free(runs);
    return code;
}

static int show(const struct call *c)
{
    const struct isolate *i = &c->isolate;
    int code = CLI_DONE;
    if (c->json) {
        json_t *root = isolate_to_json(i);
        json_object_set_new(root, "channels",
                            channels_to_json(c->channels, c->channel_count));
        bool is_written =
            root && json_dumpf(root, stdout,
                               JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0;
        json_decref(root);
        putchar('\n');
        if (!is_written) {
            return cli_complain("cannot write the result");
        }
    } else {
        isolate_print(i);
        channels_print(c->channels, c->channel_count);
    }
    for (uint32_t k = 0; k < c->channel_count; k++) {
        code = c->channels[k].outcome == CHANNEL_FAILED ? CLI_WRONG : code;
    }
    for (uint32_t k = 0; k < i->cell_count; k++) {
        const struct isolate_cell *cell = &i->cells[k];
        bool is_bad = cell->why || (cell->differing && !cell->is_equal);
        code = is_bad ? CLI_WRONG : code;
    }
    for (uint32_t k = 0; k < i->verdict_count; k++) {
        if (i->verdicts[k].holds) {
            char text[1024];
            compare_describe(&i->verdicts[k], text, sizeof(text));
            cli_complain("%s", text);
            code = CLI_WRONG;
        }
    }
    return code;
}

static int use_database(struct call *c, const char *path)
{
    struct isolate *i = &c->isolate;
    struct database *db = database_open(path, DATABASE_WRITE);
    int code = db ? make_runs(c, db) : CLI_USAGE;
    if (code == CLI_INTERRUPTED && c->database_path) {
        fputs("iksim: interrupted: the same command goes on from here\n",
              stderr);
    }
    for (uint32_t p = 0;
         c->tries_channels && code == CLI_DONE && p < i->want.preset_count;
         p++) {
        code = channels_measure(i->want.presets[p],
                                c->ways ? c->ways : CHANNEL_ALL, c->channels,
                                &c->channel_count);
    }
    bool is_read = code == CLI_DONE && isolate_read(i, db) &&
                   isolate_judge(i, c->conditions.items, c->conditions.count);
    if (code == CLI_DONE) {
        code = is_read ? show(c) : CLI_USAGE;
    }
    return database_close(db) || code != CLI_DONE ? code : CLI_USAGE;
}

/* A database that is forgotten lies in a folder of its own, since SQLite puts
   files beside it. */
static int use_scratch(struct call *c)
{
    char folder[4096];
    char path[4096 + 16];
    const char *place = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/iksim-XXXXXX",
             place && *place ? place : "/tmp");
    if (!mkdtemp(folder)) {
        return cli_complain("cannot make a folder in '%s': %s", folder,
                            strerror(errno));
    }
    snprintf(path, sizeof(path), "%s/runs.db", folder);
    int code = use_database(c, path);
    unlink(path);
    rmdir(folder);
    return code;
}

static int run(const struct command *self, void *ctx)
{
    struct call *c = ctx;
    (void)self;
    if (c->lists) {
        isolate_print_list();
        return CLI_DONE;
    }
    int code = fill_want(c);
    if (code == CLI_DONE) {
        code = isolate_plan(&c->isolate)
                   ? (c->database_path ? use_database(c, c->database_path)
                                       : use_scratch(c))
                   : CLI_USAGE;
    }
    isolate_release(&c->isolate);
    return code;
}

const struct command command_isolate = {
    .name = "isolate",
    .summary = "Measures what attackers do to the VMs of a scenario",
    .about =
        "The scenario's VMs, the victims, are simulated alone and beside each "
        "attacker, under each preset, all from the same seeds. Of each attack "
        "a line says how many answers were wrong, by the clients' own check of "
        "every byte, how many requests were answered in time, how many a "
        "second, half of them and 99 of 100 within which time, and how long a "
        "run took the host, and how much of the processor's time attackers "
        "had; the lines below it have the changes in per cent "
        "from the victims alone, medians over the seeds with their 95 % "
        "intervals. Under `partitioned` all victims are one partition, which "
        "has half of the machine where the scenario gives no shares, and the "
        "line below says whether their runs are those they have alone, to "
        "the bit. A victim's demand should be below what its `shares` and "
        "`vms[].reserve` entitle it to. docs/isolation.md has what came out.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The attacks are measured.",
               [CLI_EXIT_WRONG] = "A run has failed, a partition's run is not "
                                  "that of the victims alone, or the "
                                  "condition of a --fail-if holds.",
               [CLI_EXIT_USAGE] = EXIT_USAGE_SCENARIO,
               [CLI_EXIT_INTERRUPTED] = EXIT_INTERRUPTED_RUNS },
    .examples =
        (const struct cli_example[]){
            { "Whether a flood reaches the web servers",
              "iksim isolate first --attacker syn-flood --fail-if "
              "'p99 > +20%'" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct call),
    .run = run,
};

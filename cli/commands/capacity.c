/*
 * capacity.c - `iksim capacity`: how much of something before an objective is
 * missed. Each value is a run of its own; they are deterministic, so the
 * answer is, too.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/lab/compare/capacity_curve.h"
#include "cli/lab/compare/capacity_search.h"
#include "cli/run/warm.h"
#include "sim/units.h"

#define SET_LIMIT   254 /* Beside the seed's and the value's. */
#define PLACE_LIMIT 1000000000ull
#define SET_BYTES   256

struct capacity {
    const char *path;
    const char *sets[SET_LIMIT + 2];
    uint32_t set_count;
    char seed_set[CLI_SEED_BYTES];
    const char *key;
    double from, to, step;
    bool has_from, has_to, is_whole;
    struct condition objectives[CONDITION_LIMIT];
    bool json, is_warm, scans;
    uint64_t probes;
    struct curve curve;
    struct search search;
    struct warm *warm;                      /* Owned; NULL: cold. */
    char complaint[SCENARIO_MESSAGE_BYTES]; /* Why the search ended. */
};

static const char help[] =
    "Finds the largest value of KEY, from A to B, at which every objective is\n"
    "met, by halving the span; each value is one run.\n"
    "\n"
    "Options:\n"
    "  --over KEY       a number of the scenario: vms[0].count, load[0].rate\n"
    "  --from A, --to B the span\n"
    "  --resolution R   try A, A+R, A+2R... only (default: 1 for whole A and\n"
    "                   B, else a hundredth of the span)\n"
    "  --slo 'FIGURE OP VALUE'  the objective; may be repeated. 'p99 <= "
    "100ms',\n"
    "                   'throughput >= 900', 'timed_out <= 1%' (of requests)\n"
    "  --points N       try N values all over the span first (default 2)\n"
    "  --scan           try every value\n"
    "  --warm           boot once where that is exact (see docs/compare.md)\n"
    "  --set KEY=VALUE, --seed N  as for iksim run\n"
    "  --json           the same as JSON\n"
    "\n"
    "Exit: 0 found; 1 even A does not meet it; 2 the scenario or the call is\n"
    "wrong. A latency counts what was completed: think of timed_out as well.\n";

/* ---- Options ------------------------------------------------------------ */

enum {
    OPT_OVER = 256,
    OPT_FROM,
    OPT_TO,
    OPT_RESOLUTION,
    OPT_SLO,
    OPT_POINTS,
    OPT_SCAN,
    OPT_WARM,
    OPT_SET,
    OPT_SEED,
    OPT_JSON
};

static const struct option long_options[] = {
    { "over", required_argument, NULL, OPT_OVER },
    { "from", required_argument, NULL, OPT_FROM },
    { "to", required_argument, NULL, OPT_TO },
    { "resolution", required_argument, NULL, OPT_RESOLUTION },
    { "slo", required_argument, NULL, OPT_SLO },
    { "points", required_argument, NULL, OPT_POINTS },
    { "scan", no_argument, NULL, OPT_SCAN },
    { "warm", no_argument, NULL, OPT_WARM },
    { "set", required_argument, NULL, OPT_SET },
    { "seed", required_argument, NULL, OPT_SEED },
    { "json", no_argument, NULL, OPT_JSON },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static int take_number(const struct command *self, const char *option,
                       double *value, bool *is_whole)
{
    const char *why = units_read_real(optarg, value);
    if (why) {
        return cli_misuse(self, "--%s %s, not '%s'", option, why, optarg);
    }
    if (strpbrk(optarg, ".eE")) {
        *is_whole = false;
    }
    return CLI_DONE;
}

static int take_objective(const struct command *self, struct capacity *c)
{
    char message[CONDITION_MESSAGE_BYTES];
    if (c->curve.objective_count == CONDITION_LIMIT) {
        return cli_misuse(self, "more than %d --slo", CONDITION_LIMIT);
    }
    struct condition *o = &c->objectives[c->curve.objective_count];
    if (!condition_parse(optarg, o, message)) {
        return cli_misuse(self, "--slo %s", message);
    }
    if (o->is_signed) {
        return cli_misuse(self,
                          "--slo '%s': an objective is a value, not a "
                          "change: leave out the sign",
                          optarg);
    }
    if (o->is_percent && o->figure.id != FIGURE_LOAD_TIMED_OUT &&
        o->figure.id != FIGURE_LOAD_FAILED) {
        return cli_misuse(self,
                          "--slo '%s': only timed_out and failed are parts of "
                          "all requests, in %%",
                          optarg);
    }
    c->curve.objective_count++;
    return CLI_DONE;
}

static int take_seed(const struct command *self, struct capacity *c)
{
    bool is_new = c->seed_set[0] == '\0';
    int code = cli_take_seed(self, optarg, c->seed_set);
    if (code == CLI_DONE && is_new) {
        c->sets[c->set_count++] = c->seed_set;
    }
    return code;
}

static int take_points(const struct command *self, struct capacity *c)
{
    if (units_read_whole(optarg, &c->probes) || c->probes < 2) {
        return cli_misuse(self,
                          "--points must be a whole number from 2 on, not '%s'",
                          optarg);
    }
    return CLI_DONE;
}

static int take_option(const struct command *self, void *ctx, int option)
{
    struct capacity *c = ctx;
    bool ignored;
    switch (option) {
    case OPT_OVER:
        c->key = optarg;
        return CLI_DONE;
    case OPT_FROM:
        c->has_from = true;
        return take_number(self, "from", &c->from, &c->is_whole);
    case OPT_TO:
        c->has_to = true;
        return take_number(self, "to", &c->to, &ignored);
    case OPT_RESOLUTION:
        return take_number(self, "resolution", &c->step, &c->is_whole);
    case OPT_SLO:
        return take_objective(self, c);
    case OPT_POINTS:
        return take_points(self, c);
    case OPT_SCAN:
        c->scans = true;
        return CLI_DONE;
    case OPT_WARM:
        c->is_warm = true;
        return CLI_DONE;
    case OPT_SET:
        if (c->set_count >= SET_LIMIT) {
            return cli_misuse(self, "more than %d --set", SET_LIMIT);
        }
        c->sets[c->set_count++] = optarg;
        return CLI_DONE;
    case OPT_SEED:
        return take_seed(self, c);
    case OPT_JSON:
        c->json = true;
        return CLI_DONE;
    default:
        return cli_misuse(self, "bad option");
    }
}

static int check_span(const struct command *self, struct capacity *c)
{
    if (!c->key) {
        return cli_misuse(self, "--over KEY says what is to be varied");
    }
    if (!c->has_from || !c->has_to) {
        return cli_misuse(self, "--from and --to say between which values");
    }
    if (c->curve.objective_count == 0) {
        return cli_misuse(self, "--slo says what is to be met");
    }
    if (c->from > c->to) {
        return cli_misuse(self, "--from must not be more than --to");
    }
    if (c->step == 0) {
        c->step = c->is_whole ? 1 : (c->to - c->from) / 100;
    }
    double places = c->step > 0 ? floor((c->to - c->from) / c->step + 1e-9) : 0;
    if (!(places < (double)PLACE_LIMIT)) {
        return cli_misuse(self, "--resolution is too small for the span");
    }
    c->search.last = (uint64_t)places;
    c->search.probes = c->scans ? c->search.last + 1 : c->probes;
    return CLI_DONE;
}

static int parse(const struct command *self, struct capacity *c, int argc,
                 char **argv)
{
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, c);
    if (code != CLI_DONE) {
        return code;
    }
    if (words.count != 1) {
        return cli_misuse(self, words.count == 0 ? "no scenario is named"
                                                 : "one scenario at a time");
    }
    c->path = words.words[0];
    return check_span(self, c);
}

/* ---- Runs --------------------------------------------------------------- */

static void write_value(const struct capacity *c, uint64_t place,
                        char value[CURVE_VALUE_BYTES])
{
    double x = c->from + c->step * (double)place;
    if (c->is_whole) {
        snprintf(value, CURVE_VALUE_BYTES, "%.0f", x);
    } else {
        /* Short enough not to show that 0.1 is no binary fraction. */
        snprintf(value, CURVE_VALUE_BYTES, "%.12g", x);
    }
}

/* The trial of a place; `set` must live as long. */
static struct trial trial_of(struct capacity *c, uint64_t place,
                             const char **sets, char set[SET_BYTES])
{
    char value[CURVE_VALUE_BYTES];
    write_value(c, place, value);
    snprintf(set, SET_BYTES, "%.200s=%s", c->key, value);
    memcpy(sets, c->sets, c->set_count * sizeof(*sets));
    sets[c->set_count] = set;
    return (struct trial){ c->path, sets, c->set_count + 1 };
}

static void show_progress(const struct capacity *c, const char *value)
{
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\rrun %zu: %s=%s\033[K", c->curve.count + 1, c->key,
                value);
    }
}

static bool try_place(void *ctx, uint64_t place, bool *meets)
{
    struct capacity *c = ctx;
    const char *sets[SET_LIMIT + 2];
    char set[SET_BYTES];
    char value[CURVE_VALUE_BYTES];
    struct trial trial = trial_of(c, place, sets, set);
    struct trial_child child;
    struct trial_result result;
    write_value(c, place, value);
    show_progress(c, value);
    if (!trial_start(&trial, c->warm, &child)) {
        snprintf(c->complaint, sizeof(c->complaint),
                 "cannot start a process: %s", strerror(errno));
        return false;
    }
    trial_finish(&child, &result);
    /* What is wrong with the least is wrong with the call. */
    if (place == 0 && result.exit_code == CLI_USAGE) {
        snprintf(c->complaint, sizeof(c->complaint), "%s", result.message);
        trial_result_clear(&result);
        return false;
    }
    struct curve_point *p = curve_add(&c->curve, place, value, &result);
    if (!p) {
        trial_result_clear(&result);
        snprintf(c->complaint, sizeof(c->complaint), "out of memory");
        return false;
    }
    *meets = p->meets;
    return true;
}

/* If it cannot be warm it is cold: slower, and no less right. */
static void open_warm(struct capacity *c)
{
    const char *sets[2][SET_LIMIT + 2];
    char words[2][SET_BYTES];
    char message[SCENARIO_MESSAGE_BYTES];
    enum warm_point point;
    struct trial ends[2] = {
        trial_of(c, 0, sets[0], words[0]),
        trial_of(c, c->search.last, sets[1], words[1]),
    };
    if (!warm_find_point(ends, 2, &point)) {
        fprintf(stderr,
                "iksim: %s takes effect before the load begins, so every run "
                "starts cold\n",
                c->key);
        return;
    }
    c->warm = warm_open(&ends[0], point, message);
}

/* ---- The answer --------------------------------------------------------- */

static size_t find_notes(const struct capacity *c,
                         char notes[][CURVE_NOTE_BYTES])
{
    size_t count = curve_find_failure_below(&c->curve, notes[0]) ? 1 : 0;
    for (size_t i = 0; i < c->curve.objective_count; i++) {
        count += curve_find_turn(&c->curve, i, notes[count]) ? 1 : 0;
    }
    return count;
}

static void print_text(const struct capacity *c, char notes[][CURVE_NOTE_BYTES],
                       size_t note_count)
{
    char value[CURVE_VALUE_BYTES];
    curve_print(&c->curve, c->key);
    putchar('\n');
    if (!c->search.is_found) {
        write_value(c, 0, value);
        printf("Even %s=%s does not meet it.\n", c->key, value);
    } else {
        write_value(c, c->search.best, value);
        printf("%s%s=%s meets it%s\n",
               c->search.best == c->search.last ? "At least " : "", c->key,
               value,
               c->search.best == c->search.last
                   ? ": the objective is met all the way."
                   : ", and the next value does not.");
    }
    for (size_t i = 0; i < note_count; i++) {
        printf("Note: %s.\n", notes[i]);
    }
    if (note_count > 0 && !c->scans && c->search.best < c->search.last) {
        puts("A larger value that was not tried may meet it; --scan tries "
             "all.");
    }
}

static void print_json(const struct capacity *c, char notes[][CURVE_NOTE_BYTES],
                       size_t note_count)
{
    json_t *objectives = json_array();
    json_t *list = json_array();
    char value[CURVE_VALUE_BYTES];
    for (size_t i = 0; i < c->curve.objective_count; i++) {
        json_array_append_new(objectives, json_string(c->objectives[i].text));
    }
    for (size_t i = 0; i < note_count; i++) {
        json_array_append_new(list, json_string(notes[i]));
    }
    write_value(c, c->search.best, value);
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:o, s:f, s:f, s:f, s:b, s:b, s:o, s:o, s:o}",
        "schema", 1, "scenario", c->path, "over", c->key, "objectives",
        objectives, "from", c->from, "to", c->to, "resolution", c->step,
        "found", c->search.is_found, "at_end",
        c->search.is_found && c->search.best == c->search.last, "value",
        c->search.is_found ? json_real(strtod(value, NULL)) : json_null(),
        "notes", list, "points", curve_to_json(&c->curve));
    if (root && json_dumpf(root, stdout,
                           JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0) {
        putchar('\n');
    }
    json_decref(root);
}

static int find_capacity(struct capacity *c)
{
    char notes[CONDITION_LIMIT + 1][CURVE_NOTE_BYTES];
    c->curve.objectives = c->objectives;
    c->search.try_place = try_place;
    c->search.ctx = c;
    if (c->is_warm) {
        open_warm(c);
    }
    bool is_done = search_run(&c->search);
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    if (!is_done) {
        return cli_complain("%s", c->complaint);
    }
    curve_sort(&c->curve);
    size_t note_count = find_notes(c, notes);
    (c->json ? print_json : print_text)(c, notes, note_count);
    return c->search.is_found ? CLI_DONE : CLI_WRONG;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct capacity *c = calloc(1, sizeof(*c));
    if (!c) {
        return cli_complain("out of memory");
    }
    c->is_whole = true;
    c->probes = 2;
    int code = parse(self, c, argc, argv);
    if (code == CLI_DONE) {
        code = find_capacity(c);
    }
    warm_close(c->warm);
    curve_release(&c->curve);
    free(c);
    return code;
}

const struct command command_capacity = {
    .name = "capacity",
    .arguments = "SCENARIO --over KEY --from A --to B --slo OBJECTIVE...",
    .summary = "Finds the largest value that meets an objective",
    .help = help,
    .run = run,
};

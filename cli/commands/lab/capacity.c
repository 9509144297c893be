/*
 * capacity.c - `iksim capacity`: the largest value of a key before an objective
 * is missed, over several seeds; cli/lab/capacity/ finds it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/capacity/hunt.h"
#include "cli/lab/capacity/picture.h"
#include "cli/lab/plot/plot.h"
#include "cli/lab/sweep/point.h"
#include "cli/lab/sweep/runs.h"
#include "cli/run/guard/guard.h"
#include "cli/sandbox.h"
#include "sim/arena.h"
#include "sim/units.h"

#define NS_PER_MS 1000000ull

/* A span that does not begin above 0 has no ratio to go by. */
#define PART_DEFAULT 0.02
#define SPAN_PLACES  100

/* A window of a second becomes one of a quarter of an hour. */
#define DOUBLINGS_LIMIT 10

/* How far apart the values are. */
struct resolution {
    const char *text; /* NULL: it was not given. */
    double value;
    bool is_part; /* Of the value before; else an amount. */
};

struct capacity {
    struct cli_input scenario;
    struct sets sets;
    const char *key;
    struct cli_real from, to;
    struct resolution resolution;
    struct conditions objectives;
    bool json, is_warm, scans, takes_any_window;
    uint64_t probes, seeds, doublings, jobs;
    const char *picture_path; /* NULL: none is drawn. */
    struct plot_drawer drawer;
    struct ladder ladder;
    struct hunt hunt;
};

/* ---- Options ------------------------------------------------------------ */

static bool is_part_of_all(enum figure_id id)
{
    return id == FIGURE_LOAD_TIMED_OUT || id == FIGURE_LOAD_FAILED ||
           id == FIGURE_LOAD_UNANSWERED || id == FIGURE_LOAD_OPEN;
}

static bool read_objective(const char *text, void *at,
                           char message[CLI_MESSAGE_BYTES])
{
    const struct conditions *all = at;
    if (!conditions_read(text, at, message)) {
        return false;
    }
    const struct condition *o = &all->items[all->count - 1];
    if (o->is_signed) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "'%s': an objective is a value, not a change: leave out the "
                 "sign",
                 text);
        return false;
    }
    if (o->is_percent && !is_part_of_all(o->figure.id)) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "'%s': only timed_out, failed, unanswered and open are parts "
                 "of all requests, in %%",
                 text);
        return false;
    }
    return true;
}

static bool read_resolution(const char *text, void *at,
                            char message[CLI_MESSAGE_BYTES])
{
    struct resolution *r = at;
    char number[32];
    size_t length = strlen(text);
    bool is_part = length > 0 && text[length - 1] == '%';
    snprintf(number, sizeof(number), "%.*s", (int)(length - is_part), text);
    const char *why = units_read_real(number, &r->value);
    if (!why && !(r->value > 0)) {
        why = "must be more than 0";
    }
    if (why) {
        snprintf(message, CLI_MESSAGE_BYTES, "%s, not '%.64s'", why, text);
        return false;
    }
    r->text = text;
    r->is_part = is_part;
    r->value /= is_part ? 100 : 1;
    return true;
}

static const struct cli_option argument_rows[] = {
    ARGUMENT_SCENARIO(struct capacity, scenario, ), CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "over",
      .argument = "KEY",
      CLI_TEXT(struct capacity, key),
      .is_required = true,
      .help = "This key of the scenario is varied, a number such as "
              "`vms[0].count` or `load[0].rate`." },
    { .name = "from",
      .argument = "A",
      CLI_REAL(struct capacity, from),
      .is_required = true,
      .help = "A is the least value that is tried." },
    { .name = "to",
      .argument = "B",
      CLI_REAL(struct capacity, to),
      .is_required = true,
      .help = "B is the greatest value that is tried." },
    { .name = "slo",
      .argument = "OBJECTIVE",
      CLI_OWN(struct capacity, objectives, struct conditions, read_objective),
      .offer = figure_offer,
      .is_required = true,
      .help = "A run is good if it meets this objective, FIGURE OP VALUE, "
              "such as `p99 <= 100ms`, `answered >= 900` or "
              "`timed_out <= 1%` (of all requests). A latency counts completed "
              "requests only, so that timed_out is worth an objective of its "
              "own. The option may be repeated." },
    { .name = "resolution",
      .argument = "R",
      CLI_OWN(struct capacity, resolution, struct resolution, read_resolution),
      .otherwise = "2%, or a hundredth of the span if A is not above 0",
      .help =
          "Only A, A+R, A+2R and so on are tried; with R as `2%`, each "
          "value is so much larger than the one before, and B is the last." },
    { .name = "points",
      .argument = "N",
      CLI_WHOLE(struct capacity, probes),
      .least = 2,
      .otherwise = "none",
      .help = "N values all over the span are tried first, with every seed." },
    { .name = "scan",
      CLI_FLAG(struct capacity, scans),
      .help = "Every value is tried." },
    { .name = "seeds",
      .argument = "N",
      CLI_WHOLE(struct capacity, seeds),
      .least = 1,
      .most = CURVE_SEEDS_LIMIT,
      .initial = 5,
      .help = "Each value is run with N seeds, from the scenario's upwards; it "
              "is good if it is with more than half of them." },
    { .name = "lengthen",
      .argument = "N",
      CLI_WHOLE(struct capacity, doublings),
      .most = DOUBLINGS_LIMIT,
      .initial = 2,
      .help = "The window becomes twice as long, up to N times, if it depends "
              "on windows that are not flat how large the value is." },
    { .name = "any-window",
      CLI_FLAG(struct capacity, takes_any_window),
      .help = "Windows that are not flat count as if they were." },
    { .name = "plot",
      .argument = "FILE",
      CLI_OWN(struct capacity, picture_path, const char *, read_picture_path),
      .offer = cli_offer_files,
      .help = "The first objective's figure is drawn over the values tried, "
              "into FILE, whose name ends in `.svg` or `.png`; `--points` "
              "tries more of them." },
    OPTION_JOBS(struct capacity, jobs),
    OPTION_WARM(struct capacity, is_warm, ),
    OPTION_SET(struct capacity, sets),
    OPTION_SEED(struct capacity, sets),
    OPTION_JSON(struct capacity, json),
    CLI_END
};

static bool is_whole(const char *text)
{
    return !strpbrk(text, ".eE");
}

/* How far apart the values are where nobody says so. */
static void choose_resolution(struct capacity *c)
{
    double step = (c->to.value - c->from.value) / SPAN_PLACES;
    if (c->from.value > 0) {
        c->resolution =
            (struct resolution){ .value = PART_DEFAULT, .is_part = true };
    } else {
        step = c->ladder.is_whole ? ceil(step) : step;
        c->resolution.value = step > 0 ? step : 1;
    }
}

static int make_ladder(const struct command *self, struct capacity *c)
{
    const struct resolution *r = &c->resolution;
    double from = c->from.value;
    double to = c->to.value;
    if (from > to) {
        return cli_misuse(self, "--from must not be more than --to");
    }
    c->ladder.is_whole =
        is_whole(c->from.text) && (!r->text || r->is_part || is_whole(r->text));
    if (!r->text) {
        choose_resolution(c);
    }
    if (r->is_part && from <= 0) {
        return cli_misuse(self, "--resolution in %% needs a --from above 0");
    }
    bool is_made = r->is_part
                       ? ladder_make_relative(&c->ladder, from, to, r->value)
                       : ladder_make_even(&c->ladder, from, to, r->value);
    if (!is_made) {
        return cli_misuse(self, "--resolution is too small for the span");
    }
    c->hunt.ladder = &c->ladder;
    c->hunt.search.probes = c->scans ? c->ladder.last + 1 : c->probes;
    return CLI_DONE;
}

/* ---- The answer --------------------------------------------------------- */

/* What is found, to be printed. */
struct answer {
    const struct hunt *hunt;
    const struct resolution *resolution;
    char value[LADDER_VALUE_BYTES];
    struct estimate estimate;
    double confidence;
    bool is_passing_known, is_failing_known;
    struct bound_figures passing, failing;
    bool is_bounded;  /* More than half of the runs that do not pass miss an */
    enum bound bound; /* objective, for this reason. */
    char notes[CONDITION_LIMIT + 1][CURVE_NOTE_BYTES];
    size_t note_count;
};

static void find_answer(const struct capacity *c, struct answer *a)
{
    const struct hunt *h = &c->hunt;
    *a = (struct answer){ .hunt = h, .resolution = &c->resolution };
    ladder_write(h->ladder, h->search.is_found ? h->search.best : 0, a->value);
    hunt_estimate(h, &a->estimate, &a->confidence);
    a->is_passing_known = hunt_bound(h, hunt_passing(h), &a->passing);
    a->is_failing_known = hunt_bound(h, hunt_failing(h), &a->failing);
    a->is_bounded =
        a->is_failing_known && !curve_meets(&h->curve, hunt_failing(h));
    a->bound = bound_judge(&a->failing);
    a->note_count = curve_find_failure_below(&h->curve, a->notes[0]) ? 1 : 0;
    for (size_t i = 0; i < h->curve.objective_count; i++) {
        a->note_count +=
            curve_find_turn(&h->curve, i, a->notes[a->note_count]) ? 1 : 0;
    }
}

static bool is_at_end(const struct hunt *h)
{
    return h->search.is_found && h->search.best == h->search.last;
}

/* A seed's capacity, or an end of the interval: "below 100", "20 or more". */
static void write_end(const struct hunt *h, double x, char *text, size_t bytes)
{
    const struct ladder *l = h->ladder;
    if (x < l->values[0]) {
        snprintf(text, bytes, "below %.12g", l->values[0]);
    } else {
        snprintf(text, bytes, "%.12g%s", x,
                 x >= l->values[l->last] ? " or more" : "");
    }
}

static void print_seeds(const struct answer *a)
{
    const struct hunt *h = a->hunt;
    char low[64];
    char high[64];
    if (!a->estimate.has_interval) {
        puts("One seed has no interval; --seeds N runs more.");
        return;
    }
    write_end(h, a->estimate.low, low, sizeof(low));
    write_end(h, a->estimate.high, high, sizeof(high));
    printf("Interval of %.1f %%, of the median over seeds %llu to %llu: %s to "
           "%s\n",
           100 * a->confidence, (unsigned long long)h->curve.first_seed,
           (unsigned long long)(h->curve.first_seed + h->curve.seed_count - 1),
           low, high);
    fputs("Each seed's own:", stdout);
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        write_end(h, ladder_value(h->ladder, h->own[i]), low, sizeof(low));
        printf("%s %s", i > 0 ? "," : "", low);
    }
    putchar('\n');
}

static void print_answer(const struct answer *a)
{
    const struct hunt *h = a->hunt;
    if (!h->search.is_found) {
        printf("Even %s=%s does not pass.\n", h->key, a->value);
    } else if (is_at_end(h)) {
        printf("At least %s=%s passes: the objective is met all the way.\n",
               h->key, a->value);
    } else {
        printf("%s=%s passes, and %s does not.\n", h->key, a->value,
               hunt_failing(h)->value);
    }
    print_seeds(a);
}

static void print_bound(const struct answer *a)
{
    const struct curve_point *passing = hunt_passing(a->hunt);
    const struct curve_point *failing = hunt_failing(a->hunt);
    if (a->is_bounded) {
        printf("\nBounded by %s.\n", bound_phrase(a->bound));
    } else {
        putchar('\n');
    }
    if (a->is_passing_known || a->is_failing_known) {
        bound_print(a->is_passing_known ? &a->passing : NULL,
                    passing ? passing->value : "",
                    a->is_failing_known ? &a->failing : NULL,
                    failing ? failing->value : "");
        putchar('\n');
    }
}

static void print_windows(const struct answer *a)
{
    const struct hunt *h = a->hunt;
    char length[UNITS_BYTES];
    if (h->warmup.is_wanted) {
        printf(
            "Each run has a warm-up of %llu ms, the longest that one needs.\n",
            (unsigned long long)h->warmup.ms);
    }
    if (h->doubled > 0) {
        units_write_time(h->window_ns, length);
        printf("Windows were not flat where it mattered; near the answer they "
               "are %u times as long: %s.\n",
               1u << h->doubled, length);
    }
    if (hunt_is_in_doubt(h)) {
        printf("%s=%s does not pass for want of flat windows: they may be too "
               "short (--lengthen).\n",
               h->key, hunt_failing(h)->value);
    }
}

static void print_text(const struct answer *a)
{
    const struct hunt *h = a->hunt;
    curve_print(&h->curve, h->key);
    putchar('\n');
    print_answer(a);
    print_bound(a);
    print_windows(a);
    for (size_t i = 0; i < a->note_count; i++) {
        printf("Note: %s.\n", a->notes[i]);
    }
    if (a->note_count > 0 && h->search.probes <= h->search.last &&
        !is_at_end(h)) {
        puts("A larger value that was not tried may pass; --scan tries all.");
    }
}

static json_t *seeds_to_json(const struct hunt *h)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        double x = ladder_value(h->ladder, h->own[i]);
        json_array_append_new(
            list,
            json_pack("{s:I, s:o}", "seed", (json_int_t)h->curve.first_seed + i,
                      "value", h->own[i] < 0 ? json_null() : json_real(x)));
    }
    return list;
}

static json_t *interval_to_json(const struct answer *a)
{
    return a->estimate.has_interval
               ? json_pack("{s:f, s:f, s:f}", "low", a->estimate.low, "high",
                           a->estimate.high, "confidence", a->confidence)
               : json_null();
}

static json_t *bound_as_json(const struct answer *a)
{
    return json_pack(
        "{s:o, s:o, s:o}", "by",
        a->is_bounded ? json_string(bound_name(a->bound)) : json_null(),
        "passing",
        a->is_passing_known ? bound_to_json(&a->passing) : json_null(),
        "failing",
        a->is_failing_known ? bound_to_json(&a->failing) : json_null());
}

static json_t *texts_to_json(const struct answer *a, bool has_notes)
{
    const struct curve *c = &a->hunt->curve;
    json_t *list = json_array();
    for (size_t i = 0; has_notes && i < a->note_count; i++) {
        json_array_append_new(list, json_string(a->notes[i]));
    }
    for (size_t i = 0; !has_notes && i < c->objective_count; i++) {
        json_array_append_new(list, json_string(c->objectives[i].text));
    }
    return list;
}

static void print_json(const struct answer *a)
{
    const struct hunt *h = a->hunt;
    const struct search *s = &h->search;
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:o, s:f, s:f, s:f, s:b, s:o, s:I, s:b, s:b, s:b, "
        "s:o, "
        "s:o, s:o, s:o, s:o, s:o}",
        "schema", 3, "scenario", h->path, "over", h->key, "objectives",
        texts_to_json(a, false), "from", h->ladder->values[0], "to",
        h->ladder->values[s->last], "resolution", a->resolution->value,
        "resolution_is_relative", a->resolution->is_part, "warmup_ns",
        h->warmup.is_wanted
            ? json_integer((json_int_t)(h->warmup.ms * NS_PER_MS))
            : json_null(),
        "window_ns", (json_int_t)h->window_ns, "in_doubt", hunt_is_in_doubt(h),
        "found", s->is_found, "at_end", is_at_end(h), "value",
        s->is_found ? json_real(strtod(a->value, NULL)) : json_null(),
        "interval", interval_to_json(a), "seeds", seeds_to_json(h), "bound",
        bound_as_json(a), "notes", texts_to_json(a, true), "points",
        curve_to_json(&h->curve));
    if (root && json_dumpf(root, stdout,
                           JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0) {
        putchar('\n');
    }
    json_decref(root);
}

static int find_capacity(struct capacity *c)
{
    struct hunt *h = &c->hunt;
    h->path = c->scenario.path;
    h->sets = c->sets.list.items;
    h->set_count = c->sets.list.count;
    h->key = c->key;
    h->is_warm = c->is_warm;
    h->jobs = c->jobs > 0 ? (uint32_t)c->jobs : sweep_default_jobs();
    h->doublings = (uint32_t)c->doublings;
    h->curve.objectives = c->objectives.items;
    h->curve.objective_count = c->objectives.count;
    h->curve.seed_count = (uint32_t)c->seeds;
    h->curve.takes_any_window = c->takes_any_window;
    bool is_done = hunt_run(h);
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    if (!is_done) {
        return cli_complain("%s", h->complaint);
    }
    struct answer a;
    find_answer(c, &a);
    (c->json ? print_json : print_text)(&a);
    if (c->picture_path && !picture_draw(h, &c->drawer)) {
        return CLI_USAGE;
    }
    return h->search.is_found ? CLI_DONE : CLI_WRONG;
}

/* All that is compiled for a run is there when one has been built. From then on
   scenarios and images are read, and nothing is written. */
static void close_sandbox(const struct capacity *c)
{
    static const char *const all[] = { "/" };
    struct sandbox_needs needs = { .read = all, .read_count = 1 };
    struct scenario_options options = { c->sets.list.items,
                                        c->sets.list.count };
    char complaint[SCENARIO_MESSAGE_BYTES]; /* The first run's, too. */
    char message[SANDBOX_MESSAGE_BYTES];
    struct arena arena;
    if (arena_map(&arena, ARENA_UNLIMITED)) {
        (void)point_try_build(&arena, c->scenario.path, &options, complaint);
        arena_unmap(&arena);
    }
    if (!sandbox_close(&needs, message)) {
        fprintf(stderr, "iksim: %s\n", message);
    }
}

/* Boot and warm-up are simulated in this process. */
static void begin_warm(struct capacity *c)
{
    struct guard_options options = { .stops_on_signals = false };
    fflush(stdout);
    c->hunt.guard = guard_enter(&options);
}

static int run(const struct command *self, void *ctx)
{
    struct capacity *c = ctx;
    int code = make_ladder(self, c);
    if (code == CLI_DONE && c->is_warm) {
        begin_warm(c);
    }
    if (code == CLI_DONE && c->picture_path &&
        !plot_drawer_start(&c->drawer, c->picture_path)) {
        code = CLI_USAGE;
    }
    if (code == CLI_DONE && c->is_warm) {
        close_sandbox(c);
    }
    if (code == CLI_DONE) {
        code = find_capacity(c);
    }
    (void)plot_drawer_end(&c->drawer, NULL);
    hunt_release(&c->hunt);
    ladder_release(&c->ladder);
    return code;
}

const struct command command_capacity = {
    .name = "capacity",
    .summary = "Finds the largest value of a key that meets the objectives",
    .about = "The span is halved again and again; each value is run with "
             "several seeds, after, if run.warmup is auto, a pilot, which "
             "finds out how long the warm-up of all must be. A value passes "
             "if with more than half of the seeds every objective is met in a "
             "window that is flat. docs/compare.md has more.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "A value is found.",
               [CLI_EXIT_WRONG] = "Even A does not pass.",
               [CLI_EXIT_USAGE] = "The scenario or the call is wrong." },
    .examples =
        (const struct cli_example[]){
            { "How many web servers keep their latency",
              "iksim capacity first.yaml --over 'vms[0].count' --from 100 --to "
              "5000 \\" },
            { NULL, "    --slo 'p99 <= 100ms'" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct capacity),
    .run = run,
};

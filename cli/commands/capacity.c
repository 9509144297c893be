/*
 * capacity.c - `iksim capacity`: the largest value of a key before an objective
 * is missed. Each value is a run of its own. Runs are deterministic, so the
 * answer is deterministic, too.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/compare/capacity_curve.h"
#include "cli/lab/compare/capacity_search.h"
#include "cli/lab/sweep/pilot.h"
#include "cli/run/warm.h"
#include "sim/units.h"

#define SETS_LIMIT \
    (CLI_LIST_LIMIT + 2) /* And the value that is tried, and the warm-up. */
#define NS_PER_MS   1000000ull
#define PLACE_LIMIT 1000000000ull
#define SET_BYTES   256

struct objectives {
    struct condition items[CONDITION_LIMIT];
    size_t count;
};

/* What the pilots have found; see find_capacity. */
struct warmup {
    bool is_wanted; /* The scenario's is `auto`. */
    uint64_t ms;    /* The longest so far; */
    bool has_grown; /* in the midst of the search, which is void. */
    char word[PILOT_WORD_BYTES]; /* "": no setting of ours. */
    uint64_t *places;            /* Owned; those that have been piloted. */
    size_t count;
};

struct capacity {
    const char *path;
    struct sets sets;
    const char *key;
    struct cli_real from, to, step;
    bool is_whole; /* All values that are tried are whole numbers. */
    struct objectives objectives;
    bool json, is_warm, scans;
    uint64_t probes;
    struct curve curve;
    struct search search;
    struct warmup warmup;
    struct warm *warm;                      /* Owned; NULL: cold. */
    char complaint[SCENARIO_MESSAGE_BYTES]; /* Why the search ended. */
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
    struct objectives *all = at;
    if (all->count == CONDITION_LIMIT) {
        snprintf(message, CLI_MESSAGE_BYTES, "may be given %d times at most",
                 CONDITION_LIMIT);
        return false;
    }
    struct condition *o = &all->items[all->count];
    if (!condition_parse(text, o, message)) {
        return false;
    }
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
    all->count++;
    return true;
}

static const struct cli_option argument_rows[] = {
    ARGUMENT_SCENARIO(struct capacity, path, ), CLI_END
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
      CLI_OWN(struct capacity, objectives, struct objectives, read_objective),
      .offer = figure_offer,
      .is_required = true,
      .help = "A value is good if it meets this objective, FIGURE OP VALUE, "
              "such as `p99 <= 100ms`, `answered >= 900` or "
              "`timed_out <= 1%` (of all requests). A latency counts completed "
              "requests only, so that timed_out is worth an objective of its "
              "own. The option may be repeated." },
    { .name = "resolution",
      .argument = "R",
      CLI_REAL(struct capacity, step),
      .otherwise = "1 for whole A and B, else a hundredth of the span",
      .help = "Only A, A+R, A+2R and so on are tried." },
    { .name = "points",
      .argument = "N",
      CLI_WHOLE(struct capacity, probes),
      .least = 2,
      .initial = 2,
      .help = "N values all over the span are tried first." },
    { .name = "scan",
      CLI_FLAG(struct capacity, scans),
      .help = "Every value is tried." },
    OPTION_WARM(struct capacity, is_warm, ),
    OPTION_SET(struct capacity, sets),
    OPTION_SEED(struct capacity, sets),
    OPTION_JSON(struct capacity, json),
    CLI_END
};

static int check_span(const struct command *self, struct capacity *c)
{
    double span = c->to.value - c->from.value;
    c->is_whole = !strpbrk(c->from.text, ".eE") &&
                  !(c->step.text && strpbrk(c->step.text, ".eE"));
    if (span < 0) {
        return cli_misuse(self, "--from must not be more than --to");
    }
    if (c->step.value == 0) {
        c->step.value = c->is_whole ? 1 : span / 100;
    }
    double places = c->step.value > 0 ? floor(span / c->step.value + 1e-9) : 0;
    if (!(places < (double)PLACE_LIMIT)) {
        return cli_misuse(self, "--resolution is too small for the span");
    }
    c->search.last = (uint64_t)places;
    c->search.probes = c->scans ? c->search.last + 1 : c->probes;
    return CLI_DONE;
}

/* ---- Runs --------------------------------------------------------------- */

static void write_value(const struct capacity *c, uint64_t place,
                        char value[CURVE_VALUE_BYTES])
{
    double x = c->from.value + c->step.value * (double)place;
    if (c->is_whole) {
        snprintf(value, CURVE_VALUE_BYTES, "%.0f", x);
    } else {
        /* Short enough not to show that 0.1 is no binary fraction. */
        snprintf(value, CURVE_VALUE_BYTES, "%.12g", x);
    }
}

/* The trial of a place; `set` must live as long as the trial. */
static struct trial trial_of(struct capacity *c, uint64_t place,
                             const char **sets, char set[SET_BYTES])
{
    char value[CURVE_VALUE_BYTES];
    write_value(c, place, value);
    snprintf(set, SET_BYTES, "%.200s=%s", c->key, value);
    memcpy(sets, c->sets.list.items, c->sets.list.count * sizeof(*sets));
    uint32_t count = c->sets.list.count;
    sets[count++] = set;
    if (c->warmup.word[0] != '\0') {
        sets[count++] = c->warmup.word;
    }
    return (struct trial){ c->path, sets, count };
}

static void show_progress(const struct capacity *c, const char *what,
                          size_t number, const char *value)
{
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%s %zu: %s=%s\033[K", what, number, c->key, value);
    }
}

static bool cannot_start(struct capacity *c)
{
    snprintf(c->complaint, sizeof(c->complaint), "cannot start a process: %s",
             strerror(errno));
    return false;
}

/* ---- Warm-up ------------------------------------------------------------ */

static bool is_piloted(const struct warmup *w, uint64_t place)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->places[i] == place) {
            return true;
        }
    }
    return false;
}

static bool note_piloted(struct capacity *c, uint64_t place)
{
    struct warmup *w = &c->warmup;
    uint64_t *places = realloc(w->places, (w->count + 1) * sizeof(*places));
    if (!places) {
        snprintf(c->complaint, sizeof(c->complaint), "out of memory");
        return false;
    }
    w->places = places;
    w->places[w->count++] = place;
    return true;
}

/* Finds out how long a warm-up the place needs, once. */
static bool pilot(struct capacity *c, uint64_t place)
{
    struct warmup *w = &c->warmup;
    const char *sets[SETS_LIMIT];
    char set[SET_BYTES];
    char value[CURVE_VALUE_BYTES];
    struct trial_child child;
    uint64_t ms = 0;
    if (!w->is_wanted || is_piloted(w, place)) {
        return true;
    }
    w->word[0] = '\0'; /* As long as it takes. */
    struct trial trial = trial_of(c, place, sets, set);
    write_value(c, place, value);
    show_progress(c, "pilot", w->count + 1, value);
    if (!pilot_start(&trial, &child)) {
        return cannot_start(c);
    }
    /* Where a pilot fails the run does, and says why. */
    if (pilot_finish(&child, &ms) && ms > w->ms) {
        w->ms = ms;
        w->has_grown = true;
    }
    pilot_write_word(w->ms, w->word);
    return note_piloted(c, place);
}

/* ---- One value ---------------------------------------------------------- */

static bool try_place(void *ctx, uint64_t place, bool *meets)
{
    struct capacity *c = ctx;
    const char *sets[SETS_LIMIT];
    char set[SET_BYTES];
    char value[CURVE_VALUE_BYTES];
    if (!pilot(c, place) || c->warmup.has_grown) {
        return false;
    }
    struct trial trial = trial_of(c, place, sets, set);
    struct trial_child child;
    struct trial_result result;
    write_value(c, place, value);
    show_progress(c, "run", c->curve.count + 1, value);
    if (!trial_start(&trial, c->warm, &child)) {
        return cannot_start(c);
    }
    trial_finish(&child, &result);
    /* If the least value is refused, the call is wrong. */
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

/* If no warm start is exact, all runs start cold: slower, and no less right. */
static void open_warm(struct capacity *c)
{
    const char *sets[2][SETS_LIMIT];
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
        c->is_warm = false; /* It will not be otherwise when asked again. */
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
    if (c->warmup.is_wanted) {
        printf(
            "Each run has a warm-up of %llu ms, the longest that one needs.\n",
            (unsigned long long)c->warmup.ms);
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
        json_array_append_new(objectives,
                              json_string(c->objectives.items[i].text));
    }
    for (size_t i = 0; i < note_count; i++) {
        json_array_append_new(list, json_string(notes[i]));
    }
    write_value(c, c->search.best, value);
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:o, s:f, s:f, s:f, s:o, s:b, s:b, s:o, s:o, s:o}",
        "schema", 1, "scenario", c->path, "over", c->key, "objectives",
        objectives, "from", c->from.value, "to", c->to.value, "resolution",
        c->step.value, "warmup_ns",
        c->warmup.is_wanted
            ? json_integer((json_int_t)(c->warmup.ms * NS_PER_MS))
            : json_null(),
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

/*
 * With run.warmup=auto all runs of the search get one warm-up, the longest that
 * one of the values tried needs. The probes are piloted first; if a value that is
 * tried later needs more, the search begins again with that.
 */
static bool search(struct capacity *c)
{
    const char *sets[SETS_LIMIT];
    char set[SET_BYTES];
    struct trial least = trial_of(c, 0, sets, set);
    bool is_done = true;
    c->warmup.is_wanted = pilot_is_wanted(&least);
    for (uint64_t k = 0; is_done && k < search_probe_count(&c->search); k++) {
        is_done = pilot(c, search_probe_place(&c->search, k));
    }
    if (!is_done) {
        return false;
    }
    do {
        c->warmup.has_grown = false;
        curve_release(&c->curve);
        warm_close(c->warm);
        c->warm = NULL;
        if (c->is_warm) {
            open_warm(c);
        }
        is_done = search_run(&c->search);
    } while (c->warmup.has_grown && c->complaint[0] == '\0');
    return is_done;
}

static int find_capacity(struct capacity *c)
{
    char notes[CONDITION_LIMIT + 1][CURVE_NOTE_BYTES];
    c->curve.objectives = c->objectives.items;
    c->curve.objective_count = c->objectives.count;
    c->search.try_place = try_place;
    c->search.ctx = c;
    bool is_done = search(c);
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

static int run(const struct command *self, void *ctx)
{
    struct capacity *c = ctx;
    int code = check_span(self, c);
    if (code == CLI_DONE) {
        code = find_capacity(c);
    }
    warm_close(c->warm);
    free(c->warmup.places);
    curve_release(&c->curve);
    return code;
}

const struct command command_capacity = {
    .name = "capacity",
    .summary = "Finds the largest value of a key that meets the objectives",
    .about = "The span is halved again and again; each value is one run, and, "
             "if run.warmup is auto, a pilot, which finds out how long the "
             "warm-up of all must be. docs/compare.md has more.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "A value is found.",
               [CLI_EXIT_WRONG] = "Even A does not meet the objectives.",
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

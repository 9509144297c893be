/* hunt.c - see hunt.h. Each run is a process of its own; runs of one value are
   made at the same time. Runs are deterministic, and so is the answer. */
#define _POSIX_C_SOURCE 200809L
#include "cli/lab/capacity/hunt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/command.h"
#include "cli/run/warm.h"
#include "sim/report/figures.h"

/* And the value that is tried, the seed, the warm-up and the window. */
#define SETS_LIMIT (CLI_LIST_LIMIT + 4)

#define WINDOW_KEY "run.duration"

#define NS_PER_MS 1000000

/* A trial, and the words that it borrows. */
struct attempt {
    const char *sets[SETS_LIMIT];
    char value[HUNT_WORD_BYTES], seed[48], window[64];
    struct trial trial;
};

static const struct trial *attempt_at(const struct hunt *h, uint64_t place,
                                      uint32_t seed, struct attempt *a)
{
    char value[LADDER_VALUE_BYTES];
    uint32_t count = h->set_count;
    for (uint32_t i = 0; i < count; i++) {
        a->sets[i] = h->sets[i];
    }
    ladder_write(h->ladder, place, value);
    snprintf(a->value, sizeof(a->value), "%.200s=%s", h->key, value);
    a->sets[count++] = a->value;
    if (seed > 0) {
        snprintf(a->seed, sizeof(a->seed), "run.seed=%llu",
                 (unsigned long long)h->curve.first_seed + seed);
        a->sets[count++] = a->seed;
    }
    if (h->warmup.word[0] != '\0') {
        a->sets[count++] = h->warmup.word;
    }
    if (h->doubled > 0) {
        snprintf(a->window, sizeof(a->window), WINDOW_KEY "=%lluns",
                 (unsigned long long)h->window_ns);
        a->sets[count++] = a->window;
    }
    a->trial = (struct trial){ h->path, a->sets, count };
    return &a->trial;
}

static void show_progress(const struct hunt *h, const char *what, size_t number,
                          uint64_t place)
{
    char value[LADDER_VALUE_BYTES];
    if (isatty(STDERR_FILENO)) {
        ladder_write(h->ladder, place, value);
        fprintf(stderr, "\r%s %zu: %s=%s\033[K", what, number, h->key, value);
    }
}

static bool give_up(struct hunt *h, const char *what, const char *why)
{
    snprintf(h->complaint, sizeof(h->complaint), "%s%s", what, why);
    return false;
}

static bool cannot_start(struct hunt *h)
{
    return give_up(h, "cannot start a process: ", strerror(errno));
}

/* ---- Processes ----------------------------------------------------------- */

/* A run of a place with a seed, or, with `pilots`, its pilot. */
struct task {
    uint64_t place;
    uint32_t seed;
    struct trial_child child;
};

static bool start(struct hunt *h, struct task *t, bool pilots)
{
    struct attempt a;
    const struct trial *trial = attempt_at(h, t->place, t->seed, &a);
    show_progress(h, pilots ? "pilot" : "value",
                  pilots ? h->warmup.count + 1 : h->curve.count, t->place);
    bool is_started =
        pilots
            ? pilot_start(trial, &t->child)
            : trial_start(trial, h->warm ? h->warm[t->seed] : NULL, &t->child);
    return is_started || cannot_start(h);
}

/* False: the least value is refused, so the call is wrong. */
static bool take_run(struct hunt *h, const struct task *t,
                     const struct trial_result *result, struct curve_point *p)
{
    if (t->place == 0 && result->exit_code == CLI_USAGE &&
        h->complaint[0] == '\0') {
        (void)give_up(h, result->message, "");
    }
    curve_add(&h->curve, p, t->seed, result);
    return h->complaint[0] == '\0';
}

static void take_warmup(struct hunt *h, uint64_t ms)
{
    if (ms > h->warmup.ms) {
        h->warmup.ms = ms;
        h->warmup.has_grown = true;
    }
}

static bool finish(struct hunt *h, struct task *t, bool pilots)
{
    struct trial_result result;
    uint64_t ms = 0;
    if (pilots) {
        /* Where a pilot fails the run does, and says why. */
        if (pilot_finish(&t->child, &ms)) {
            take_warmup(h, ms);
        }
        return true;
    }
    trial_finish(&t->child, &result);
    struct curve_point *p = curve_at(&h->curve, t->place, "", h->window_ns);
    SIM_ASSERT(p); /* It is there: make_runs has added it. */
    return take_run(h, t, &result, p);
}

/* As many at a time as there are jobs; what comes of them is taken in their
   order, so that it does not depend on that. */
static bool do_tasks(struct hunt *h, struct task *tasks, size_t count,
                     bool pilots)
{
    size_t ended = 0;
    size_t begun = 0;
    bool is_good = true;
    while (ended < begun || (is_good && begun < count)) {
        if (is_good && begun < count && begun - ended < h->jobs) {
            is_good = start(h, &tasks[begun], pilots);
            begun += is_good;
        } else {
            is_good = finish(h, &tasks[ended++], pilots) && is_good;
        }
    }
    return is_good;
}

/* ---- Warm-up ------------------------------------------------------------- */

static bool is_piloted(const struct hunt_warmup *w, uint64_t place)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->places[i] == place) {
            return true;
        }
    }
    return false;
}

static bool note_piloted(struct hunt *h, uint64_t place)
{
    struct hunt_warmup *w = &h->warmup;
    uint64_t *places = realloc(w->places, (w->count + 1) * sizeof(*places));
    if (!places) {
        return give_up(h, "out of memory", "");
    }
    w->places = places;
    w->places[w->count++] = place;
    return true;
}

/* Finds out how long a warm-up each place needs, once, with the first seed. */
static bool pilot(struct hunt *h, const uint64_t *places, size_t count)
{
    struct hunt_warmup *w = &h->warmup;
    struct task *tasks = calloc(count, sizeof(*tasks));
    size_t task_count = 0;
    bool is_good = tasks || give_up(h, "out of memory", "");
    for (size_t i = 0; is_good && w->is_wanted && i < count; i++) {
        if (!is_piloted(w, places[i])) {
            tasks[task_count++].place = places[i];
            is_good = note_piloted(h, places[i]);
        }
    }
    if (is_good && task_count > 0) {
        w->word[0] = '\0'; /* As long as it takes. */
        is_good = do_tasks(h, tasks, task_count, true);
        pilot_write_word(w->ms, w->word);
    }
    free(tasks);
    return is_good;
}

/* ---- Runs ---------------------------------------------------------------- */

/* Makes those of the runs that are not made yet. Seeds and places belong
   together, by number. False: they cannot be made, or a longer warm-up is needed
   than that of the runs so far. */
static bool make_runs(struct hunt *h, const uint64_t *places,
                      const uint32_t *seeds, uint32_t count)
{
    struct task tasks[CURVE_SEEDS_LIMIT];
    size_t task_count = 0;
    if (!pilot(h, places, count) || h->warmup.has_grown) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        char value[LADDER_VALUE_BYTES];
        ladder_write(h->ladder, places[i], value);
        struct curve_point *p =
            curve_at(&h->curve, places[i], value, h->window_ns);
        if (!p) {
            return give_up(h, "out of memory", "");
        }
        if (!p->runs[seeds[i]].is_made) {
            tasks[task_count++] =
                (struct task){ .place = places[i], .seed = seeds[i] };
        }
    }
    return do_tasks(h, tasks, task_count, false);
}

static bool try_place(void *ctx, uint64_t place, bool *meets)
{
    struct hunt *h = ctx;
    uint64_t places[CURVE_SEEDS_LIMIT];
    uint32_t seeds[CURVE_SEEDS_LIMIT];
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        places[i] = place;
        seeds[i] = i;
    }
    bool is_made = make_runs(h, places, seeds, h->curve.seed_count);
    *meets = is_made && curve_passes(&h->curve, curve_find(&h->curve, place));
    return is_made;
}

/* ---- Warm starts --------------------------------------------------------- */

static void close_warm(struct hunt *h)
{
    for (uint32_t i = 0; h->warm && i < h->curve.seed_count; i++) {
        warm_close(h->warm[i]);
    }
    free(h->warm);
    h->warm = NULL;
}

/* One for each seed. If no warm start is exact, all runs start cold: slower, and
   no less right. */
static void open_warm(struct hunt *h)
{
    struct attempt ends[2];
    char message[SCENARIO_MESSAGE_BYTES];
    enum warm_point point;
    struct trial both[2] = { *attempt_at(h, 0, 0, &ends[0]),
                             *attempt_at(h, h->search.last, 0, &ends[1]) };
    if (!warm_find_point(both, 2, &point)) {
        fprintf(stderr,
                "iksim: %s takes effect before the load begins, so every run "
                "starts cold\n",
                h->key);
        h->is_warm = false; /* It will not be otherwise when asked again. */
        return;
    }
    h->warm = calloc(h->curve.seed_count, sizeof(*h->warm));
    for (uint32_t i = 0; h->warm && i < h->curve.seed_count; i++) {
        h->warm[i] =
            warm_open(attempt_at(h, 0, i, &ends[0]), point, h->guard, message);
    }
}

/* ---- Where to begin ------------------------------------------------------ */

/* Makes a run of the first seed that warms up for as long as it takes, and so is
   a pilot, too. */
static bool try_alone(struct hunt *h, uint64_t place, bool *meets)
{
    static const struct figure_ref warmup = { FIGURE_MEASURED_WARMUP, 0 };
    struct hunt_warmup *w = &h->warmup;
    struct curve all = h->curve;
    struct task t = { .place = place };
    struct trial_result result;
    double warmup_ns;
    h->curve = (struct curve){ .objectives = all.objectives,
                               .objective_count = all.objective_count,
                               .seed_count = 1 };
    w->word[0] = '\0';
    bool is_good = note_piloted(h, place);
    struct curve_point *p = curve_at(&h->curve, place, "", 0);
    is_good = is_good && (p || give_up(h, "out of memory", "")) &&
              start(h, &t, false);
    if (is_good) {
        trial_finish(&t.child, &result);
        is_good = take_run(h, &t, &result, p);
        *meets = p->runs[0].meets;
        if (result.report && figure_read(result.report, warmup, &warmup_ns)) {
            take_warmup(h, pilot_round(warmup_ns));
        }
    }
    curve_release(&h->curve);
    h->curve = all;
    pilot_write_word(w->ms, w->word);
    return is_good;
}

/*
 * The search begins where the objectives are met last with the first seed, by
 * bisection over the whole span; windows that are not flat are not known to be
 * wrong yet. If the warm-up is `auto` each of these runs finds its own, which is
 * what a pilot would find, and is made again with that of all, if it matters.
 */
static bool find_guess(struct hunt *h)
{
    static const uint32_t first = 0;
    uint64_t low = 0; /* Below that place the objectives are met. */
    uint64_t high = h->search.last + 1;
    bool is_good = true;
    while (is_good && low < high) {
        uint64_t place = low + (high - low) / 2;
        bool meets = false;
        if (h->warmup.is_wanted) {
            is_good = try_alone(h, place, &meets);
        } else {
            is_good = make_runs(h, &place, &first, 1);
            meets = is_good && curve_find(&h->curve, place)->runs[0].meets;
        }
        low = meets ? place + 1 : low;
        high = meets ? high : place;
    }
    h->search.guess = low > 0 ? low - 1 : 0;
    return is_good;
}

/* The probes are piloted first, so that runs need not be made twice. */
static bool pilot_probes(struct hunt *h)
{
    uint64_t count = search_probe_count(&h->search);
    uint64_t *places = calloc(count, sizeof(*places));
    bool is_good = places || give_up(h, "out of memory", "");
    for (uint64_t k = 0; is_good && k < count; k++) {
        places[k] = search_probe_place(&h->search, k);
    }
    is_good = is_good && pilot(h, places, count);
    free(places);
    return is_good;
}

static bool find_beginning(struct hunt *h)
{
    return h->search.probes > 0 ? pilot_probes(h) : find_guess(h);
}

/* ---- The search ---------------------------------------------------------- */

/* What the searches of seeds want to know next; returns how many do. */
static uint32_t ask_searches(const struct hunt *h, const struct search *own,
                             uint64_t *places, uint32_t *seeds)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        if (search_next(&own[i], &places[count])) {
            seeds[count++] = i;
        }
    }
    return count;
}

/* Finds the seeds' own capacities, in steps away from the answer, side by
   side. */
static bool find_own(struct hunt *h)
{
    struct search own[CURVE_SEEDS_LIMIT];
    uint64_t places[CURVE_SEEDS_LIMIT];
    uint32_t seeds[CURVE_SEEDS_LIMIT];
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        own[i] = h->search;
        own[i].guess = h->search.is_found ? h->search.best : 0;
        own[i].probes = h->search.probes > h->search.last ? own[i].probes : 0;
        search_begin(&own[i]);
    }
    uint32_t count;
    while ((count = ask_searches(h, own, places, seeds)) > 0) {
        if (!make_runs(h, places, seeds, count)) {
            return false;
        }
        for (uint32_t k = 0; k < count; k++) {
            const struct curve_point *p = curve_find(&h->curve, places[k]);
            search_note(&own[seeds[k]], places[k],
                        curve_run_passes(&h->curve, &p->runs[seeds[k]]));
        }
    }
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        h->own[i] = own[i].is_found ? (int64_t)own[i].best : -1;
    }
    return true;
}

const struct curve_point *hunt_passing(const struct hunt *h)
{
    return h->search.is_found ? curve_find(&h->curve, h->search.best) : NULL;
}

const struct curve_point *hunt_failing(const struct hunt *h)
{
    return h->search.above <= h->search.last
               ? curve_find(&h->curve, h->search.above)
               : NULL;
}

bool hunt_is_in_doubt(const struct hunt *h)
{
    const struct curve_point *p = hunt_failing(h);
    return p &&
           2 * (curve_passing(&h->curve, p) + curve_in_doubt(&h->curve, p)) >
               h->curve.seed_count;
}

/* Searches with windows of one length, which warm starts do not depend on. */
static bool search_once(struct hunt *h)
{
    if (h->is_warm && !h->warm) {
        open_warm(h);
    }
    return search_run(&h->search, try_place, h);
}

/* The next windows begin where these ended, if the warm-up is ours. */
static void lengthen(struct hunt *h)
{
    if (h->warmup.is_wanted) {
        h->warmup.ms += h->window_ns / NS_PER_MS;
        pilot_write_word(h->warmup.ms, h->warmup.word);
        close_warm(h);
    }
    h->doubled++;
    h->window_ns *= 2;
}

/* Of a search with longer windows, or one that begins again. */
static void begin_at_best(struct hunt *h)
{
    if (h->search.probes <= h->search.last) {
        h->search.guess = h->search.is_found ? h->search.best : 0;
        h->search.probes = 0;
    }
}

/* With run.warmup=auto all runs get one warm-up, the longest that one of the
   values tried needs: if one needs more than all before, everything begins again
   with that. */
static bool search_all(struct hunt *h, uint64_t window_ns)
{
    uint64_t probes = h->search.probes;
    h->warmup.has_grown = false;
    h->window_ns = window_ns;
    h->doubled = 0;
    if (h->warmup.is_wanted) {
        curve_release(&h->curve);
        close_warm(h);
    }
    bool is_done = search_once(h);
    while (is_done && h->doubled < h->doublings && hunt_is_in_doubt(h)) {
        lengthen(h);
        begin_at_best(h);
        is_done = search_once(h);
    }
    is_done = is_done && find_own(h);
    h->search.probes = probes;
    return is_done;
}

bool hunt_run(struct hunt *h)
{
    struct attempt a;
    struct pilot_facts facts = { .seed = 0 };
    h->search.last = h->ladder->last;
    /* A scenario that cannot be read is complained of by its first run. */
    h->warmup.is_wanted =
        pilot_read(attempt_at(h, 0, 0, &a), &facts) && facts.wants_pilot;
    h->curve.first_seed = facts.seed;
    if (strcmp(h->key, WINDOW_KEY) == 0) {
        h->doublings = 0;
        facts.window_ns = 0;
    }
    h->window_ns = facts.window_ns;
    if (h->is_warm && !h->warmup.is_wanted) {
        open_warm(h);
    }
    if (!find_beginning(h)) {
        return false;
    }
    bool is_done;
    do {
        is_done = search_all(h, facts.window_ns);
    } while (h->warmup.has_grown && h->complaint[0] == '\0');
    curve_sort(&h->curve);
    return is_done;
}

void hunt_release(struct hunt *h)
{
    close_warm(h);
    free(h->warmup.places);
    curve_release(&h->curve);
}

/* ---- The answer ---------------------------------------------------------- */

void hunt_estimate(const struct hunt *h, struct estimate *e, double *confidence)
{
    double values[CURVE_SEEDS_LIMIT];
    uint32_t count = h->curve.seed_count;
    struct sample all = { .a_count = count,
                          .b_count = count,
                          .is_paired = true };
    for (uint32_t i = 0; i < count; i++) {
        values[i] = ladder_value(h->ladder, h->own[i]);
    }
    *confidence = count > 1 ? statistics_most_coverage(&all) : 0;
    *e = (struct estimate){ .value = values[0] };
    if (count > 1) {
        median_estimate(values, count, STATISTICS_CONFIDENCE, e);
    }
}

bool hunt_bound(const struct hunt *h, const struct curve_point *p,
                struct bound_figures *f)
{
    double values[BOUND_MEASURE_COUNT][CURVE_SEEDS_LIMIT];
    size_t count = 0;
    for (uint32_t i = 0; p && i < h->curve.seed_count; i++) {
        struct bound_figures of_run;
        if (bound_read(p->runs[i].result.report, &of_run)) {
            for (size_t m = 0; m < BOUND_MEASURE_COUNT; m++) {
                values[m][count] = of_run.of[m];
            }
            count++;
        }
    }
    for (size_t m = 0; count > 0 && m < BOUND_MEASURE_COUNT; m++) {
        statistics_sort(values[m], count);
        f->of[m] = statistics_median(values[m], count);
    }
    return count > 0;
}

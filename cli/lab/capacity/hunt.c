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

void hunt_write_value(const struct hunt *h, uint64_t place,
                      char value[CURVE_VALUE_BYTES])
{
    double x = h->from + h->step * (double)place;
    if (h->is_whole) {
        snprintf(value, CURVE_VALUE_BYTES, "%.0f", x);
    } else {
        /* Short enough not to show that 0.1 is no binary fraction. */
        snprintf(value, CURVE_VALUE_BYTES, "%.12g", x);
    }
}

static const struct trial *attempt_at(const struct hunt *h, uint64_t place,
                                      uint32_t seed, struct attempt *a)
{
    char value[CURVE_VALUE_BYTES];
    uint32_t count = h->set_count;
    for (uint32_t i = 0; i < count; i++) {
        a->sets[i] = h->sets[i];
    }
    hunt_write_value(h, place, value);
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
    char value[CURVE_VALUE_BYTES];
    if (isatty(STDERR_FILENO)) {
        hunt_write_value(h, place, value);
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

/* ---- Warm-up ------------------------------------------------------------ */

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

/* Finds out how long a warm-up the place needs, once, with the first seed. */
static bool pilot(struct hunt *h, uint64_t place)
{
    struct hunt_warmup *w = &h->warmup;
    struct attempt a;
    struct trial_child child;
    uint64_t ms = 0;
    if (!w->is_wanted || is_piloted(w, place)) {
        return true;
    }
    w->word[0] = '\0'; /* As long as it takes. */
    show_progress(h, "pilot", w->count + 1, place);
    if (!pilot_start(attempt_at(h, place, 0, &a), &child)) {
        return cannot_start(h);
    }
    /* Where a pilot fails the run does, and says why. */
    if (pilot_finish(&child, &ms) && ms > w->ms) {
        w->ms = ms;
        w->has_grown = true;
    }
    pilot_write_word(w->ms, w->word);
    return note_piloted(h, place);
}

/* ---- One value ---------------------------------------------------------- */

static bool start(struct hunt *h, uint64_t place, uint32_t seed,
                  struct trial_child *child)
{
    struct attempt a;
    return trial_start(attempt_at(h, place, seed, &a),
                       h->warm ? h->warm[seed] : NULL, child) ||
           cannot_start(h);
}

/* False: the least value is refused, so the call is wrong. */
static bool finish(struct hunt *h, struct curve_point *p, uint32_t seed,
                   struct trial_child *child)
{
    struct trial_result result;
    trial_finish(child, &result);
    if (p->place == 0 && result.exit_code == CLI_USAGE &&
        h->complaint[0] == '\0') {
        (void)give_up(h, result.message, "");
    }
    curve_add(&h->curve, p, seed, &result);
    return h->complaint[0] == '\0';
}

/* Makes the runs of seeds `first` to before `end` that are not made yet. */
static bool make_runs(struct hunt *h, struct curve_point *p, uint32_t first,
                      uint32_t end)
{
    struct trial_child children[CURVE_SEEDS_LIMIT];
    uint32_t waiting[CURVE_SEEDS_LIMIT] = { 0 }; /* Seeds that run. */
    uint32_t head = 0;
    uint32_t tail = 0;
    bool is_good = true;
    for (uint32_t seed = first; seed < end; seed++) {
        if (p->runs[seed].is_made) {
            continue;
        }
        if (tail - head == h->jobs) {
            is_good = finish(h, p, waiting[head], &children[head]) && is_good;
            head++;
        }
        if (!is_good || !start(h, p->place, seed, &children[tail])) {
            is_good = false;
            break;
        }
        waiting[tail++] = seed;
    }
    for (; head < tail; head++) {
        is_good = finish(h, p, waiting[head], &children[head]) && is_good;
    }
    return is_good;
}

/* NULL: `complaint` says why. */
static struct curve_point *try_seeds(struct hunt *h, uint64_t place,
                                     uint32_t first, uint32_t end)
{
    char value[CURVE_VALUE_BYTES];
    if (!pilot(h, place) || h->warmup.has_grown) {
        return NULL;
    }
    hunt_write_value(h, place, value);
    show_progress(h, "value", h->curve.count + 1, place);
    struct curve_point *p = curve_at(&h->curve, place, value, h->window_ns);
    if (!p) {
        (void)give_up(h, "out of memory", "");
        return NULL;
    }
    return make_runs(h, p, first, end) ? p : NULL;
}

static bool try_place(void *ctx, uint64_t place, bool *meets)
{
    struct hunt *h = ctx;
    struct curve_point *p = try_seeds(h, place, 0, h->curve.seed_count);
    *meets = p && curve_passes(&h->curve, p);
    return p != NULL;
}

static bool try_seed(void *ctx, uint64_t place, bool *meets)
{
    struct hunt *h = ctx;
    struct curve_point *p = try_seeds(h, place, h->seed, h->seed + 1);
    *meets = p && curve_run_passes(&h->curve, &p->runs[h->seed]);
    return p != NULL;
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

/* ---- The search ---------------------------------------------------------- */

/*
 * With run.warmup=auto all runs get one warm-up, the longest that one of the
 * values tried needs. The probes are piloted first; if a value that is tried
 * later needs more, everything begins again with that.
 */
static bool pilot_probes(struct hunt *h)
{
    bool is_done = true;
    for (uint64_t k = 0; is_done && k < search_probe_count(&h->search); k++) {
        is_done = pilot(h, search_probe_place(&h->search, k));
    }
    return is_done;
}

/* Finds the seeds' own capacities, in steps away from the answer. */
static bool find_own(struct hunt *h)
{
    for (h->seed = 0; h->seed < h->curve.seed_count; h->seed++) {
        struct search s = {
            .last = h->search.last,
            .probes = h->search.probes,
            .has_guess = h->search.probes <= h->search.last,
            .guess = h->search.is_found ? h->search.best : 0,
            .try_place = try_seed,
            .ctx = h,
        };
        if (!search_run(&s)) {
            return false;
        }
        h->own[h->seed] = s.is_found ? (int64_t)s.best : -1;
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
    return search_run(&h->search);
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

static bool search_all(struct hunt *h, uint64_t window_ns)
{
    h->warmup.has_grown = false;
    h->window_ns = window_ns;
    h->doubled = 0;
    h->search.has_guess = false;
    curve_release(&h->curve);
    close_warm(h);
    bool is_done = search_once(h);
    while (is_done && h->doubled < h->doublings && hunt_is_in_doubt(h)) {
        lengthen(h);
        h->search.has_guess = h->search.probes <= h->search.last;
        h->search.guess = h->search.is_found ? h->search.best : 0;
        is_done = search_once(h);
    }
    return is_done && find_own(h);
}

bool hunt_run(struct hunt *h)
{
    struct attempt a;
    struct pilot_facts facts = { .seed = 0 };
    h->search.try_place = try_place;
    h->search.ctx = h;
    /* A scenario that cannot be read is complained of by its first run. */
    h->warmup.is_wanted =
        pilot_read(attempt_at(h, 0, 0, &a), &facts) && facts.wants_pilot;
    h->curve.first_seed = facts.seed;
    if (strcmp(h->key, WINDOW_KEY) == 0) {
        h->doublings = 0;
        facts.window_ns = 0;
    }
    if (!pilot_probes(h)) {
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
        values[i] = h->from + h->step * (double)h->own[i];
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

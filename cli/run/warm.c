/* warm.c - see warm.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/run/warm.h"
#include "cli/run/choice/pinned.h"

#include "ik/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct warm {
    struct session session;
    enum warm_point point;
    char *class; /* Owned. */
};

/* ---- What takes effect when --------------------------------------------- */

/* Forgets all keys of a load that has not begun, but those that name its
   targets. */
static void forget_load(struct scenario_load *l)
{
    l->rate = l->rate > 0 || l->clients > 0 ? 1 : 0;
    l->clients = 0;
    l->think_ns = 0;
    l->zipf = 0;
    l->timeout_ns = 1;
    l->path = "/";
    l->keep_alive = false;
    l->prime = 0;
    l->start_ns = 0;
    l->until_ns = 0;
    l->spacing_ns = 0;
    l->players = 0;
    l->period_ns = 0;
    l->size = 0;
    l->arrivals = ARRIVALS_POISSON;
    l->burst_ns = 0;
    l->idle_ns = 0;
    l->shape = 0;
    l->peak = 0;
    l->onset_ns = 0;
    l->rise_ns = 0;
    l->hold_ns = 0;
    l->decay_ns = 0;
    l->crowd = CROWD_ONE;
}

/* True: the load has drawn its first arrival and nothing else, and has sent no
   request. Arrivals other than Poisson's may have drawn more. */
static bool is_still_open(const struct scenario *s,
                          const struct scenario_load *l)
{
    return l->kind == LOAD_HTTP && l->rate > 0 &&
           l->arrivals == ARRIVALS_POISSON &&
           (scenario_is_from_window(l->start_ns) ||
            (s->warmup_ns != SCENARIO_AUTO && l->start_ns >= s->warmup_ns));
}

static void forget_open_load(struct scenario_load *l)
{
    l->rate = 1;
    l->zipf = 0;
    l->timeout_ns = 1;
    l->path = "/";
}

char *warm_class(const struct scenario *s, enum warm_point point)
{
    struct scenario common = *s;
    common.loads = calloc(s->load_count + 1, sizeof(*common.loads));
    if (!common.loads) {
        return NULL;
    }
    common.duration_ns = 1;
    common.drain_ns = 0;
    /* A run whose warm-up is as long as it takes looks at itself. */
    if (point == WARM_AFTER_BOOT && s->warmup_ns != SCENARIO_AUTO) {
        common.warmup_ns = 0;
    }
    for (uint32_t i = 0; i < s->load_count; i++) {
        common.loads[i] = s->loads[i];
        if (point == WARM_AFTER_BOOT) {
            forget_load(&common.loads[i]);
        } else if (is_still_open(s, &s->loads[i])) {
            forget_open_load(&common.loads[i]);
        }
    }
    char *text = scenario_write_json(&common);
    free(common.loads);
    return text;
}

static char *class_of(const struct trial *trial, enum warm_point point)
{
    struct arena arena;
    char message[SCENARIO_MESSAGE_BYTES];
    char *text = NULL;
    struct scenario_options options = { trial->sets, trial->set_count };
    if (!arena_map(&arena, ARENA_UNLIMITED)) {
        return NULL;
    }
    struct scenario *s = pinned_load(&arena, trial->path, &options, message);
    if (s) {
        text = warm_class(s, point);
    }
    arena_unmap(&arena);
    return text;
}

static bool share_point(const struct trial *trials, size_t count,
                        enum warm_point point)
{
    char *first = class_of(&trials[0], point);
    bool is_shared = first;
    for (size_t i = 1; is_shared && i < count; i++) {
        char *other = class_of(&trials[i], point);
        is_shared = other && strcmp(first, other) == 0;
        free(other);
    }
    free(first);
    return is_shared;
}

bool warm_find_point(const struct trial *trials, size_t count,
                     enum warm_point *point)
{
    *point = WARM_AFTER_WARMUP;
    if (share_point(trials, count, *point)) {
        return true;
    }
    *point = WARM_AFTER_BOOT;
    return share_point(trials, count, *point);
}

/* ---- The common part ---------------------------------------------------- */

static bool reach(struct warm *w, char *message)
{
    static const enum phase next[] = {
        [WARM_AFTER_BOOT] = PHASE_WARMUP,
        [WARM_AFTER_WARMUP] = PHASE_WINDOW,
    };
    struct session *s = &w->session;
    if (session_reach(s, next[w->point])) {
        return true;
    }
    snprintf(
        message, SCENARIO_MESSAGE_BYTES, "the run ended at %llu ns: %s",
        (unsigned long long)ns_from_cycles(s->kernel->now, s->kernel->cpu_hz),
        s->kernel->failure);
    return false;
}

struct warm *warm_open(const struct trial *trial, enum warm_point point,
                       struct guard *guard,
                       char message[SCENARIO_MESSAGE_BYTES])
{
    struct warm *w = calloc(1, sizeof(*w));
    struct session_options options = {
        .path = trial->path,
        .scenario = { .sets = trial->sets, .set_count = trial->set_count },
        .keeps_files = true,
    };
    if (!w) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "out of memory");
        return NULL;
    }
    w->point = point;
    if (guard) {
        session_obey(&options, guard);
    }
    bool is_open = session_open(&w->session, &options, message);
    w->class = is_open ? warm_class(w->session.scenario, point) : NULL;
    if (is_open && !w->class) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "out of memory");
    }
    if (!w->class || !reach(w, message)) {
        warm_close(w);
        return NULL;
    }
    return w;
}

void warm_close(struct warm *w)
{
    if (w) {
        session_close(&w->session);
        free(w->class);
        free(w);
    }
}

/* ---- The parting -------------------------------------------------------- */

static bool is_of_class(const struct warm *w, const struct scenario *s)
{
    char *class = warm_class(s, w->point);
    bool is_same = class && strcmp(class, w->class) == 0;
    free(class);
    return is_same;
}

static bool differs(const struct scenario_load *a,
                    const struct scenario_load *b)
{
    return a->rate != b->rate || a->zipf != b->zipf ||
           a->timeout_ns != b->timeout_ns || strcmp(a->path, b->path) != 0;
}

/* The session's loads become those of scenario `to`. */
static bool change_loads(struct warm *w, const struct scenario *to)
{
    struct session *s = &w->session;
    uint32_t count = to->load_count;
    bool *changed = calloc(count + 1, sizeof(*changed));
    if (!changed) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        changed[i] = w->point == WARM_AFTER_BOOT ||
                     differs(&s->scenario->loads[i], &to->loads[i]);
        s->scenario->loads[i] = to->loads[i];
    }
    bool is_done = load_revise(s->load, &s->arena, changed, s->kernel->now);
    free(changed);
    return is_done;
}

/*
 * Moves the end of the window. False: the last step of the warm-up has already
 * gone beyond the old or the new end, which would have changed that step.
 */
static bool change_window(struct session *s, uint64_t duration_ns)
{
    struct stats *st = s->stats;
    uint64_t end =
        st->window_start + cycles_from_ns(duration_ns, s->kernel->cpu_hz);
    if (st->window_end <= s->kernel->now || end <= s->kernel->now) {
        return false;
    }
    st->window_end = end;
    return series_move_end(s->series, end);
}

struct session *warm_branch(struct warm *w, const struct trial *trial,
                            struct guard *guard)
{
    struct session *s = &w->session;
    struct scenario_options options = { trial->sets, trial->set_count };
    char message[SCENARIO_MESSAGE_BYTES];
    struct scenario *to =
        pinned_load(&s->arena, trial->path, &options, message);
    if (!to || !is_of_class(w, to) || !change_loads(w, to)) {
        return NULL;
    }
    if (guard) {
        cpu_set_note(s->kernel->cpu, guard_note(guard));
    }
    s->scenario->warmup_ns = to->warmup_ns;
    s->scenario->duration_ns = to->duration_ns;
    s->scenario->drain_ns = to->drain_ns;
    if (w->point == WARM_AFTER_WARMUP && !change_window(s, to->duration_ns)) {
        return NULL;
    }
    return s;
}

/* pilot.c - see pilot.h. */
#include "cli/lab/sweep/pilot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/run/choice/pinned.h"
#include "sim/arena.h"
#include "sim/report/figures.h"

#define NS_PER_MS 1e6

/* The window is of no interest, but must be one; there is nothing to drain. */
static const char *const own[] = { "run.duration=1us", "run.drain=0s" };
#define OWN (sizeof(own) / sizeof(own[0]))

bool pilot_read(const struct trial *trial, struct pilot_facts *facts)
{
    struct arena arena;
    char message[SCENARIO_MESSAGE_BYTES];
    struct scenario_options options = { trial->sets, trial->set_count };
    if (!arena_map(&arena, ARENA_UNLIMITED)) {
        return false;
    }
    const struct scenario *s =
        pinned_load(&arena, trial->path, &options, message);
    bool is_read = s != NULL;
    if (s) {
        *facts = (struct pilot_facts){
            .wants_pilot = s->warmup_ns == SCENARIO_AUTO,
            .window_ns = s->duration_ns,
            .seed = s->seed,
        };
    }
    arena_unmap(&arena);
    return is_read;
}

bool pilot_start(const struct trial *trial, struct trial_child *child)
{
    uint32_t count = trial->set_count;
    const char **sets = calloc(count + OWN, sizeof(*sets));
    if (!sets) {
        errno = ENOMEM;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        sets[i] = trial->sets[i];
    }
    memcpy(sets + count, own, sizeof(own));
    struct trial pilot = { trial->path, sets, count + (uint32_t)OWN };
    bool is_started = trial_start(&pilot, NULL, child);
    int error = errno;
    free(sets); /* The child has its own. */
    errno = error;
    return is_started;
}

uint64_t pilot_round(double warmup_ns)
{
    uint64_t ms = (uint64_t)(warmup_ns / NS_PER_MS);
    return ms + ((double)ms * NS_PER_MS < warmup_ns);
}

bool pilot_finish(struct trial_child *child, uint64_t *warmup_ms)
{
    static const struct figure_ref window = { FIGURE_MEASURED_LENGTH, 0 };
    static const struct figure_ref warmup = { FIGURE_MEASURED_WARMUP, 0 };
    struct trial_result result;
    double window_ns = 0;
    double warmup_ns = 0;
    trial_finish(child, &result);
    bool is_known =
        result.report && figure_read(result.report, window, &window_ns) &&
        figure_read(result.report, warmup, &warmup_ns) && window_ns > 0;
    trial_result_clear(&result);
    *warmup_ms = pilot_round(warmup_ns);
    return is_known;
}

void pilot_write_word(uint64_t warmup_ms, char word[PILOT_WORD_BYTES])
{
    snprintf(word, PILOT_WORD_BYTES, "run.warmup=%llums",
             (unsigned long long)warmup_ms);
}

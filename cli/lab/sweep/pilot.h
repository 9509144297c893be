/*
 * pilot.h - how long a warm-up must be. With run.warmup=auto each run finds that
 * for itself, so two runs would be looked at after different times, and a
 * difference between them might be one of those. Runs that are to be compared get
 * one warm-up instead: the longest that their pilots need. A pilot is the run
 * itself up to its window, which says how long its warm-up took.
 */
#ifndef CLI_LAB_SWEEP_PILOT_H
#define CLI_LAB_SWEEP_PILOT_H

#include "cli/run/trial.h"

#define PILOT_WORD_BYTES 48

/* What a trial's scenario says that matters before it is run. */
struct pilot_facts {
    bool wants_pilot; /* Its warm-up is `auto`. */
    uint64_t window_ns;
    uint64_t seed;
};

/* False: the trial cannot be run at all. */
SIM_MUST_USE bool pilot_read(const struct trial *trial,
                             struct pilot_facts *facts);

/* Starts the pilot of a trial. False: the host has no room for a process, errno
   says why. */
SIM_MUST_USE bool pilot_start(const struct trial *trial,
                              struct trial_child *child);

/* Returns a warm-up in milliseconds: a whole number that is read and written
   easily; never less. */
uint64_t pilot_round(double warmup_ns);

/* Waits for it. False: it did not come to a window. */
SIM_MUST_USE bool pilot_finish(struct trial_child *child, uint64_t *warmup_ms);

/* Writes the setting, "run.warmup=2250ms". */
void pilot_write_word(uint64_t warmup_ms, char word[PILOT_WORD_BYTES]);

#endif /* CLI_LAB_SWEEP_PILOT_H */

/*
 * draw.h - a whole scenario from a seed: every key of sim/scenario/keys.h, every
 * policy and guest that the program says it has.
 *
 * Each key draws from a stream of its own, so that a new key leaves the others'
 * draws to their seeds. What does not go together is found by the program
 * itself, which refuses it and names a key: that one is taken out, until the
 * scenario is fine.
 */
#ifndef TESTS_SIMULATION_DRAW_H
#define TESTS_SIMULATION_DRAW_H

#include <jansson.h>

#include "sim/base.h"

/* What the program has, by its own word. */
struct offer {
    const char *iksim;  /* Borrowed: an absolute path. */
    const char *folder; /* Borrowed: for files of this program's own. */
    json_t *policies;   /* By key, lists of names. */
    json_t *arguments;  /* Of policies: key, policy, low and high, or words. */
    json_t *guests;     /* A list of names. */
};

/* False: the program does not say. */
SIM_MUST_USE bool offer_ask(struct offer *o);
void offer_release(struct offer *o);

/* The scenario of a seed, in texts; NULL: nothing of the draw was left that the
   program takes. The caller's. */
json_t *draw_scenario(const struct offer *o, uint64_t seed);

/* Whether the program takes the scenario; `complaint` is its sentence. */
bool draw_is_fine(const struct offer *o, const json_t *scenario,
                  char *complaint, size_t bytes);

/* Writes the scenario as YAML. */
void draw_write(const json_t *scenario, const char *path);

/* Counts what the scenario has in `tally`: keys, words, policies, guests. */
void draw_count(const struct offer *o, const json_t *scenario, json_t *tally);

/* Prints each thing that could be drawn and is not in the tally. Returns how
   many. */
unsigned draw_list_missing(const struct offer *o, const json_t *tally);

void tally_add(json_t *tally, const char *what, json_int_t count);

/* Removes the scenario's value at a path, "load[0].rate" or "disks[1]". False:
   there is none. */
bool draw_remove(json_t *scenario, const char *path);

#endif /* TESTS_SIMULATION_DRAW_H */

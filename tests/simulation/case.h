/*
 * case.h - one run that was drawn: a scenario, how its run is cut, and what came
 * of it.
 */
#ifndef TESTS_SIMULATION_CASE_H
#define TESTS_SIMULATION_CASE_H

#include "tests/simulation/draw.h"
#include "tests/simulation/judge.h"

/* How the second run of the same scenario ends; its events must be the first
   ones of the whole run. "The run is ..." */
#define CUTS(X)                                             \
    X(CUT_NONE, "none", "whole")                            \
    X(CUT_UNTIL, "until", "ended by --until")               \
    X(CUT_INSTRUCTIONS, "instructions", "ended by --limit") \
    X(CUT_KILL, "kill", "killed (SIGKILL)")                 \
    X(CUT_INTERRUPT, "interrupt", "interrupted (SIGINT)")
#define CUT_CONSTANT(constant, name, phrase) constant,
enum cut { CUTS(CUT_CONSTANT) CUT_COUNT };

struct drawn_case {
    uint64_t seed;
    json_t *scenario; /* Owned. */
    enum cut cut;
    uint32_t at_percent; /* When: of the whole run's time. */
    bool is_audited;     /* With --check. */
};

struct verdict {
    char finding[FINDING_BYTES]; /* "": fine. */
    bool was_refused;            /* With a sentence: nothing ran. */
};

const char *cut_name(enum cut cut);
const char *cut_phrase(enum cut cut);

/* False: the seed draws no scenario that the program takes. */
SIM_MUST_USE bool case_draw(struct drawn_case *c, const struct offer *o,
                            uint64_t seed);

/* Runs it in the offer's folder, with all that it leaves there. */
struct verdict case_run(const struct drawn_case *c, const struct offer *o);

/* The least case that still has a finding of the same rule; at most `budget`
   runs. Changes the case; returns how many runs it took. */
unsigned case_shrink(struct drawn_case *c, const struct offer *o,
                     const char *finding, unsigned budget);

/* Whether two findings are of one rule. */
bool case_is_same(const char *finding, const char *other);

/* Writes the scenario, alone and with how it is cut; reads that again. */
void case_write(const struct drawn_case *c, const char *scenario_path,
                const char *case_path);
SIM_MUST_USE bool case_read(struct drawn_case *c, const char *case_path);

#endif /* TESTS_SIMULATION_CASE_H */

/* scenario_fixture.h - scenarios from text, for tests. */
#ifndef TESTS_SIM_SCENARIO_FIXTURE_H
#define TESTS_SIM_SCENARIO_FIXTURE_H

#include "sim/arena.h"
#include "sim/scenario.h"

#define FIXTURE_SETS 4

struct scenario_fixture {
    char dir[64];
    char path[80]; /* Of the file that is loaded. */
    char saved[80];
    struct arena arena;
    char message[SCENARIO_MESSAGE_BYTES];
};

/* For cmocka: a group's *state is a scenario_fixture, with a folder of its own
   under /tmp. */
int scenario_set_up(void **state);
int scenario_tear_down(void **state);

/* Loads the text, with up to FIXTURE_SETS `--set` words, ended by NULL. The
   arena is emptied first. */
struct scenario *load_bytes(struct scenario_fixture *f, const void *text,
                            size_t size_bytes, const char *const *sets);
struct scenario *load_text(struct scenario_fixture *f, const char *text,
                           const char *const *sets);

#endif /* TESTS_SIM_SCENARIO_FIXTURE_H */

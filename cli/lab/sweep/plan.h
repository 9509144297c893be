/*
 * plan.h - a plan: a base scenario, and which runs of it are wanted.
 *
 * Its file is read as scenarios are. A plan is bundles of settings, times a
 * grid of keys and values, times seeds; each of these runs is tried out, short
 * of running it, before the first begins. docs/sweep.md lists the keys.
 *
 * A run is known by its key, the hash of its effective scenario, seed and all:
 * however it was written down, the same run has the same key.
 */
#ifndef CLI_LAB_SWEEP_PLAN_H
#define CLI_LAB_SWEEP_PLAN_H

#include "sim/arena.h"
#include "sim/scenario.h"

#define PLAN_RUN_LIMIT 100000
#define PLAN_SET_LIMIT 200 /* Settings of one run; fewer than `run` takes. */
#define PLAN_KEY_CHARS 33  /* 32 hexadecimal digits and a 0. */

struct plan_run {
    char key[PLAN_KEY_CHARS];
    const char *base;        /* The scenario's path, from here. */
    const char *base_name;   /* The last part of it. */
    const char *name;        /* Of its bundle; "" when it has none. */
    const char *const *sets; /* KEY=VALUE, in the order of the plan. */
    uint32_t set_count;
    bool has_seed;         /* False: the scenario's own. */
    bool has_files;        /* Disks with a file, which no run may change. */
    uint64_t seed;         /* Either way. */
    const char *sets_json; /* The sets as one object, sorted by key. */
    const char *scenario;  /* Effective, as JSON. */
    const char *images;    /* An object: hash by name, sorted; of guests, and
                              of what is on disks with a file. */
};

struct plan {
    struct arena arena; /* All that follows. */
    const char *path;
    const char *base;          /* The scenario's path, from here. */
    const char *base_name;     /* The last part of it. */
    char hash[PLAN_KEY_CHARS]; /* Of all keys, sorted. */
    struct plan_run *runs;
    uint32_t run_count;
};

/* False: one sentence in `message`. plan_release is allowed either way. */
SIM_MUST_USE bool plan_load(struct plan *plan, const char *path,
                            char message[SCENARIO_MESSAGE_BYTES]);
void plan_release(struct plan *plan);

/*
 * For who makes a plan run by run, each as sweep_point.h tells: after the last.
 * Hashes the keys in their order, so that the plan's own does not matter. False
 * when two runs are the same.
 */
SIM_MUST_USE bool plan_finish(struct plan *plan,
                              char message[SCENARIO_MESSAGE_BYTES]);

/* XXH3-128 of the text, in hexadecimal. */
void plan_hash_text(const char *text, char hex[PLAN_KEY_CHARS]);

/* "kernel.quantum=5ms, seed 3": what tells the run from others. */
void plan_describe_run(const struct plan_run *run, char *text, size_t bytes);

#endif /* CLI_LAB_SWEEP_PLAN_H */

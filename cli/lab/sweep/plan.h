/*
 * plan.h - a plan: a base scenario, and which runs of it are wanted.
 *
 * A plan's file is read as scenarios are. A plan is bundles of settings, times
 * a grid of keys and values, times seeds; each of these runs is built once,
 * without being run, before the first run begins. docs/sweep.md lists the keys.
 *
 * A run is identified by its key, the hash of its effective scenario with its
 * seed: however a run was written down, the same run has the same key.
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
    const char *base;        /* The scenario's path, as iksim can open it. */
    const char *base_name;   /* The last part of that path. */
    const char *name;        /* The bundle's name, or "". */
    const char *const *sets; /* KEY=VALUE, in the order of the plan. */
    uint32_t set_count;
    bool has_seed;         /* False: the seed is that of the scenario. */
    bool has_files;        /* There are disks with a file; no run may change
                              such a file. */
    uint64_t seed;         /* Valid whatever has_seed says. */
    const char *sets_json; /* The sets as one object, sorted by key. */
    const char *scenario;  /* The effective scenario, as JSON. */
    const char *images;    /* A JSON object: the hashes of guests, and of the
                              files of disks, by name, sorted. */
};

struct plan {
    struct arena arena; /* Owns all members below. */
    const char *path;
    const char *base;          /* As in struct plan_run. */
    const char *base_name;     /* As in struct plan_run. */
    char hash[PLAN_KEY_CHARS]; /* The hash of all keys, sorted. */
    struct plan_run *runs;
    uint32_t run_count;
};

/* False: `message` says why. plan_release is allowed either way. */
SIM_MUST_USE bool plan_load(struct plan *plan, const char *path,
                            char message[SCENARIO_MESSAGE_BYTES]);
void plan_release(struct plan *plan);

/*
 * Ends a plan that its caller makes run by run, each by point.h. Hashes the
 * keys in sorted order, so that the order of runs does not matter. False: two
 * runs are the same.
 */
SIM_MUST_USE bool plan_finish(struct plan *plan,
                              char message[SCENARIO_MESSAGE_BYTES]);

/* Computes the XXH3-128 of the text, in hexadecimal. */
void plan_hash_text(const char *text, char hex[PLAN_KEY_CHARS]);

/* Writes what tells the run from others: "kernel.quantum=5ms, seed 3". */
void plan_describe_run(const struct plan_run *run, char *text, size_t bytes);

/* The JSON schema of plans; the caller frees it. NULL: out of memory. */
SIM_MUST_USE char *plan_write_schema(void);

#endif /* CLI_LAB_SWEEP_PLAN_H */

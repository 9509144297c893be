/*
 * choices.h - the keys of scenarios whose value is the name of something that
 * this program has: policies, machine profiles, cost models. `iksim policies`
 * lists these names, complaints name them, and completions offer them.
 */
#ifndef CLI_RUN_CHOICES_H
#define CLI_RUN_CHOICES_H

#include "sim/base.h"

#define CHOICE_SUMMARY_BYTES 256

struct policy_facts;
struct sched_policy;

struct choice {
    const char *name;
    const struct policy_facts *facts;     /* NULL: it is no policy of VMs. */
    const struct sched_policy *scheduler; /* NULL: it is none. */
    char summary[CHOICE_SUMMARY_BYTES];
};

struct choices {
    const char *key;     /* "kernel.scheduler" */
    const char *meaning; /* What the key decides. */
    /* Gets the i-th name, from 0, the default first. False: i is too great. */
    bool (*get)(size_t i, struct choice *c);
};

/* The list is ended by a NULL key. */
extern const struct choices all_choices[];

/* NULL: the key's value is no name of this list. */
const struct choices *choices_find(const char *key);

/* Writes a complaint: "there is no 'lifo'; known: fifo, ..." */
void choices_refuse(const char *key, const char *name, char *text,
                    size_t bytes);

#endif /* CLI_RUN_CHOICES_H */

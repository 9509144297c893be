/*
 * choices.h - the keys of scenarios whose value is the name of something that
 * this program has: policies, machine profiles, cost models. What is listed,
 * refused and completed follows from this list.
 */
#ifndef CLI_RUN_CHOICES_H
#define CLI_RUN_CHOICES_H

#include "sim/base.h"

#define CHOICE_SUMMARY_BYTES 256

struct choice {
    const char *name;
    char summary[CHOICE_SUMMARY_BYTES];
};

struct choices {
    const char *key;     /* "kernel.scheduler" */
    const char *meaning; /* What the key decides. */
    /* The i-th, from 0, the default first. False: there are no more. */
    bool (*get)(size_t i, struct choice *c);
};

/* Ended by a NULL key. */
extern const struct choices all_choices[];

/* NULL: that key has no names of ours. */
const struct choices *choices_find(const char *key);

/* "there is no 'lifo'; known: fifo, ..." */
void choices_refuse(const char *key, const char *name, char *text,
                    size_t bytes);

#endif /* CLI_RUN_CHOICES_H */

/*
 * warm.h - runs of a sweep that share their beginning (cli/run/warm.h): which
 * they are, and the process that simulates it once and then makes them, one
 * after the other.
 *
 * It is a process of its own so that the sweep goes on storing results while
 * it simulates, and can end it at any moment.
 */
#ifndef CLI_LAB_SWEEP_WARM_H
#define CLI_LAB_SWEEP_WARM_H

#include "cli/lab/sweep/plan.h"
#include "cli/lab/sweep/store.h"
#include "cli/run/warm.h"

#define WARM_NO_GROUP UINT32_MAX

struct warm_group {
    enum warm_point point;
    uint32_t left;    /* Runs that have not been started. */
    uint32_t holders; /* Servers that are of it. */
    bool is_cold;     /* It could not be warmed: its runs start cold. */
};

struct warm_groups {
    struct warm_group *groups; /* Owned; each of two runs or more. */
    uint32_t *group_of;        /* Owned; of each run of the plan. */
    uint32_t count;
};

/*
 * Groups the runs that are wanted, by the latest point that at least two of
 * them share. False: out of memory.
 */
SIM_MUST_USE bool warm_groups_find(struct warm_groups *g,
                                   const struct plan *plan,
                                   const struct store_run *runs);
void warm_groups_release(struct warm_groups *g);

struct warm_server {
    int pid; /* 0: there is none. */
    int fd;  /* Can be read when there is an answer. */
    uint32_t group;
    bool is_asked; /* And has not answered. */
};

enum warm_answer {
    WARM_DONE,    /* It went well: the report is the run's, to the bit. */
    WARM_ALONE,   /* So it did, but from the start: it could not part. */
    WARM_FAILED,  /* It did not: a run from the start shall say why. */
    WARM_REFUSED, /* The beginning cannot be simulated: nothing will be. */
};

/* False: the host has no room for it, errno says why. */
SIM_MUST_USE bool warm_server_start(struct warm_server *s,
                                    const struct plan *plan, uint32_t group,
                                    enum warm_point point);

/* Asks for a run of the plan. */
void warm_server_ask(struct warm_server *s, uint32_t run);

/*
 * When fd can be read. *report is what --json prints, owned by the caller; it
 * is NULL unless it went well.
 */
enum warm_answer warm_server_take(struct warm_server *s, char **report);

/* Ends it, whatever it does. */
void warm_server_end(struct warm_server *s);

#endif /* CLI_LAB_SWEEP_WARM_H */

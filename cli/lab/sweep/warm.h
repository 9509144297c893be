/*
 * warm.h - runs of a sweep that share their beginning (cli/run/warm.h): finds
 * groups of such runs, and starts servers. A server is a process that simulates
 * the beginning once and then makes the runs, one after the other.
 *
 * A server is a process of its own so that the sweep goes on storing results
 * while the server simulates, and can end the server at any moment.
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
    uint32_t holders; /* Servers that work for this group. */
    bool is_cold;     /* The beginning failed: the runs start cold. */
};

struct warm_groups {
    struct warm_group *groups; /* Owned; each has two runs or more. */
    uint32_t *group_of;        /* Owned; the group of each run of the plan. */
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
    int pid; /* 0: there is no server. */
    int fd;  /* Can be read when there is an answer. */
    uint32_t group;
    bool is_asked; /* The server has been asked, and has not answered. */
};

enum warm_answer {
    WARM_DONE,    /* The report is that of a run from the start, to the bit. */
    WARM_ALONE,   /* The run began at the start, since it could not part. */
    WARM_FAILED,  /* The run failed: a run from the start shall say why. */
    WARM_REFUSED, /* The beginning, and so the group, cannot be simulated. */
};

/* False: the host has no room for the server, errno says why. */
SIM_MUST_USE bool warm_server_start(struct warm_server *s,
                                    const struct plan *plan, uint32_t group,
                                    enum warm_point point);

/* Asks for a run of the plan. */
void warm_server_ask(struct warm_server *s, uint32_t run);

/*
 * Called when fd can be read. *report is what --json prints, owned by the
 * caller, or NULL after WARM_FAILED and WARM_REFUSED.
 */
enum warm_answer warm_server_take(struct warm_server *s, char **report);

/* Ends the server, whatever it is doing. */
void warm_server_end(struct warm_server *s);

#endif /* CLI_LAB_SWEEP_WARM_H */

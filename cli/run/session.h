/*
 * session.h - one run from scenario to statistics: everything is built, booted,
 * warmed up, measured and drained here. It prints nothing.
 */
#ifndef CLI_RUN_SESSION_H
#define CLI_RUN_SESSION_H

#include "ik/kernel.h"
#include "isa/args/carried.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "workloads/load.h"

struct session;

/*
 * What a session tells its owner while it runs. All may be NULL. They must not
 * change anything simulated.
 */
struct session_observer {
    /*
     * The scenario and the images are known, and nothing has happened yet: a
     * sink that is added to s->trace now sees every event. False: the session
     * does not open, for the reason in `message`.
     */
    bool (*built)(void *ctx, struct session *s,
                  char message[SCENARIO_MESSAGE_BYTES]);
    kernel_console_fn *console;
    kernel_tap_fn *tap;
    kernel_step_fn *step; /* Of session_options.followed; the rest is slower. */
    /* Asked now and then: true ends the run early. */
    bool (*interrupted)(void *ctx, const struct session *s);
    void *ctx;
};

struct session_options {
    const char *path;
    struct scenario_options scenario;
    uint32_t audit_period; /* As in struct kernel_config. */
    const char *followed;  /* Valid with observer.step: a VM's number, or its
                             name as on the console, "web-3". */
    uint64_t until_ns;     /* The run ends then at the latest; 0: no limit. */
    bool keeps_files;      /* Files of disks stay as they were. */
    struct session_observer observer;
};

struct session {
    struct arena arena;   /* Everything but what follows. */
    struct arena packets; /* The pool's. */
    struct scenario *scenario;
    struct image *images;
    char (*image_paths)[4096];
    uint32_t image_count;
    struct args_table *tables; /* Of each image. */
    uint32_t *group_images;
    struct load_server *servers; /* Of each group. */
    uint8_t *ram;
    struct event_queue events;
    struct packet_pool pool;
    struct link link;
    struct trace *trace;
    struct stats *stats;
    struct kernel *kernel;
    struct load *load;
    struct session_options options;
    enum phase phase;
    uint32_t next; /* enum phase: those before it are over; PHASE_COUNT: all. */
    bool phase_is_open;     /* It has begun, and is paused. */
    kernel_until_fn *pause; /* Of session_step; NULL: nobody asks. */
    void *pause_ctx;
    bool is_paused;
    uint64_t disk_busy; /* Of the spindles, when the window began. */
    uint64_t phase_end; /* Cycles; TIME_NEVER: not known. */
    bool was_interrupted;
    bool was_cut; /* By until_ns. */
};

/*
 * Reads the scenario and builds all of it. False: one sentence in `message`
 * says why not; session_close is allowed either way.
 */
SIM_MUST_USE bool session_open(struct session *s,
                               const struct session_options *options,
                               char message[SCENARIO_MESSAGE_BYTES]);

/*
 * Runs it to its end. False: it could not go on, kernel->failure says why; the
 * statistics hold up to there.
 */
SIM_MUST_USE bool session_run(struct session *s);

/*
 * The first part of that: all phases before `phase`; session_run does the
 * rest. False: it ended earlier.
 */
SIM_MUST_USE bool session_reach(struct session *s, uint32_t phase);

/*
 * Some of that: until `pause`, asked between any two steps, says true. To be
 * called again; false: the run is over, as after session_run, and
 * kernel->failure says whether it went well. Where it pauses changes nothing.
 */
SIM_MUST_USE bool session_step(struct session *s, kernel_until_fn *pause,
                               void *ctx);

/*
 * After session_run: whether what ran was right, as an exit code. In `message`
 * what was not, in one sentence; "" when all was.
 */
int session_judge(const struct session *s,
                  char message[SCENARIO_MESSAGE_BYTES]);

/*
 * After the results have been taken: ends all VMs and checks that nothing is
 * left of them. False: kernel->failure says what is.
 */
SIM_MUST_USE bool session_check_end(struct session *s);

void session_close(struct session *s);

/*
 * How much of the time after boot is over, 0 to 1, if the drain takes as long as
 * it may. Of boot, how many of those that it waits for have booted.
 */
double session_progress(const struct session *s);

#endif /* CLI_RUN_SESSION_H */

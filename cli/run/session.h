/*
 * session.h - one run from scenario to statistics: a session builds the machine
 * and the kernel, and then boots, warms up, measures and drains. It prints
 * nothing.
 */
#ifndef CLI_RUN_SESSION_H
#define CLI_RUN_SESSION_H

#include <time.h>

#include "cli/plugin/plugin.h"
#include "cli/run/guard/guard.h"
#include "cli/run/limits.h"
#include "ik/kernel.h"
#include "isa/args/carried.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "sim/report/report.h"
#include "sim/steady/settle.h"
#include "workloads/load.h"

struct session;

/*
 * What a session tells its owner while it runs. Each function may be NULL, and
 * must not change anything simulated.
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
    /* Gets each instruction of session_options.followed; makes the run slow. */
    kernel_step_fn *step;
    void (*progress)(void *ctx, const struct session *s); /* Now and then. */
    void *ctx;
    /* Asked all the time, for the length of a long stretch too: why the run is
       to end now. SESSION_WHOLE: it goes on. */
    enum session_end (*ends)(void *ctx);
};

struct session_options {
    const char *path;
    struct scenario_options scenario;
    uint32_t audit_period; /* As in struct kernel_config. */
    const char *followed;  /* Valid with observer.step: a VM's number, or its
                             name as on the console, "web-3". */
    uint64_t until_ns;     /* The run ends here at the latest; 0: no limit. */
    uint64_t instructions; /* It ends when guests have retired so many. */
    bool keeps_files;      /* The run does not change the files of disks. */
    struct session_observer observer;
    struct guard *guard;   /* NULL: there is none. */
    struct cpu_note *note; /* Of the guard. */
    /* Blocks that are refused since the engine does not survive them. The last
       `repeats` of them were found by this very run. */
    struct guard_block listed[CPU_LISTED_LIMIT];
    uint32_t listed_count, repeats;
};

struct talk_script;

struct session {
    struct arena arena;   /* Everything but the packets and the RAM. */
    struct arena packets; /* The memory of `pool`. */
    struct scenario *scenario;
    struct image *images;
    char (*image_paths)[4096];
    uint32_t image_count;
    struct args_table *tables; /* Of each image. */
    uint32_t *group_images;
    struct load_server *servers;  /* Of each group. */
    int *load_files;              /* Of each load; -1: it has none. */
    struct log_file **logs;       /* What they hold; NULL: nothing. */
    struct talk_script **scripts; /* Of kind lines: likewise. */
    uint8_t *ram;
    struct event_queue events;
    struct packet_pool pool;
    struct link link;
    struct trace *trace;
    struct stats *stats;
    struct series *series; /* Of the window. */
    struct settle *settle; /* Of the warm-up; valid with run.warmup=auto. */
    bool is_primed;        /* The load has begun, or will at once. */
    uint64_t load_began;   /* Cycles; valid from warm-up on. */
    struct steady *steady; /* Of it, when the run is over. */
    struct cpu_listed listed[CPU_LISTED_LIMIT]; /* As options.listed. */
    struct plugin plugins[POLICY_KIND_COUNT];   /* By kind; those that are files
                                                 have a text. */
    struct kernel_config kernel_config; /* Its policies are known first. */
    struct kernel *kernel;
    struct load *load;
    struct session_options options;
    enum phase phase;
    uint32_t next; /* All of enum phase below are over; PHASE_COUNT: all are. */
    bool phase_is_open;     /* The phase has begun, and may be paused. */
    kernel_until_fn *pause; /* Given to session_step; NULL: no pause. */
    void *pause_ctx;
    bool is_paused;
    uint64_t disk_busy; /* The spindles' busy time when the window began. */
    uint64_t phase_end; /* Cycles; TIME_NEVER: not known. */
    enum session_end end;
};

/* The session is to run under the guard: what it has found is refused. */
void session_obey(struct session_options *options, struct guard *g);

/*
 * Reads the scenario and builds what it describes. False: one sentence in
 * `message` says why not; session_close is allowed either way.
 */
SIM_MUST_USE bool session_open(struct session *s,
                               const struct session_options *options,
                               char message[SCENARIO_MESSAGE_BYTES]);

/*
 * Runs the session to its end. False: the run could not go on, kernel->failure
 * says why, and the statistics hold up to that time.
 */
SIM_MUST_USE bool session_run(struct session *s);

/*
 * Runs all phases before `phase`; session_run runs the rest. False: the run
 * ended earlier.
 */
SIM_MUST_USE bool session_reach(struct session *s, uint32_t phase);

/*
 * Runs until `pause`, which is asked between any two steps, says true, and may
 * then be called again. False: the run is over, as after session_run, and
 * kernel->failure says whether it went well. No result depends on the pauses.
 */
SIM_MUST_USE bool session_step(struct session *s, kernel_until_fn *pause,
                               void *ctx);

/* What session_judge says of a run that went to its end, in which no VM ended
   badly, but whose clients did not get what they asked for. */
#define SESSION_CUT_OFF    "requests failed"
#define SESSION_UNANSWERED "none of the requests of load"

/*
 * Returns, after session_run, whether the run went well, as an exit code, and
 * in `message` what was wrong with it, in one sentence, or "".
 */
int session_judge(const struct session *s,
                  char message[SCENARIO_MESSAGE_BYTES]);

/* A report, and what it points to besides the session. */
struct session_report {
    struct report report;
    struct report_host host;
};

/*
 * Fills in the report of a session that has run. The host's figures count from
 * `started`, and without the instructions that another process had simulated
 * before. The report points into *r and the session.
 */
void session_report(const struct session *s, struct timespec started,
                    uint64_t inherited, struct session_report *r);

/*
 * Ends all VMs, once the results have been taken, and checks that nothing is
 * left of them. False: kernel->failure says what is left.
 */
SIM_MUST_USE bool session_check_end(struct session *s);

void session_close(struct session *s);

/*
 * Returns, in 0 to 1, how much of the time after boot is over, if the drain
 * takes as long as it may; during boot, how many of the targets have booted.
 */
double session_progress(const struct session *s);

#endif /* CLI_RUN_SESSION_H */

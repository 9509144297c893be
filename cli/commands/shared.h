/*
 * shared.h - options that several commands have: a row each, for the command's
 * struct and its member.
 */
#ifndef CLI_COMMANDS_SHARED_H
#define CLI_COMMANDS_SHARED_H

#include "cli/command.h"

/* Changes to a scenario. */
struct sets {
    struct cli_list list;
    char seed[32]; /* What --seed means: "run.seed=N"; "": none. */
};

/* For --seed; cli_read_fn. */
bool sets_read_seed(const char *text, void *sets,
                    char message[CLI_MESSAGE_BYTES]);

/* The keys of a scenario, and the values of those that have a few. */
void sets_offer(struct cli_offers *to);

/* The figures of a report: short names, and paths once a dot is typed. */
void figure_offer(struct cli_offers *to);

/* The bundled guests, and files. */
void image_offer(struct cli_offers *to);

/* Finds the file of the image that a call names. Returns the exit code; that
   there is none has been complained about. */
int image_find(const char *name, char *path, size_t bytes);

/* The folders of the bundled ones. */
#define SCENARIO_FOLDER "workloads/scenarios"
#define PLAN_FOLDER     "workloads/plans"

/* The bundled scenarios, or plans, and files. */
void scenario_offer(struct cli_offers *to);
void plan_offer(struct cli_offers *to);

/* A scenario or plan, of the call or bundled; cli_read_fn of a struct
   cli_input. */
bool read_scenario_path(const char *text, void *at,
                        char message[CLI_MESSAGE_BYTES]);
bool read_plan_path(const char *text, void *at,
                    char message[CLI_MESSAGE_BYTES]);

/* The path of a picture, which ends in .svg or .png; cli_read_fn of a const char
   pointer. */
bool read_picture_path(const char *text, void *at,
                       char message[CLI_MESSAGE_BYTES]);

#define OPTION_SET(S, member)                                              \
    { .name = "set",                                                       \
      .argument = "KEY=VALUE",                                             \
      CLI_LIST(S, member.list),                                            \
      .offer = sets_offer,                                                 \
      .help = "The scenario's key gets this value, as in "                 \
              "`--set 'vms[0].count=1000'`; an empty value takes the key " \
              "out. The option may be repeated, and the last value of a "  \
              "key holds. docs/scenario.md explains every key." }

#define OPTION_SEED(S, member)                         \
    { .name = "seed",                                  \
      .argument = "N",                                 \
      CLI_OWN(S, member, struct sets, sets_read_seed), \
      .otherwise = "the scenario's run.seed",          \
      .help = "Every random choice is drawn from the seed N." }

#define OPTION_JSON(S, member) \
    { .name = "json",          \
      CLI_FLAG(S, member),     \
      .help = "The result is printed as JSON on standard output." }

/* 0: one for each processor. It takes "cli/lab/sweep/runs.h". */
#define OPTION_JOBS(S, member)               \
    { .name = "jobs",                        \
      .argument = "N",                       \
      CLI_WHOLE(S, member),                  \
      .least = 1,                            \
      .most = SWEEP_JOBS_LIMIT,              \
      .otherwise = "one for each processor", \
      .help = "N runs are simulated at a time." }

#define OPTION_RETRY(S, member) \
    { .name = "retry",          \
      CLI_FLAG(S, member),      \
      .help = "Runs that have failed before are tried again." }

#define OPTION_WARM(S, member, ...)                                    \
    { .name = "warm",                                                  \
      CLI_FLAG(S, member),                                             \
      .help = "Boot and warm-up are simulated once for runs that are " \
              "equal until then. The results are the same.",           \
      __VA_ARGS__ }

/* Which VMs; vm_name_read_list reads it. */
#define OPTION_VMS(S, member)                                               \
    { .name = "vm",                                                         \
      .argument = "LIST",                                                   \
      CLI_TEXT(S, member),                                                  \
      .help = "Only events of these VMs count: numbers, names (`web-3`), "  \
              "ranges of numbers (`3-7`) and names of groups, with commas " \
              "between them." }

#define OPTION_FROM(S, member)                                             \
    { .name = "from",                                                      \
      .argument = "TIME",                                                  \
      CLI_TIME(S, member),                                                 \
      .help = "Only events at or after this virtual time count, measured " \
              "from power-on, such as `1500us` or `2s`." }

#define ARGUMENT_SCENARIO(S, member, ...)                                \
    { .name = "scenario",                                                \
      .argument = "SCENARIO",                                            \
      CLI_OWN(S, member, struct cli_input, read_scenario_path),          \
      .offer = scenario_offer,                                           \
      .help = "The scenario is a YAML file, or a bundled one, named as " \
              "`first`; `iksim scenario list` names them.",              \
      __VA_ARGS__ }

#define ARGUMENT_TRACE(S, member) \
    { .name = "trace",            \
      .argument = "TRACE",        \
      CLI_FILE(S, member),        \
      .help =                     \
          "The trace is a file that `iksim run --trace FILE` has written." }

#define ARGUMENT_IMAGE(S, member, ...)                                     \
    { .name = "image",                                                     \
      .argument = "IMAGE",                                                 \
      CLI_TEXT(S, member),                                                 \
      .offer = image_offer,                                                \
      .help = "The image is a bundled guest, named as `httpd`, or an ELF " \
              "file, named by its path.",                                  \
      __VA_ARGS__ }

/* What the call is wrong about, for an exit code 2. */
#define EXIT_USAGE_SCENARIO                                                  \
    "The call, the scenario or an image is wrong, or a result could not be " \
    "written; one sentence says what."

#define EXIT_INTERRUPTED_RESULTS \
    "The run was ended by Ctrl-C; the results so far are reported."
#define EXIT_INTERRUPTED_RUNS \
    "The command was ended by Ctrl-C; the same call goes on from there."

#endif /* CLI_COMMANDS_SHARED_H */

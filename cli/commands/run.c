/* run.c - `iksim run`: one scenario, one report. */
#define _GNU_SOURCE
#include <errno.h>
#include <jansson.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/host_clock.h"
#include "cli/lab/compare/precision.h"
#include "cli/run/again.h"
#include "cli/run/console_view.h"
#include "cli/run/inputs/disk_files.h"
#include "cli/run/inspect/audit.h"
#include "cli/run/inspect/ending.h"
#include "cli/run/instructions.h"
#include "cli/run/outputs.h"
#include "cli/run/rundir.h"
#include "cli/run/session.h"
#include "cli/sandbox.h"
#include "ik/lifecycle.h"
#include "sim/quantity.h"
#include "sim/report/report.h"
#include "sim/scenario/facts.h"
#include "sim/units.h"
#include "sim/vocabulary/vocabulary.h"

#define FAULTS_SHOWN 10
#define PROGRESS_HZ  4
#define CLOCK_STRIDE 1024 /* Questions between looks at the host's clock. */

/* Where the run ends, or how many seeds are run. */
struct until {
    uint64_t ns;                /* 0: no limit. */
    struct precision precision; /* `text` is NULL: one seed. */
};

struct run {
    struct session session;
    struct sets sets;
    struct cli_input scenario;
    const char *out_dir;
    const char *again_dir; /* NULL: not --again. */
    struct rundir again;   /* Valid if again_dir is set. */
    struct until until;
    struct limits_watch limits;
    bool json, console_all, discards, is_unguarded;
    struct guard *guard;   /* NULL: there is none. */
    FILE *view_out;        /* Where what the run shows goes. */
    bool is_open;          /* Without a sandbox. */
    uint32_t audit_period; /* 0: no audits. */
    struct outputs outputs;
    struct console_view console;
    struct instructions instructions;
    bool shows_progress;
    uint32_t asked;
    struct timespec started, shown;
    struct timespec booted; /* The host's time when boot was last seen. */
};

/* The one thing a signal may touch. */
static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    (void)number;
    stop_requested = 1;
}

/* ---- Options ------------------------------------------------------------ */

static bool read_instructions(const char *text, void *at,
                              char message[CLI_MESSAGE_BYTES])
{
    bool is_good = instructions_parse(at, text);
    if (!is_good) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "must be a VM, or VM:FILE, not '%s'", text);
    }
    return is_good;
}

static bool read_until(const char *text, void *at,
                       char message[CLI_MESSAGE_BYTES])
{
    struct until *until = at;
    const char *why = units_read_time(text, &until->ns);
    if (why) {
        return precision_parse(text, &until->precision, message);
    }
    if (until->ns == 0) {
        snprintf(message, CLI_MESSAGE_BYTES, "must be more than 0, not '%s'",
                 text);
    }
    return until->ns > 0;
}

static const struct cli_option argument_rows[] = {
    ARGUMENT_SCENARIO(struct run, scenario, .unless = "again"), CLI_END
};

static const struct cli_option option_rows[] = {
    OPTION_SET(struct run, sets),
    OPTION_SEED(struct run, sets),
    { .name = "until",
      .argument = "TIME|PRECISION",
      CLI_OWN(struct run, until, struct until, read_until),
      .help = "The run ends at this virtual time at the latest, such as `10ms` "
              "or `2s`. With a figure, such as `p99 +-5%`, seed after seed is "
              "run until the interval of its median is that narrow; only this "
              "figure is printed." },
    { .name = "limit",
      .argument = "wall=TIME,memory=SIZE,instructions=N,translation=TIME",
      CLI_OWN(struct run, limits.limits, struct limits, limits_read),
      .help =
          "The run ends, with its results so far, when it has taken so much "
          "of the host's time or memory, or when its guests have retired "
          "so many instructions. Only what the last of these ends can be "
          "repeated. `translation` is how much of the host's processor time "
          "the engine may take for one block of a guest, 10s if it is not "
          "given: the run is then made again without that block. A policy in "
          "C may take as long for a call; the run then ends." },
    { .name = "no-guard",
      CLI_FLAG(struct run, is_unguarded),
      .help = "The run is made in the process itself, for a debugger. Without "
              "this option it is made in a child: if the engine dies of a "
              "block of a guest's, or does not come back, the run is made "
              "again with that block refused, so that only its VM ends." },
    OPTION_JSON(struct run, json),
    { .name = "report",
      .argument = "FILE",
      CLI_FILE(struct run, outputs.paths[OUTPUT_PAGE]),
      .help = "A page of figures and plots is written, to be read in a "
              "browser. It needs no network and no script." },
    { .name = "trace",
      .argument = "FILE",
      CLI_FILE(struct run, outputs.paths[OUTPUT_TRACE]),
      .help = "Every decision of the run is written, for `iksim trace`, "
              "`iksim explain` and `iksim viz`. The results stay the same." },
    { .name = "pcap",
      .argument = "FILE",
      CLI_FILE(struct run, outputs.paths[OUTPUT_PCAP]),
      .help = "All packets at the switch are captured, with virtual times, for "
              "tshark or Wireshark." },
    { .name = "vms",
      .argument = "FILE",
      CLI_FILE(struct run, outputs.paths[OUTPUT_VMS]),
      .help = "What each VM got and did is written as CSV. docs/report.md "
              "explains the columns." },
    { .name = "out",
      .argument = "DIR",
      CLI_FILE(struct run, out_dir),
      .help = "The new folder DIR gets what is needed to repeat the run: "
              "report.json, scenario.yaml with all defaults, manifest.json, "
              "console.log, the guests in images/, and the disks' files as "
              "they were before the run in disks/." },
    { .name = "again",
      .argument = "DIR",
      CLI_FILE(struct run, again_dir),
      .excludes = "scenario set seed until",
      .help = "The run of this run directory is repeated from the directory "
              "alone, and compared with what is kept there." },
    { .name = "discard",
      CLI_FLAG(struct run, discards),
      .help = "The files of disks stay as they are: what the run writes to "
              "such a disk is forgotten." },
    { .name = "console",
      CLI_FLAG(struct run, console_all),
      .help = "All console output is printed, and not only the first lines." },
    { .name = "instructions",
      .argument = "VM[:FILE]",
      CLI_OWN(struct run, instructions, struct instructions, read_instructions),
      .help = "Each instruction that this VM retires is a line in FILE, or "
              "among the console output: cycle, nanoseconds, address, symbol, "
              "bytes, disassembly, and each register and flag that it changed. "
              "VM is a number, or a name such as `web-3`. A line that begins "
              "with `#` says what the kernel changed between two instructions. "
              "The results stay the same." },
    { .name = "no-sandbox",
      CLI_FLAG(struct run, is_open),
      .help = "The process that runs the guests stays as free as any: a guest "
              "that got out of the emulator could read and change your files, "
              "start programs, and connect to others. For debuggers and "
              "profilers." },
    { .name = "check",
      .argument = "N",
      CLI_WHOLE(struct run, audit_period),
      .least = 1,
      .alone = AUDIT_PERIOD,
      .help = "The kernel's invariants are audited while the run goes on: sums "
              "at every step, and all tables every N steps; and each answer of "
              "the gatekeeper and the scheduler is held against its contract, "
              "as those of policies in files always are. The results stay the "
              "same." },
    CLI_END
};

/* ---- While it runs ------------------------------------------------------ */

/* How long the rest takes if the host goes on as it has since boot. */
static void show_time_left(struct run *r, struct timespec now, double done)
{
    double gone = host_seconds(r->booted, now);
    if (done >= 0.01 && gone > 1) {
        fprintf(stderr, ", about %.0f s left", gone * (1 - done) / done);
    }
}

static void show_progress(struct run *r, const struct session *s)
{
    struct timespec now = host_now();
    if (host_seconds(r->shown, now) < 1.0 / PROGRESS_HZ) {
        return;
    }
    r->shown = now;
    double done = session_progress(s);
    uint64_t ns = ns_from_cycles(s->kernel->now, s->kernel->cpu_hz);
    fprintf(stderr, "\r%s: %s, %s of virtual time",
            word_name(&phase_words, s->phase), quantity_share(done, 1).chars,
            quantity_time((double)ns).chars);
    if (s->phase == PHASE_BOOT) {
        r->booted = now;
    } else {
        show_time_left(r, now, done);
    }
    fputs("\033[K", stderr);
}

static void on_progress(void *ctx, const struct session *s)
{
    struct run *r = ctx;
    if (r->shows_progress && ++r->asked % CLOCK_STRIDE == 0) {
        show_progress(r, s);
    }
}

static enum session_end on_question(void *ctx)
{
    struct run *r = ctx;
    if (r->guard ? guard_is_stopped(r->guard) : stop_requested != 0) {
        return SESSION_INTERRUPTED;
    }
    if (outputs_have_failed(&r->outputs) ||
        console_view_has_failed(&r->console)) {
        return SESSION_OUTPUT;
    }
    return limits_reached(&r->limits);
}

static void on_packet(void *ctx, uint64_t now, const struct packet *p)
{
    struct run *r = ctx;
    outputs_packet(&r->outputs, now, p);
}

static void on_console(void *ctx, const struct vm *vm, const uint8_t *bytes,
                       uint32_t count)
{
    struct run *r = ctx;
    console_view_write(&r->console, &r->session, vm, bytes, count);
}

static void on_step(void *ctx, uint64_t at, const struct cpu_step *step)
{
    struct run *r = ctx;
    instructions_step(&r->instructions, at, step);
}

/* The outputs are opened before the kernel exists: they get its first event. */
static bool on_built(void *ctx, struct session *s,
                     char message[SCENARIO_MESSAGE_BYTES])
{
    struct run *r = ctx;
    return outputs_open(&r->outputs, s, message);
}

/* ---- Afterwards --------------------------------------------------------- */

static void print_bad_ends(const struct kernel *k)
{
    uint32_t shown = 0;
    for (vmid_t i = 0; i < k->vm_count && shown <= FAULTS_SHOWN; i++) {
        const struct vm *vm = &k->vms[i];
        if (!vm_has_faulted(vm) && !vm_has_failed(vm)) {
            continue;
        }
        if (shown++ == FAULTS_SHOWN) {
            puts("  and more");
            break;
        }
        char text[256];
        ending_describe(vm, text, sizeof(text));
        printf("%s%s: %s\n", shown == 1 ? "\nEnded badly\n  " : "  ",
               vm_name_and_number(&k->config.scenario->roster, i).chars, text);
    }
}

/* Says on stderr what kept the run from being whole. Returns the exit code. */
static int judge(const struct run *r)
{
    const struct session *s = &r->session;
    char message[SCENARIO_MESSAGE_BYTES];
    int code = session_judge(s, message);
    if (code != CLI_DONE) {
        cli_complain("%s", message);
    }
    const struct session_end_facts *end = session_end_facts(s->end);
    if (end->sentence) {
        fprintf(stderr, "iksim: %s\n", end->sentence);
    }
    if (end->exit_code != CLI_DONE) {
        code = end->exit_code;
    }
    return code;
}

/* Writes each result, even if another one could not be written. */
static int write_results(struct run *r)
{
    struct session *s = &r->session;
    struct session_report taken;
    session_report(s, r->started, 0, &taken);
    const struct report *report = &taken.report;
    int code = judge(r);
    if (r->again_dir) {
        /* A run that failed when it was kept fails now, too: only what differs
           counts. */
        int same = again_judge(&r->again, s, r->json);
        code = code == CLI_INTERRUPTED ? code : same;
    } else if (!r->json) {
        report_print(report, stdout);
        print_bad_ends(s->kernel);
    } else if (!report_write_json(report, stdout) && !ferror(stdout)) {
        /* main() complains of what stdout did not take. */
        code = cli_complain("out of memory for the report");
    }
    if (r->out_dir &&
        !rundir_write(r->out_dir, s, report, r->outputs.paths[OUTPUT_TRACE])) {
        code = CLI_USAGE;
    }
    if (!outputs_finish(&r->outputs, report)) {
        code = CLI_USAGE;
    }
    return code;
}

/* Opens the views that need the kernel; on_built has opened the others. */
static bool open_views(struct run *r)
{
    struct session *s = &r->session;
    if (r->out_dir &&
        (!rundir_create(r->out_dir) || !rundir_keep_inputs(r->out_dir, s))) {
        return false;
    }
    FILE *out = r->json ? stderr : stdout;
    r->view_out = r->guard ? guard_open_stream(r->guard, out) : out;
    if (!r->view_out) {
        cli_complain("out of memory");
        return false;
    }
    return instructions_open(&r->instructions, s, r->view_out) &&
           console_view_open(&r->console, s, r->out_dir, r->view_out,
                             r->console_all);
}

/* False, having complained: not all has arrived. */
static bool close_shown(struct run *r)
{
    if (!r->guard || !r->view_out || guard_close_stream(r->view_out)) {
        return true;
    }
    cli_complain("cannot write to standard %s: %s",
                 r->json ? "error" : "output", strerror(errno));
    return false;
}

/* ---- Under guard -------------------------------------------------------- */

/* What has happened, once it is known whose block it was. */
static void tell_of_repeat(const struct session *s)
{
    const struct session_options *o = &s->options;
    if (o->repeats == 0) {
        return;
    }
    const struct guard_block *last = &o->listed[o->listed_count - 1];
    fprintf(stderr,
            "iksim: the engine %s in the block at %#x of %s, which %s came to: "
            "the run is made again without that block\n",
            last->how == GUARD_TOO_LONG ? "takes too long" : "died",
            last->at.va, s->images[last->at.image].name,
            vm_name_and_number(&s->scenario->roster, last->owner).chars);
}

/* From here on the process is one that may die. */
static void enter_guard(struct run *r, struct session_options *o)
{
    struct guard_options guard = {
        .translation_ns = r->limits.limits.translation_ns,
        .stops_on_signals = true,
        .listed = o->listed,
        .listed_count = o->listed_count,
    };
    fflush(stdout); /* Or the run would write it, too. */
    r->guard = r->is_unguarded ? NULL : guard_enter(&guard);
    if (r->guard) {
        session_obey(o, r->guard);
    } else if (!r->is_unguarded) {
        fprintf(stderr, "iksim: the host has no room for a second process: the "
                        "run is not guarded\n");
    }
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal,
                                .sa_flags = (int)SA_RESETHAND };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* All that the run will write is open, or lies in these folders. */
static void close_sandbox(const struct run *r)
{
    const struct scenario *sc = r->session.scenario;
    char message[SANDBOX_MESSAGE_BYTES];
    if (r->is_open) {
        return;
    }
    const char **folders = calloc(sc->disk_count + 1, sizeof(*folders));
    char **copies = calloc(sc->disk_count + 1, sizeof(*copies));
    struct sandbox_needs needs = { .written = folders };
    bool is_well = folders && copies;
    snprintf(message, sizeof(message), "out of memory for the sandbox");
    for (uint32_t i = 0; is_well && i < sc->disk_count; i++) {
        if (sc->disks[i].file && !r->session.options.keeps_files) {
            copies[i] = realpath(sc->disks[i].file, NULL);
            is_well = copies[i] != NULL;
            folders[needs.written_count++] =
                is_well ? dirname(copies[i]) : NULL;
        }
    }
    if (r->out_dir && is_well) {
        folders[needs.written_count++] = r->out_dir;
    }
    if (!is_well || !sandbox_close(&needs, message)) {
        fprintf(stderr, "iksim: %s\n", message);
    }
    for (uint32_t i = 0; copies && i < sc->disk_count; i++) {
        free(copies[i]);
    }
    free(copies);
    free(folders);
}

static int execute(struct run *r)
{
    char message[SCENARIO_MESSAGE_BYTES];
    struct session_options options = {
        .path = r->scenario.path,
        .scenario = { .sets = r->sets.list.items,
                      .set_count = r->sets.list.count },
        .audit_period = r->audit_period,
        .followed = r->instructions.vm,
        .until_ns = r->until.ns,
        .instructions = r->limits.limits.instructions,
        .keeps_files = r->discards || r->again_dir,
        .observer = { .built = on_built,
                      .console = on_console,
                      .tap = r->outputs.paths[OUTPUT_PCAP] ? on_packet : NULL,
                      .step = r->instructions.vm[0] ? on_step : NULL,
                      .progress = on_progress,
                      .ctx = r,
                      .ends = on_question },
    };
    int code = CLI_USAGE;
    if (r->again_dir) {
        if (!again_open(&r->again, r->again_dir, &options)) {
            rundir_close(&r->again);
            return CLI_USAGE;
        }
    }
    r->started = host_now();
    r->booted = r->started;
    r->shows_progress = isatty(STDERR_FILENO);
    limits_start(&r->limits);
    enter_guard(r, &options);
    if (!session_open(&r->session, &options, message)) {
        cli_complain("%s", message);
    } else if (open_views(r)) {
        tell_of_repeat(&r->session);
        close_sandbox(r);
        if (!r->guard) {
            catch_signals();
        }
        bool went_well = session_run(&r->session);
        if (r->shows_progress) {
            fputs("\r\033[K", stderr);
        }
        bool is_logged = console_view_close(&r->console, &r->session);
        fflush(r->view_out); /* The report follows. */
        code = write_results(r);
        code = is_logged ? code : CLI_USAGE;
        if (!disk_files_save(&r->session, message)) {
            code = cli_complain("%s", message);
        }
        if (went_well && r->audit_period > 0 &&
            !session_check_end(&r->session)) {
            cli_complain("%s", r->session.kernel->failure);
            code = CLI_WRONG;
        }
    }
    if (!instructions_close(&r->instructions)) {
        code = CLI_USAGE;
    }
    if (!close_shown(r)) {
        code = CLI_USAGE;
    }
    outputs_release(&r->outputs);
    session_close(&r->session);
    rundir_close(&r->again);
    return code;
}

/* ---- A run for each partition ------------------------------------------- */

/* Runs the group's partition in a process of its own, whose standard output is
   `out`; NULL: stays. Returns its exit code. */
static int run_partition(struct run *r, const char *group, FILE *out)
{
    char set[SCENARIO_NAME_BYTES + sizeof("run.group=")];
    snprintf(set, sizeof(set), "run.group=%s", group);
    fflush(stdout);
    signal(SIGINT, SIG_IGN); /* The run ends by it, and is waited for. */
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        return cli_complain("cannot start a process: %s", strerror(errno));
    }
    if (pid == 0) {
        signal(SIGINT, SIG_DFL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent ||
            (out && dup2(fileno(out), STDOUT_FILENO) < 0)) {
            _exit(CLI_USAGE);
        }
        r->sets.list.items[r->sets.list.count++] = set;
        int code = execute(r);
        _exit(fflush(stdout) == 0 ? code : CLI_USAGE);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status)
                             : CLI_SIGNALLED + WTERMSIG(status);
}

/* The same; the report becomes a member of `reports`, null if there is none. */
static int take_partition(struct run *r, const char *group, json_t *reports)
{
    FILE *out = tmpfile();
    if (!out) {
        return cli_complain("cannot make a file: %s", strerror(errno));
    }
    int code = run_partition(r, group, out);
    json_t *report =
        fseek(out, 0, SEEK_SET) == 0 ? json_loadf(out, 0, NULL) : NULL;
    fclose(out);
    if (json_object_set_new(reports, group, report ? report : json_null())) {
        return cli_complain("out of memory for the report");
    }
    return code;
}

/* A partition's run is what it is whatever the others are, so they come one
   after another. The exit code is the worst. */
static int run_partitions(const struct command *self, struct run *r,
                          const struct scenario *s)
{
    bool has_file = r->out_dir || r->instructions.vm[0];
    for (int i = 0; i < OUTPUT_COUNT; i++) {
        has_file = has_file || r->outputs.paths[i];
    }
    if (has_file || r->sets.list.count == CLI_LIST_LIMIT) {
        return cli_misuse(self, "under kernel.preset partitioned each group is "
                                "a run of its own: what is written is one "
                                "group's, which --set run.group=NAME names");
    }
    json_t *reports = r->json ? json_object() : NULL;
    int worst = CLI_DONE;
    for (uint32_t g = 0; g < s->group_count && worst != CLI_INTERRUPTED; g++) {
        const char *name = s->vms[g].name;
        if (scenario_has_channel(&s->vms[g])) {
            continue;
        }
        if (!r->json) {
            printf("%sPartition of %s\n", g > 0 ? "\n" : "", name);
        }
        int code = r->json ? take_partition(r, name, reports)
                           : run_partition(r, name, NULL);
        worst = code > worst ? code : worst;
    }
    if (r->json) {
        json_dumpf(reports, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(reports);
    }
    return worst;
}

/* As many as the scenario has, if it has several. */
static int run_all(const struct command *self, struct run *r)
{
    struct arena arena;
    char message[SCENARIO_MESSAGE_BYTES];
    struct scenario_options options = { .sets = r->sets.list.items,
                                        .set_count = r->sets.list.count };
    if (r->again_dir || !arena_map(&arena, ARENA_UNLIMITED)) {
        return execute(r);
    }
    const struct scenario *s =
        scenario_load(&arena, r->scenario.path, &options, message);
    bool has_several = s && s->partition_count > 1;
    int code = has_several ? run_partitions(self, r, s) : CLI_DONE;
    arena_unmap(&arena);
    return has_several ? code : execute(r);
}

/* Whether an option is given that is about one run. */
static bool keeps_something(const struct run *r)
{
    bool has_output = r->out_dir || r->instructions.vm[0] || r->console_all ||
                      r->audit_period > 0 || r->discards;
    for (int i = 0; i < OUTPUT_COUNT; i++) {
        has_output = has_output || r->outputs.paths[i];
    }
    return has_output;
}

static int run(const struct command *self, void *ctx)
{
    struct run *r = ctx;
    if (!r->until.precision.text) {
        return run_all(self, r);
    }
    if (keeps_something(r)) {
        return cli_misuse(self, "--until with a precision makes many runs; it "
                                "goes with --set, --seed and --json only");
    }
    struct precision_call call = { &r->until.precision, r->scenario.path,
                                   r->sets.list.items, r->sets.list.count,
                                   r->json };
    return precision_run(&call);
}

const struct command command_run = {
    .name = "run",
    .summary = "Simulates a scenario and reports on the run",
    .about = "The report goes to standard output, behind the first lines that "
             "the guests write to their consoles; with --json, consoles go to "
             "standard error. Under `kernel.preset: partitioned` each group is "
             "a run of its own, unless run.group names one: their reports "
             "follow each other, or are members of one JSON object, by the "
             "group's name.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The run is done.",
               [CLI_EXIT_WRONG] =
                   "The run found something wrong: a wrong answer, a load of "
                   "which nothing was answered, a VM that ended otherwise than "
                   "`vms[].expect` says, a failed audit, RAM that was "
                   "exhausted, a run that did not repeat, or one that reached "
                   "its --limit.",
               [CLI_EXIT_USAGE] = EXIT_USAGE_SCENARIO,
               [CLI_EXIT_INTERRUPTED] = EXIT_INTERRUPTED_RESULTS },
    .examples =
        (const struct cli_example[]){
            { "A hundred web servers, and ten times as many",
              "iksim run workloads/scenarios/first.yaml" },
            { NULL, "iksim run workloads/scenarios/first.yaml --set "
                    "'vms[0].count=1000'" },
            { "The latency that the slowest percent of requests exceeded, in "
              "nanoseconds",
              "iksim run workloads/scenarios/first.yaml --json | jq "
              ".load.latency_ns.p99" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct run),
    .run = run,
};

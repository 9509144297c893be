/* run.c - `iksim run`: one scenario, one report. */
#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/run/again.h"
#include "cli/run/console_view.h"
#include "cli/run/disk_files.h"
#include "cli/run/instructions.h"
#include "cli/run/outputs.h"
#include "cli/run/rundir.h"
#include "cli/run/session.h"
#include "ik/audit.h"
#include "ik/lifecycle.h"
#include "sim/quantity.h"
#include "sim/report/report.h"
#include "sim/units.h"
#include "sim/vocabulary/vocabulary.h"

#define SET_LIMIT    256
#define FAULTS_SHOWN 10
#define PROGRESS_HZ  4
#define CLOCK_STRIDE 1024 /* Questions between looks at the host's clock. */

struct run {
    struct session session;
    const char *sets[SET_LIMIT];
    uint32_t set_count;
    char seed_set[CLI_SEED_BYTES];
    const char *path;
    const char *out_dir;
    const char *again_dir; /* NULL: not --again. */
    struct rundir again;   /* Valid then. */
    uint64_t until_ns;
    bool json, console_all, discards;
    uint32_t audit_period; /* 0: no audits. */
    struct outputs outputs;
    struct console_view console;
    struct instructions instructions;
    bool shows_progress;
    uint32_t asked;
    struct timespec started, shown;
    struct timespec booted; /* As the host says, when boot was last seen. */
};

/* The one thing a signal may touch. */
static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    (void)number;
    stop_requested = 1;
}

/* ---- Options ------------------------------------------------------------ */

enum {
    OPT_SET = 256,
    OPT_UNTIL,
    OPT_OUT,
    OPT_JSON,
    OPT_CHECK,
    OPT_CONSOLE,
    OPT_SEED,
    OPT_AGAIN,
    OPT_DISCARD,
    OPT_INSTRUCTIONS,
    OPT_OUTPUTS /* And enum output. */
};

static const struct option long_options[] = {
    { "seed", required_argument, NULL, OPT_SEED },
    { "set", required_argument, NULL, OPT_SET },
    { "until", required_argument, NULL, OPT_UNTIL },
    { "out", required_argument, NULL, OPT_OUT },
    { "json", no_argument, NULL, OPT_JSON },
    { "check", optional_argument, NULL, OPT_CHECK },
    { "pcap", required_argument, NULL, OPT_OUTPUTS + OUTPUT_PCAP },
    { "trace", required_argument, NULL, OPT_OUTPUTS + OUTPUT_TRACE },
    { "report", required_argument, NULL, OPT_OUTPUTS + OUTPUT_PAGE },
    { "console", no_argument, NULL, OPT_CONSOLE },
    { "again", required_argument, NULL, OPT_AGAIN },
    { "vms", required_argument, NULL, OPT_OUTPUTS + OUTPUT_VMS },
    { "discard", no_argument, NULL, OPT_DISCARD },
    { "instructions", required_argument, NULL, OPT_INSTRUCTIONS },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
    "SCENARIO is a YAML file; workloads/scenarios/ has some to begin with.\n"
    "\n"
    "Options:\n"
    "  --seed N          the seed of every random stream (default: run.seed)\n"
    "  --set KEY=VALUE   change a key of the scenario; may be repeated:\n"
    "                    --set 'vms[0].count=1000' --set kernel.quantum=5ms\n"
    "  --until TIME      end the run at that virtual time at the latest, such\n"
    "                    as 10ms or 2s\n"
    "  --json            the report as JSON on stdout (docs/report.md)\n"
    "  --out DIR         keep what is needed to repeat the run in DIR: "
    "report,\n"
    "                    scenario with all defaults, manifest, images, "
    "console\n"
    "  --pcap FILE       write all traffic at the switch, in virtual time, "
    "for\n"
    "                    tshark or Wireshark\n"
    "  --vms FILE        write what each VM got and did as CSV\n"
    "  --trace FILE      write every decision of the run, for iksim trace\n"
    "  --report FILE     write a page of figures and plots, to be looked at "
    "in\n"
    "                    a browser: HTML that needs nothing else\n"
    "  --again DIR       instead of a scenario: repeat the run of a run\n"
    "                    directory, and say whether it was the same; with\n"
    "                    none of --seed, --set and --until\n"
    "  --discard         leave the files of disks as they are: what the run\n"
    "                    writes on such disks is forgotten\n"
    "  --console         print all console output (default: the first lines)\n"
    "  --instructions VM[:FILE]\n"
    "                    write a line for each instruction that this VM\n"
    "                    retires, and what it changed, to FILE or stdout; VM\n"
    "                    is its number, or its name as on the console: web-3\n"
    "  --check[=N]       audit the kernel's invariants while it runs: sums at\n"
    "                    every step, all tables every N steps (65536)\n"
    "\n"
    "Exit: 0 done; 1 something was found wrong (a wrong answer, a failed\n"
    "audit, RAM exhausted, a run not repeated); 2 the scenario or the call\n"
    "is wrong; 130 after Ctrl-C, with the results so far. The keys stand\n"
    "in docs/scenario.md.\n";

static int add_set(const struct command *self, struct run *r, const char *set)
{
    if (r->set_count == SET_LIMIT) {
        return cli_misuse(self, "more than %d --set", SET_LIMIT);
    }
    r->sets[r->set_count++] = set;
    return CLI_DONE;
}

static int set_seed(const struct command *self, struct run *r)
{
    bool is_new = r->seed_set[0] == '\0';
    int code = cli_take_seed(self, optarg, r->seed_set);
    return code == CLI_DONE && is_new ? add_set(self, r, r->seed_set) : code;
}

static bool set_audits(struct run *r, const char *value)
{
    uint64_t period = AUDIT_PERIOD;
    if (value && (units_read_whole(value, &period) || period == 0 ||
                  period > UINT32_MAX)) {
        return false;
    }
    r->audit_period = (uint32_t)period;
    return true;
}

static int take_option(const struct command *self, void *ctx, int option)
{
    struct run *r = ctx;
    switch (option) {
    case OPT_SEED:
        return set_seed(self, r);
    case OPT_SET:
        return add_set(self, r, optarg);
    case OPT_UNTIL: {
        const char *why = units_read_time(optarg, &r->until_ns);
        if (why || r->until_ns == 0) {
            return cli_misuse(self, "--until %s, not '%s'",
                              why ? why : "must be more than 0", optarg);
        }
        return CLI_DONE;
    }
    case OPT_OUT:
        r->out_dir = optarg;
        return CLI_DONE;
    case OPT_AGAIN:
        r->again_dir = optarg;
        return CLI_DONE;
    case OPT_DISCARD:
        r->discards = true;
        return CLI_DONE;
    case OPT_JSON:
        r->json = true;
        return CLI_DONE;
    case OPT_CHECK:
        return set_audits(r, optarg)
                   ? CLI_DONE
                   : cli_misuse(self,
                                "--check wants a number of steps, not "
                                "'%s'",
                                optarg);
    case OPT_INSTRUCTIONS:
        return instructions_parse(&r->instructions, optarg)
                   ? CLI_DONE
                   : cli_misuse(self,
                                "--instructions wants a VM, or VM:FILE, not "
                                "'%s'",
                                optarg);
    case OPT_CONSOLE:
        r->console_all = true;
        return CLI_DONE;
    case OPT_OUTPUTS + OUTPUT_PCAP:
    case OPT_OUTPUTS + OUTPUT_TRACE:
    case OPT_OUTPUTS + OUTPUT_PAGE:
    case OPT_OUTPUTS + OUTPUT_VMS:
        r->outputs.paths[option - OPT_OUTPUTS] = optarg;
        return CLI_DONE;
    default:
        return cli_misuse(self, "bad option");
    }
}

static int parse(const struct command *self, struct run *r, int argc,
                 char **argv)
{
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, r);
    if (code != CLI_DONE) {
        return code;
    }
    if (r->again_dir) {
        return words.count == 0 && r->set_count == 0 && r->until_ns == 0
                   ? CLI_DONE
                   : cli_misuse(self, "--again repeats a run as it was: it "
                                      "takes no scenario, --seed, --set or "
                                      "--until");
    }
    if (words.count != 1) {
        return cli_misuse(self, words.count == 0 ? "no scenario is named"
                                                 : "one scenario at a time");
    }
    r->path = words.words[0];
    return CLI_DONE;
}

/* ---- While it runs ------------------------------------------------------ */

static double seconds_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) +
           (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static struct timespec host_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

/* How long the rest takes if the host goes on as it has since boot. */
static void show_time_left(struct run *r, struct timespec now, double done)
{
    double gone = seconds_between(r->booted, now);
    if (done >= 0.01 && gone > 1) {
        fprintf(stderr, ", about %.0f s left", gone * (1 - done) / done);
    }
}

static void show_progress(struct run *r, const struct session *s)
{
    struct timespec now = host_now();
    if (seconds_between(r->shown, now) < 1.0 / PROGRESS_HZ) {
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

static bool on_question(void *ctx, const struct session *s)
{
    struct run *r = ctx;
    if (r->shows_progress && ++r->asked % CLOCK_STRIDE == 0) {
        show_progress(r, s);
    }
    return stop_requested != 0;
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

/* What watches has the first event, too. */
static bool on_built(void *ctx, struct session *s,
                     char message[SCENARIO_MESSAGE_BYTES])
{
    struct run *r = ctx;
    return outputs_open(&r->outputs, s, message);
}

/* ---- Afterwards --------------------------------------------------------- */

static struct report_host host_figures(const struct run *r)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double wall = seconds_between(r->started, host_now());
    double insns = (double)r->session.stats->guest.instructions;
    return (struct report_host){
        .wall_s = wall,
        .mips = wall > 0 ? insns / wall / 1e6 : 0,
        .max_rss_kib = (uint64_t)usage.ru_maxrss,
        .unicorn = cpu_engine_version(),
    };
}

static bool has_ended_badly(const struct vm *vm)
{
    return vm_has_faulted(vm) ||
           (vm->end == VM_END_TERMINATE && vm->end_detail != 0);
}

static void print_bad_ends(const struct kernel *k)
{
    uint32_t shown = 0;
    for (vmid_t i = 0; i < k->vm_count && shown <= FAULTS_SHOWN; i++) {
        const struct vm *vm = &k->vms[i];
        if (!has_ended_badly(vm)) {
            continue;
        }
        if (shown++ == FAULTS_SHOWN) {
            puts("  and more");
            break;
        }
        char text[256];
        lifecycle_describe_end(vm, text, sizeof(text));
        printf("%s%s: %s\n", shown == 1 ? "\nEnded badly\n  " : "  ",
               vm_name_and_number(&k->config.scenario->roster, i).chars, text);
    }
}

/* Says on stderr what kept the run from being whole; returns the exit code. */
static int judge(const struct run *r)
{
    const struct session *s = &r->session;
    char message[SCENARIO_MESSAGE_BYTES];
    int code = session_judge(s, message);
    if (code != CLI_DONE) {
        cli_complain("%s", message);
    }
    const struct load_stats *load = &s->stats->load;
    if (load->timed_out > 0 && load->timed_out == load->sent) {
        fputs("iksim: none of the requests was answered in time: do the VMs "
              "serve HTTP, and do they live?\n",
              stderr);
    }
    if (s->was_cut) {
        fputs("iksim: cut short by --until: results so far\n", stderr);
    }
    if (s->was_interrupted) {
        fputs("iksim: interrupted: results so far\n", stderr);
        code = CLI_INTERRUPTED;
    }
    return code;
}

/* Each result is tried, whatever became of the others. */
static int write_results(struct run *r)
{
    struct session *s = &r->session;
    struct report_host host = host_figures(r);
    struct report report = {
        .scenario = s->scenario,
        .stats = s->stats,
        .trace = s->trace,
        .host = &host,
    };
    int code = judge(r);
    if (r->again_dir) {
        /* What was wrong with it then is wrong with it now. */
        int same = again_judge(&r->again, s, r->json);
        code = code == CLI_INTERRUPTED ? code : same;
    } else if (!r->json) {
        report_print(&report, stdout);
        print_bad_ends(s->kernel);
    } else if (!report_write_json(&report, stdout) && !ferror(stdout)) {
        /* What stdout did not take, main says. */
        code = cli_complain("out of memory for the report");
    }
    if (r->out_dir &&
        !rundir_write(r->out_dir, s, &report, r->outputs.paths[OUTPUT_TRACE])) {
        code = CLI_USAGE;
    }
    if (!outputs_finish(&r->outputs, &report)) {
        code = CLI_USAGE;
    }
    return code;
}

/* What needs the kernel; the others are open since on_built. */
static bool open_views(struct run *r)
{
    struct session *s = &r->session;
    if (r->out_dir &&
        (!rundir_create(r->out_dir) || !rundir_keep_disks(r->out_dir, s))) {
        return false;
    }
    FILE *out = r->json ? stderr : stdout;
    return instructions_open(&r->instructions, &r->session, out) &&
           console_view_open(&r->console, s, r->out_dir, out, r->console_all);
}

static int execute(struct run *r)
{
    char message[SCENARIO_MESSAGE_BYTES];
    struct session_options options = {
        .path = r->path,
        .scenario = { .sets = r->sets, .set_count = r->set_count },
        .audit_period = r->audit_period,
        .followed = r->instructions.vm,
        .until_ns = r->until_ns,
        .keeps_files = r->discards || r->again_dir,
        .observer = { .built = on_built,
                      .console = on_console,
                      .tap = r->outputs.paths[OUTPUT_PCAP] ? on_packet : NULL,
                      .step = r->instructions.vm[0] ? on_step : NULL,
                      .interrupted = on_question,
                      .ctx = r },
    };
    int code = CLI_USAGE;
    if (r->again_dir) {
        if (!again_open(&r->again, r->again_dir, &options.until_ns)) {
            rundir_close(&r->again);
            return CLI_USAGE;
        }
        options.path = r->again.scenario_path;
        options.scenario.sets = r->again.sets;
        options.scenario.set_count = r->again.set_count;
    }
    r->started = host_now();
    r->booted = r->started;
    r->shows_progress = isatty(STDERR_FILENO);
    if (!session_open(&r->session, &options, message)) {
        cli_complain("%s", message);
    } else if (open_views(r)) {
        struct sigaction action = { .sa_handler = on_signal,
                                    .sa_flags = (int)SA_RESETHAND };
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        bool went_well = session_run(&r->session);
        if (r->shows_progress) {
            fputs("\r\033[K", stderr);
        }
        console_view_close(&r->console, &r->session);
        code = write_results(r);
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
    outputs_release(&r->outputs);
    session_close(&r->session);
    rundir_close(&r->again);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct run *r = calloc(1, sizeof(*r));
    if (!r) {
        return cli_complain("out of memory");
    }
    int code = parse(self, r, argc, argv);
    if (code == CLI_DONE) {
        code = execute(r);
    }
    free(r);
    return code;
}

const struct command command_run = {
    .name = "run",
    .arguments = "SCENARIO [OPTION]...",
    .summary = "Runs a scenario and reports",
    .help = help,
    .run = run,
};

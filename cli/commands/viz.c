/* viz.c - `iksim viz`: watches a run, as it happens or from its trace. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/viz_live.h"
#include "sim/units.h"

#define SET_LIMIT     256
#define SECONDS_LIMIT 3600

enum {
    OPT_SCREENSHOT = 256,
    OPT_SIZE,
    OPT_VM,
    OPT_BENCH,
    OPT_SET,
    OPT_FINGERPRINT,
    OPT_EVENTS,
    OPT_HELP
};

static const struct option long_options[] = {
    { "screenshot", required_argument, NULL, OPT_SCREENSHOT },
    { "size", required_argument, NULL, OPT_SIZE },
    { "vm", required_argument, NULL, OPT_VM },
    { "bench", required_argument, NULL, OPT_BENCH },
    { "set", required_argument, NULL, OPT_SET },
    { "fingerprint", no_argument, NULL, OPT_FINGERPRINT },
    /* For tests: input from a file; see viz/script.h. */
    { "events", required_argument, NULL, OPT_EVENTS },
    { "help", no_argument, NULL, OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
    "A SCENARIO (.yaml, .json) is run and watched as it goes; any other file\n"
    "is taken for a TRACE, as `iksim run --trace FILE` writes it. docs/viz.md\n"
    "explains each part of the picture.\n"
    "\n"
    "Options:\n"
    "  --screenshot TIME FILE  no window: the picture at that virtual time "
    "from\n"
    "                          the start of the run, such as 1.5s, as PNG\n"
    "  --size WxH              of the picture or window (1280x800)\n"
    "  --vm VM                 select that VM: its number, or its name "
    "(web-3)\n"
    "  --set KEY=VALUE         as for `iksim run`; scenarios only\n"
    "  --fingerprint           scenarios only: afterwards finish the run, and\n"
    "                          print its fingerprint\n"
    "  --bench SECONDS         no window: play the whole trace in that time, "
    "and\n"
    "                          print how many pictures a second were drawn\n"
    "\n"
    "Keys: space plays and pauses; right arrow: one event; tab: to the next\n"
    "choice of the scheduler; left arrow: back; + and -: speed; / and a\n"
    "number: select a VM; ? shows all keys. The mouse: click on a VM, on the\n"
    "time line or on a plot; the wheel comes nearer.\n"
    "\n"
    "Exit: 0 done; 1 the trace is not whole, or the run failed; 2 the call,\n"
    "the scenario or the file is wrong, or there is no display.\n";

struct call {
    struct viz_options viz;
    const char *path;
    const char *sets[SET_LIMIT];
    uint32_t set_count;
    bool wants_fingerprint;
};

static bool read_size(const char *text, struct viz_options *o)
{
    char width[16];
    uint64_t w = 0;
    uint64_t h = 0;
    const char *x = strchr(text, 'x');
    if (!x || (size_t)(x - text) >= sizeof(width)) {
        return false;
    }
    snprintf(width, sizeof(width), "%.*s", (int)(x - text), text);
    if (units_read_whole(width, &w) || units_read_whole(x + 1, &h) ||
        w < VIZ_WIDTH_LEAST || h < VIZ_HEIGHT_LEAST || w > VIZ_SIZE_MOST ||
        h > VIZ_SIZE_MOST) {
        return false;
    }
    o->width = (int32_t)w;
    o->height = (int32_t)h;
    return true;
}

/* --screenshot has two words; the second one is argv[optind]. */
static int take_screenshot(const struct command *self, struct call *c, int argc,
                           char **argv)
{
    const char *why = units_read_time(optarg, &c->viz.picture_ns);
    if (why) {
        return cli_misuse(self, "the time of --screenshot %s, not '%s'", why,
                          optarg);
    }
    if (optind >= argc) {
        return cli_misuse(self, "--screenshot wants a time and a file");
    }
    c->viz.picture = argv[optind++];
    return CLI_DONE;
}

static int take_number(const struct command *self, const char *option,
                       uint64_t most, uint32_t *out)
{
    uint64_t value = 0;
    if (units_read_whole(optarg, &value) || value > most) {
        return cli_misuse(self, "%s wants a whole number up to %llu, not '%s'",
                          option, (unsigned long long)most, optarg);
    }
    *out = (uint32_t)value;
    return CLI_DONE;
}

/* Returns CLI_DONE to go on, or the exit code; -1: help was asked for. */
static int take_option(const struct command *self, struct call *c, int option,
                       int argc, char **argv)
{
    switch (option) {
    case OPT_SCREENSHOT:
        return take_screenshot(self, c, argc, argv);
    case OPT_SIZE:
        return read_size(optarg, &c->viz)
                   ? CLI_DONE
                   : cli_misuse(self,
                                "--size wants WIDTHxHEIGHT from %dx%d to "
                                "%dx%d, not '%s'",
                                VIZ_WIDTH_LEAST, VIZ_HEIGHT_LEAST,
                                VIZ_SIZE_MOST, VIZ_SIZE_MOST, optarg);
    case OPT_VM:
        c->viz.selected = optarg;
        return CLI_DONE;
    case OPT_BENCH: {
        int code =
            take_number(self, "--bench", SECONDS_LIMIT, &c->viz.bench_seconds);
        if (code == CLI_DONE && c->viz.bench_seconds == 0) {
            return cli_misuse(self, "--bench wants at least 1 second");
        }
        return code;
    }
    case OPT_SET:
        if (c->set_count == SET_LIMIT) {
            return cli_misuse(self, "more than %d --set", SET_LIMIT);
        }
        c->sets[c->set_count++] = optarg;
        return CLI_DONE;
    case OPT_FINGERPRINT:
        c->wants_fingerprint = true;
        return CLI_DONE;
    case OPT_EVENTS:
        c->viz.script_path = optarg;
        return CLI_DONE;
    case 'h':
    case OPT_HELP:
        cli_help(self);
        return -1;
    case ':':
        return cli_misuse(self, "'%s' wants a value", argv[optind - 1]);
    default:
        return cli_misuse(self, "unknown option '%s'", argv[optind - 1]);
    }
}

static bool is_scenario(const char *path)
{
    static const char *const ends[] = { ".yaml", ".yml", ".json" };
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t end = strlen(ends[i]);
        if (length > end && strcmp(path + length - end, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int parse(const struct command *self, struct call *c, int argc,
                 char **argv)
{
    opterr = 0;
    for (int option;
         (option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1;) {
        int code = take_option(self, c, option, argc, argv);
        if (code != CLI_DONE) {
            return code;
        }
    }
    if (optind + 1 != argc) {
        return cli_misuse(self, optind == argc
                                    ? "no scenario and no trace is named"
                                    : "one scenario or trace at a time");
    }
    c->path = argv[optind];
    if (c->viz.picture && c->viz.bench_seconds > 0) {
        return cli_misuse(self, "--screenshot and --bench: one at a time");
    }
    if (!is_scenario(c->path) && (c->set_count > 0 || c->wants_fingerprint)) {
        return cli_misuse(self,
                          "'%s' is taken for a trace: --set and "
                          "--fingerprint are for scenarios",
                          c->path);
    }
    return CLI_DONE;
}

static int exit_code(enum viz_end end, const char *message)
{
    if (end == VIZ_DONE) {
        return CLI_DONE;
    }
    cli_complain("%s", message);
    return end == VIZ_PARTLY ? CLI_WRONG : CLI_USAGE;
}

static int watch_trace(struct call *c)
{
    char message[VIZ_MESSAGE_BYTES];
    const char *slash = strrchr(c->path, '/');
    c->viz.name = slash ? slash + 1 : c->path;
    c->viz.trace_path = c->path;
    return exit_code(viz_run(&c->viz, message), message);
}

static int watch_scenario(struct call *c)
{
    char message[SCENARIO_MESSAGE_BYTES];
    struct session_options options = {
        .path = c->path,
        .scenario = { .sets = c->sets, .set_count = c->set_count },
    };
    struct viz_session *v = viz_session_open(&options, message);
    if (!v) {
        return cli_complain("%s", message);
    }
    c->viz.live = viz_session_live(v);
    c->viz.name = viz_session_of(v)->scenario->name;
    char why[VIZ_MESSAGE_BYTES];
    int code = exit_code(viz_run(&c->viz, why), why);
    if (code != CLI_USAGE && c->wants_fingerprint) {
        viz_session_finish(v);
        char hex[FINGERPRINT_CHARS];
        trace_fingerprint(viz_session_of(v)->trace, hex);
        printf("Fingerprint %s\n", hex);
    }
    viz_session_close(v);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct call c = { 0 };
    viz_options_init(&c.viz);
    int code = parse(self, &c, argc, argv);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    return is_scenario(c.path) ? watch_scenario(&c) : watch_trace(&c);
}

const struct command command_viz = {
    .name = "viz",
    .arguments = "SCENARIO|TRACE [OPTION]...",
    .summary = "Shows a run, live or from its trace",
    .help = help,
    .run = run,
};

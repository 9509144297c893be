/* viz.c - `iksim viz`: watches a run, as it happens or from its trace. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/commands/viz_live.h"
#include "sim/units.h"

#define SECONDS_LIMIT 3600

struct size {
    int32_t width, height; /* In pixels; 0: no --size was given. */
};

struct call {
    struct viz_options viz;
    const char *path;
    struct sets sets;
    struct size size;
    uint64_t picture_ns;
    const char *picture;
    const char *vm;
    const char *view, *order;
    uint64_t from_ns, to_ns;
    uint32_t bench_seconds;
    const char *script_path;
    bool wants_fingerprint;
};

/* ---- Options ------------------------------------------------------------ */

static bool read_size(const char *text, void *at,
                      char message[CLI_MESSAGE_BYTES])
{
    struct size *size = at;
    char width[16] = "";
    uint64_t w = 0;
    uint64_t h = 0;
    const char *x = strchr(text, 'x');
    if (x && (size_t)(x - text) < sizeof(width)) {
        snprintf(width, sizeof(width), "%.*s", (int)(x - text), text);
    }
    if (!x || units_read_whole(width, &w) || units_read_whole(x + 1, &h) ||
        w < VIZ_WIDTH_LEAST || h < VIZ_HEIGHT_LEAST || w > VIZ_SIZE_MOST ||
        h > VIZ_SIZE_MOST) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "must be WIDTHxHEIGHT from %dx%d to %dx%d, not '%s'",
                 VIZ_WIDTH_LEAST, VIZ_HEIGHT_LEAST, VIZ_SIZE_MOST,
                 VIZ_SIZE_MOST, text);
        return false;
    }
    *size = (struct size){ (int32_t)w, (int32_t)h };
    return true;
}

static const struct cli_option argument_rows[] = {
    { .name = "scenario or trace",
      .argument = "SCENARIO|TRACE",
      CLI_FILE(struct call, path),
      .help = "A scenario (`.yaml`, `.yml`, `.json`) is run and watched as it "
              "goes; any other file is taken for a trace that `iksim run "
              "--trace FILE` has written." },
    CLI_END
};

static const struct cli_option picture_file = {
    .name = "screenshot",
    .argument = "FILE",
    CLI_FILE(struct call, picture),
};

static const char *const views[] = { "panels", "raster", NULL };
static const char *const orders[] = { "number", "group", "processor", "waiting",
                                      NULL };

static const struct cli_option option_rows[] = {
    { .name = "screenshot",
      .argument = "TIME",
      .after = &picture_file,
      CLI_TIME(struct call, picture_ns),
      .excludes = "bench",
      .help = "No window is opened: the picture at this virtual time from the "
              "start of the run, such as `1.5s`, is written to FILE as PNG. "
              "If the run ends before, the picture is of its end, and the exit "
              "code is 1." },
    { .name = "size",
      .argument = "WxH",
      CLI_OWN(struct call, size, struct size, read_size),
      .otherwise = "1280x800",
      .help =
          "The picture or window is W pixels wide and H high, from 1024x700 "
          "to 3840x3840." },
    { .name = "vm",
      .argument = "VM",
      CLI_TEXT(struct call, vm),
      .help = "This VM is selected at the start: its number, or its name, such "
              "as `web-3`." },
    { .name = "view",
      .argument = "VIEW",
      CLI_CHOICE(struct call, view, views),
      .otherwise = "panels",
      .help = "`panels` show a moment; `raster` shows all of a trace's time, a "
              "row a VM." },
    { .name = "from",
      .argument = "TIME",
      CLI_TIME(struct call, from_ns),
      .help = "The raster begins at this virtual time." },
    { .name = "to",
      .argument = "TIME",
      CLI_TIME(struct call, to_ns),
      .help = "The raster ends at this virtual time." },
    { .name = "order",
      .argument = "ORDER",
      CLI_CHOICE(struct call, order, orders),
      .otherwise = "number",
      .help = "The raster's rows stand by number, by group and processor time, "
              "by processor time, or by waiting." },
    OPTION_SET(struct call, sets),
    { .name = "fingerprint",
      CLI_FLAG(struct call, wants_fingerprint),
      .help = "Only of a scenario: when the window is closed, the run is "
              "finished, and its fingerprint is printed." },
    { .name = "bench",
      .argument = "SECONDS",
      CLI_WHOLE(struct call, bench_seconds),
      .least = 1,
      .most = SECONDS_LIMIT,
      .help = "No window is opened: the whole trace is played in that time (a "
              "scenario at its usual speed), and how many pictures were drawn "
              "in a second is printed." },
    { .name = "events",
      .argument = "FILE",
      CLI_FILE(struct call, script_path),
      .is_hidden = true,
      .help = "For tests: input comes from a file; see viz/script.h." },
    CLI_END
};

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

static int check(const struct command *self, const struct call *c)
{
    if (!is_scenario(c->path) &&
        (c->sets.list.count > 0 || c->wants_fingerprint)) {
        return cli_misuse(self,
                          "'%s' is taken for a trace: --set and "
                          "--fingerprint are for scenarios",
                          c->path);
    }
    if ((c->from_ns > 0 || c->to_ns > 0) &&
        (!c->view || strcmp(c->view, "raster") != 0)) {
        return cli_misuse(self, "--from and --to are for --view raster");
    }
    if (c->to_ns > 0 && c->from_ns >= c->to_ns) {
        return cli_misuse(self, "--from must be before --to");
    }
    return CLI_DONE;
}

/* Tells the visualizer what the call asks for. */
static void fill_in(struct call *c)
{
    viz_options_init(&c->viz);
    if (c->size.width > 0) {
        c->viz.width = c->size.width;
        c->viz.height = c->size.height;
    }
    c->viz.picture = c->picture;
    c->viz.picture_ns = c->picture_ns;
    c->viz.selected = c->vm;
    c->viz.shows_raster = c->view && strcmp(c->view, "raster") == 0;
    c->viz.from_ns = c->from_ns;
    c->viz.to_ns = c->to_ns;
    c->viz.order = c->order;
    c->viz.bench_seconds = c->bench_seconds;
    c->viz.script_path = c->script_path;
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
        .scenario = { .sets = c->sets.list.items,
                      .set_count = c->sets.list.count },
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

static int run(const struct command *self, void *ctx)
{
    struct call *c = ctx;
    int code = check(self, c);
    if (code != CLI_DONE) {
        return code;
    }
    fill_in(c);
    return is_scenario(c->path) ? watch_scenario(c) : watch_trace(c);
}

const struct command command_viz = {
    .name = "viz",
    .summary = "Shows a run in a window, live or from its trace",
    .about =
        "The run can be paused, stepped and wound back. The space bar plays "
        "and pauses; the right arrow goes on by one event, the left arrow goes "
        "back; tab goes to the scheduler's next choice; `+` and `-` change the "
        "speed; `/` and a number select a VM; `?` shows all keys. A click "
        "selects what is under the mouse, and the wheel zooms. docs/viz.md "
        "explains each part of the picture.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The run was shown.",
               [CLI_EXIT_WRONG] = "The trace is not whole, or the run failed.",
               [CLI_EXIT_USAGE] =
                   "The call, the scenario or the file is wrong, or there is "
                   "no display." },
    .examples =
        (const struct cli_example[]){
            { "A run as it goes, and a picture without a window",
              "iksim viz workloads/scenarios/first.yaml" },
            { NULL, "iksim viz first.trace --screenshot 1.5s first.png" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct call),
    .run = run,
};

/* trace.c - `iksim trace`: reads what `iksim run --trace` has written. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/views/trace/exporter.h"

#define CONTEXT       5
#define CONTEXT_LIMIT 10000

/* ---- Which events -------------------------------------------------------- */

static void offer_kinds(struct cli_offers *to)
{
    for (uint32_t i = 0; i < TRACE_KIND_COUNT; i++) {
        cli_offer_item(to, trace_kinds[i].name);
    }
}

#define FILTER                                                               \
    OPTION_VMS(struct trace_args, filter.vm_text),                           \
        { .name = "layer",                                                   \
          .argument = "LIST",                                                \
          CLI_OWN(struct trace_args, filter.layers, uint32_t,                \
                  filter_read_layers),                                       \
          .words = &trace_layer_words,                                       \
          .help = "Only events of these layers count, with commas between "  \
                  "them." },                                                 \
        { .name = "kind",                                                    \
          .argument = "LIST",                                                \
          CLI_OWN(struct trace_args, filter.kinds, uint64_t,                 \
                  filter_read_kinds),                                        \
          .offer = offer_kinds,                                              \
          .help =                                                            \
              "Only events of these kinds count, with commas between them. " \
              "docs/trace.md explains every kind." },                        \
        OPTION_FROM(struct trace_args, filter.from_ns),                      \
        { .name = "to",                                                      \
          .argument = "TIME",                                                \
          CLI_TIME(struct trace_args, filter.to_ns),                         \
          .initial = UINT64_MAX,                                             \
          .help = "Only events at or before this virtual time count." },     \
        { .name = "limit",                                                   \
          .argument = "N",                                                   \
          CLI_WHOLE(struct trace_args, filter.limit),                        \
          .initial = UINT64_MAX,                                             \
          .help = "Only the first N of these events count." }

static const struct cli_option one_trace[] = {
    ARGUMENT_TRACE(struct trace_args, path), CLI_END
};

static const struct cli_option two_traces[] = {
    ARGUMENT_TRACE(struct trace_args, path),
    { .name = "second trace",
      .argument = "OTHER",
      CLI_FILE(struct trace_args, other),
      .help = "The other trace is compared with the first one." },
    CLI_END
};

static const struct cli_option filter_options[] = { FILTER, CLI_END };

static const struct cli_option diff_options[] = {
    { .name = "context",
      .argument = "N",
      CLI_WHOLE(struct trace_args, context),
      .initial = CONTEXT,
      .most = CONTEXT_LIMIT,
      .help = "N events are shown before the one that differs, and N of each "
              "trace after it." },
    FILTER,
    CLI_END
};

#define OPTION_FORMAT(format, sentences)                         \
    { .name = #format,                                           \
      .is_required = true,                                       \
      CLI_CONSTANT(struct trace_args, exporter, struct exporter, \
                   &exporter_##format),                          \
      .help = sentences },

#define OPTION_OUT                      \
    { .name = "out",                    \
      .letter = 'o',                    \
      .argument = "FILE",               \
      CLI_FILE(struct trace_args, out), \
      .otherwise = "standard output",   \
      .help = "The events are written to FILE." }

static const struct cli_option export_options[] = { EXPORTERS(OPTION_FORMAT)
                                                        OPTION_OUT,
                                                    FILTER, CLI_END };

/* ---- The commands -------------------------------------------------------- */

static int free_after(struct trace_args *a, int code)
{
    trace_args_free(a);
    return code;
}

static int run_show(const struct command *self, void *ctx)
{
    (void)self;
    return free_after(ctx, trace_show(ctx));
}

static int run_stats(const struct command *self, void *ctx)
{
    (void)self;
    return free_after(ctx, trace_stats(ctx));
}

static int run_hash(const struct command *self, void *ctx)
{
    (void)self;
    return free_after(ctx, trace_hash_verb(ctx));
}

static int run_diff(const struct command *self, void *ctx)
{
    (void)self;
    return free_after(ctx, trace_diff(ctx));
}

static int run_export(const struct command *self, void *ctx)
{
    (void)self;
    return free_after(ctx, trace_export(ctx));
}

static int run_legend(const struct command *self, void *ctx)
{
    (void)self;
    (void)ctx;
    return trace_legend();
}

#define EXIT_DAMAGED \
    "The trace is damaged or was cut short; what is whole of it is used."
#define EXIT_NO_TRACE "The call is wrong, or there is no trace to read."

static const struct command show = {
    .name = "trace show",
    .summary = "Prints events as lines",
    .about = "A line has the time in seconds since power-on, the VM, the kind "
             "of the event, and what it says.",
    .arguments = one_trace,
    .options = filter_options,
    .exits = { [CLI_EXIT_DONE] = "The events are printed.",
               [CLI_EXIT_WRONG] = EXIT_DAMAGED,
               [CLI_EXIT_USAGE] = EXIT_NO_TRACE },
    .examples =
        (const struct cli_example[]){
            { "What the disks and the gatekeeper did in a tenth of a second",
              "iksim trace show first.trace --layer disk,gate --from 1s --to "
              "1100ms" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct trace_args),
    .run = run_show,
};

static const struct command stats = {
    .name = "trace stats",
    .summary = "Counts events by layer and kind",
    .arguments = one_trace,
    .options = filter_options,
    .exits = { [CLI_EXIT_DONE] = "The counts are printed.",
               [CLI_EXIT_WRONG] = EXIT_DAMAGED,
               [CLI_EXIT_USAGE] = EXIT_NO_TRACE },
    .size_bytes = sizeof(struct trace_args),
    .run = run_stats,
};

static const struct command hash = {
    .name = "trace hash",
    .summary = "Computes the fingerprints from the events anew",
    .about = "The fingerprints are compared with those that the run wrote at "
             "the end of "
             "the trace.",
    .arguments = one_trace,
    .exits = { [CLI_EXIT_DONE] = "The fingerprints are those of the run.",
               [CLI_EXIT_WRONG] =
                   "The fingerprints are others, or the trace is damaged or "
                   "was cut short.",
               [CLI_EXIT_USAGE] = EXIT_NO_TRACE },
    .size_bytes = sizeof(struct trace_args),
    .run = run_hash,
};

static const struct command diff = {
    .name = "trace diff",
    .summary = "Finds the first event in which two traces differ",
    .about = "What only a policy or a hash knows does not count as a "
             "difference.",
    .arguments = two_traces,
    .options = diff_options,
    .exits = { [CLI_EXIT_DONE] = "The traces have the same events.",
               [CLI_EXIT_WRONG] = "The traces differ, or one of them is "
                                  "damaged or was cut short.",
               [CLI_EXIT_USAGE] = EXIT_NO_TRACE },
    .size_bytes = sizeof(struct trace_args),
    .run = run_diff,
};

static const struct command export = {
    .name = "trace export",
    .summary = "Writes the events for other programs",
    .about = "One of the formats must be named.",
    .arguments = one_trace,
    .options = export_options,
    .exits = { [CLI_EXIT_DONE] = "The events are written.",
               [CLI_EXIT_WRONG] = EXIT_DAMAGED,
               [CLI_EXIT_USAGE] = "The call is wrong, there is no trace to "
                                  "read, or the file cannot be written." },
    .examples =
        (const struct cli_example[]){
            { "A time line for ui.perfetto.dev",
              "iksim trace export first.trace --perfetto --out first.pftrace" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct trace_args),
    .run = run_export,
};

static const struct command legend = {
    .name = "trace legend",
    .summary = "Prints all kinds of events, their fields and words",
    .about = "The kinds are tables in Markdown, as docs/trace.md has them.",
    .exits = { [CLI_EXIT_DONE] = "The tables are printed.",
               [CLI_EXIT_USAGE] = "The call is wrong." },
    .run = run_legend,
};

const struct command command_trace = {
    .name = "trace",
    .summary = "Reads the trace that a run has written",
    .about = "docs/trace.md explains every event.",
    .commands = (const struct command *const[]){ &show, &stats, &hash, &diff,
                                                 &export, &legend, NULL },
};

/* trace.c - `iksim trace`: reads what `iksim run --trace` has written. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/views/trace/exporter.h"

static const struct trace_verb verbs[] = {
    { "show", trace_show },      { "stats", trace_stats },
    { "hash", trace_hash_verb }, { "diff", trace_diff },
    { "export", trace_export },  { "legend", trace_legend },
};

static int help(const struct command *self)
{
    int code = cli_help(self);
    puts("\nFormats of export:");
    for (size_t i = 0; exporters[i]; i++) {
        printf("  --%-16s %s\n", exporters[i]->name, exporters[i]->summary);
    }
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (cli_wants_help(argv[i])) {
            return help(self);
        }
    }
    if (argc < 2) {
        return cli_misuse(self, "what is to be done with which trace?");
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            return verbs[i].run(self, argc - 1, argv + 1);
        }
    }
    return cli_misuse(self, "'%s' is nothing that can be done with a trace",
                      argv[1]);
}

const struct command command_trace = {
    .name = "trace",
    .arguments = "show|stats|hash|diff|export|legend [FILE]... [OPTION]...",
    .summary = "Reads the trace that a run has written",
    .help =
        "  show FILE          events as lines: seconds, VM, kind, what it "
        "says\n"
        "  stats FILE         how many events of each kind\n"
        "  hash FILE          the fingerprints, folded from the events anew "
        "and\n"
        "                     compared with those of the run\n"
        "  diff A B           the first event that differs, with what is "
        "around\n"
        "  export FILE        for other programs\n"
        "  legend             all kinds of events, their fields and words, in\n"
        "                     Markdown\n"
        "\n"
        "Which events (show, stats, diff, export):\n"
        "  --vm LIST          numbers, names (web-3), ranges (3-7), groups\n"
        "  --layer LIST       cpu, sched, gate, memory, virq, net, disk, load\n"
        "  --kind LIST        by name: docs/trace.md has all\n"
        "  --from TIME        not before that virtual time since power-on\n"
        "  --to TIME          and not after that one, such as 1500us or 2s\n"
        "  --limit N          the first N of them\n"
        "diff:\n"
        "  --context N        events to show before, and of each after (5)\n"
        "export:\n"
        "  --FORMAT           one of those below\n"
        "  -o FILE            into a file instead of standard output\n"
        "\n"
        "Exit: 0 done; 1 the trace is damaged or was cut short (what is whole\n"
        "of it is used), its fingerprints are not those of its events, or two\n"
        "traces differ; 2 the call is wrong, or there is no trace to read.\n",
    .run = run,
};

/* scenario.c - `iksim scenario check`: reads and builds, but runs nothing. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/run/session.h"

#define SET_LIMIT 256

struct call {
    const char *sets[SET_LIMIT];
    uint32_t set_count;
};

enum { OPT_SET = 256 };

static const struct option long_options[] = {
    { "set", required_argument, NULL, OPT_SET },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static int take_option(const struct command *self, void *ctx, int option)
{
    struct call *c = ctx;
    if (option != OPT_SET || c->set_count == SET_LIMIT) {
        return cli_misuse(self, "more than %d --set", SET_LIMIT);
    }
    c->sets[c->set_count++] = optarg;
    return CLI_DONE;
}

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

static int check(const char *path, const char *const *sets, uint32_t set_count)
{
    struct session *s = calloc(1, sizeof(*s));
    if (!s) {
        return cli_complain("out of memory");
    }
    struct session_options options = {
        .path = path,
        .scenario = { .sets = sets, .set_count = set_count },
    };
    char message[SCENARIO_MESSAGE_BYTES];
    int code = CLI_DONE;
    if (session_open(s, &options, message)) {
        const struct scenario *sc = s->scenario;
        printf("%s: fine: %u VM%s in %u group%s, %u load%s\n", path,
               sc->vm_count, plural(sc->vm_count), sc->group_count,
               plural(sc->group_count), sc->load_count, plural(sc->load_count));
    } else {
        code = cli_complain("%s", message);
    }
    session_close(s);
    free(s);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct call c = { .set_count = 0 };
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, &c);
    if (code != CLI_DONE) {
        return code;
    }
    if (words.count == 0 || strcmp(words.words[0], "check") != 0) {
        return cli_misuse(self, "the one thing to do is `check FILE`");
    }
    if (words.count > 2) {
        return cli_misuse(self, "'%s' is not expected", words.words[2]);
    }
    return words.count == 2 ? check(words.words[1], c.sets, c.set_count)
                            : cli_misuse(self, "no scenario file is named");
}

const struct command command_scenario = {
    .name = "scenario",
    .arguments = "check FILE [--set KEY=VALUE]...",
    .summary = "Checks a scenario file without running it",
    .help = "Reads the file, applies the changes, loads the images and builds "
            "the machine.\nKeys and values: docs/scenario.md, iksim policies.\n"
            "\nExit: 0 it would run; 2 it would not, and one sentence says "
            "why.\n",
    .run = run,
};

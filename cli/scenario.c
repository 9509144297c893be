/* scenario.c - `iksim scenario check`: reads and builds, but runs nothing. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/session.h"

#define SET_LIMIT 256

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
    const char *sets[SET_LIMIT] = { NULL };
    uint32_t set_count = 0;
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (cli_wants_help(argv[i])) {
            return cli_help(self);
        }
    }
    if (argc < 2 || strcmp(argv[1], "check") != 0) {
        return cli_misuse(self, "the one thing to do is `check FILE`");
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--set") == 0 && i + 1 < argc &&
            set_count < SET_LIMIT) {
            sets[set_count++] = argv[++i];
        } else if (argv[i][0] == '-' || path) {
            return cli_misuse(self, "'%s' is not expected", argv[i]);
        } else {
            path = argv[i];
        }
    }
    return path ? check(path, sets, set_count)
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

/* scenario.c - `iksim scenario`: looks at a scenario without running it. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/run/session.h"
#include "sim/vocabulary/text.h"

struct call {
    const char *path;
    struct sets sets;
};

static const struct cli_option argument_rows[] = {
    ARGUMENT_SCENARIO(struct call, path, ), CLI_END
};

static const struct cli_option option_rows[] = { OPTION_SET(struct call, sets),
                                                 CLI_END };

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

/* Reads the scenario and builds its machine, but runs nothing. */
static int check(const struct command *self, void *ctx)
{
    (void)self;
    const struct call *call = ctx;
    struct session *s = calloc(1, sizeof(*s));
    if (!s) {
        return cli_complain("out of memory");
    }
    struct session_options options = {
        .path = call->path,
        .scenario = { .sets = call->sets.list.items,
                      .set_count = call->sets.list.count },
    };
    char message[SCENARIO_MESSAGE_BYTES];
    int code = CLI_DONE;
    if (session_open(s, &options, message)) {
        const struct scenario *sc = s->scenario;
        printf("%s: fine: %u VM%s in %u group%s, %u load%s\n",
               text_shown(call->path).chars, sc->vm_count, plural(sc->vm_count),
               sc->group_count, plural(sc->group_count), sc->load_count,
               plural(sc->load_count));
    } else {
        code = cli_complain("%s", message);
    }
    session_close(s);
    free(s);
    return code;
}

static const struct command command_check = {
    .name = "scenario check",
    .summary = "Checks a scenario without running it",
    .about = "The file is read and changed by --set, the images are loaded, "
             "and the machine is built.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The scenario can be run.",
               [CLI_EXIT_USAGE] =
                   "The scenario cannot be run, and one sentence says why." },
    .size_bytes = sizeof(struct call),
    .run = check,
};

const struct command command_scenario = {
    .name = "scenario",
    .summary = "Looks at a scenario file without running it",
    .about = "docs/scenario.md explains every key, and `iksim policies` lists "
             "the names that some of them take.",
    .commands = (const struct command *const[]){ &command_check, NULL },
};

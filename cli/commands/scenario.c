/* scenario.c - `iksim scenario`: looks at a scenario without running it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/sweep/plan.h"
#include "cli/run/session.h"
#include "sim/vocabulary/text.h"

struct call {
    struct cli_input scenario;
    struct sets sets;
};

static const struct cli_option argument_rows[] = {
    ARGUMENT_SCENARIO(struct call, scenario, ), CLI_END
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
        .path = call->scenario.path,
        .scenario = { .sets = call->sets.list.items,
                      .set_count = call->sets.list.count },
    };
    char message[SCENARIO_MESSAGE_BYTES];
    int code = CLI_DONE;
    if (session_open(s, &options, message)) {
        const struct scenario *sc = s->scenario;
        printf("%s: fine: %u VM%s in %u group%s, %u load%s\n",
               text_shown(call->scenario.path).chars, sc->vm_count,
               plural(sc->vm_count), sc->group_count, plural(sc->group_count),
               sc->load_count, plural(sc->load_count));
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

/* ---- What is bundled ----------------------------------------------------- */

#define NAME_COLUMN 15 /* Behind a name. */

/* Reads the first sentence of the comment that a file begins with. */
static void read_summary(FILE *file, char *text, size_t bytes)
{
    char line[128];
    size_t used = 0;
    text[0] = '\0';
    while (fgets(line, sizeof(line), file) && line[0] == '#' && used < bytes) {
        line[strcspn(line, "\n")] = '\0';
        int length = snprintf(text + used, bytes - used, "%s%s",
                              used > 0 ? " " : "", line + strspn(line, "# "));
        used += (size_t)length;
        char *end = strstr(text, ". ");
        if (end) {
            end[1] = '\0';
            return;
        }
    }
}

static void print_bundled(void *ctx, const char *name, const char *path)
{
    (void)ctx;
    char text[512] = "";
    FILE *file = fopen(path, "r");
    if (file) {
        read_summary(file, text, sizeof(text));
        (void)fclose(file);
    }
    printf("  %-12s ", name);
    (void)cli_print_paragraph(text, NAME_COLUMN, NAME_COLUMN);
}

static int list(const struct command *self, void *ctx)
{
    (void)self;
    puts("Scenarios, for iksim run and others:");
    cli_each_bundled(SCENARIO_FOLDER, ".yaml", print_bundled, ctx);
    puts("\nPlans, for iksim sweep:");
    cli_each_bundled(PLAN_FOLDER, ".yaml", print_bundled, ctx);
    return CLI_DONE;
}

static const struct command command_list = {
    .name = "scenario list",
    .summary = "Lists the bundled scenarios and plans",
    .about = "What a command takes as a scenario or a plan may be one of these "
             "names, wherever the command is called; a file of that name goes "
             "before.",
    .exits = { [CLI_EXIT_DONE] = "They are listed." },
    .run = list,
};

/* ---- The schema ---------------------------------------------------------- */

struct schema_call {
    bool is_plan;
};

static const struct cli_option schema_rows[] = {
    { .name = "plan",
      CLI_FLAG(struct schema_call, is_plan),
      .help = "It is the schema of plans, for `iksim sweep`." },
    CLI_END
};

static int print_schema(const struct command *self, void *ctx)
{
    (void)self;
    const struct schema_call *call = ctx;
    char *text = call->is_plan ? plan_write_schema() : scenario_write_schema();
    if (!text) {
        return cli_complain("out of memory");
    }
    puts(text);
    free(text);
    return CLI_DONE;
}

static const struct command for_schema = {
    .name = "scenario schema",
    .summary = "Prints the JSON schema of scenarios, or of plans",
    .about = "An editor that knows it completes keys and words, and marks what "
             "is wrong: with the YAML language server, a file's first line "
             "is `# yaml-language-server: $schema=PATH`. It says what each "
             "value may be; `iksim scenario check` says the rest.",
    .options = schema_rows,
    .exits = { [CLI_EXIT_DONE] = "The schema is printed.",
               [CLI_EXIT_USAGE] = "The call is wrong." },
    .examples = (const struct cli_example[]){ { "For an editor",
                                                "iksim scenario schema "
                                                ">scenario.schema.json" },
                                              { NULL, NULL } },
    .size_bytes = sizeof(struct schema_call),
    .run = print_schema,
};

const struct command command_scenario = {
    .name = "scenario",
    .summary =
        "Checks a scenario, lists those that are bundled, has the schema",
    .about = "docs/scenario.md explains every key, and `iksim policies` lists "
             "the names that some of them take.",
    .commands = (const struct command *const[]){ &command_check, &command_list,
                                                 &for_schema, NULL },
};

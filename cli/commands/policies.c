/* policies.c - `iksim policies`: what can be named in a scenario. */
#include <stdio.h>

#include "cli/commands/commands.h"
#include "cli/run/choices.h"

#define SUMMARY 23 /* Column where summaries start. */

static int run(const struct command *self, void *ctx)
{
    (void)self;
    (void)ctx;
    for (const struct choices *c = all_choices; c->key; c++) {
        printf("%s%s: %s\n", c == all_choices ? "" : "\n", c->key, c->meaning);
        struct choice choice;
        for (size_t i = 0; c->get(i, &choice); i++) {
            printf("%c %-20s ", i == 0 ? '*' : ' ', choice.name);
            (void)cli_print_paragraph(choice.summary, SUMMARY, SUMMARY);
        }
    }
    return CLI_DONE;
}

const struct command command_policies = {
    .name = "policies",
    .summary = "Lists the policies, machine profiles and cost models",
    .about = "The names are values of the scenario keys that they stand under. "
             "A * marks the one that holds when a scenario names none.",
    .exits = { [CLI_EXIT_DONE] = "The names are listed.",
               [CLI_EXIT_USAGE] = "The call is wrong." },
    .run = run,
};

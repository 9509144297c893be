/* policies.c - `iksim policies`: what can be named in a scenario. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/run/choices.h"

#define WIDTH   80
#define SUMMARY 23 /* Column where summaries start. */

/* In lines of up to 80 columns, broken where the first comma allows. */
static void print_summary(const char *text)
{
    size_t room = WIDTH - SUMMARY;
    while (strlen(text) > room) {
        size_t length = room;
        while (length > 0 && text[length] != ' ') {
            length--;
        }
        printf("%.*s\n%*s", (int)length, text, SUMMARY, "");
        text += length + 1;
    }
    puts(text);
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    (void)ctx;
    for (const struct choices *c = all_choices; c->key; c++) {
        printf("%s%s: %s\n", c == all_choices ? "" : "\n", c->key, c->meaning);
        struct choice choice;
        for (size_t i = 0; c->get(i, &choice); i++) {
            printf("%c %-20s ", i == 0 ? '*' : ' ', choice.name);
            print_summary(choice.summary);
        }
    }
    return CLI_DONE;
}

const struct command command_policies = {
    .name = "policies",
    .summary = "Lists the policies, machine profiles and cost models",
    .about = "The names are values of the scenario keys that they stand under. "
             "A * marks the one that holds when a scenario names none.",
    .exits = { [CLI_EXIT_DONE] = "They are listed.",
               [CLI_EXIT_USAGE] = "The call is wrong." },
    .run = run,
};

/* help.c - `iksim help`: what --help says, and the manual page. */
#include "cli/commands/commands.h"

struct call {
    struct cli_words words;
    bool prints_manual;
};

static void offer(struct cli_offers *to)
{
    for (size_t i = 0; command_iksim.commands[i]; i++) {
        const struct command *c = command_iksim.commands[i];
        cli_offer(to, command_word(c), c->summary);
        for (size_t j = 0; c->commands && c->commands[j]; j++) {
            cli_offer(to, command_word(c->commands[j]), NULL);
        }
    }
}

static const struct cli_option argument_rows[] = {
    { .name = "command",
      .argument = "COMMAND",
      CLI_WORDS(struct call, words),
      .is_optional = true,
      .offer = offer,
      .help =
          "The command is named with all its words: `run`, `trace export`." },
    CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "man",
      CLI_FLAG(struct call, prints_manual),
      .help = "The manual page of the command is printed, or of all "
              "commands, for `man -l`." },
    CLI_END
};

static int run(const struct command *self, void *ctx)
{
    (void)self;
    const struct call *call = ctx;
    const struct command *c = &command_iksim;
    for (int i = 0; i < call->words.count; i++) {
        const struct command *next = command_find(c, call->words.items[i]);
        if (!next) {
            return command_complain(c, call->words.items[i]);
        }
        c = next;
    }
    if (call->prints_manual) {
        cli_print_manual(c);
    } else {
        cli_help(c);
    }
    return CLI_DONE;
}

const struct command command_help = {
    .name = "help",
    .summary = "Explains a command, or lists all of them",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The help is printed.",
               [CLI_EXIT_USAGE] = "There is no such command." },
    .size_bytes = sizeof(struct call),
    .run = run,
};

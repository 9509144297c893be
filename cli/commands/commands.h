/*
 * commands.h - the subcommands of `iksim`, a file each.
 */
#ifndef CLI_COMMANDS_COMMANDS_H
#define CLI_COMMANDS_COMMANDS_H

#include "cli/cli.h"

extern const struct command command_run;
extern const struct command command_verify;
extern const struct command command_disasm;
extern const struct command command_policies;
extern const struct command command_figures;
extern const struct command command_scenario;
extern const struct command command_sweep;
extern const struct command command_plot;
extern const struct command command_compare;
extern const struct command command_capacity;
extern const struct command command_trace;
extern const struct command command_explain;
extern const struct command command_paper;
extern const struct command command_viz;

#endif /* CLI_COMMANDS_COMMANDS_H */

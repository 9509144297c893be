/* policies.c - `iksim policies`: what can be named in a scenario. */
#include "ik/policy/policies.h"

#include <stdio.h>

#include "cli/cli.h"
#include "isa/decode.h"
#include "sim/disk.h"
#include "sim/machine.h"

static void print_row(const char *name, const char *summary, bool is_default)
{
    printf("%c %-20s %s\n", is_default ? '*' : ' ', name, summary);
}

static int run(const struct command *self, int argc, char **argv)
{
    if (argc > 1 && cli_wants_help(argv[1])) {
        return cli_help(self);
    }
    if (argc > 1) {
        return cli_misuse(self, "takes no arguments");
    }
    puts("kernel.gatekeeper: who is admitted");
    for (size_t i = 0; gate_policies[i]; i++) {
        print_row(gate_policies[i]->name, gate_policies[i]->summary, i == 0);
    }
    puts("\nkernel.scheduler: which admitted VM runs next");
    for (size_t i = 0; sched_policies[i]; i++) {
        print_row(sched_policies[i]->name, sched_policies[i]->summary, i == 0);
    }
    puts("\nkernel.replacement: which page gives up its frame");
    for (size_t i = 0; replace_policies[i]; i++) {
        print_row(replace_policies[i]->name, replace_policies[i]->summary,
                  i == 0);
    }
    puts("\nkernel.disk_queue: which request a spindle serves next");
    for (size_t i = 0; disk_policies[i]; i++) {
        print_row(disk_policies[i]->name, disk_policies[i]->summary, i == 0);
    }
    puts("\nmachine.profile: the simulated hardware and its costs");
    for (size_t i = 0; machine_profiles[i].name; i++) {
        print_row(machine_profiles[i].name, machine_profiles[i].summary,
                  i == 0);
    }
    puts("\nmachine.costs: cycles of an instruction, by its class");
    for (size_t i = 0; insn_cost_models[i].name; i++) {
        printf("%c %s\n", i == 0 ? '*' : ' ', insn_cost_models[i].name);
    }
    return CLI_DONE;
}

const struct command command_policies = {
    .name = "policies",
    .arguments = "",
    .summary = "Lists the policies, machine profiles and cost models",
    .help = "The names are values of the scenario keys that they stand under; "
            "* marks the\none that holds when a scenario names none.\n",
    .run = run,
};

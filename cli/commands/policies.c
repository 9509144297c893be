/* policies.c - `iksim policies`: what can be named in a scenario. */
#include "ik/policy/policies.h"

#include <stdio.h>

#include "cli/commands/commands.h"
#include "isa/decode.h"
#include "sim/devices/disk.h"
#include "sim/devices/machine.h"

#define INDENT "               " /* To where summaries start. */

static void print_row(const char *name, const char *summary, bool is_default)
{
    printf("%c %-20s %s\n", is_default ? '*' : ' ', name, summary);
}

/* Cycles by class, in lines of up to 80 columns. */
static void print_costs(const struct insn_costs *c, bool is_default)
{
    static const char *const names[INSN_CLASS_COUNT] = {
        [INSN_ALU] = "ALU",         [INSN_LOAD] = "load",
        [INSN_STORE] = "store",     [INSN_BRANCH] = "branch",
        [INSN_MUL] = "multiply",    [INSN_DIV] = "divide",
        [INSN_STRING] = "string",   [INSN_LOCKED] = "locked",
        [INSN_VIRTUAL] = "virtual",
    };
    char text[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < INSN_CLASS_COUNT; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %u",
                                 i == 0                      ? ""
                                 : i == INSN_CLASS_COUNT / 2 ? ",\n" INDENT
                                                             : ", ",
                                 names[i], c->cycles[i]);
    }
    print_row(c->name, text, is_default);
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
        print_costs(&insn_cost_models[i], i == 0);
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

/* choices.c - see choices.h. */
#include "cli/run/choice/choices.h"

#include <stdio.h>
#include <string.h>

#include "ik/policy/policies.h"
#include "isa/decode.h"
#include "sim/devices/disk.h"
#include "sim/devices/machine.h"

static bool set(struct choice *c, const char *name, const char *summary)
{
    *c = (struct choice){ .name = name };
    snprintf(c->summary, sizeof(c->summary), "%s", summary);
    return true;
}

static bool set_policy(struct choice *c, const struct policy_facts *facts)
{
    (void)set(c, facts->name, facts->summary);
    c->facts = facts;
    return true;
}

static bool get_gate_policies(size_t i, struct choice *c)
{
    return gate_policies[i] && set_policy(c, &gate_policies[i]->facts);
}

static bool get_sched_policies(size_t i, struct choice *c)
{
    if (!sched_policies[i]) {
        return false;
    }
    (void)set_policy(c, &sched_policies[i]->facts);
    c->promises = &sched_policies[i]->promises;
    return true;
}

static bool get_replace_policies(size_t i, struct choice *c)
{
    return replace_policies[i] && set_policy(c, &replace_policies[i]->facts);
}

static bool get_rx_policies(size_t i, struct choice *c)
{
    return rx_policies[i] && set_policy(c, &rx_policies[i]->facts);
}

static bool get_tx_policies(size_t i, struct choice *c)
{
    return tx_policies[i] && set_policy(c, &tx_policies[i]->facts);
}

static bool get_disk_policies(size_t i, struct choice *c)
{
    return disk_policies[i] &&
           set(c, disk_policies[i]->name, disk_policies[i]->summary);
}

static bool get_profile(size_t i, struct choice *c)
{
    return machine_profiles[i].name &&
           set(c, machine_profiles[i].name, machine_profiles[i].summary);
}

static bool get_costs(size_t i, struct choice *c)
{
    static const char *const names[INSN_CLASS_COUNT] = {
        [INSN_ALU] = "ALU",       [INSN_SHIFT] = "shift",
        [INSN_CARRY] = "carry",   [INSN_BITS] = "bits",
        [INSN_FLAGS] = "flags",   [INSN_LOAD] = "load",
        [INSN_STORE] = "store",   [INSN_MODIFY] = "modify",
        [INSN_BRANCH] = "branch", [INSN_MUL] = "multiply",
        [INSN_DIV] = "divide",    [INSN_STRING] = "string",
        [INSN_LOCKED] = "locked", [INSN_VIRTUAL] = "virtual",
    };
    const struct insn_costs *costs = &insn_cost_models[i];
    if (!costs->name) {
        return false;
    }
    size_t used = 0;
    (void)set(c, costs->name, "");
    for (size_t k = 0; k < INSN_CLASS_COUNT; k++) {
        used += (size_t)snprintf(c->summary + used, sizeof(c->summary) - used,
                                 "%s%s %u", k == 0 ? "" : ", ", names[k],
                                 costs->cycles[k]);
    }
    return true;
}

const struct choices all_choices[] = {
    { "kernel.gatekeeper", "who is admitted", get_gate_policies },
    { "kernel.scheduler", "which admitted VM runs next", get_sched_policies },
    { "kernel.replacement", "which page gives up its frame",
      get_replace_policies },
    { "kernel.receive", "who may put a frame into a VM's receive queue",
      get_rx_policies },
    { "kernel.transmit", "whose frame the card fetches next", get_tx_policies },
    { "kernel.disk_queue", "which request a spindle serves next",
      get_disk_policies },
    { "machine.profile", "the simulated hardware and its costs", get_profile },
    { "machine.costs", "cycles of an instruction, by its class", get_costs },
    { NULL, NULL, NULL },
};

const struct choices *choices_find(const char *key)
{
    for (const struct choices *c = all_choices; c->key; c++) {
        if (strcmp(c->key, key) == 0) {
            return c;
        }
    }
    return NULL;
}

void choices_refuse(const char *key, const char *name, char *text, size_t bytes)
{
    const struct choices *choices = choices_find(key);
    struct choice choice;
    SIM_ASSERT(choices);
    size_t used =
        (size_t)snprintf(text, bytes, "there is no '%s'; known: ", name);
    for (size_t i = 0; choices->get(i, &choice) && used < bytes; i++) {
        used += (size_t)snprintf(text + used, bytes - used, "%s%s",
                                 i == 0 ? "" : ", ", choice.name);
    }
}

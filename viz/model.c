/* model.c - names of what the model holds; see model.h. */
#include "viz/model.h"

#include <stdio.h>

#include "sim/banned.h"
#include "sim/units.h"

const char *const model_virq_names[MODEL_VIRQS] = { "net-rx", "net-tx", "alarm",
                                                    "console", "disk" };

const char *model_phase_name(uint32_t phase)
{
    static const char *const names[] = { "boot", "warm-up", "window", "drain" };
    return phase < sizeof(names) / sizeof(names[0]) ? names[phase] : "end";
}

uint64_t model_ns(const struct model *m, uint64_t cycles)
{
    uint64_t hz = m->now->info.cpu_hz;
    return cycles / hz * 1000000000 + cycles % hz * 1000000000 / hz;
}

void model_vm_name(const struct model *m, uint32_t vm, char *text, size_t bytes)
{
    const struct trace_info *info = &m->now->info;
    const char *group = "VM";
    if (vm < info->vm_limit && info->vm_groups[vm] < info->group_count) {
        group = info->groups[info->vm_groups[vm]];
    }
    snprintf(text, bytes, "%.24s %u", group, vm);
}

const char *model_state_name(enum vm_state state)
{
    static const char *const names[VM_STATE_COUNT] = {
        [VM_CREATED] = "created", [VM_WAITING] = "waiting",
        [VM_READY] = "ready",     [VM_RUNNING] = "running",
        [VM_PAGING] = "paging",   [VM_IDLE] = "idle",
        [VM_DEAD] = "dead",
    };
    return names[state];
}

const char *model_category_name(enum cpu_category category)
{
    static const char *const names[CPU_CATEGORY_COUNT] = {
        [CPU_GUEST] = "guest",
        [CPU_SWITCH] = "switch",
        [CPU_INTERRUPT] = "interrupt",
        [CPU_PAGING] = "paging",
        [CPU_PIO] = "PIO",
        [CPU_IDLE] = "idle",
    };
    return names[category];
}

/* facts.c - see facts.h. */
#include "sim/scenario/facts.h"

#include "sim/devices/machine.h"
#include "sim/units.h"

#include "sim/banned.h"

const struct scenario_args *scenario_args_of(const struct scenario *s,
                                             enum policy_kind kind)
{
    const struct scenario_args *const of[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = &s->gatekeeper_args,
        [POLICY_SCHEDULER] = &s->scheduler_args,
        [POLICY_REPLACEMENT] = &s->replacement_args,
    };
    return of[kind];
}

bool scenario_has_channel(const struct scenario_vms *group)
{
    return group->channel && group->channel[0] != '\0';
}

struct slots scenario_slots(const struct scenario *s)
{
    uint64_t hz = s->machine->cpu_hz;
    uint64_t padding = cycles_from_ns(s->padding_ns, hz);
    uint64_t length = cycles_from_ns(s->own.slot_ns, hz);
    if (length == 0) {
        return SLOTS_ALL;
    }
    SIM_ASSERT(padding < length);
    return (struct slots){
        .frame = cycles_from_ns(s->major_frame_ns, hz),
        .use = length - padding,
        .length = length,
    };
}

const struct scenario_vms *scenario_group_of(const struct scenario *s,
                                             uint32_t vm)
{
    uint32_t g = 0;
    while (vm - s->vms[g].first >= s->vms[g].vm_total) {
        g++;
        SIM_ASSERT(g < s->group_count);
    }
    return &s->vms[g];
}

bool scenario_is_asked(const struct scenario *s, uint32_t group)
{
    for (uint32_t i = 0; i < s->load_count; i++) {
        if (s->loads[i].target == group) {
            return true;
        }
    }
    return false;
}

uint64_t scenario_disk_pages(const struct scenario *s)
{
    uint64_t unit = s->paging_block_bytes / SCENARIO_PAGE_BYTES;
    uint64_t pages = 0;
    for (uint32_t g = 0; g < s->group_count; g++) {
        uint64_t each = s->vms[g].memory_bytes / SCENARIO_PAGE_BYTES + unit;
        for (uint32_t d = 0; d < s->disk_count; d++) {
            if (s->disks[d].group == g) {
                each += s->disks[d].size_bytes / SCENARIO_PAGE_BYTES + unit;
            }
        }
        pages += each * s->vms[g].vm_total;
    }
    return pages;
}

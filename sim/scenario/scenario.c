/*
 * scenario.c - from a file and `--set` words to a scenario; see scenario.h.
 *
 * Reads the source (source.c), loads it as text by the schema (raw.c), applies
 * the changes (set.c) and resolves the text by the rules (resolve.c). What follows
 * from a scenario stands here, too (facts.h).
 */
#include "sim/scenario.h"

#include <stdio.h>

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/scenario/facts.h"
#include "sim/scenario/raw.h"
#include "sim/scenario/resolve.h"
#include "sim/units.h"

#include "sim/banned.h"

static struct scenario *load(struct arena *arena,
                             const struct scenario_source *source,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    const struct schema *schema = schema_for_source(arena, source, message);
    struct raw *raw = schema ? raw_load(source, schema, message) : NULL;
    if (!raw) {
        return NULL;
    }
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < source->options.set_count; i++) {
        is_good = raw_set(raw, source->options.sets[i], message);
    }
    struct scenario *s =
        is_good ? scenario_resolve(arena, raw, source, message) : NULL;
    raw_free(raw);
    return s;
}

struct scenario *scenario_load(struct arena *arena, const char *path,
                               const struct scenario_options *options,
                               char message[SCENARIO_MESSAGE_BYTES])
{
    struct scenario_source *source = source_open(arena, path, options, message);
    if (!source) {
        return NULL;
    }
    struct scenario *s = load(arena, source, message);
    source_close(source);
    return s;
}

void scenario_complain(const struct scenario *s, const char *key,
                       const char *text, char message[SCENARIO_MESSAGE_BYTES])
{
    if (s->source) {
        source_complain(s->source, message, key, "%s", text);
    } else {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: %s: %s", s->path, key,
                 text);
    }
}

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

/* partition.c - see partition.h. */
#include "cli/lab/isolate/partition.h"

#include <inttypes.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/scenario/keys.h"
#include "sim/units.h"

#define PARTITIONED "partitioned"
#define MAJOR_FRAME "major_frame"

bool partition_is_asked(const char *preset)
{
    return strcmp(preset, PARTITIONED) == 0;
}

/* That of the preset, as no key of the scenario goes before it. */
static uint64_t major_frame(void)
{
    static const struct {
        enum scenario_preset preset;
        const char *key, *text;
    } rows[] = {
#define X(preset, mapping, key, text) { preset, #key, text },
        PRESET_ROWS(X)
#undef X
    };
    uint64_t ns = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].preset == PRESET_PARTITIONED &&
            strcmp(rows[i].key, MAJOR_FRAME) == 0) {
            const char *wrong = units_read_time(rows[i].text, &ns);
            SIM_ASSERT(!wrong);
        }
    }
    return ns;
}

static uint64_t without(uint64_t whole, uint64_t part)
{
    return whole > part ? whole - part : 0;
}

static void add_share(uint32_t group, const struct scenario_share *s,
                      struct attack_words *w)
{
    attack_add(w, "vms[%u].slot=%" PRIu64 "ns", group, s->slot_ns);
    attack_add(w, "vms[%u].ram=%" PRIu64, group, s->ram_bytes);
    attack_add(w, "vms[%u].link=%" PRIu64 "bit", group, s->link_bits);
    attack_add(w, "vms[%u].spindles=%" PRIu64, group, s->spindles);
}

/* What the scenario's groups have of the machine; false: nothing is given. */
static bool sum_given(const struct scenario *victims,
                      struct scenario_share *sum)
{
    bool is_given = false;
    for (uint32_t g = 0; g < victims->group_count; g++) {
        const struct scenario_share *own = &victims->vms[g].own;
        is_given = is_given || own->slot_ns > 0;
        sum->slot_ns += own->slot_ns;
        sum->ram_bytes += own->ram_bytes;
        sum->link_bits += own->link_bits;
        sum->spindles += own->spindles;
    }
    return is_given;
}

void partition_add(const struct scenario *victims,
                   const struct attacker *attacker, struct attack_words *w)
{
    const char *name = victims->vms[0].name;
    struct scenario_share whole = {
        .slot_ns = major_frame(),
        .ram_bytes = victims->ram_bytes,
        .link_bits = victims->link.bits_per_second,
        .spindles = victims->machine->disk_count,
    };
    struct scenario_share own = { .slot_ns = 0 };
    if (!sum_given(victims, &own)) {
        own = (struct scenario_share){
            .slot_ns = whole.slot_ns / 2,
            .ram_bytes =
                whole.ram_bytes / 2 / SCENARIO_PAGE_BYTES * SCENARIO_PAGE_BYTES,
            .link_bits = whole.link_bits / 2,
            .spindles = whole.spindles > 1 ? whole.spindles / 2 : 1,
        };
        add_share(0, &own, w);
    }
    for (uint32_t g = 0; g < victims->group_count; g++) {
        attack_add(w, "vms[%u].channel=%s", g, g > 0 ? name : "");
    }
    attack_add(w, "run.group=%s", name);
    if (attacker) {
        struct scenario_share rest = {
            .slot_ns = without(whole.slot_ns, own.slot_ns),
            .ram_bytes = without(whole.ram_bytes, own.ram_bytes),
            .link_bits = without(whole.link_bits, own.link_bits),
            .spindles = without(whole.spindles, own.spindles),
        };
        uint64_t memory = 0;
        add_share(victims->group_count, &rest, w);
        if (!units_read_size(attacker->memory, &memory) &&
            memory > rest.ram_bytes) {
            attack_add(w, "vms[%u].memory=%" PRIu64, victims->group_count,
                       rest.ram_bytes);
        }
    }
}

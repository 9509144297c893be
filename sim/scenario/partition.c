/*
 * partition.c - of a scenario whose groups share nothing, the part that is one
 * group's. See resolve.h.
 *
 * A static partition is a machine of its own: slots of the processor, frames,
 * spindles and a link that nobody else uses. So the run of one partition is the
 * run of a scenario that has nothing but this partition, and a machine that has
 * nothing but its shares; what the other groups are is none of its inputs. Here
 * all shares are summed up, which must fit the machine, and then the other
 * groups are left out, with all that speaks of them. Groups between which a
 * channel is declared are one partition, which has the sum of their shares.
 */
#include <string.h>

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/scenario/facts.h"
#include "sim/scenario/resolve.h"

#include "sim/banned.h"

#define NONE UINT32_MAX

/* What a share is of; `member` of struct scenario_share. */
static const struct resource {
    const char *key;
    size_t member;
    const char *whole; /* "...: <sum of all> is more than WHOLE". */
} resources[] = {
    { "slot", offsetof(struct scenario_share, slot_ns),
      "the major frame (kernel.major_frame)" },
    { "ram", offsetof(struct scenario_share, ram_bytes),
      "the RAM (machine.ram)" },
    { "link", offsetof(struct scenario_share, link_bits),
      "the link has (link.bandwidth)" },
    { "spindles", offsetof(struct scenario_share, spindles),
      "the profile has (machine.profile)" },
};
#define RESOURCES (sizeof(resources) / sizeof(resources[0]))

static uint64_t *amount(struct scenario_share *share, size_t i)
{
    return (uint64_t *)(void *)((char *)share + resources[i].member);
}

static void add(struct scenario_share *sum, struct scenario_share *more)
{
    for (size_t i = 0; i < RESOURCES; i++) {
        *amount(sum, i) += *amount(more, i);
    }
}

/* Of each group the one whose partition it is in. NULL: refused. */
static uint32_t *find_homes(const struct resolver *r)
{
    const struct scenario *s = r->s;
    uint32_t *homes = arena_alloc(r->arena, s->group_count * sizeof(*homes),
                                  alignof(uint32_t));
    if (!homes) {
        resolve_no_memory(r);
        return NULL;
    }
    for (uint32_t i = 0; i < s->group_count; i++) {
        struct reference to = { .list = "vms",
                                .item = i,
                                .key = "channel",
                                .text = s->vms[i].channel };
        homes[i] = i;
        if (!is_given(to.text)) {
            continue;
        }
        if (!resolve_reference(r, &to, &homes[i])) {
            return NULL;
        }
        if (homes[i] == i || scenario_has_channel(&s->vms[homes[i]])) {
            REFUSE_ITEM(r, "vms", i, "channel",
                        "must name another group, which has no channel itself");
            return NULL;
        }
    }
    return homes;
}

/* All shares are there, and no more than the machine has. */
static bool check_sums(const struct resolver *r, const uint32_t *homes)
{
    struct scenario *s = r->s;
    struct scenario_share sum = { .slot_ns = 0 };
    struct scenario_share whole = {
        .slot_ns = s->major_frame_ns,
        .ram_bytes = s->ram_bytes,
        .link_bits = s->link.bits_per_second,
        .spindles = s->machine->disk_count,
    };
    for (uint32_t g = 0; g < s->group_count; g++) {
        struct scenario_share *own = &s->vms[g].own;
        for (size_t i = 0; i < RESOURCES; i++) {
            const char *key = resources[i].key;
            if (homes[g] == g && *amount(own, i) == 0) {
                REFUSE_ITEM(r, "vms", g, key,
                            "is missing: under kernel.preset partitioned a "
                            "group has nothing but its own");
                return false;
            }
            if (*amount(own, i) > *amount(&whole, i) - *amount(&sum, i)) {
                REFUSE_ITEM(r, "vms", g, key,
                            "what all groups up to this one have is more than "
                            "%s",
                            resources[i].whole);
                return false;
            }
        }
        add(&sum, own);
    }
    return true;
}

/* The partition can hold its VMs. */
static bool check_partition(const struct resolver *r, const uint32_t *homes,
                            uint32_t home)
{
    struct scenario *s = r->s;
    struct scenario_share own = { .slot_ns = 0 };
    uint64_t kept = s->min_free_bytes;
    for (uint32_t g = 0; g < s->group_count; g++) {
        if (homes[g] == home) {
            add(&own, &s->vms[g].own);
            kept += (uint64_t)s->vms[g].count * s->vms[g].reserve_bytes;
        }
    }
    if (own.ram_bytes % SCENARIO_PAGE_BYTES != 0 || kept >= own.ram_bytes) {
        REFUSE_ITEM(r, "vms", home, "ram",
                    "must be whole pages of 4KiB, and more than what is "
                    "reserved for its VMs and kernel.min_free");
        return false;
    }
    if (own.slot_ns <= s->padding_ns) {
        REFUSE_ITEM(r, "vms", home, "slot",
                    "must be longer than its end, in which nothing is begun "
                    "(kernel.padding)");
        return false;
    }
    for (uint32_t g = 0; g < s->group_count; g++) {
        if (homes[g] == home && s->vms[g].memory_bytes > own.ram_bytes) {
            REFUSE_ITEM(r, "vms", g, "memory",
                        "is more than its partition has (vms[%u].ram)", home);
            return false;
        }
    }
    return true;
}

/* Leaves the groups of the partition alone, and what speaks of them. */
static void keep(struct scenario *s, const uint32_t *homes, uint32_t home,
                 uint32_t *places)
{
    uint32_t groups = 0;
    s->vm_count = 0;
    for (uint32_t g = 0; g < s->group_count; g++) {
        places[g] = homes[g] == home ? groups : NONE;
        if (homes[g] == home) {
            add(&s->own, &s->vms[g].own);
            s->vm_count += s->vms[g].vm_total;
            s->vms[groups++] = s->vms[g];
        }
    }
    s->group_count = groups;
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->load_count; i++) {
        s->loads[count] = s->loads[i];
        s->loads[count].target = places[s->loads[i].target];
        count += s->loads[count].target != NONE;
    }
    s->load_count = count;
    count = 0;
    for (uint32_t i = 0; i < s->event_count; i++) {
        s->events[count] = s->events[i];
        s->events[count].group = places[s->events[i].group];
        count += s->events[count].group != NONE;
    }
    s->event_count = count;
    count = 0;
    for (uint32_t i = 0; i < s->disk_count; i++) {
        s->disks[count] = s->disks[i];
        s->disks[count].group = places[s->disks[i].group];
        count += s->disks[count].group != NONE;
    }
    s->disk_count = count;
}

/* The machine is what the partition has of it. */
static bool take_shares(const struct resolver *r)
{
    struct scenario *s = r->s;
    struct machine *own =
        arena_alloc(r->arena, sizeof(*own), alignof(struct machine));
    if (!own) {
        return resolve_no_memory(r);
    }
    *own = *s->machine;
    own->disk_count = (uint32_t)s->own.spindles;
    s->machine = own;
    s->ram_bytes = s->own.ram_bytes;
    s->link.bits_per_second = s->own.link_bits;
    return true;
}

bool resolve_partitions(struct resolver *r)
{
    struct scenario *s = r->s;
    if (s->preset != PRESET_PARTITIONED) {
        if (is_given(s->run_group)) {
            source_complain(r->source, r->message, "run.group",
                            "is for kernel.preset partitioned only");
            return false;
        }
        return true;
    }
    uint32_t *homes = find_homes(r);
    uint32_t *places = arena_alloc(r->arena, s->group_count * sizeof(*places),
                                   alignof(uint32_t));
    if (!homes || !places || !check_sums(r, homes)) {
        return homes && !places ? resolve_no_memory(r) : false;
    }
    uint32_t chosen = NONE;
    for (uint32_t g = 0; g < s->group_count; g++) {
        if (homes[g] != g) {
            continue;
        }
        if (!check_partition(r, homes, g)) {
            return false;
        }
        s->partition_count++;
        chosen = g;
    }
    if (is_given(s->run_group)) {
        chosen = NONE;
        for (uint32_t g = 0; g < s->group_count; g++) {
            chosen =
                strcmp(s->vms[g].name, s->run_group) == 0 ? homes[g] : chosen;
        }
        if (chosen == NONE) {
            source_complain(r->source, r->message, "run.group",
                            "there is no such group of VMs");
            return false;
        }
    } else if (s->partition_count > 1) {
        return true;
    }
    s->partition_count = 1;
    s->run_group = s->vms[chosen].name;
    keep(s, homes, chosen, places);
    return take_shares(r);
}

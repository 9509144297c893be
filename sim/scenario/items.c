/*
 * items.c - what a scenario says about its groups of VMs in lists of their own:
 * events and disks. See resolve.h.
 */
#include <string.h>

#include "sim/arena.h"
#include "sim/limits.h"
#include "sim/scenario/resolve.h"

#include "sim/banned.h"

/* ---- Events ------------------------------------------------------------- */

static bool resolve_event(const struct resolver *r, uint32_t i,
                          struct scenario_event *event)
{
    const struct raw_event *raw = &r->raw->events[i];
    char path[KEY_PATH_BYTES];
    snprintf(path, sizeof(path), "events[%u]", i);
    if (!resolve_keys(r, path, event_rules, raw, event)) {
        return false;
    }
    bool creates = is_given(raw->create);
    if (creates == is_given(raw->destroy)) {
        REFUSE_ITEM(r, "events", i, creates ? "destroy" : "create",
                    "an event has either create or destroy, with the name of "
                    "a group");
        return false;
    }
    struct reference from = { .list = "events",
                              .item = i,
                              .key = creates ? "create" : "destroy",
                              .text = creates ? raw->create : raw->destroy };
    event->kind = creates ? EVENT_CREATE : EVENT_DESTROY;
    return resolve_reference(r, &from, &event->group);
}

/* When it is due, after the end of boot: last, if that is not known yet. */
static uint64_t due_ns(const struct scenario *s, uint64_t at)
{
    return scenario_is_from_window(at) && s->warmup_ns != SCENARIO_AUTO
               ? s->warmup_ns + scenario_ns_of(at)
               : at;
}

/* Inserts the event by its time, behind others of the same time. `items` says
   which item of the list each event is. */
static void insert_event(struct scenario *s, uint32_t *items,
                         const struct scenario_event *event)
{
    uint32_t at = s->event_count;
    for (;
         at > 0 && due_ns(s, s->events[at - 1].at_ns) > due_ns(s, event->at_ns);
         at--) {
        s->events[at] = s->events[at - 1];
        items[at] = items[at - 1];
    }
    s->events[at] = *event;
    items[at] = s->event_count;
    s->event_count++;
}

/* Counts the VMs of an event, in order of time; `alive` has the VMs of each
   group by then. */
static bool count_event(const struct resolver *r,
                        const struct scenario_event *event, uint32_t item,
                        uint32_t *alive)
{
    struct scenario *s = r->s;
    struct scenario_vms *group = &s->vms[event->group];
    uint32_t *here = &alive[event->group];
    if (event->kind == EVENT_DESTROY) {
        if (event->count > *here) {
            REFUSE_ITEM(r, "events", item, "count",
                        "cannot destroy %u: the group has %u then",
                        event->count, *here);
            return false;
        }
        *here -= event->count;
        return true;
    }
    if (event->count > VM_LIMIT - s->vm_count) {
        REFUSE_ITEM(r, "events", item, "count",
                    "there may be %u VMs in all, not more", VM_LIMIT);
        return false;
    }
    *here += event->count;
    group->vm_total += event->count;
    s->vm_count += event->count;
    return true;
}

static bool count_events(const struct resolver *r, const uint32_t *items)
{
    struct scenario *s = r->s;
    uint32_t *alive = arena_alloc(r->arena, s->group_count * sizeof(*alive),
                                  alignof(uint32_t));
    if (!alive) {
        return resolve_no_memory(r);
    }
    for (uint32_t i = 0; i < s->group_count; i++) {
        alive[i] = s->vms[i].count;
    }
    for (uint32_t i = 0; i < s->event_count; i++) {
        if (!count_event(r, &s->events[i], items[i], alive)) {
            return false;
        }
    }
    return true;
}

bool resolve_events(struct resolver *r)
{
    struct scenario *s = r->s;
    uint32_t count = r->raw->events_count;
    s->events = resolve_list(r, "events", count, sizeof(*s->events));
    uint32_t *items = resolve_list(r, "events", count, sizeof(*items));
    if (!s->events || !items) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct scenario_event event = { .at_ns = 0 };
        if (!resolve_event(r, i, &event)) {
            return false;
        }
        insert_event(s, items, &event);
    }
    return count_events(r, items);
}

/* ---- Disks -------------------------------------------------------------- */

static bool check_file(const struct resolver *r, uint32_t i)
{
    const struct scenario_disk *disk = &r->s->disks[i];
    const struct scenario_vms *group = &r->s->vms[disk->group];
    if (!disk->file) {
        return true;
    }
    if (group->vm_total != 1) {
        char room[QUOTE_BYTES];
        REFUSE_ITEM(r, "disks", i, "file",
                    "is for a group of one VM, and %s has %u in all",
                    quote(group->name, room), group->vm_total);
        return false;
    }
    for (uint32_t k = 0; k < i; k++) {
        const char *other = r->s->disks[k].file;
        if (other && strcmp(other, disk->file) == 0) {
            REFUSE_ITEM(r, "disks", i, "file", "is the file of disks[%u] too",
                        k);
            return false;
        }
    }
    return true;
}

static bool check_disk(const struct resolver *r, uint32_t i)
{
    const struct scenario_disk *disk = &r->s->disks[i];
    if (disk->size_bytes % SCENARIO_PAGE_BYTES != 0) {
        REFUSE_ITEM(r, "disks", i, "size", "must be whole blocks of 4KiB");
        return false;
    }
    uint32_t before = 0;
    for (uint32_t k = 0; k < i; k++) {
        before += r->s->disks[k].group == disk->group;
    }
    if (before >= SCENARIO_DISK_LIMIT) {
        REFUSE_ITEM(r, "disks", i, "vms", "a group has at most %u disks",
                    SCENARIO_DISK_LIMIT);
        return false;
    }
    return check_file(r, i);
}

static bool resolve_disk(const struct resolver *r, uint32_t i)
{
    struct scenario_disk *disk = &r->s->disks[i];
    const struct raw_disk *raw = &r->raw->disks[i];
    char path[KEY_PATH_BYTES];
    snprintf(path, sizeof(path), "disks[%u]", i);
    disk->item = i;
    if (!is_given(raw->size)) {
        source_complain(r->source, r->message, path, "the key size is missing");
        return false;
    }
    struct reference from = {
        .list = "disks", .item = i, .key = "vms", .text = raw->vms
    };
    return resolve_keys(r, path, disk_rules, raw, disk) &&
           resolve_reference(r, &from, &disk->group) && check_disk(r, i);
}

bool resolve_disks(struct resolver *r)
{
    struct scenario *s = r->s;
    uint32_t count = r->raw->disks_count;
    s->disk_count = count;
    s->disks = resolve_list(r, "disks", count, sizeof(*s->disks));
    if (!s->disks) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!resolve_disk(r, i)) {
            return false;
        }
    }
    return true;
}

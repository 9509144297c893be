/*
 * save.c - the effective scenario as YAML: the rules backwards.
 */
#include <stdio.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/scenario/moment.h"
#include "sim/scenario/raw.h"
#include "sim/units.h"

#include "sim/banned.h"

static uint64_t load_number(const struct key_rule *rule, const char *from)
{
    if (rule->size_bytes == sizeof(uint64_t)) {
        uint64_t value;
        memcpy(&value, from, sizeof(value));
        return value;
    }
    if (rule->size_bytes == sizeof(uint32_t)) {
        uint32_t value;
        memcpy(&value, from, sizeof(value));
        return value;
    }
    bool flag;
    SIM_ASSERT(rule->size_bytes == sizeof(flag));
    memcpy(&flag, from, sizeof(flag));
    return flag;
}

static char *write_number(struct arena *room, const struct key_rule *rule,
                          const char *from)
{
    char text[UNITS_BYTES];
    uint64_t value = load_number(rule, from);
    if (!rule->fallback && value == 0) {
        return NULL;
    }
    switch (rule->kind) {
    case KEY_TIME:
        units_write_time(value, text);
        break;
    case KEY_SPAN:
        span_write(value, text);
        break;
    case KEY_MOMENT:
        moment_write(value, text);
        break;
    case KEY_SIZE:
        units_write_size(value, text);
        break;
    case KEY_BITRATE:
        units_write_bitrate(value, text);
        break;
    case KEY_FRACTION:
        units_write_fraction(value, text);
        break;
    case KEY_WORD:
        return copy_text(room, rule->words[value]);
    case KEY_SPECIAL:
    case KEY_TEXT:
    case KEY_WHOLE:
    case KEY_REAL:
        units_write_whole(value, text);
        break;
    }
    return copy_text(room, text);
}

static char *write_real(struct arena *room, const struct key_rule *rule,
                        const char *from)
{
    double value;
    memcpy(&value, from, sizeof(value));
    if (!rule->fallback && value == 0) {
        return NULL;
    }
    char text[UNITS_BYTES];
    units_write_real(value, text);
    return copy_text(room, text);
}

static char *write_value(struct arena *room, const struct key_rule *rule,
                         const char *from)
{
    if (rule->kind == KEY_TEXT) {
        const char *text;
        memcpy((void *)&text, from, sizeof(text));
        return text ? copy_text(room, text) : NULL;
    }
    return rule->kind == KEY_REAL ? write_real(room, rule, from)
                                  : write_number(room, rule, from);
}

static void write_keys(struct arena *room, const struct key_rule *rules,
                       const void *from, void *part)
{
    for (const struct key_rule *rule = rules; rule->name; rule++) {
        if (rule->kind == KEY_SPECIAL) {
            continue;
        }
        char *text = write_value(room, rule, (const char *)from + rule->offset);
        memcpy((char *)part + rule->raw_offset, (const void *)&text,
               sizeof(text));
    }
}

/* In one block, to be reserved before anything is written. */
struct parts {
    struct raw raw;
    struct raw_run run;
    struct raw_machine machine;
    struct raw_kernel kernel;
    struct raw_link link;
};

/* NULL: there are none. */
static char **write_args(struct arena *room, const struct schema *schema,
                         enum open_key key, const struct scenario_args *args)
{
    if (args->count == 0) {
        return NULL;
    }
    char **texts =
        arena_alloc(room, OPEN_NAMES * sizeof(*texts), alignof(char *));
    SIM_ASSERT(texts);
    for (uint32_t i = 0; i < args->count; i++) {
        texts[schema_place(schema, key, args->items[i].name)] =
            copy_text(room, args->items[i].text);
    }
    return texts;
}

static struct raw_disk *write_disks(struct arena *room,
                                    const struct scenario *s)
{
    struct raw_disk *disks =
        arena_alloc(room, s->disk_count * sizeof(*disks), alignof(char *));
    SIM_ASSERT(disks);
    for (uint32_t i = 0; i < s->disk_count; i++) {
        write_keys(room, disk_rules, &s->disks[i], &disks[i]);
        disks[i].vms = copy_text(room, s->vms[s->disks[i].group].name);
    }
    return disks;
}

static struct raw_event *write_events(struct arena *room,
                                      const struct scenario *s)
{
    struct raw_event *events =
        arena_alloc(room, s->event_count * sizeof(*events), alignof(char *));
    SIM_ASSERT(events);
    for (uint32_t i = 0; i < s->event_count; i++) {
        const struct scenario_event *e = &s->events[i];
        char *group = copy_text(room, s->vms[e->group].name);
        write_keys(room, event_rules, e, &events[i]);
        *(e->kind == EVENT_CREATE ? &events[i].create : &events[i].destroy) =
            group;
    }
    return events;
}

struct raw *raw_from_scenario(struct arena *room, const struct scenario *s)
{
    struct parts *p = arena_alloc(room, sizeof(*p), alignof(struct parts));
    struct raw_vms *vms =
        arena_alloc(room, s->group_count * sizeof(*vms), alignof(char *));
    struct raw_load *load =
        arena_alloc(room, s->load_count * sizeof(*load), alignof(char *));
    const struct schema *schema = schema_for_scenario(room, s);
    SIM_ASSERT(p && vms && load && schema);
    p->raw = (struct raw){ .run = &p->run,
                           .machine = &p->machine,
                           .kernel = &p->kernel,
                           .vms = vms,
                           .vms_count = s->group_count,
                           .disks = write_disks(room, s),
                           .disks_count = s->disk_count,
                           .events = write_events(room, s),
                           .events_count = s->event_count,
                           .load = load,
                           .load_count = s->load_count,
                           .link = &p->link,
                           .schema = schema };
    write_keys(room, run_rules, s, &p->run);
    write_keys(room, machine_rules, s, &p->machine);
    write_keys(room, kernel_rules, s, &p->kernel);
    p->kernel.gatekeeper_args =
        write_args(room, schema, OPEN_gatekeeper_args, &s->gatekeeper_args);
    p->kernel.scheduler_args =
        write_args(room, schema, OPEN_scheduler_args, &s->scheduler_args);
    p->kernel.replacement_args =
        write_args(room, schema, OPEN_replacement_args, &s->replacement_args);
    write_keys(room, link_rules, &s->link, &p->link);
    p->machine.profile = copy_text(room, s->machine->name);
    for (uint32_t i = 0; i < s->group_count; i++) {
        write_keys(room, vms_rules, &s->vms[i], &vms[i]);
        vms[i].policy_args =
            write_args(room, schema, OPEN_policy_args, &s->vms[i].policy_args);
    }
    for (uint32_t i = 0; i < s->load_count; i++) {
        write_keys(room, load_rules, &s->loads[i], &load[i]);
        load[i].expect =
            write_args(room, schema, OPEN_expect, &s->loads[i].answer.args);
        load[i].target = copy_text(room, s->vms[s->loads[i].target].name);
    }
    return &p->raw;
}

static bool write_file(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        return false;
    }
    bool is_written = fwrite(text, 1, length, file) == length;
    return fclose(file) == 0 && is_written;
}

bool scenario_save(const struct scenario *s, const char *path)
{
    struct arena room;
    if (!arena_map(&room, RAW_ROOM_BYTES)) {
        return false;
    }
    size_t length = 0;
    char *text = raw_write(raw_from_scenario(&room, s), &length);
    bool is_saved = text && write_file(path, text, length);
    if (text) {
        raw_free_text(text);
    }
    arena_unmap(&room);
    return is_saved;
}

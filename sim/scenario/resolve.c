/*
 * resolve.c - see resolve.h. What the rules can say is checked rule by rule;
 * what concerns several keys stands here, for disks and events in items.c, for
 * loads in loads.c.
 */
#include "sim/scenario/resolve.h"

#include <stdio.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/limits.h"
#include "sim/scenario/moment.h"
#include "sim/units.h"
#include "sim/vocabulary/nearest.h"
#include "sim/vocabulary/text.h"

#include "sim/banned.h"

/* ---- One key ------------------------------------------------------------ */

/* The key, its rule and its text. */
struct field {
    char path[KEY_PATH_BYTES];
    const struct key_rule *rule;
    const char *text;
};

static bool refuse(const struct resolver *r, const struct field *f,
                   const char *what)
{
    char room[QUOTE_BYTES];
    bool is_plain =
        f->text[0] && strlen(f->text) < QUOTE_BYTES / 2 &&
        strspn(f->text, "0123456789.%+-BKMGibtmnus") == strlen(f->text);
    source_complain(r->source, r->message, f->path, "%s, not %s", what,
                    is_plain ? f->text : quote(f->text, room));
    return false;
}

bool resolve_no_memory(const struct resolver *r)
{
    snprintf(r->message, SCENARIO_MESSAGE_BYTES,
             "%s: is too large for the memory there is", r->source->path);
    return false;
}

void *resolve_list(const struct resolver *r, const char *list, uint32_t count,
                   size_t bytes)
{
    if (count > ITEM_LIMIT) {
        source_complain(r->source, r->message, list, "takes at most %u items",
                        ITEM_LIMIT);
        return NULL;
    }
    void *items = arena_alloc(r->arena, count * bytes, alignof(max_align_t));
    if (!items) {
        resolve_no_memory(r);
    }
    return items;
}

static const char *read_number(enum key_kind kind, const char *text,
                               uint64_t *value)
{
    switch (kind) {
    case KEY_WHOLE:
        return units_read_whole(text, value);
    case KEY_TIME:
        return units_read_time(text, value);
    case KEY_SPAN:
        return span_read(text, value);
    case KEY_MOMENT:
        return moment_read(text, value);
    case KEY_SIZE:
        return units_read_size(text, value);
    case KEY_BITRATE:
        return units_read_bitrate(text, value);
    case KEY_FRACTION:
        return units_read_fraction(text, value);
    case KEY_SPECIAL:
    case KEY_TEXT:
    case KEY_REAL:
    case KEY_WORD:
        break;
    }
    return "must be a number";
}

static void write_number(enum key_kind kind, uint64_t value,
                         char text[UNITS_BYTES])
{
    switch (kind) {
    case KEY_TIME:
    case KEY_SPAN:
    case KEY_MOMENT:
        units_write_time(value, text);
        return;
    case KEY_SIZE:
        units_write_size(value, text);
        return;
    case KEY_BITRATE:
        units_write_bitrate(value, text);
        return;
    case KEY_FRACTION:
        units_write_fraction(value, text);
        return;
    case KEY_SPECIAL:
    case KEY_TEXT:
    case KEY_WHOLE:
    case KEY_REAL:
    case KEY_WORD:
        units_write_whole(value, text);
        return;
    }
}

static bool refuse_limit(const struct resolver *r, const struct field *f,
                         const char *which, uint64_t limit)
{
    char number[UNITS_BYTES];
    char what[UNITS_BYTES + 32];
    write_number(f->rule->kind, limit, number);
    snprintf(what, sizeof(what), "must be %s %s", which, number);
    return refuse(r, f, what);
}

static void store(const struct key_rule *rule, char *target, uint64_t value)
{
    if (rule->size_bytes == sizeof(uint64_t)) {
        memcpy(target + rule->offset, &value, sizeof(value));
    } else if (rule->size_bytes == sizeof(uint32_t)) {
        uint32_t narrow = (uint32_t)value;
        memcpy(target + rule->offset, &narrow, sizeof(narrow));
    } else {
        SIM_ASSERT(rule->size_bytes == sizeof(bool));
        bool flag = value != 0;
        memcpy(target + rule->offset, &flag, sizeof(flag));
    }
}

static bool resolve_number(const struct resolver *r, const struct field *f,
                           char *target)
{
    const struct key_rule *rule = f->rule;
    /* A negative number is a number, and so is one that is far too large. */
    if (f->text[0] == '-' && f->text[1] >= '0' && f->text[1] <= '9') {
        return refuse_limit(r, f, "at least", rule->low);
    }
    uint64_t value = 0;
    const char *wrong = read_number(rule->kind, f->text, &value);
    if (wrong && strlen(f->text) > 19 &&
        strspn(f->text, "0123456789") == strlen(f->text)) {
        return refuse_limit(r, f, "at most", rule->high);
    }
    if (wrong) {
        return refuse(r, f, wrong);
    }
    uint64_t size = rule->kind == KEY_MOMENT ? scenario_ns_of(value) : value;
    bool is_auto = rule->kind == KEY_SPAN && value == SCENARIO_AUTO;
    if (size < rule->low) {
        return refuse_limit(r, f, "at least", rule->low);
    }
    if (size > rule->high && !is_auto) {
        return refuse_limit(r, f, "at most", rule->high);
    }
    store(rule, target, value);
    return true;
}

static bool resolve_real(const struct resolver *r, const struct field *f,
                         char *target)
{
    double value = 0;
    const char *wrong = units_read_real(f->text, &value);
    if (wrong) {
        return refuse(r, f, wrong);
    }
    if (value < (double)f->rule->low) {
        return refuse_limit(r, f, "at least", f->rule->low);
    }
    if (value > (double)f->rule->high) {
        return refuse_limit(r, f, "at most", f->rule->high);
    }
    memcpy(target + f->rule->offset, &value, sizeof(value));
    return true;
}

static bool resolve_word(const struct resolver *r, const struct field *f,
                         char *target)
{
    char known[128] = "must be";
    size_t used = strlen(known);
    for (uint32_t i = 0; f->rule->words[i]; i++) {
        if (strcmp(f->rule->words[i], f->text) == 0) {
            store(f->rule, target, i);
            return true;
        }
        int n = snprintf(known + used, sizeof(known) - used, "%s %s",
                         i ? " or" : "", f->rule->words[i]);
        used += n > 0 ? (size_t)n : 0;
        SIM_ASSERT(used < sizeof(known));
    }
    return refuse(r, f, known);
}

static bool resolve_text(const struct resolver *r, const struct field *f,
                         char *target)
{
    size_t length = strlen(f->text);
    if (length > f->rule->high) {
        source_complain(r->source, r->message, f->path,
                        "has %zu characters, at most %zu fit", length,
                        (size_t)f->rule->high);
        return false;
    }
    if (!text_is_plain(f->text)) {
        return refuse(r, f, "must be text without control characters");
    }
    const char *copy = copy_text(r->arena, f->text);
    if (!copy) {
        return resolve_no_memory(r);
    }
    memcpy(target + f->rule->offset, (const void *)&copy, sizeof(copy));
    return true;
}

static bool resolve_field(const struct resolver *r, const struct field *f,
                          char *target)
{
    switch (f->rule->kind) {
    case KEY_SPECIAL:
        return true;
    case KEY_TEXT:
        return resolve_text(r, f, target);
    case KEY_WORD:
        return resolve_word(r, f, target);
    case KEY_REAL:
        return resolve_real(r, f, target);
    case KEY_WHOLE:
    case KEY_TIME:
    case KEY_SPAN:
    case KEY_MOMENT:
    case KEY_SIZE:
    case KEY_BITRATE:
    case KEY_FRACTION:
        return resolve_number(r, f, target);
    }
    return false;
}

bool resolve_keys(const struct resolver *r, const char *path,
                  const struct key_rule *rules, const void *part, void *target)
{
    for (const struct key_rule *rule = rules; rule->name; rule++) {
        struct field f = { .rule = rule };
        if (part) {
            memcpy((void *)&f.text, (const char *)part + rule->raw_offset,
                   sizeof(f.text));
        }
        if (!is_given(f.text)) {
            /* The preset, which is the first key of all that depend on it. */
            f.text = preset_text(r->s->preset, rules, rule->name);
        }
        f.text = f.text ? f.text : rule->fallback;
        if (!f.text) {
            continue;
        }
        snprintf(f.path, sizeof(f.path), "%s.%s", path, rule->name);
        if (!resolve_field(r, &f, target)) {
            return false;
        }
    }
    return true;
}

bool resolve_args(const struct resolver *r, enum open_key key,
                  char *const *texts, struct scenario_args *args)
{
    const struct open_names *names = &r->raw->schema->open[key];
    if (!texts || names->count == 0) {
        return true;
    }
    struct scenario_arg *items =
        arena_alloc(r->arena, names->count * sizeof(*items), alignof(char *));
    if (!items) {
        return resolve_no_memory(r);
    }
    args->items = items;
    for (uint32_t i = 0; i < names->count; i++) {
        if (!is_given(texts[i])) {
            continue;
        }
        struct scenario_arg *item = &items[args->count++];
        item->name = copy_text(r->arena, names->names[i]);
        item->text = copy_text(r->arena, texts[i]);
        if (!item->name || !item->text) {
            return resolve_no_memory(r);
        }
    }
    return true;
}

static bool resolve_policy_args(const struct resolver *r,
                                const struct raw_kernel *raw)
{
    struct scenario *s = r->s;
    return resolve_args(r, OPEN_gatekeeper_args, raw->gatekeeper_args,
                        &s->gatekeeper_args) &&
           resolve_args(r, OPEN_scheduler_args, raw->scheduler_args,
                        &s->scheduler_args) &&
           resolve_args(r, OPEN_replacement_args, raw->replacement_args,
                        &s->replacement_args);
}

/* ---- The machine -------------------------------------------------------- */

static bool resolve_machine(struct resolver *r)
{
    const struct raw_machine *raw = r->raw->machine;
    const char *profile =
        raw && is_given(raw->profile) ? raw->profile : machine_profiles[0].name;
    r->s->machine = machine_find(profile);
    if (!r->s->machine) {
        char known[128];
        size_t used = 0;
        for (const struct machine *m = machine_profiles; m->name; m++) {
            int n = snprintf(known + used, sizeof(known) - used, "%s%s",
                             used ? ", " : "", m->name);
            used += n > 0 && (size_t)n < sizeof(known) - used ? (size_t)n : 0;
        }
        char room[QUOTE_BYTES];
        source_complain(r->source, r->message, "machine.profile",
                        "there is no profile %s (there are: %s)",
                        quote(profile, room), known);
        return false;
    }
    r->s->ram_bytes = r->s->machine->ram_bytes;
    r->s->tx_ahead = r->s->machine->tx_ahead;
    if (!resolve_keys(r, "machine", machine_rules, raw, r->s)) {
        return false;
    }
    if (r->s->ram_bytes % SCENARIO_PAGE_BYTES != 0) {
        source_complain(r->source, r->message, "machine.ram",
                        "must be whole pages of 4KiB");
        return false;
    }
    return true;
}

static bool resolve_kernel(struct resolver *r)
{
    struct scenario *s = r->s;
    if (!resolve_keys(r, "kernel", kernel_rules, r->raw->kernel, s)) {
        return false;
    }
    if (r->raw->kernel && !resolve_policy_args(r, r->raw->kernel)) {
        return false;
    }
    uint32_t pages = s->paging_block_bytes / SCENARIO_PAGE_BYTES;
    if (s->paging_block_bytes % SCENARIO_PAGE_BYTES != 0 || pages == 0 ||
        (pages & (pages - 1)) != 0) {
        source_complain(r->source, r->message, "kernel.paging_block",
                        "must be 4KiB, 8KiB, 16KiB, 32KiB or 64KiB");
        return false;
    }
    if (s->min_free_bytes >= s->ram_bytes) {
        source_complain(r->source, r->message, "kernel.min_free",
                        "must be less than the RAM (machine.ram)");
        return false;
    }
    return true;
}

static bool resolve_link(struct resolver *r)
{
    struct scenario_link *link = &r->s->link;
    link->bits_per_second = r->s->machine->link_bits_per_second;
    link->latency_ns = r->s->machine->link_latency_ns;
    return resolve_keys(r, "link", link_rules, r->raw->link, link);
}

/* ---- Groups of VMs ------------------------------------------------------ */

static bool check_group(const struct resolver *r, uint32_t i)
{
    const struct scenario_vms *group = &r->s->vms[i];
    if (group->memory_bytes % SCENARIO_PAGE_BYTES != 0) {
        REFUSE_ITEM(r, "vms", i, "memory", "must be whole pages of 4KiB");
        return false;
    }
    if (group->reserve_bytes % SCENARIO_PAGE_BYTES != 0 ||
        group->reserve_bytes > group->memory_bytes) {
        REFUSE_ITEM(r, "vms", i, "reserve",
                    "must be whole pages of 4KiB, and no more than the memory");
        return false;
    }
    if (group->memory_bytes > r->s->ram_bytes) {
        char memory[UNITS_BYTES];
        char ram[UNITS_BYTES];
        units_write_size(group->memory_bytes, memory);
        units_write_size(r->s->ram_bytes, ram);
        REFUSE_ITEM(r, "vms", i, "memory",
                    "one VM's %s is more than the RAM of %s (machine.ram)",
                    memory, ram);
        return false;
    }
    if (group->count > VM_LIMIT - r->s->vm_count) {
        REFUSE_ITEM(r, "vms", i, "count",
                    "there may be %u VMs in all, not more", VM_LIMIT);
        return false;
    }
    for (uint32_t k = 0; k < i; k++) {
        if (strcmp(r->s->vms[k].name, group->name) == 0) {
            char room[QUOTE_BYTES];
            REFUSE_ITEM(r, "vms", i, "name",
                        "%s is the name of vms[%u] already",
                        quote(group->name, room), k);
            return false;
        }
    }
    return true;
}

/* The group takes its image's name when it has none of its own. */
static void name_after_image(struct scenario_vms *group)
{
    const char *slash = strrchr(group->image, '/');
    group->name = slash && slash[1] ? slash + 1 : group->image;
}

static bool resolve_group(struct resolver *r, uint32_t i)
{
    struct scenario_vms *group = &r->s->vms[i];
    char path[KEY_PATH_BYTES];
    snprintf(path, sizeof(path), "vms[%u]", i);
    if (!resolve_keys(r, path, vms_rules, &r->raw->vms[i], group) ||
        !resolve_args(r, OPEN_policy_args, r->raw->vms[i].policy_args,
                      &group->policy_args)) {
        return false;
    }
    if (!group->image) {
        source_complain(r->source, r->message, path,
                        "the key image is missing");
        return false;
    }
    if (!group->name) {
        name_after_image(group);
    }
    if (!check_group(r, i)) {
        return false;
    }
    group->vm_total = group->count;
    r->s->vm_count += group->count;
    return true;
}

static bool resolve_groups(struct resolver *r)
{
    uint32_t count = r->raw->vms_count;
    if (count == 0) {
        source_complain(r->source, r->message, "vms",
                        "needs at least one group of VMs");
        return false;
    }
    r->s->group_count = count;
    r->s->vms = resolve_list(r, "vms", count, sizeof(*r->s->vms));
    if (!r->s->vms) {
        return false;
    }
    uint64_t kept = r->s->min_free_bytes;
    for (uint32_t i = 0; i < count; i++) {
        if (!resolve_group(r, i)) {
            return false;
        }
        kept += (uint64_t)r->s->vms[i].count * r->s->vms[i].reserve_bytes;
        if (r->s->vms[i].reserve_bytes > 0 && kept > r->s->ram_bytes) {
            REFUSE_ITEM(r, "vms", i, "reserve",
                        "what is reserved for all VMs up to these, and "
                        "kernel.min_free, is more than the RAM (machine.ram)");
            return false;
        }
    }
    return true;
}

/* By now the events have said how many VMs each group may come to have. */
static bool number_vms(const struct resolver *r)
{
    struct scenario *s = r->s;
    uint32_t first = 0;
    s->roster.group_count = s->group_count;
    s->roster.groups =
        arena_alloc(r->arena, s->group_count * sizeof(*s->roster.groups),
                    alignof(struct vm_group));
    if (!s->roster.groups) {
        return resolve_no_memory(r);
    }
    for (uint32_t i = 0; i < s->group_count; i++) {
        s->vms[i].first = first;
        s->roster.groups[i] = (struct vm_group){
            .name = s->vms[i].name,
            .first = first,
            .count = s->vms[i].vm_total,
        };
        first += s->vms[i].vm_total;
    }
    SIM_ASSERT(first == s->vm_count);
    return true;
}

bool resolve_reference(const struct resolver *r, const struct reference *from,
                       uint32_t *group)
{
    if (!is_given(from->text) && r->s->group_count == 1) {
        *group = 0;
        return true;
    }
    if (!is_given(from->text)) {
        REFUSE_ITEM(r, from->list, from->item, from->key,
                    "must say which group of VMs, since there are several");
        return false;
    }
    for (uint32_t k = 0; k < r->s->group_count; k++) {
        if (strcmp(r->s->vms[k].name, from->text) == 0) {
            *group = k;
            return true;
        }
    }
    struct nearest nearest = { .wrong = from->text };
    for (uint32_t k = 0; k < r->s->group_count; k++) {
        nearest_try(&nearest, r->s->vms[k].name);
    }
    char wrong[QUOTE_BYTES];
    REFUSE_ITEM(r, from->list, from->item, from->key,
                "there is no group of VMs %s%s%s", quote(from->text, wrong),
                nearest.best ? ", perhaps " : "",
                nearest.best ? nearest.best : "");
    return false;
}

/* ---- All ---------------------------------------------------------------- */

struct scenario *scenario_resolve(struct arena *arena, const struct raw *raw,
                                  const struct scenario_source *source,
                                  char message[SCENARIO_MESSAGE_BYTES])
{
    struct resolver r = { .arena = arena, .raw = raw, .source = source };
    r.message = message;
    r.s = arena_alloc(arena, sizeof(*r.s), alignof(struct scenario));
    if (!r.s) {
        resolve_no_memory(&r);
        return NULL;
    }
    const char *slash = strrchr(source->path, '/');
    r.s->path = source->path;
    char *name = copy_text(arena, slash ? slash + 1 : source->path);
    if (!name) {
        resolve_no_memory(&r);
        return NULL;
    }
    text_tame(name);
    r.s->name = name;
    r.s->source = source;
    bool is_good = resolve_keys(&r, "run", run_rules, raw->run, r.s) &&
                   resolve_machine(&r) && resolve_kernel(&r) &&
                   resolve_link(&r) && resolve_groups(&r) &&
                   resolve_events(&r) && resolve_disks(&r) &&
                   resolve_loads(&r) && number_vms(&r);
    return is_good ? r.s : NULL;
}

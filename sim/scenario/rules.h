/*
 * rules.h - the lists of keys.h as types and tables. For the files of this
 * folder only.
 *
 * A file is first loaded as text, key by key (struct raw); libcyaml checks that
 * every key is known and every value of the right shape. Then the rules turn
 * the text into numbers.
 */
#ifndef SIM_SCENARIO_RULES_H
#define SIM_SCENARIO_RULES_H

#include <cyaml/cyaml.h>

#include "sim/scenario/keys.h"

/* The text of each key; NULL: left out. What libcyaml loads and saves. */
#define MEMBER(key, kind, member, low, high, fallback, words) char *key;
struct raw_run {
    RUN_KEYS(MEMBER)
};
struct raw_machine {
    MACHINE_KEYS(MEMBER)
};
struct raw_kernel {
    KERNEL_KEYS(MEMBER)
    char **gatekeeper_args; /* Texts, in the places of struct schema's names; */
    char **scheduler_args;  /* NULL: left out. So are the others. */
    char **replacement_args;
};
struct raw_vms {
    VMS_KEYS(MEMBER)
    char **policy_args;
};
struct raw_disk {
    DISK_KEYS(MEMBER)
};
struct raw_event {
    EVENT_KEYS(MEMBER)
};
struct raw_load {
    LOAD_KEYS(MEMBER)
    char **expect;
};
struct raw_link {
    LINK_KEYS(MEMBER)
};
#undef MEMBER

struct raw {
    struct raw_run *run; /* NULL: left out, or empty. So are the others. */
    struct raw_machine *machine;
    struct raw_kernel *kernel;
    struct raw_vms *vms;
    uint32_t vms_count;
    struct raw_disk *disks;
    uint32_t disks_count;
    struct raw_event *events;
    uint32_t events_count;
    struct raw_load *load;
    uint32_t load_count;
    struct raw_link *link;
    const struct schema *schema; /* That it was loaded by. */
};

struct schema;

/* The parts of libcyaml's schema, which schema.c puts together. */
extern const cyaml_schema_field_t run_fields[], machine_fields[],
    kernel_fields[], vms_fields[], disk_fields[], event_fields[], load_fields[],
    link_fields[];

enum key_kind {
    KEY_SPECIAL, /* Read and written by code of its own. */
    KEY_TEXT,
    KEY_WHOLE,
    KEY_TIME,
    KEY_SPAN,   /* A time, or `auto`. */
    KEY_MOMENT, /* A time, `window`, or `window+` and a time. */
    KEY_SIZE,
    KEY_BITRATE,
    KEY_FRACTION,
    KEY_REAL,
    KEY_WORD /* One of `words`; the value is its index. */
};

struct key_rule {
    const char *name;
    enum key_kind kind;
    size_t raw_offset; /* The text's place in its struct raw_... */
    size_t offset;     /* The value's place in struct scenario or its part. */
    size_t size_bytes; /* The value's size. */
    uint64_t low, high;
    const char *fallback;
    const char *const *words; /* Ended by NULL. */
};

/* A mapping of a scenario, or each of a list of them. */
struct key_mapping {
    const char *name;
    bool is_list;
    const struct key_rule *rules;
};

/* All that there are, ended by a NULL name. */
extern const struct key_mapping key_mappings[];

/* The keys of one mapping, ended by a NULL name. */
extern const struct key_rule run_rules[], machine_rules[], kernel_rules[],
    vms_rules[], disk_rules[], event_rules[], load_rules[], link_rules[];

/* What the preset says of the rule of that mapping; NULL: nothing. */
const char *preset_text(enum scenario_preset preset,
                        const struct key_rule *mapping, const char *key);

#endif /* SIM_SCENARIO_RULES_H */

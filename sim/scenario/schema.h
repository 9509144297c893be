/*
 * schema.h - what libcyaml goes by for one scenario: the lists of keys.h, and
 * the open mappings, whose keys the scenario makes up itself (arguments of
 * policies). For the files of this folder only.
 *
 * libcyaml knows fixed keys only, so a schema is made for each scenario: with
 * the names that its file, or `--set`, gives in those mappings.
 */
#ifndef SIM_SCENARIO_SCHEMA_H
#define SIM_SCENARIO_SCHEMA_H

#include "sim/scenario/rules.h"
#include "sim/scenario/source.h"

/* X(part, key): struct raw_PART has the pointer to an open mapping's texts. */
#define OPEN_KEYS(X)            \
    X(kernel, gatekeeper_args)  \
    X(kernel, scheduler_args)   \
    X(kernel, replacement_args) \
    X(vms, policy_args)         \
    X(load, expect)

#define OPEN_CONSTANT(part, key) OPEN_##key,
enum open_key { OPEN_KEYS(OPEN_CONSTANT) OPEN_COUNT };
#undef OPEN_CONSTANT

#define OPEN_NAMES      64 /* Of one mapping; of `vms`, of all groups together. */
#define OPEN_NAME_BYTES 32

/* The names of an open mapping, in the order of the texts. */
struct open_names {
    uint32_t count;
    char names[OPEN_NAMES][OPEN_NAME_BYTES];
};

struct schema {
    cyaml_schema_value_t top;
    struct open_names open[OPEN_COUNT];
    cyaml_schema_field_t open_fields[OPEN_COUNT][OPEN_NAMES + 1];
    cyaml_schema_field_t *kernel_fields; /* The arena's, as the next. */
    cyaml_schema_field_t *vms_fields;
    cyaml_schema_field_t *load_fields;
    cyaml_schema_value_t vms_entry, load_entry;
    cyaml_schema_field_t fields[16];
};

/* For a file and the `--set` words with it. NULL, and a sentence. */
struct schema *schema_for_source(struct arena *arena,
                                 const struct scenario_source *source,
                                 char message[SCENARIO_MESSAGE_BYTES]);

/* For saving; NULL when the arena is full. */
struct schema *schema_for_scenario(struct arena *arena,
                                   const struct scenario *s);

/* The place of the name among an open mapping's; it is there. */
uint32_t schema_place(const struct schema *schema, enum open_key key,
                      const char *name);

#endif /* SIM_SCENARIO_SCHEMA_H */

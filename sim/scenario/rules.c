/* rules.c - see rules.h. */
#include "sim/scenario/rules.h"

#include <string.h>

#include "sim/banned.h"

/* In the order of the enumerations in scenario.h. */
static const char *const boot_words[] = { "ideal", "modelled", NULL };
static const char *const preset_words[] = { "denali", "vmm", "isolated",
                                            "partitioned", NULL };
static const char *const interrupts_words[] = { "batched", "synchronous",
                                                "nested", NULL };
static const char *const idle_words[] = { "timeout", "spin", NULL };
static const char *const nic_words[] = { "simple", "pcnet32", NULL };
static const char *const text_words[] = { "shared", "private", NULL };
static const char *const page_tables_words[] = { "eager", "on-demand", NULL };
static const char *const swap_words[] = { "sparse", "static", NULL };
static const char *const verify_words[] = { "eager", "lazy", NULL };
static const char *const expect_words[] = { "well", "badly", "any", NULL };
static const char *const kind_words[] = { "http",   "each", "game",  "datagram",
                                          "replay", "echo", "lines", NULL };
static const char *const transport_words[] = { "tcp", "udp", NULL };
static const char *const format_words[] = { "common", "csv", NULL };
static const char *const map_words[] = { "path", "client", "first", "zipf",
                                         NULL };
static const char *const arrivals_words[] = { "poisson", "on-off", "flash",
                                              "uniform", NULL };
static const char *const crowd_words[] = { "one", "all", NULL };
static const char *const flag_words[] = { "false", "true", NULL };

/* ---- Rules -------------------------------------------------------------- */

#define RULE(raw_type, type, key, kind, member, low, high, fallback, words) \
    { #key,                                                                 \
      KEY_##kind,                                                           \
      offsetof(struct raw_type, key),                                       \
      offsetof(struct type, member),                                        \
      sizeof(((struct type *)NULL)->member),                                \
      low,                                                                  \
      high,                                                                 \
      fallback,                                                             \
      words },
#define END { .name = NULL }

#define X(...) RULE(raw_run, scenario, __VA_ARGS__)
const struct key_rule run_rules[] = { RUN_KEYS(X) END };
#undef X
#define X(...) RULE(raw_machine, scenario, __VA_ARGS__)
const struct key_rule machine_rules[] = { MACHINE_KEYS(X) END };
#undef X
#define X(...) RULE(raw_kernel, scenario, __VA_ARGS__)
const struct key_rule kernel_rules[] = { KERNEL_KEYS(X) END };
#undef X
#define X(...) RULE(raw_vms, scenario_vms, __VA_ARGS__)
const struct key_rule vms_rules[] = { VMS_KEYS(X) END };
#undef X
#define X(...) RULE(raw_disk, scenario_disk, __VA_ARGS__)
const struct key_rule disk_rules[] = { DISK_KEYS(X) END };
#undef X
#define X(...) RULE(raw_event, scenario_event, __VA_ARGS__)
const struct key_rule event_rules[] = { EVENT_KEYS(X) END };
#undef X
#define X(...) RULE(raw_load, scenario_load, __VA_ARGS__)
const struct key_rule load_rules[] = { LOAD_KEYS(X) END };
#undef X
#define X(...) RULE(raw_link, scenario_link, __VA_ARGS__)
const struct key_rule link_rules[] = { LINK_KEYS(X) END };
#undef X

/* A key that is in no mapping does not compile. */
#define X(preset, mapping, key, text) \
    _Static_assert(offsetof(struct raw_##mapping, key) < SIZE_MAX, #key);
PRESET_ROWS(X)
#undef X

#define X(preset, mapping, key, text) { preset, mapping##_rules, #key, text },
static const struct {
    enum scenario_preset preset;
    const struct key_rule *mapping;
    const char *key, *text;
} preset_rows[] = { PRESET_ROWS(X) };
#undef X

const char *preset_text(enum scenario_preset preset,
                        const struct key_rule *mapping, const char *key)
{
    for (size_t i = 0; i < sizeof(preset_rows) / sizeof(preset_rows[0]); i++) {
        if (preset_rows[i].preset == preset &&
            preset_rows[i].mapping == mapping &&
            strcmp(preset_rows[i].key, key) == 0) {
            return preset_rows[i].text;
        }
    }
    return NULL;
}

const struct key_mapping key_mappings[] = {
    { "run", false, run_rules },
    { "machine", false, machine_rules },
    { "kernel", false, kernel_rules },
    { "vms", true, vms_rules },
    { "disks", true, disk_rules },
    { "events", true, event_rules },
    { "load", true, load_rules },
    { "link", false, link_rules },
    { .name = NULL },
};

/* ---- Fields ------------------------------------------------------------- */

#define LEAF (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

#define FIELD(raw_type, key)                                    \
    CYAML_FIELD_STRING_PTR(#key, LEAF, struct raw_type, key, 0, \
                           CYAML_UNLIMITED),

#define X(key, ...) FIELD(raw_run, key)
const cyaml_schema_field_t run_fields[] = { RUN_KEYS(X) CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_machine, key)
const cyaml_schema_field_t machine_fields[] = { MACHINE_KEYS(X)
                                                    CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_kernel, key)
const cyaml_schema_field_t kernel_fields[] = { KERNEL_KEYS(X) CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_vms, key)
const cyaml_schema_field_t vms_fields[] = { VMS_KEYS(X) CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_disk, key)
const cyaml_schema_field_t disk_fields[] = { DISK_KEYS(X) CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_event, key)
const cyaml_schema_field_t event_fields[] = { EVENT_KEYS(X) CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_load, key)
const cyaml_schema_field_t load_fields[] = { LOAD_KEYS(X) CYAML_FIELD_END };
#undef X
#define X(key, ...) FIELD(raw_link, key)
const cyaml_schema_field_t link_fields[] = { LINK_KEYS(X) CYAML_FIELD_END };
#undef X

/*
 * scenario.h - what to simulate: a YAML file, every default filled in.
 *
 * docs/scenario.md lists the keys. libcyaml checks the file against the schema,
 * `--set` changes are applied, the whole is resolved into this struct, with units
 * converted and ranges checked. A complaint names file, line and field.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "sim/base.h"
#include "sim/scenario/clients.h"
#include "sim/scenario/moment.h"
#include "sim/vocabulary/vm_name.h"

struct arena;
struct machine;
struct scenario_source;

#define SCENARIO_CLIENT_LIMIT 1000000u /* Of one load. */
#define SCENARIO_NAME_BYTES   64
#define SCENARIO_PATH_LENGTH  1023

/* Limits of the ABI; isa/agree.c compares them. */
#define SCENARIO_ARGS_LENGTH 255
#define SCENARIO_MEMORY_MIN  0x00010000 /* Of one VM. */
#define SCENARIO_MEMORY_MAX  0x40000000
#define SCENARIO_PAGE_BYTES  4096
#define SCENARIO_DISK_LIMIT  4 /* Of one VM. */

/* Of bundled guests; workloads/load.c compares them. */
#define SCENARIO_PLAYERS      4 /* A game server's, without a `players=`. */
#define SCENARIO_PLAYER_LIMIT 8 /* Of one game server. */

enum scenario_boot { BOOT_IDEAL, BOOT_MODELLED };
enum scenario_interrupts {
    INTERRUPTS_BATCHED,
    INTERRUPTS_SYNCHRONOUS,
    INTERRUPTS_NESTED,
};
enum scenario_preset { PRESET_DENALI, PRESET_VMM, PRESET_ISOLATED };
enum scenario_nic { NIC_SIMPLE, NIC_PCNET32 };
enum scenario_idle { IDLE_TIMEOUT, IDLE_SPIN };
enum scenario_text { TEXT_SHARED, TEXT_PRIVATE };
enum scenario_tables { TABLES_EAGER, TABLES_ON_DEMAND };
enum scenario_swap { SWAP_SPARSE, SWAP_STATIC };
enum scenario_verify { VERIFY_EAGER, VERIFY_LAZY };
/* How VMs end: not, or with code 0; by a fault or another code; as they like. */
enum scenario_expect { EXPECT_WELL, EXPECT_BADLY, EXPECT_ANY };
enum scenario_event_kind { EVENT_CREATE, EVENT_DESTROY };

/* A group of like VMs. */
struct scenario_vms {
    const char *name;  /* Unique. */
    const char *image; /* A bundled guest's name, or a path. */
    uint32_t count;    /* VMs from the start; >= 1 */
    uint32_t vm_total; /* `count`, plus the VMs that events create. */
    uint32_t first;    /* Number of its first VM; groups follow each other, with
                          room for vm_total numbers each. */
    uint32_t memory_bytes; /* Whole pages. */
    const char *args;      /* Boot command line; "" by default. */
    enum scenario_verify verify;
    enum scenario_expect expect;
    uint32_t frames; /* Most of its heap, for experiments; 0: no limit. */
    uint32_t reserve_bytes; /* Of RAM, guaranteed to its pages; default 0. */
    uint32_t shares;   /* Of the processor; 1 to SHARES_LIMIT, default 100. */
    uint32_t priority; /* For policies that know it: 0, the default and the
                          first to run, to PRIORITY_LIMIT. */
    struct scenario_args policy_args; /* Each VM's, for any policy. */
    uint64_t console_bytes;           /* Of a VM's output, kept; 0: all. */
};

/* A disk that every VM of a group has; in order, its disks 0, 1... */
struct scenario_disk {
    uint32_t group;
    uint64_t size_bytes; /* Whole blocks of 4 KiB; > 0. */
    const char *file;    /* Contents before and after the run, for a group of
                            one VM in all only; NULL: zeros, and not kept. */
};

/* What the supervisor does while the system runs. */
struct scenario_event {
    uint64_t at_ns; /* A moment. Ascending. */
    enum scenario_event_kind kind;
    uint32_t group;
    uint32_t count; /* VMs; >= 1. Destroyed: those created first. */
};

struct scenario_link {
    uint64_t bits_per_second; /* Default: the profile's. */
    uint64_t latency_ns;
    uint32_t loss_ppm, reorder_ppm, duplicate_ppm;
};

struct scenario {
    const char *name;                     /* The file's base name. */
    const char *path;                     /* As given. */
    const struct scenario_source *source; /* Where each key stands. */

    uint64_t seed; /* Default 1. */
    enum scenario_boot boot;
    uint64_t boot_instructions; /* A VM that has retired so many has booted;
                                   default 1,000,000, 0: boot waits for none. */
    uint64_t warmup_ns;         /* Default SCENARIO_AUTO, */
    uint64_t warmup_max_ns;     /* and then this at most; default 60 s. */
    uint64_t duration_ns;       /* Default 2 s; > 0. */
    uint64_t drain_ns; /* At most this after the window; default 30 s. */

    const struct machine *machine;
    uint64_t ram_bytes;
    uint32_t tx_ahead; /* Frames the card takes ahead: sim/devices/nic.h. */
    const char *costs; /* Instruction cost model; default `unit`. */

    /* kernel: names are checked against ik's tables by the caller. */
    const char *gatekeeper;  /* Default `fifo`. */
    const char *scheduler;   /* Default `round-robin`. */
    const char *replacement; /* Default `wsclock`. */
    struct scenario_args gatekeeper_args, scheduler_args, replacement_args;
    uint64_t quantum_ns;            /* Default 10 ms; > 0. */
    uint64_t lease_ns;              /* Default 1 s; > 0. */
    uint64_t min_free_bytes;        /* Default 1 MiB. */
    uint64_t tau_ns;                /* Of wsclock; default 100 ms; > 0. */
    const char *disk_queue;         /* Default `elevator`. */
    const char *receive, *transmit; /* Default `pool`, `round-robin`. */
    uint32_t paging_block_bytes;    /* 4 KiB times 1, 2, 4, 8 or 16. */
    uint32_t rx_queue, tx_queue;    /* Packets waiting per VM: 256, 64. */
    uint32_t rx_pool;               /* Packets waiting in all; default 16384. */
    enum scenario_preset preset;    /* PRESET_ROWS: what it has set. */
    enum scenario_interrupts interrupts;
    enum scenario_nic nic;
    enum scenario_idle idle;
    enum scenario_text text;
    enum scenario_tables page_tables;
    enum scenario_swap swap;

    uint32_t group_count; /* >= 1 */
    struct scenario_vms *vms;
    uint32_t vm_count;       /* Sum of the groups' vm_total. */
    struct vm_roster roster; /* The same groups, by name and number. */
    uint32_t disk_count;
    struct scenario_disk *disks;
    uint32_t event_count;
    struct scenario_event *events;
    uint32_t load_count;
    struct scenario_load *loads;
    struct scenario_link link;
};

#define SCENARIO_MESSAGE_BYTES 1024

/* `--set key=value` words, in order. */
struct scenario_options {
    const char *const *sets;
    uint32_t set_count;
};

/*
 * Reads, changes and resolves. On failure returns NULL and writes one
 * sentence to `message`. The arena owns the result, and the options' words must
 * live as long. `options` may be NULL. YAML and JSON alike.
 */
struct scenario *scenario_load(struct arena *arena, const char *path,
                               const struct scenario_options *options,
                               char message[SCENARIO_MESSAGE_BYTES]);

/*
 * Writes the effective scenario, every default spelled out, as YAML that
 * scenario_load reads back to an equal one. False when writing failed.
 */
SIM_MUST_USE bool scenario_save(const struct scenario *s, const char *path);

/*
 * Returns the scenario as JSON on one line, with numbers as text: two such
 * texts are equal exactly if the scenarios are, whatever their files look like.
 * The caller frees the text; NULL: out of memory.
 */
SIM_MUST_USE char *scenario_write_json(const struct scenario *s);

/* The JSON schema of scenarios; the caller frees it. NULL: out of memory. */
SIM_MUST_USE char *scenario_write_schema(void);

/* What the text of a key's value is as a number, in one unit for each kind. */
struct scenario_number {
    const char *unit; /* "ns", "bytes", "bit/s", "share" of 1, or "". */
    double value;
    bool is_whole;
    int64_t whole; /* Valid if is_whole. */
};

/* `key` is a path, "load[0].rate". False: its value is a word or a text, or
   there is no such key. */
SIM_MUST_USE bool scenario_read_number(const char *key, const char *text,
                                       struct scenario_number *n);

/* Writes "FILE:LINE: KEY: TEXT" for a complaint about a key, for callers that
   check what the scenario cannot (images, policies). */
void scenario_complain(const struct scenario *s, const char *key,
                       const char *text, char message[SCENARIO_MESSAGE_BYTES]);

#endif /* SIM_SCENARIO_H */

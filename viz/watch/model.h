/*
 * model.h - what the views show: one moment of a machine, and how the watcher
 * stands to it. Views read it and change nothing in it.
 */
#ifndef VIZ_WATCH_MODEL_H
#define VIZ_WATCH_MODEL_H

#include "sim/quantity.h"
#include "sim/trace/replay.h"
#include "sim/vocabulary/vocabulary.h"
#include "viz/watch/recent.h"

#define GUEST_CODE_LINES    12
#define GUEST_CODE_BYTES    56
#define GUEST_CONSOLE_BYTES 1024
#define GUEST_REGISTERS     10 /* Eight, EIP and EFLAGS. */

/* What only a live machine knows of a VM: no trace holds it. */
struct guest_view {
    uint32_t vm;
    uint32_t registers[GUEST_REGISTERS];
    const char *register_names[GUEST_REGISTERS];
    uint32_t code_count; /* From EIP on. */
    uint32_t code_va[GUEST_CODE_LINES];
    char code[GUEST_CODE_LINES][GUEST_CODE_BYTES];
    char console[GUEST_CONSOLE_BYTES]; /* The last it wrote. */
};

#define MODEL_PHASES 16

struct model_phase {
    uint64_t start; /* Cycles. */
    uint32_t phase; /* Of TRACE_PHASE. */
};

struct model {
    const struct replay *now;  /* At the moment shown. */
    const struct replay *edge; /* As far as events are known: its samples. */
    const struct recent *recent;
    const struct guest_view *guest; /* NULL: not to be had. */
    const char *guest_absence;      /* Why not, in a line. */
    const char *source;             /* The scenario's name. */
    const char *notice;             /* Of a broken trace and so on; "": none. */
    uint64_t end;                   /* Cycles; the time line's. */
    struct model_phase phases[MODEL_PHASES];
    uint32_t phase_count;
    bool is_live, is_paused, is_at_end;
    bool is_indexing;     /* The trace is still being read. */
    double speed;         /* Virtual time in real time. */
    uint32_t frames_hz;   /* Pictures a second; 0: not measured. */
    uint64_t event_index; /* Of the moment. */
};

uint64_t model_ns(const struct model *m, uint64_t cycles);
struct quantity model_time(const struct model *m, uint64_t cycles);

struct vm_name model_vm_name(const struct model *m, uint32_t vm);

/* And its number, where that is another. */
struct vm_name model_vm_number_name(const struct model *m, uint32_t vm);

#endif /* VIZ_WATCH_MODEL_H */

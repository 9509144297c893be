/*
 * model.h - what the views show: one moment of a machine, and the watcher's
 * state. Views only read the model.
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
    char console[GUEST_CONSOLE_BYTES]; /* The end of what the VM wrote. */
};

struct raster;

#define MODEL_PHASES 16

struct model_phase {
    uint64_t start; /* Cycles. */
    uint32_t phase; /* The number in TRACE_PHASE. */
};

struct model {
    const struct replay *now;  /* The state at the moment shown. */
    const struct replay *edge; /* The last state known, with all samples. */
    const struct recent *recent;
    const struct guest_view *guest; /* NULL: guest_absence says why. */
    const char *guest_absence;
    /* The run as stretches; a view uses its room for a picture, and changes
       nothing else. NULL: raster_absence says why. */
    struct raster *raster;
    const char *raster_absence;
    const char *source; /* The scenario's name. */
    const char *notice; /* A complaint, such as of a broken trace, or "". */
    uint64_t end;       /* The end of the time line, in cycles. */
    struct model_phase phases[MODEL_PHASES];
    uint32_t phase_count;
    bool is_live, is_paused, is_at_end;
    bool is_indexing;     /* The trace is still being read. */
    double speed;         /* Virtual time divided by real time. */
    uint32_t frames_hz;   /* Pictures a second; 0: not measured. */
    uint64_t event_index; /* The number of the last event before the moment. */
};

uint64_t model_ns(const struct model *m, uint64_t cycles);
struct quantity model_time(const struct model *m, uint64_t cycles);

struct vm_name model_vm_name(const struct model *m, uint32_t vm);

/* The VM's name, and its number unless the name ends with it. */
struct vm_name model_vm_number_name(const struct model *m, uint32_t vm);

#endif /* VIZ_WATCH_MODEL_H */

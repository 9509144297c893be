/*
 * viz.h - what the rest of iksim knows of the visualizer. It watches a trace
 * or a machine that its owner steps, in a window or into a picture.
 */
#ifndef VIZ_VIZ_H
#define VIZ_VIZ_H

#include "sim/trace/file.h"
#include "viz/watch/model.h"

#define VIZ_MESSAGE_BYTES 512

#define VIZ_WIDTH        1280
#define VIZ_HEIGHT       800
#define VIZ_WIDTH_LEAST  1024
#define VIZ_HEIGHT_LEAST 700
#define VIZ_SIZE_MOST    3840

/*
 * A machine to be watched. Its owner fills in the first part and passes each
 * event to sink(sink_ctx, event), which the visualizer fills in, in order.
 */
struct viz_live {
    const struct trace_info *info; /* Borrowed. */
    void *ctx;
    /* Runs a little: until there is an event, or some host time has passed.
       False: the run is over. */
    bool (*step)(void *ctx);
    /* Reads what only the machine knows of a VM. False: there is no such VM. */
    bool (*guest)(void *ctx, uint32_t vm, struct guest_view *g);
    /* Returns, after the end of the run, what went wrong, or "". */
    const char *(*message)(void *ctx);

    trace_sink_fn *sink; /* Set by viz_run. */
    void *sink_ctx;
};

struct viz_options {
    int32_t width, height;
    const char *name;        /* The scenario's, for the top of the window. */
    const char *trace_path;  /* Either a trace is watched, */
    struct viz_live *live;   /* or a machine. */
    const char *picture;     /* A file for one picture; NULL: a window. */
    uint64_t picture_ns;     /* The moment of that picture. */
    bool shows_raster;       /* At first. */
    uint64_t from_ns, to_ns; /* Of the raster; to_ns 0: to the end. */
    const char *order;       /* Of its rows, by name; NULL: by number. */
    const char *selected;    /* The name or number of a VM; NULL: none. */
    uint32_t bench_seconds;  /* > 0: draws so long at full speed, no window. */
    const char *script_path; /* Input from a file; for tests. NULL: none. */
};

enum viz_end {
    VIZ_DONE,
    VIZ_PARTLY,  /* Shown as far as it is whole; message says what is not. */
    VIZ_REFUSED, /* Not a trace, no display and so on; message says why. */
};

/* Fills in the defaults. */
void viz_options_init(struct viz_options *o);

enum viz_end viz_run(const struct viz_options *options,
                     char message[VIZ_MESSAGE_BYTES]);

#endif /* VIZ_VIZ_H */

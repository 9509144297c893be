/*
 * source.h - where events come from: a trace file, or a machine that runs.
 *
 * Both can be read again from an earlier moment: a file by seeking, a machine
 * because its events are kept in memory.
 */
#ifndef VIZ_WATCH_SOURCE_H
#define VIZ_WATCH_SOURCE_H

#include "sim/trace/file.h"
#include "viz/watch/model.h"

struct arena;
struct source;

enum source_read {
    SOURCE_EVENT,
    SOURCE_NOT_YET, /* The machine has no new event yet. */
    SOURCE_END, /* No event follows; source_message says if some are lost. */
};

struct source_ops {
    const char *name;
    bool is_live;
    /* Reads the next event. */
    enum source_read (*read)(struct source *s, struct trace_event *event);
    /* Moves to event number `index`, from 0, which is the first at or after
       cycle `time`. False: the event is no longer kept. */
    bool (*seek)(struct source *s, uint64_t index, uint64_t time);
    /* Reads what only a machine knows of a VM; NULL: a trace cannot. False: the
       machine does not know it now. */
    bool (*guest)(struct source *s, uint32_t vm, struct guest_view *g);
    /* Returns a sentence on what is wrong with the events, or "". */
    const char *(*message)(const struct source *s);
    void (*close)(struct source *s);
};

/* The head of each kind of source. */
struct source {
    const struct source_ops *ops;
    const struct trace_info *info; /* Borrowed. */
};

/* Opens a trace. NULL: `message` says why not. */
struct source *source_open_trace(struct arena *arena, const char *path,
                                 char message[TRACE_MESSAGE_BYTES]);

struct viz_live;

/* NULL: the host has no room to keep events. */
struct source *source_open_live(struct arena *arena, struct viz_live *live);

#endif /* VIZ_WATCH_SOURCE_H */

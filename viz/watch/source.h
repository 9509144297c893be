/*
 * source.h - where events come from: a trace file, or a machine that runs.
 *
 * Both can be read again from an earlier moment: a file by seeking, a machine
 * because what it said is kept in memory.
 */
#ifndef VIZ_WATCH_SOURCE_H
#define VIZ_WATCH_SOURCE_H

#include "sim/trace/file.h"
#include "viz/watch/model.h"

struct arena;
struct source;

enum source_read {
    SOURCE_EVENT,
    SOURCE_NOT_YET, /* A machine: none so far; ask again. */
    SOURCE_END,     /* For ever; source_message says why it is not whole. */
};

struct source_ops {
    const char *name;
    bool is_live;
    /* The next event. */
    enum source_read (*read)(struct source *s, struct trace_event *event);
    /* The next one read will be number `index`, from 0, which is the first at
       or after cycle `time`. False: it is no longer kept. */
    bool (*seek)(struct source *s, uint64_t index, uint64_t time);
    /* What only a machine knows; NULL: never to be had. False: not now. */
    bool (*guest)(struct source *s, uint32_t vm, struct guest_view *g);
    /* A sentence on what is wrong with what was read; "": nothing. */
    const char *(*message)(const struct source *s);
    void (*close)(struct source *s);
};

/* First in what each kind of source is. */
struct source {
    const struct source_ops *ops;
    const struct trace_info *info; /* Borrowed. */
};

/* NULL, with a sentence. */
struct source *source_open_trace(struct arena *arena, const char *path,
                                 char message[TRACE_MESSAGE_BYTES]);

struct viz_live;

/* NULL: the host has no room to keep events. */
struct source *source_open_live(struct arena *arena, struct viz_live *live);

#endif /* VIZ_WATCH_SOURCE_H */

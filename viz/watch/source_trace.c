/* source_trace.c - events from a trace file. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <sys/stat.h>

#include "sim/arena.h"
#include "viz/watch/source.h"

#include "sim/banned.h"

struct trace_source {
    struct source source;
    struct trace_file *file; /* Owned. */
};

static enum source_read trace_read(struct source *s, struct trace_event *event)
{
    struct trace_source *t = CONTAINER_OF(s, struct trace_source, source);
    return trace_file_next(t->file, event) == TRACE_READ_EVENT ? SOURCE_EVENT
                                                               : SOURCE_END;
}

static bool trace_seek(struct source *s, uint64_t index, uint64_t time)
{
    (void)index;
    struct trace_source *t = CONTAINER_OF(s, struct trace_source, source);
    trace_file_seek(t->file, time);
    return true;
}

static const char *trace_message(const struct source *s)
{
    const struct trace_source *t = (const struct trace_source *)(const void *)s;
    return trace_file_message(t->file);
}

static void trace_close(struct source *s)
{
    struct trace_source *t = CONTAINER_OF(s, struct trace_source, source);
    trace_file_close(t->file);
}

static const struct source_ops trace_ops = {
    .name = "trace",
    .read = trace_read,
    .seek = trace_seek,
    .message = trace_message,
    .close = trace_close,
};

struct source *source_open_trace(struct arena *arena, const char *path,
                                 char message[TRACE_MESSAGE_BYTES])
{
    struct trace_source *t =
        arena_alloc(arena, sizeof(*t), alignof(struct trace_source));
    if (!t) {
        snprintf(message, TRACE_MESSAGE_BYTES, "out of memory");
        return NULL;
    }
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        snprintf(message, TRACE_MESSAGE_BYTES,
                 "'%s' is not a file that can be read more than once", path);
        return NULL;
    }
    t->file = trace_file_open(path, message);
    if (!t->file) {
        return NULL;
    }
    t->source.ops = &trace_ops;
    t->source.info = trace_file_info(t->file);
    return &t->source;
}

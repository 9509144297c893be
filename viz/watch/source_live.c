/*
 * source_live.c - events from a machine that runs while it is watched.
 *
 * What it says is kept, so that going back is reading again; when there is no
 * room for more, all that was read is forgotten at once, and going back ends
 * there.
 */
#include "sim/arena.h"
#include "viz/viz.h"
#include "viz/watch/source.h"

#include "sim/banned.h"

/* 32 bytes each; memory is committed as it is written. */
#define LOG_EVENTS (1u << 26)

struct live_source {
    struct source source;
    struct viz_live *live;      /* Borrowed. */
    struct trace_event *events; /* The arena's; LOG_EVENTS of them. */
    uint32_t count;             /* Kept. */
    uint32_t next;              /* To be read. */
    uint64_t forgotten;         /* Before those kept. */
    uint32_t room;
    bool is_over;
};

/* A sink: the machine says an event. */
static void keep(void *ctx, const struct trace_event *event)
{
    struct live_source *l = ctx;
    if (l->count == l->room && l->next > 0) {
        uint32_t unread = l->count - l->next;
        for (uint32_t i = 0; i < unread; i++) {
            l->events[i] = l->events[l->next + i];
        }
        l->forgotten += l->next;
        l->count = unread;
        l->next = 0;
    }
    SIM_ASSERT(l->count < l->room);
    l->events[l->count++] = *event;
}

static enum source_read live_read(struct source *s, struct trace_event *event)
{
    struct live_source *l = CONTAINER_OF(s, struct live_source, source);
    if (l->next == l->count && !l->is_over) {
        l->is_over = !l->live->step(l->live->ctx);
    }
    if (l->next == l->count) {
        return l->is_over ? SOURCE_END : SOURCE_NOT_YET;
    }
    *event = l->events[l->next++];
    return SOURCE_EVENT;
}

static bool live_seek(struct source *s, uint64_t index, uint64_t time)
{
    struct live_source *l = CONTAINER_OF(s, struct live_source, source);
    (void)time;
    if (index < l->forgotten || index > l->forgotten + l->count) {
        return false;
    }
    l->next = (uint32_t)(index - l->forgotten);
    return true;
}

/* The machine stands behind the last event that it said. */
static bool live_guest(struct source *s, uint32_t vm, struct guest_view *g)
{
    struct live_source *l = CONTAINER_OF(s, struct live_source, source);
    return l->count - l->next < 4096 && l->live->guest(l->live->ctx, vm, g);
}

static const char *live_message(const struct source *s)
{
    const struct live_source *l = (const struct live_source *)(const void *)s;
    return l->is_over ? l->live->message(l->live->ctx) : "";
}

static void live_close(struct source *s)
{
    (void)s;
}

static const struct source_ops live_ops = {
    .name = "live",
    .is_live = true,
    .read = live_read,
    .seek = live_seek,
    .guest = live_guest,
    .message = live_message,
    .close = live_close,
};

struct source *source_open_live(struct arena *arena, struct viz_live *live)
{
    struct live_source *l =
        arena_alloc(arena, sizeof(*l), alignof(struct live_source));
    if (!l) {
        return NULL;
    }
    l->room = LOG_EVENTS;
    l->events = arena_alloc(arena, (size_t)l->room * sizeof(*l->events),
                            alignof(struct trace_event));
    if (!l->events) {
        return NULL;
    }
    l->live = live;
    l->source.ops = &live_ops;
    l->source.info = live->info;
    live->sink = keep;
    live->sink_ctx = l;
    return &l->source;
}

/* replay.c - see replay.h. */
#include "workloads/replay/replay.h"

#include <string.h>

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "workloads/replay/log_file.h"

#define LATEST_NS UINT64_C(1000000000000000) /* No run lasts longer. */

/* A path that has appeared, by its hash: that two of a file's paths have the
   same is less likely than n * n in 2^65. */
struct known_path {
    struct slab_head head;
    uint64_t hash;
};

struct replay {
    struct log_file *file; /* Borrowed. */
    struct log_request next;
    struct slab paths; /* Map `first`. */
    struct slab_index by_hash;
    bool is_broken;
};

static uint64_t hash_of(struct log_text text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < text.bytes; i++) {
        hash = (hash ^ (uint8_t)text.at[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Without what a server takes as arguments. */
static struct log_text place_of(struct log_text path)
{
    uint32_t bytes = 0;
    while (bytes < path.bytes && path.at[bytes] != '?' &&
           path.at[bytes] != '#') {
        bytes++;
    }
    return (struct log_text){ path.at, bytes };
}

/* How many paths appeared before this one. */
static uint32_t order_of(struct replay *r, struct log_text path)
{
    uint64_t hash = hash_of(path);
    uint32_t key = slab_hash((uint32_t)hash, (uint32_t)(hash >> 32), 0);
    struct known_path *known = slab_index_next(&r->by_hash, key, NULL);
    while (known && known->hash != hash) {
        known = slab_index_next(&r->by_hash, key, known);
    }
    if (!known) {
        known = slab_get(&r->paths, 0);
        if (!known) {
            return (uint32_t)hash; /* No memory: as good as any. */
        }
        known->hash = hash;
        slab_index_add(&r->by_hash, known, key);
    }
    return known->head.number;
}

static uint32_t vm_of(struct source *s, const struct log_line *line)
{
    if (line->vm != LOG_NO_VM) {
        return line->vm;
    }
    switch (s->config->map) {
    case MAP_PATH:
        return (uint32_t)(hash_of(place_of(line->path)) % s->vm_count);
    case MAP_CLIENT:
        return (uint32_t)(hash_of(line->client) % s->vm_count);
    case MAP_FIRST:
        return order_of(s->replay, place_of(line->path)) % s->vm_count;
    case MAP_ZIPF:
        break;
    }
    return zipf_draw(&s->zipf, &s->choice);
}

/* When the request is due, in cycles after the start. */
static uint64_t cycles_of(const struct source *s, uint64_t after_ns)
{
    uint64_t ns = after_ns;
    if (s->config->speed < 1 || s->config->speed > 1) {
        double scaled = (double)after_ns / s->config->speed;
        ns = scaled < 1e18 ? (uint64_t)scaled : LATEST_NS;
    }
    ns = ns < LATEST_NS ? ns : LATEST_NS;
    return cycles_from_ns(ns, s->load->config.cpu_hz);
}

static void set_next(struct source *s)
{
    struct replay *r = s->replay;
    switch (log_file_next(r->file, &r->next)) {
    case LOG_REQUEST:
        timer_set(s->load->config.events, &s->next,
                  s->start + cycles_of(s, r->next.after_ns));
        break;
    case LOG_END:
        break;
    case LOG_CHANGED:
        r->is_broken = true;
        break;
    }
}

static void replay_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    const struct log_line *line = &s->replay->next.line;
    bool has_own = s->config->path[0] != '\0';
    (void)timer;
    session_ask_for(s, s->first_vm + vm_of(s, line), line->path.at,
                    has_own ? 0 : line->path.bytes);
    set_next(s);
}

static bool replay_create(struct source *s, struct arena *arena)
{
    struct replay *r = arena_alloc(arena, sizeof(*r), alignof(struct replay));
    s->replay = r;
    if (!r) {
        return false;
    }
    r->file = s->load->config.logs[s->index];
    log_file_rewind(r->file);
    slab_init(&r->paths, arena, sizeof(struct known_path));
    timer_init(&s->next, replay_fires, s);
    return slab_index_init(&r->by_hash, &r->paths);
}

static void replay_start(struct source *s, uint64_t start)
{
    (void)start;
    set_next(s);
}

static void replay_stop(struct source *s)
{
    timer_cancel(s->load->config.events, &s->next);
}

bool replay_is_broken(const struct source *s)
{
    return s->replay && s->replay->is_broken;
}

const struct arrivals replay_arrivals = {
    .name = "replay",
    .create = replay_create,
    .start = replay_start,
    .stop = replay_stop,
};

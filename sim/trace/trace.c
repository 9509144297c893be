/*
 * trace.c - folding events into fingerprints.
 *
 * Events wait in a small block per layer, so that the hash is called for 4 KiB
 * at a time and an event costs little more than storing it.
 */
#include "sim/trace/trace.h"

#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "sim/arena.h"

#include "sim/banned.h"

#define BLOCK_EVENTS 128
#define SINK_LIMIT   5

/* The events' bytes are hashed as they lie in memory. */
_Static_assert(sizeof(struct trace_event) == 32, "no padding");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "byte order");

struct layer {
    XXH3_state_t *hash; /* Owned; of all events but those in the block. */
    uint32_t count;     /* Events in the block. */
    struct trace_event block[BLOCK_EVENTS];
};

struct sink {
    trace_sink_fn *fn;
    void *ctx; /* Borrowed. */
};

struct trace {
    struct layer layers[TRACE_LAYER_COUNT];
    XXH3_state_t *scratch; /* Owned; to finish a copy of a layer's hash in. */
    uint32_t sink_count;
    struct sink sinks[SINK_LIMIT];
};

/* NULL when the host is out of memory. */
static XXH3_state_t *new_hash(void)
{
    XXH3_state_t *hash = XXH3_createState();
    if (hash) {
        XXH3_128bits_reset(hash);
    }
    return hash;
}

struct trace *trace_create(struct arena *arena)
{
    struct trace *t = arena_alloc(arena, sizeof(*t), alignof(struct trace));
    if (!t) {
        return NULL;
    }
    t->scratch = new_hash();
    bool is_complete = t->scratch;
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        t->layers[i].hash = new_hash();
        is_complete = is_complete && t->layers[i].hash;
    }
    if (!is_complete) {
        trace_release(t);
        return NULL;
    }
    return t;
}

void trace_release(struct trace *t)
{
    if (!t) {
        return;
    }
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        XXH3_freeState(t->layers[i].hash);
        t->layers[i].hash = NULL;
    }
    XXH3_freeState(t->scratch);
    t->scratch = NULL;
}

void trace_add_sink(struct trace *t, trace_sink_fn *fn, void *ctx)
{
    SIM_ASSERT(t->sink_count < SINK_LIMIT);
    t->sinks[t->sink_count++] = (struct sink){ fn, ctx };
}

static void fold_block(struct layer *layer)
{
    XXH3_128bits_update(layer->hash, layer->block, sizeof(layer->block));
    layer->count = 0;
}

void trace_emit(struct trace *t, uint64_t time, struct trace_event event)
{
    SIM_ASSERT(event.layer < TRACE_LAYER_COUNT);
    struct layer *layer = &t->layers[event.layer];
    event.time = time;
    layer->block[layer->count++] = event;
    if (layer->count == BLOCK_EVENTS) {
        fold_block(layer);
    }
/* Only to measure what it costs that there may be sinks: bench/trace.sh. */
#ifndef IKSIM_NO_TRACE
    for (uint32_t i = 0; i < t->sink_count; i++) {
        t->sinks[i].fn(t->sinks[i].ctx, &event);
    }
#endif
}

static XXH128_hash_t layer_hash(const struct trace *t, enum trace_layer number)
{
    const struct layer *layer = &t->layers[number];
    XXH3_copyState(t->scratch, layer->hash);
    XXH3_128bits_update(t->scratch, layer->block,
                        layer->count * sizeof(layer->block[0]));
    return XXH3_128bits_digest(t->scratch);
}

static void write_hex(XXH128_hash_t hash, char hex[FINGERPRINT_CHARS])
{
    snprintf(hex, FINGERPRINT_CHARS, "%016llx%016llx",
             (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}

uint64_t trace_hash(const void *bytes, size_t count)
{
    return XXH3_64bits(bytes, count);
}

void trace_hash_wide(const void *bytes, size_t count,
                     char hex[FINGERPRINT_CHARS])
{
    write_hex(XXH3_128bits(bytes, count), hex);
}

void trace_layer_fingerprint(const struct trace *t, enum trace_layer layer,
                             char hex[FINGERPRINT_CHARS])
{
    write_hex(layer_hash(t, layer), hex);
}

void trace_fingerprint(const struct trace *t, char hex[FINGERPRINT_CHARS])
{
    XXH128_canonical_t layers[TRACE_LAYER_COUNT];
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        XXH128_canonicalFromHash(&layers[i],
                                 layer_hash(t, (enum trace_layer)i));
    }
    write_hex(XXH3_128bits(layers, sizeof(layers)), hex);
}

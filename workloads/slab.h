/*
 * slab.h - records of one kind, known by number, that never move.
 *
 * They may hold timers, so they stay where they are; the numbers are what
 * other state holds. Memory is taken from the arena a chunk at a time as the
 * most records ever in use grows, and kept. The last record put back is the
 * first to be taken again. Several who take records of one slab (loads, mostly)
 * may have a share of it each: then none can leave the others without.
 */
#ifndef WORKLOADS_SLAB_H
#define WORKLOADS_SLAB_H

#include "sim/base.h"

struct arena;
struct event_queue;

#define SLAB_CHUNK_RECORDS 256
#define SLAB_CHUNK_LIMIT   16384
#define SLAB_NONE          UINT32_MAX
#define SLAB_RECORD_LIMIT  (SLAB_CHUNK_RECORDS * SLAB_CHUNK_LIMIT)

/* The first member of each record. */
struct slab_head {
    uint32_t number; /* Of this record; const once made. */
    uint32_t next;   /* The next free one, or the next in a hash chain. */
    uint32_t hash;   /* Valid while in a slab_index. */
    uint32_t holder; /* Who has taken it, or had it last. */
};

struct slab {
    struct arena *arena;        /* Borrowed. */
    struct event_queue *events; /* Borrowed; NULL: records have no timers. */
    uint32_t timers;            /* Of a record; valid with events. */
    size_t record_bytes;        /* A multiple of 8. */
    uint32_t made;
    uint32_t in_use;
    uint32_t share; /* As many records as one holder may have. */
    uint32_t *held; /* By holder; NULL: nobody counts, and there is no share. */
    uint32_t first_free;    /* SLAB_NONE: make one. */
    unsigned char **chunks; /* NULL until the first record is made. */
};

void slab_init(struct slab *s, struct arena *arena, size_t record_bytes);

/* Before the first record: each has so many timers, and is made only if there is
   room for them, too. */
void slab_time(struct slab *s, struct event_queue *events, uint32_t timers);

/* Before the first record: so many holders have equal shares. False: the arena
   is full. */
SIM_MUST_USE bool slab_share(struct slab *s, uint32_t holders);

/* A record, all zero but its head; NULL when the arena, the slab or the share of
   `holder` is full. Without shares it may be any number. */
void *slab_get(struct slab *s, uint32_t holder);
void slab_put(struct slab *s, void *record);

/* The record `number`, in use or not; number < made. */
void *slab_at(const struct slab *s, uint32_t number);

/* Records of one slab by a hash of their key: chains, by number. */
struct slab_index {
    const struct slab *slab; /* Borrowed. */
    uint32_t *buckets;       /* First records; SLAB_NONE: empty. */
    uint32_t bucket_count;   /* A power of two, grows with `count`. */
    uint32_t count;
};

/* False when the arena is full. */
SIM_MUST_USE bool slab_index_init(struct slab_index *x,
                                  const struct slab *slab);
void slab_index_add(struct slab_index *x, void *record, uint32_t hash);
void slab_index_remove(struct slab_index *x, void *record);

/* The records with this hash, one after another, then NULL; the caller
   compares keys. `before` is NULL at first. */
void *slab_index_next(const struct slab_index *x, uint32_t hash,
                      const void *before);

/* A hash of 96 bits of key, well mixed. */
uint32_t slab_hash(uint32_t a, uint32_t b, uint32_t c);

#endif /* WORKLOADS_SLAB_H */

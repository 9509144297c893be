/* slab.c - see slab.h. */
#include "workloads/slab.h"

#include "sim/arena.h"
#include "sim/events.h"

#include <string.h>

void slab_init(struct slab *s, struct arena *arena, size_t record_bytes)
{
    SIM_ASSERT(record_bytes > sizeof(struct slab_head));
    SIM_ASSERT(record_bytes % alignof(uint64_t) == 0);
    *s = (struct slab){ .arena = arena,
                        .record_bytes = record_bytes,
                        .first_free = SLAB_NONE };
}

void slab_time(struct slab *s, struct event_queue *events, uint32_t timers)
{
    SIM_ASSERT(s->made == 0);
    s->events = events;
    s->timers = timers;
}

bool slab_share(struct slab *s, uint32_t holders)
{
    SIM_ASSERT(s->made == 0);
    SIM_ASSERT(holders > 0);
    s->share = SLAB_RECORD_LIMIT / holders;
    s->held =
        arena_alloc(s->arena, holders * sizeof *s->held, alignof(uint32_t));
    return s->held;
}

void *slab_at(const struct slab *s, uint32_t number)
{
    SIM_ASSERT(number < s->made);
    return s->chunks[number / SLAB_CHUNK_RECORDS] +
           (size_t)(number % SLAB_CHUNK_RECORDS) * s->record_bytes;
}

static bool add_chunk(struct slab *s, uint32_t chunk)
{
    if (chunk >= SLAB_CHUNK_LIMIT) {
        return false;
    }
    if (!s->chunks) {
        s->chunks = (unsigned char **)arena_alloc(
            s->arena, SLAB_CHUNK_LIMIT * sizeof *s->chunks,
            alignof(unsigned char *));
        if (!s->chunks) {
            return false;
        }
    }
    if (!s->chunks[chunk]) { /* Or there was no room for its timers. */
        s->chunks[chunk] =
            arena_alloc(s->arena, SLAB_CHUNK_RECORDS * s->record_bytes,
                        alignof(max_align_t));
    }
    return s->chunks[chunk] &&
           (!s->events ||
            events_reserve(s->events,
                           (uint64_t)SLAB_CHUNK_RECORDS * s->timers));
}

static struct slab_head *make(struct slab *s)
{
    if (s->made % SLAB_CHUNK_RECORDS == 0 &&
        !add_chunk(s, s->made / SLAB_CHUNK_RECORDS)) {
        return NULL;
    }
    struct slab_head *head = slab_at(s, s->made++);
    head->number = s->made - 1;
    return head;
}

void *slab_get(struct slab *s, uint32_t holder)
{
    struct slab_head *head;
    if (s->held && s->held[holder] >= s->share) {
        return NULL;
    }
    if (s->first_free != SLAB_NONE) {
        head = slab_at(s, s->first_free);
        s->first_free = head->next;
        memset(head + 1, 0, s->record_bytes - sizeof *head);
    } else {
        head = make(s);
        if (!head) {
            return NULL;
        }
    }
    head->next = SLAB_NONE;
    head->holder = holder;
    s->in_use++;
    if (s->held) {
        s->held[holder]++;
    }
    return head;
}

void slab_put(struct slab *s, void *record)
{
    struct slab_head *head = record;
    SIM_ASSERT(s->in_use > 0);
    SIM_ASSERT(slab_at(s, head->number) == record);
    head->next = s->first_free;
    s->first_free = head->number;
    s->in_use--;
    if (s->held) {
        s->held[head->holder]--;
    }
}

/* ---- Records by hash ---------------------------------------------------- */

#define FIRST_BUCKETS 64

uint32_t slab_hash(uint32_t a, uint32_t b, uint32_t c)
{
    /* Odd constants with well-mixed bits: 2^64 over the golden ratio, and one
       of MurmurHash3's. */
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 29 ^ c) * 0xff51afd7ed558ccdu;
    return (uint32_t)(h >> 32);
}

static bool make_buckets(struct slab_index *x, uint32_t count)
{
    uint32_t *buckets =
        arena_alloc(x->slab->arena, count * sizeof *buckets, alignof(uint32_t));
    if (!buckets) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        buckets[i] = SLAB_NONE;
    }
    x->buckets = buckets;
    x->bucket_count = count;
    return true;
}

bool slab_index_init(struct slab_index *x, const struct slab *slab)
{
    *x = (struct slab_index){ .slab = slab };
    return make_buckets(x, FIRST_BUCKETS);
}

static void push(struct slab_index *x, struct slab_head *head)
{
    uint32_t *bucket = &x->buckets[head->hash & (x->bucket_count - 1)];
    head->next = *bucket;
    *bucket = head->number;
}

/* Without memory for more buckets the chains grow longer instead. */
static void grow(struct slab_index *x)
{
    const uint32_t *old = x->buckets;
    uint32_t old_count = x->bucket_count;
    if (!make_buckets(x, old_count * 2)) {
        return;
    }
    for (uint32_t i = 0; i < old_count; i++) {
        uint32_t number = old[i];
        while (number != SLAB_NONE) {
            struct slab_head *head = slab_at(x->slab, number);
            number = head->next;
            push(x, head);
        }
    }
}

void slab_index_add(struct slab_index *x, void *record, uint32_t hash)
{
    struct slab_head *head = record;
    if (++x->count > x->bucket_count) {
        grow(x);
    }
    head->hash = hash;
    push(x, head);
}

void slab_index_remove(struct slab_index *x, void *record)
{
    const struct slab_head *head = record;
    uint32_t *link = &x->buckets[head->hash & (x->bucket_count - 1)];
    while (*link != head->number) {
        SIM_ASSERT(*link != SLAB_NONE);
        struct slab_head *other = slab_at(x->slab, *link);
        link = &other->next;
    }
    *link = head->next;
    x->count--;
}

void *slab_index_next(const struct slab_index *x, uint32_t hash,
                      const void *before)
{
    const struct slab_head *last = before;
    uint32_t number =
        last ? last->next : x->buckets[hash & (x->bucket_count - 1)];
    while (number != SLAB_NONE) {
        struct slab_head *head = slab_at(x->slab, number);
        if (head->hash == hash) {
            return head;
        }
        number = head->next;
    }
    return NULL;
}

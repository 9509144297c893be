/* histogram.c - see histogram.h. */
#include "sim/histogram.h"

#include <string.h>

#include "sim/banned.h"

#define SUB_COUNT (1u << HIST_SUB_BITS)

/* Which power of two, and which of the 128 parts of it. */
static uint32_t bucket_of(uint64_t value)
{
    if (value < SUB_COUNT) {
        return (uint32_t)value;
    }
    uint32_t top_bit = 63u - (uint32_t)__builtin_clzll(value);
    uint32_t shift = top_bit - HIST_SUB_BITS;
    return ((shift + 1) << HIST_SUB_BITS) + (uint32_t)(value >> shift) -
           SUB_COUNT;
}

/* The largest value of the bucket; that of the last one is UINT64_MAX. */
static uint64_t upper_end(uint32_t bucket)
{
    if (bucket < SUB_COUNT) {
        return bucket;
    }
    uint32_t shift = (bucket >> HIST_SUB_BITS) - 1;
    uint64_t next = (bucket & (SUB_COUNT - 1)) + SUB_COUNT + 1;
    return (next << shift) - 1;
}

static uint64_t saturating_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void hist_init(struct histogram *h)
{
    memset(h, 0, sizeof(*h));
    h->min = UINT64_MAX;
}

void hist_record(struct histogram *h, uint64_t value)
{
    h->count++;
    h->sum = saturating_add(h->sum, value);
    h->min = value < h->min ? value : h->min;
    h->max = value > h->max ? value : h->max;
    h->buckets[bucket_of(value)]++;
}

double hist_mean(const struct histogram *h)
{
    return h->count ? (double)h->sum / (double)h->count : 0.0;
}

/* How many values the percentile covers: at least one. */
static uint64_t rank_of(uint64_t count, uint32_t per_mille)
{
    /* In two parts, so that nothing overflows. */
    uint64_t rank = count / 1000 * per_mille;
    rank += (count % 1000 * per_mille + 999) / 1000;
    return rank ? rank : 1;
}

uint64_t hist_value(const struct histogram *h, uint64_t rank)
{
    SIM_ASSERT(rank > 0 && rank <= h->count);
    uint64_t seen = 0;
    uint32_t i = 0;
    for (; i < HIST_BUCKETS - 1; i++) {
        seen += h->buckets[i];
        if (seen >= rank) {
            break;
        }
    }
    uint64_t end = upper_end(i);
    return end < h->max ? end : h->max;
}

uint64_t hist_percentile(const struct histogram *h, uint32_t per_mille)
{
    SIM_ASSERT(per_mille <= 1000);
    return h->count > 0 ? hist_value(h, rank_of(h->count, per_mille)) : 0;
}

uint64_t hist_count_within(const struct histogram *h, uint64_t value)
{
    uint64_t seen = 0;
    for (uint32_t i = 0; i <= bucket_of(value); i++) {
        seen += h->buckets[i];
    }
    return seen;
}

uint64_t hist_least_count(uint32_t per_mille)
{
    SIM_ASSERT(per_mille > 0 && per_mille < 1000);
    double share = per_mille / 1000.0;
    double all_below = 1;
    double all_above = 1;
    uint64_t count = 0;
    while (all_below + all_above > 0.05) {
        all_below *= share;
        all_above *= 1 - share;
        count++;
    }
    return count;
}

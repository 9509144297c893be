/* sample.c - see sample.h. */
#include "tests/shadow/sample.h"

#include <stdlib.h>

#define FIRST_ROOM 1024

void sample_add(struct sample *s, uint64_t value)
{
    if (s->count == s->room) {
        s->room = s->room > 0 ? 2 * s->room : FIRST_ROOM;
        s->values = realloc(s->values, s->room * sizeof(*s->values));
        SIM_ASSERT(s->values);
    }
    s->values[s->count++] = value;
}

void sample_release(struct sample *s)
{
    free(s->values);
    *s = (struct sample){ 0 };
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

void sample_sort(struct sample *s)
{
    if (s->count > 0) {
        qsort(s->values, s->count, sizeof(*s->values), compare);
    }
}

double sample_mean(const struct sample *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        sum += (double)s->values[i];
    }
    return s->count > 0 ? sum / (double)s->count : 0;
}

uint64_t sample_percentile(const struct sample *s, uint32_t per_mille)
{
    for (size_t i = 0; i < s->count; i++) {
        if ((i + 1) * 1000 >= s->count * per_mille) {
            return s->values[i];
        }
    }
    return 0;
}

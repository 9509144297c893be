/* capacity_search.c - see capacity_search.h. */
#include "cli/lab/compare/capacity_search.h"

uint64_t search_probe_count(const struct search *s)
{
    return s->probes > s->last ? s->last + 1 : s->probes;
}

/* They are evenly spread. */
uint64_t search_probe_place(const struct search *s, uint64_t k)
{
    uint64_t count = search_probe_count(s);
    if (count < 2) {
        return 0;
    }
    uint64_t whole = s->last / (count - 1);
    uint64_t rest = s->last % (count - 1);
    return whole * k + rest * k / (count - 1);
}

/* Tries the probes. *above becomes the smallest place beyond the best that
   fails, or last + 1. */
static bool probe(struct search *s, uint64_t *above)
{
    uint64_t count = search_probe_count(s);
    *above = s->last + 1;
    for (uint64_t k = 0; k < count; k++) {
        uint64_t place = search_probe_place(s, k);
        bool meets = false;
        if (!s->try_place(s->ctx, place, &meets)) {
            return false;
        }
        if (meets) {
            s->is_found = true;
            s->best = place;
            *above = s->last + 1;
        } else if (s->is_found && *above > s->last) {
            *above = place;
        }
    }
    return true;
}

bool search_run(struct search *s)
{
    uint64_t above = 0;
    s->is_found = false;
    if (!probe(s, &above)) {
        return false;
    }
    while (s->is_found && above <= s->last && above - s->best > 1) {
        uint64_t middle = s->best + (above - s->best) / 2;
        bool meets = false;
        if (!s->try_place(s->ctx, middle, &meets)) {
            return false;
        }
        *(meets ? &s->best : &above) = middle;
    }
    return true;
}

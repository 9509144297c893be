/* search.c - see search.h. */
#include "cli/lab/capacity/search.h"

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

void search_begin(struct search *s)
{
    SIM_ASSERT(s->guess <= s->last);
    s->is_found = false;
    s->above = s->last + 1;
    s->noted = 0;
    s->step = 1;
}

/* What matters of the probes is the last that meets the condition, and the first
   beyond it. */
void search_note(struct search *s, uint64_t place, bool meets)
{
    if (meets) {
        s->is_found = true;
        s->best = place;
        s->above = s->above > place ? s->above : s->last + 1;
    } else if (s->above > s->last || place < s->above) {
        s->above = place;
    }
    /* The first step away from a guess is 1. */
    s->step = s->noted > 0 ? 2 * s->step : 1;
    s->noted++;
}

/* A search that begins with probes has always tried both ends, so that only one
   with a guess goes up from the best, or down from the least that fails. */
bool search_next(const struct search *s, uint64_t *place)
{
    uint64_t probes = search_probe_count(s);
    if (s->noted < probes) {
        *place = search_probe_place(s, s->noted);
    } else if (s->noted == 0) {
        *place = s->guess;
    } else if (!s->is_found) {
        *place = s->above > s->step ? s->above - s->step : 0;
        return s->above > 0;
    } else if (s->above > s->last) {
        bool is_near = s->last - s->best <= s->step;
        *place = is_near ? s->last : s->best + s->step;
        return s->best < s->last;
    } else {
        *place = s->best + (s->above - s->best) / 2;
        return s->above - s->best > 1;
    }
    return true;
}

bool search_run(struct search *s,
                bool (*try_place)(void *ctx, uint64_t place, bool *meets),
                void *ctx)
{
    uint64_t place;
    search_begin(s);
    while (search_next(s, &place)) {
        bool meets = false;
        if (!try_place(ctx, place, &meets)) {
            return false;
        }
        search_note(s, place, meets);
    }
    return true;
}

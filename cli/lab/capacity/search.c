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

/* Tries a place, and narrows what is known. */
static bool narrow(struct search *s, uint64_t place)
{
    bool meets = false;
    if (!s->try_place(s->ctx, place, &meets)) {
        return false;
    }
    if (meets) {
        s->is_found = true;
        s->best = place;
        s->above = s->above > place ? s->above : s->last + 1;
    } else if (s->above > s->last || place < s->above) {
        s->above = place;
    }
    return true;
}

/* Tries the probes. What matters of them is the last that meets the condition,
   and the first beyond it. */
static bool probe(struct search *s)
{
    uint64_t count = search_probe_count(s);
    for (uint64_t k = 0; k < count; k++) {
        if (!narrow(s, search_probe_place(s, k))) {
            return false;
        }
    }
    return true;
}

/* Goes upwards from a place that meets the condition, downwards from one that
   does not, until one is otherwise. */
static bool gallop(struct search *s)
{
    SIM_ASSERT(s->guess <= s->last);
    bool goes_on = narrow(s, s->guess);
    bool is_upwards = s->is_found;
    for (uint64_t step = 1; goes_on; step *= 2) {
        if (is_upwards) {
            if (s->above <= s->last || s->best == s->last) {
                return true;
            }
            goes_on =
                narrow(s, s->last - s->best > step ? s->best + step : s->last);
        } else {
            if (s->is_found || s->above == 0) {
                return true;
            }
            goes_on = narrow(s, s->above > step ? s->above - step : 0);
        }
    }
    return false;
}

bool search_run(struct search *s)
{
    s->is_found = false;
    s->above = s->last + 1;
    if (!(s->has_guess ? gallop(s) : probe(s))) {
        return false;
    }
    while (s->is_found && s->above <= s->last && s->above - s->best > 1) {
        if (!narrow(s, s->best + (s->above - s->best) / 2)) {
            return false;
        }
    }
    return true;
}

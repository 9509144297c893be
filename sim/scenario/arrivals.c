/*
 * arrivals.c - how the requests of an open loop are spread over time: which of
 * the keys go together, and what those that are left out are. See resolve.h.
 */
#include "sim/scenario/resolve.h"

#include "sim/banned.h"

/* Those of on-off are the defaults of ns-2's traffic sources of that kind. */
#define BURST_NS 500000000
#define IDLE_NS  500000000
#define PEAK     10
#define HOLD_NS  SECOND

/* A key that only one pattern has. */
struct pattern_key {
    const char *name, *text;
    enum scenario_arrivals of;
};

static bool check_keys(const struct resolver *r, uint32_t i)
{
    const struct raw_load *raw = &r->raw->load[i];
    const struct pattern_key keys[] = {
        { "burst_time", raw->burst_time, ARRIVALS_ON_OFF },
        { "idle_time", raw->idle_time, ARRIVALS_ON_OFF },
        { "shape", raw->shape, ARRIVALS_ON_OFF },
        { "peak", raw->peak, ARRIVALS_FLASH },
        { "onset", raw->onset, ARRIVALS_FLASH },
        { "rise", raw->rise, ARRIVALS_FLASH },
        { "hold", raw->hold, ARRIVALS_FLASH },
        { "decay", raw->decay, ARRIVALS_FLASH },
        { "crowd", raw->crowd, ARRIVALS_FLASH },
    };
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        if (is_given(keys[k].text) && keys[k].of != r->s->loads[i].arrivals) {
            REFUSE_ITEM(r, "load", i, keys[k].name, "is for arrivals: %s only",
                        keys[k].of == ARRIVALS_FLASH ? "flash" : "on-off");
            return false;
        }
    }
    return true;
}

static uint64_t or_default(uint64_t given, uint64_t fallback)
{
    return given > 0 ? given : fallback;
}

bool resolve_arrivals(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    if (load->arrivals != ARRIVALS_POISSON && !(load->rate > 0)) {
        REFUSE_ITEM(r, "load", i, "arrivals", "is for open loops (rate) only");
        return false;
    }
    if (!check_keys(r, i)) {
        return false;
    }
    if (load->arrivals == ARRIVALS_ON_OFF) {
        load->burst_ns = or_default(load->burst_ns, BURST_NS);
        load->idle_ns = or_default(load->idle_ns, IDLE_NS);
        if (is_given(r->raw->load[i].shape) && !(load->shape > 1)) {
            REFUSE_ITEM(r, "load", i, "shape",
                        "must be more than 1: otherwise there is no mean");
            return false;
        }
    } else if (load->arrivals == ARRIVALS_FLASH) {
        load->peak = load->peak > 0 ? load->peak : PEAK;
        load->hold_ns = or_default(load->hold_ns, HOLD_NS);
    }
    return true;
}

/* series.c - see series.h. */
#include "sim/steady/series.h"

#include "sim/events.h"
#include "sim/trace/legend.h"

#include "sim/banned.h"

#define NS_PER_SECOND  1e9
#define LATENCY_GROUPS 200 /* About: so many observations of latency. */

void series_init(struct series *s)
{
    *s = (struct series){ .start = TIME_NEVER, .end = TIME_NEVER };
}

void series_begin(struct series *s, uint64_t start, uint64_t end)
{
    SIM_ASSERT(start <= end);
    for (size_t i = 0; i < SERIES_SLOTS; i++) {
        s->slots[i] = (struct series_slot){ .answers = 0 };
    }
    s->start = start;
    s->end = end;
}

/* ---- Folding ------------------------------------------------------------- */

static double slot_cycles(const struct series *s)
{
    return (double)(s->end - s->start) / SERIES_SLOTS;
}

/* Twice as long, with two slots to each. */
static void grow(struct series *s)
{
    for (size_t i = 0; i < SERIES_SLOTS / 2; i++) {
        const struct series_slot *a = &s->slots[2 * i];
        const struct series_slot *b = &s->slots[2 * i + 1];
        s->slots[i] = (struct series_slot){
            .answers = a->answers + b->answers,
            .latency = a->latency + b->latency,
            .faults = a->faults + b->faults,
            .open = a->open + b->open,
            .waiting = a->waiting + b->waiting,
        };
    }
    for (size_t i = SERIES_SLOTS / 2; i < SERIES_SLOTS; i++) {
        s->slots[i] = (struct series_slot){ .answers = 0 };
    }
    s->end += s->end - s->start;
}

/* NULL: the time is not in the span. */
static struct series_slot *slot_at(struct series *s, uint64_t time)
{
    if (time < s->start || time >= s->end) {
        return NULL;
    }
    size_t i = (size_t)((double)(time - s->start) / slot_cycles(s));
    return &s->slots[i < SERIES_SLOTS ? i : SERIES_SLOTS - 1];
}

void series_pass(struct series *s, uint64_t now)
{
    while (s->grows && now >= s->end) {
        grow(s);
    }
    uint64_t from = s->now > s->start ? s->now : s->start;
    uint64_t last = now < s->end ? now : s->end;
    s->now = now > s->now ? now : s->now;
    if (s->open + s->waiting == 0) {
        return;
    }
    while (from < last) {
        double cycles = slot_cycles(s);
        size_t i = (size_t)((double)(from - s->start) / cycles);
        i = i < SERIES_SLOTS ? i : SERIES_SLOTS - 1;
        uint64_t next = s->start + (uint64_t)((double)(i + 1) * cycles) + 1;
        uint64_t until = next < last ? next : last;
        s->slots[i].open += (double)s->open * (double)(until - from);
        s->slots[i].waiting += (double)s->waiting * (double)(until - from);
        from = until;
    }
}

static void count_answer(struct series *s, const struct trace_event *e)
{
    uint64_t latency = trace_get_reply(e).latency;
    struct series_slot *slot = slot_at(s, e->time - latency);
    if (slot) {
        slot->answers++;
        slot->latency += latency;
    }
    s->open -= s->open > 0;
}

static void count_fault(struct series *s, uint64_t time)
{
    struct series_slot *slot = slot_at(s, time);
    if (slot) {
        slot->faults++;
    }
}

/* All of it is in the first slot, of either length. */
bool series_move_end(struct series *s, uint64_t end)
{
    double gone = s->now > s->start ? (double)(s->now - s->start) : 0;
    bool is_exact = gone < slot_cycles(s);
    s->end = end;
    return is_exact && gone < slot_cycles(s);
}

void series_event(void *ctx, const struct trace_event *e)
{
    struct series *s = ctx;
    uint32_t kind = e->kind;
    if (kind == TRACE_REQUEST) {
        series_pass(s, e->time);
        s->open++;
        s->asked++;
    } else if (kind == TRACE_REPLY) {
        series_pass(s, e->time);
        count_answer(s, e);
    } else if (kind == TRACE_GIVE_UP) {
        series_pass(s, e->time);
        s->open -= s->open > 0;
    } else if (kind == TRACE_FAULT) {
        series_pass(s, e->time);
        count_fault(s, e->time);
    } else if (kind == TRACE_ARRIVE) {
        series_pass(s, e->time);
        s->waiting = trace_get_arrive(e).waiting;
    } else if (kind == TRACE_ADMIT) {
        series_pass(s, e->time);
        s->waiting -= s->waiting > 0;
    }
}

/* ---- Observations -------------------------------------------------------- */

static void observe(struct steady_observations *o, double at, double value)
{
    SIM_ASSERT(o->count < STEADY_OBSERVATIONS);
    o->at[o->count] = at;
    o->values[o->count++] = value;
}

/* The slots of the part that is looked at. */
struct part {
    size_t from, to;
    double hz;
};

static double share(const struct part *p, size_t slot)
{
    return (double)(slot - p->from) / (double)(p->to - p->from);
}

/* Slots in a row until they have enough answers are one observation. */
static void observe_latency(const struct series *s, const struct part *p,
                            struct steady_input *input)
{
    uint64_t answers = 0;
    double sum = 0;
    size_t first = p->from;
    for (size_t i = p->from; i < p->to; i++) {
        answers += s->slots[i].answers;
        sum += (double)s->slots[i].latency;
        if (answers > 0 && answers >= input->answers / LATENCY_GROUPS) {
            observe(&input->of[STEADY_LATENCY], share(p, first),
                    sum / (double)answers * NS_PER_SECOND / p->hz);
            answers = 0;
            sum = 0;
            first = i + 1;
        }
    }
}

static void add_half(const struct series *s, const struct part *p,
                     double half[STEADY_QUANTITY_COUNT])
{
    double answers = 0;
    double cycles = slot_cycles(s) * (double)(p->to - p->from);
    for (size_t i = p->from; i < p->to; i++) {
        answers += (double)s->slots[i].answers;
        half[STEADY_LATENCY] += (double)s->slots[i].latency;
        half[STEADY_FAULTS] += (double)s->slots[i].faults;
        half[STEADY_OPEN] += s->slots[i].open;
        half[STEADY_WAITING] += s->slots[i].waiting;
    }
    half[STEADY_LATENCY] *= answers > 0 ? NS_PER_SECOND / p->hz / answers : 0;
    half[STEADY_FAULTS] *= cycles > 0 ? p->hz / cycles : 0;
    half[STEADY_OPEN] /= cycles > 0 ? cycles : 1;
    half[STEADY_WAITING] /= cycles > 0 ? cycles : 1;
}

/* Whole slots before that cycle. */
static size_t slots_before(const struct series *s, uint64_t cycle)
{
    uint64_t gone = cycle > s->start ? cycle - s->start : 0;
    double slots = (double)gone / slot_cycles(s);
    return slots < SERIES_SLOTS ? (size_t)slots : SERIES_SLOTS;
}

void series_observe(const struct series *s, uint64_t from, uint64_t to,
                    uint64_t cpu_hz, struct steady_input *input)
{
    *input = (struct steady_input){ .answers = 0 };
    if (s->start == TIME_NEVER || to <= from || s->end <= s->start) {
        return;
    }
    double cycles = slot_cycles(s);
    struct part whole = { .from = slots_before(s, from),
                          .to = slots_before(s, to),
                          .hz = (double)cpu_hz };
    for (size_t i = whole.from; i < whole.to; i++) {
        const struct series_slot *slot = &s->slots[i];
        double at = share(&whole, i);
        struct steady_observations *of = input->of;
        input->answers += slot->answers;
        observe(&of[STEADY_FAULTS], at,
                (double)slot->faults * whole.hz / cycles);
        observe(&of[STEADY_OPEN], at, slot->open / cycles);
        observe(&of[STEADY_WAITING], at, slot->waiting / cycles);
    }
    observe_latency(s, &whole, input);
    input->seconds = (double)(whole.to - whole.from) * cycles / whole.hz;
    struct part first = whole;
    struct part second = whole;
    first.to = second.from = whole.from + (whole.to - whole.from) / 2;
    add_half(s, &first, input->first);
    add_half(s, &second, input->second);
}

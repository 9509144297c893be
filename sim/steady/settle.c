/* settle.c - see settle.h. */
#include "sim/steady/settle.h"

#include "sim/steady/batch.h"

#include "sim/banned.h"

#define SLOTS_A_SECOND  200 /* At first; series_grow makes them longer. */
#define OVERLOADS       3
#define RESPONSES       10  /* Of a request, in a half. */
#define DECLINE_T       1.7 /* One-sided 5 %, so that little is let pass. */
#define DECLINE_TAU     0.3
#define PATIENCE_STAGES 4 /* Then little to know must do: 4 s. */

void settle_begin(struct settle *s, uint64_t from, uint64_t cpu_hz)
{
    series_begin(&s->series, from,
                 from + cpu_hz * SERIES_SLOTS / SLOTS_A_SECOND);
    s->series.grows = true;
    s->series.asked = 0;
    s->next = from + cpu_hz;
}

/* By a half and a third by turns: after 1, 1.5, 2, 3, 4... seconds. */
static uint64_t next_look(struct settle *s)
{
    uint64_t gone = s->next - s->series.start;
    s->stage++;
    return s->series.start + (s->stage % 2 ? gone + gone / 2 : gone / 3 * 4);
}

/*
 * Latency is known of what was answered only. So the half must be long against
 * the time that a request takes, which by Little's law is what is open, divided
 * by what is answered a second.
 */
static bool is_long_enough(const struct steady_input *in)
{
    double open = (in->first[STEADY_OPEN] + in->second[STEADY_OPEN]) / 2;
    double answered = (double)in->answers;
    return open * RESPONSES <= answered;
}

static bool knows_enough(const struct settle *s, const struct steady *steady)
{
    const struct steady_input *in = &steady->input;
    return s->series.asked == 0 ||
           (is_long_enough(in) &&
            (in->of[STEADY_LATENCY].count >= BATCH_LEAST ||
             s->stage >= PATIENCE_STAGES));
}

/* A few page faults matter to those who wait for them, and to those who wait
   behind them: they may not be on the decline. */
static bool faults_decline(const struct steady_input *in)
{
    const struct steady_observations *o = &in->of[STEADY_FAULTS];
    struct batch_test test;
    if (o->count < BATCH_LEAST) {
        return false;
    }
    batch_test(o->values, o->count, &test);
    return test.t < -DECLINE_T || test.tau < -DECLINE_TAU;
}

bool settle_is_over(struct settle *s, uint64_t now, uint64_t cpu_hz,
                    struct steady *room)
{
    if (now < s->next) {
        return false;
    }
    uint64_t gone = s->next - s->series.start;
    series_pass(&s->series, s->next);
    series_observe(&s->series, s->series.start + gone / 2, s->next, cpu_hz,
                   &room->input);
    steady_judge(&room->input, &room->verdict);
    bool is_enough = knows_enough(s, room) && !faults_decline(&room->input);
    s->overloads = room->verdict.is_overloaded ? s->overloads + 1 : 0;
    s->next = next_look(s);
    return (room->verdict.class == STEADY_FLAT && is_enough) ||
           (s->overloads >= OVERLOADS && s->stage >= PATIENCE_STAGES);
}

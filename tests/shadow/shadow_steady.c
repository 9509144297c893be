/* shadow_steady.c - lists what happened when, for steady.c. */
#include "tests/shadow/shadow.h"

#include <stdlib.h>

void shadow_note(struct shadow_moments *m, uint64_t time, uint64_t value)
{
    if (m->count == m->room) {
        m->room = m->room > 0 ? 2 * m->room : 1024;
        m->items = realloc(m->items, m->room * sizeof(*m->items));
        SIM_ASSERT(m->items);
    }
    m->items[m->count++] = (struct shadow_moment){ time, value };
}

/* Clients act while the kernel works, so that an event may tell of a moment
   before the last one: what it changes counts from then on. */
static void note_level(struct shadow *s, struct shadow_moments *m,
                       uint64_t level)
{
    shadow_note(m, s->latest, level);
}

void shadow_steady(struct shadow *s, const struct fact *f)
{
    uint64_t asked = s->asked_now;
    bool is_ended = f->kind == TRACE_REPLY || f->kind == TRACE_GIVE_UP;
    if (f->kind == TRACE_REQUEST || is_ended || f->kind == TRACE_ARRIVE ||
        f->kind == TRACE_ADMIT) {
        s->latest = f->time > s->latest ? f->time : s->latest;
    }
    if (f->kind == TRACE_REQUEST) {
        s->asked_now++;
    } else if (is_ended) {
        s->asked_now--;
    } else if (f->kind == TRACE_FAULT) {
        shadow_note(&s->faulted, f->time, 1);
    } else if (f->kind == TRACE_ARRIVE || f->kind == TRACE_ADMIT ||
               f->kind == TRACE_END) {
        note_level(s, &s->gate, s->waiting);
    }
    if (f->kind == TRACE_REPLY) {
        shadow_note(&s->answers, f->time - f->latency, f->latency);
    }
    if (s->asked_now != asked) {
        note_level(s, &s->asked, s->asked_now);
    }
}

void shadow_steady_release(struct shadow *s)
{
    free(s->faulted.items);
    free(s->answers.items);
    free(s->asked.items);
    free(s->gate.items);
    free(s->counted.items);
}

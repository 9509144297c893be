/* sentence.c - beginnings and ends, and requests; see sentence.h. */
#include "cli/views/explain/sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/views/explain/words.h"
#include "ik/vm.h"
#include "sim/units.h"

void sentence_put(struct sentences *s, const char *format, ...)
{
    size_t used = strlen(s->text);
    va_list args;
    va_start(args, format);
    /* clang-tidy 14 is wrong here when it looks at a file for two targets.
       NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(s->text + used, SENTENCE_BYTES - used, format, args);
    va_end(args);
}

const struct replay_vm *sentence_vm(const struct sentences *s, uint64_t vm)
{
    return vm < s->replay->info.vm_limit ? &s->replay->vms[vm] : NULL;
}

static enum sentence_kind of_create(struct sentences *s,
                                    const struct trace_event *e)
{
    char size[UNITS_BYTES];
    units_write_size(e->a, size);
    sentence_put(s, "VM %u is created, with %s of memory", e->vm, size);
    return SENTENCE_DECISION;
}

static enum sentence_kind of_end(struct sentences *s,
                                 const struct trace_event *e)
{
    unsigned long long b = e->b;
    sentence_put(s, "VM %u ends: ", e->vm);
    switch (e->a) {
    case VM_END_TERMINATE:
        sentence_put(s, "it terminates itself, with code %llu", b);
        break;
    case VM_END_ADDRESS:
        sentence_put(s, "it may not access %#llx", b);
        break;
    case VM_END_EXCEPTION:
        sentence_put(s, "processor exception %llu", b);
        break;
    case VM_END_REFUSED:
        sentence_put(s, "its instruction at %#llx is outside the subset", b);
        break;
    case VM_END_DELIVERY:
        sentence_put(s,
                     "at its stack, %#llx, there is no room for an interrupt's "
                     "frame",
                     b);
        break;
    case VM_END_SUPERVISOR:
        sentence_put(s, "the supervisor destroys it");
        break;
    default:
        sentence_put(s, "for reason %llu", (unsigned long long)e->a);
        break;
    }
    return SENTENCE_DECISION;
}

static enum sentence_kind of_phase(struct sentences *s,
                                   const struct trace_event *e)
{
    static const char *const names[] = { "Boot begins", "Warm-up begins",
                                         "Measuring begins", "Measuring ends" };
    bool is_known = e->a < sizeof(names) / sizeof(names[0]);
    sentence_put(s, "%s", is_known ? names[e->a] : "Another phase begins");
    return SENTENCE_DECISION;
}

static enum sentence_kind of_request(struct sentences *s,
                                     const struct trace_event *e)
{
    char time[WORDS_BYTES];
    unsigned long long number = e->a;
    switch ((int)e->kind) {
    case TRACE_REQUEST:
        sentence_put(s, "Request %llu, to VM %u, is due", number, e->vm);
        break;
    case TRACE_CONNECT:
        sentence_put(s, "Request %llu goes by connection %llu", number,
                     (unsigned long long)e->b);
        break;
    case TRACE_REPLY:
        words_duration(e->b, s->replay->info.cpu_hz, time);
        sentence_put(s, "Request %llu is answered by VM %u, after %s", number,
                     e->vm, time);
        break;
    case TRACE_GIVE_UP:
        sentence_put(s, "Request %llu to VM %u is given up: %s", number, e->vm,
                     e->b == 1 ? "its time is over"
                               : "the answer is wrong, or the connection "
                                 "broke");
        break;
    default:
        sentence_put(s,
                     "The client on connection %llu sends to VM %u again, for "
                     "nothing came back",
                     number, e->vm);
        break;
    }
    return SENTENCE_REQUEST;
}

enum sentence_kind sentence_write(struct sentences *s,
                                  const struct trace_event *e,
                                  char text[SENTENCE_BYTES])
{
    text[0] = '\0';
    s->text = text;
    if (e->kind == TRACE_HAND) {
        s->hand_looked = e->b;
    }
    switch ((int)e->kind) {
    case TRACE_CREATE:
        return of_create(s, e);
    case TRACE_END:
        return of_end(s, e);
    case TRACE_PHASE:
        return of_phase(s, e);
    case TRACE_CONSOLE:
        sentence_put(s, "VM %u writes %llu bytes on its console", e->vm,
                     (unsigned long long)e->a);
        return SENTENCE_DECISION;
    case TRACE_REQUEST:
    case TRACE_CONNECT:
    case TRACE_REPLY:
    case TRACE_GIVE_UP:
    case TRACE_RETRANSMIT:
        return of_request(s, e);
    default:
        break;
    }
    enum sentence_kind kind = sentence_of_sched(s, e);
    kind = kind == SENTENCE_NONE ? sentence_of_memory(s, e) : kind;
    return kind == SENTENCE_NONE ? sentence_of_net(s, e) : kind;
}

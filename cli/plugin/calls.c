/* calls.c - see calls.h. */
#include "cli/plugin/calls.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- What the policy asks ------------------------------------------------ */

static uint64_t on_now(void *ctx)
{
    const struct calls *c = ctx;
    return c->outer && c->outer->now ? c->outer->now(c->outer->ctx) : 0;
}

static uint64_t on_arg(void *ctx, const struct policy_arg *row)
{
    const struct calls *c = ctx;
    return c->outer && c->outer->arg ? c->outer->arg(c->outer->ctx, row)
                                     : row->fallback;
}

static uint64_t on_vm_arg(void *ctx, vmid_t vm, const struct policy_arg *row)
{
    const struct calls *c = ctx;
    return c->outer && c->outer->vm_arg
               ? c->outer->vm_arg(c->outer->ctx, vm, row)
               : row->fallback;
}

static void on_wake_at(void *ctx, uint64_t cycle)
{
    struct calls *c = ctx;
    if (!c->outer || !c->outer->wake_at) {
        c->wakes = cycle;
    } else if (cycle <= on_now(ctx)) {
        calls_fail(c, "must ask for a cycle to come; it asked for %llu at %llu",
                   (unsigned long long)cycle, (unsigned long long)on_now(ctx));
    } else {
        c->wakes = cycle;
        c->outer->wake_at(c->outer->ctx, cycle);
    }
}

static void on_reason(void *ctx, uint32_t which, uint64_t value)
{
    struct calls *c = ctx;
    if (which >= c->reason_count) {
        calls_fail(c, "must give one of its %u reasons; it gave number %u",
                   c->reason_count, which);
    } else if (c->outer && c->outer->reason) {
        c->outer->reason(c->outer->ctx, which, value);
    }
}

static void on_give_up(void *ctx, const char *why)
{
    calls_fail(ctx, "%s", why);
}

void calls_init(struct calls *c, const struct policy_facts *facts,
                struct policy_host *outer, const char *noun)
{
    *c = (struct calls){ .facts = facts, .outer = outer, .noun = noun };
    while (facts->reasons && facts->reasons[c->reason_count]) {
        c->reason_count++;
    }
    c->host = (struct policy_host){ .ctx = c,
                                    .now = on_now,
                                    .arg = on_arg,
                                    .vm_arg = on_vm_arg,
                                    .wake_at = on_wake_at,
                                    .reason = on_reason,
                                    .give_up = on_give_up };
    if (outer) {
        c->host.rng = outer->rng;
    }
}

/* ---- The sentence -------------------------------------------------------- */

struct sentence {
    char text[CALLS_SENTENCE];
    size_t used;
};

__attribute__((format(printf, 2, 0))) static void
vput(struct sentence *s, const char *format, va_list args)
{
    size_t room = sizeof(s->text) - s->used;
    int length = vsnprintf(s->text + s->used, room, format, args);
    s->used += length < 0              ? 0
               : (size_t)length < room ? (size_t)length
                                       : room - 1;
}

__attribute__((format(printf, 2, 3))) static void put(struct sentence *s,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vput(s, format, args);
    va_end(args);
}

static void put_call(struct sentence *s, const struct calls_entry *e)
{
    put(s, "%s(", e->op);
    if (e->who != VM_NONE) {
        put(s, "%u", e->who);
    }
    put(s, "%s%s)", e->why ? ", " : "", e->why ? e->why : "");
    if (e->chosen != VM_NONE) {
        put(s, " = %u", e->chosen);
    }
}

void calls_fail(struct calls *c, const char *format, ...)
{
    if (c->has_failed) {
        return;
    }
    struct sentence s = { .used = 0 };
    put_call(&s, calls_now(c));
    put(&s, ": ");
    va_list args;
    va_start(args, format);
    vput(&s, format, args);
    va_end(args);
    uint64_t before = c->count - 1;
    uint64_t kept = before < CALLS_KEPT - 1 ? before : CALLS_KEPT - 1;
    for (uint64_t i = kept; i > 0; i--) {
        put(&s, i == kept ? "; before it: " : ", ");
        put_call(&s, &c->last[(before - i) % CALLS_KEPT]);
    }
    c->has_failed = true;
    if (c->outer && c->outer->give_up) {
        c->outer->give_up(c->outer->ctx, s.text);
    }
}

/* tell.c - see tell.h. */
#include "sim/waits/tell.h"

#include <stdarg.h>
#include <stdio.h>

#include "sim/devices/machine.h"
#include "sim/quantity.h"
#include "sim/vocabulary/vocabulary.h"

#define MEANWHILE_SHOWN 3

struct sentence {
    char *text; /* Borrowed. */
    size_t used;
};

/* What has no room is left out. */
static void put(struct sentence *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct sentence *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int bytes =
        vsnprintf(t->text + t->used, WAITS_TELL_BYTES - t->used, format, args);
    va_end(args);
    if (bytes > 0) {
        t->used += (size_t)bytes;
    }
    if (t->used >= WAITS_TELL_BYTES) {
        t->used = WAITS_TELL_BYTES - 1;
    }
}

static struct quantity lasting(const struct trace_info *info, uint64_t cycles)
{
    return quantity_time((double)ns_from_cycles(cycles, info->cpu_hz));
}

void waits_tell_who(const struct trace_info *info, const struct antagonist *a,
                    char text[WAITS_WHO_BYTES])
{
    const char *what = word_phrase(&cpu_category_words, a->category);
    if (a->category == CPU_IDLE) {
        snprintf(text, WAITS_WHO_BYTES, "nobody");
    } else if (a->vm == TRACE_NO_VM) {
        snprintf(text, WAITS_WHO_BYTES, "the kernel (%s)", what);
    } else if (a->category == CPU_GUEST) {
        snprintf(text, WAITS_WHO_BYTES, "%s",
                 vm_name(&info->roster, a->vm).chars);
    } else {
        snprintf(text, WAITS_WHO_BYTES, "the kernel for %s (%s)",
                 vm_name(&info->roster, a->vm).chars, what);
    }
}

static void put_end(struct sentence *t, const struct trace_info *info,
                    const struct stretch *s)
{
    struct vm_name by;
    if (s->by != TRACE_NO_VM) {
        by = vm_name(&info->roster, s->by);
    }
    switch (s->cause) {
    case CAUSE_PROCESSOR:
    case CAUSE_GATE:
        if (s->by != TRACE_NO_VM) {
            put(t, "; %s left last", by.chars);
        }
        break;
    case CAUSE_FRAME:
        if (s->by != TRACE_NO_VM) {
            put(t, "; one of %s became free", by.chars);
        }
        break;
    case CAUSE_SPINDLE:
    case CAUSE_TRANSFER:
        put(t, " (disk %u, block %llu)", s->disk,
            (unsigned long long)s->detail);
        break;
    case CAUSE_PACKET:
        put(t, ", which was packet %llu, from %s",
            (unsigned long long)s->detail,
            s->by == TRACE_NO_VM ? "a client" : by.chars);
        break;
    case CAUSE_NONE:
    case CAUSE_KERNEL:
    case CAUSE_ROOM:
    case CAUSE_ALARM:
    case CAUSE_INPUT:
    case CAUSE_DISK:
    case CAUSE_TIMEOUT:
    case CAUSE_OPEN:
        break;
    }
}

/* Whose work filled the wait. */
static bool put_meanwhile(struct sentence *t, const struct waits_index *x,
                          const struct trace_info *info,
                          const struct stretch *s)
{
    struct antagonist all[MEANWHILE_SHOWN];
    size_t count = waits_antagonists(x, s, all, MEANWHILE_SHOWN);
    if (count == SIZE_MAX) {
        return false;
    }
    for (size_t i = 0; i < count && i < MEANWHILE_SHOWN; i++) {
        char who[WAITS_WHO_BYTES];
        waits_tell_who(info, &all[i], who);
        put(t, "%s %s %s", i == 0 ? "; meanwhile" : ",", who,
            lasting(info, all[i].cycles).chars);
    }
    if (count > MEANWHILE_SHOWN) {
        put(t, " and %zu more", count - MEANWHILE_SHOWN);
    }
    return true;
}

bool waits_tell(const struct waits_index *x, const struct trace_info *info,
                const struct stretch *s, char text[WAITS_TELL_BYTES])
{
    struct sentence t = { .text = text };
    put(&t, "%s waits %s %s", vm_name(&info->roster, s->vm).chars,
        lasting(info, s->to - s->from).chars,
        word_phrase(&wait_cause_words, s->cause));
    put_end(&t, info, s);
    /* An idle VM wants nothing of others, and a transfer has its disk. */
    return s->state == VM_IDLE || s->cause == CAUSE_TRANSFER ||
           put_meanwhile(&t, x, info, s);
}

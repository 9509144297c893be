/* wait_tell.c - see wait_tell.h. */
#include "cli/views/explain/wait_tell.h"

#include <stdio.h>

#include "cli/views/explain/words.h"
#include "sim/vocabulary/vocabulary.h"

#define MEANWHILE_SHOWN 3

bool wait_is_idle(const struct stretch *s)
{
    return s->state == VM_IDLE;
}

/* Writes "web-3", "web-3, switching VMs", or "nobody". */
void wait_tell_who(const struct trace_info *info, const struct antagonist *a)
{
    const char *what = word_phrase(&cpu_category_words, a->category);
    if (a->category == CPU_IDLE) {
        printf("nobody");
    } else if (a->vm == TRACE_NO_VM) {
        printf("the kernel (%s)", what);
    } else if (a->category == CPU_GUEST) {
        printf("%s", vm_name(&info->roster, a->vm).chars);
    } else {
        printf("the kernel for %s (%s)", vm_name(&info->roster, a->vm).chars,
               what);
    }
}

/* ---- One wait, as a sentence -------------------------------------------- */

static void put_end(const struct trace_info *info, const struct stretch *s)
{
    struct vm_name by;
    if (s->by != TRACE_NO_VM) {
        by = vm_name(&info->roster, s->by);
    }
    switch (s->cause) {
    case CAUSE_PROCESSOR:
    case CAUSE_GATE:
        if (s->by != TRACE_NO_VM) {
            printf("; %s left last", by.chars);
        }
        break;
    case CAUSE_FRAME:
        if (s->by != TRACE_NO_VM) {
            printf("; one of %s became free", by.chars);
        }
        break;
    case CAUSE_SPINDLE:
    case CAUSE_TRANSFER:
        printf(" (disk %u, block %llu)", s->disk,
               (unsigned long long)s->detail);
        break;
    case CAUSE_PACKET:
        printf(", which was packet %llu, from %s",
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
static bool put_meanwhile(const struct waits_index *x,
                          const struct trace_info *info,
                          const struct stretch *s)
{
    struct antagonist all[MEANWHILE_SHOWN];
    size_t count = waits_antagonists(x, s, all, MEANWHILE_SHOWN);
    if (count == SIZE_MAX) {
        return false;
    }
    for (size_t i = 0; i < count && i < MEANWHILE_SHOWN; i++) {
        char time[WORDS_BYTES];
        words_duration(all[i].cycles, info->cpu_hz, time);
        printf("%s ", i == 0 ? "; meanwhile" : ",");
        wait_tell_who(info, &all[i]);
        printf(" %s", time);
    }
    if (count > MEANWHILE_SHOWN) {
        printf(" and %zu more", count - MEANWHILE_SHOWN);
    }
    return true;
}

bool wait_tell(const struct waits_index *x, const struct trace_info *info,
               const struct stretch *s)
{
    char moment[WORDS_BYTES];
    char time[WORDS_BYTES];
    words_moment(s->from, info->cpu_hz, moment);
    words_duration(s->to - s->from, info->cpu_hz, time);
    printf("%s: %s waits %s %s", moment, vm_name(&info->roster, s->vm).chars,
           time, word_phrase(&wait_cause_words, s->cause));
    put_end(info, s);
    bool is_good = wait_is_idle(s) || s->cause == CAUSE_TRANSFER ||
                   put_meanwhile(x, info, s);
    puts(".");
    return is_good;
}

/* wait_tell.c - see wait_tell.h. */
#include "cli/views/explain/wait_tell.h"

#include <stdio.h>

#include "cli/views/explain/words.h"
#include "sim/waits/tell.h"

bool wait_is_idle(const struct stretch *s)
{
    return s->state == VM_IDLE;
}

void wait_tell_who(const struct trace_info *info, const struct antagonist *a)
{
    char text[WAITS_WHO_BYTES];
    waits_tell_who(info, a, text);
    printf("%s", text);
}

bool wait_tell(const struct waits_index *x, const struct trace_info *info,
               const struct stretch *s)
{
    char moment[WORDS_BYTES];
    char text[WAITS_TELL_BYTES];
    words_moment(s->from, info->cpu_hz, moment);
    bool is_good = waits_tell(x, info, s, text);
    printf("%s: %s.\n", moment, text);
    return is_good;
}

/* tell.h - a wait as a sentence: for what, how long, who ended it, and who had
   what the VM waited for. */
#ifndef SIM_WAITS_TELL_H
#define SIM_WAITS_TELL_H

#include "sim/trace/file.h"
#include "sim/waits/index.h"

#define WAITS_TELL_BYTES 768
#define WAITS_WHO_BYTES  192

/* Writes "web-3", "the kernel for web-3 (switching VMs)", or "nobody". */
void waits_tell_who(const struct trace_info *info, const struct antagonist *a,
                    char text[WAITS_WHO_BYTES]);

/* Writes "web-3 waits 1.20 ms for the processor; web-1 left last; meanwhile ...",
   without a full stop. False: out of memory, and the sentence is not whole. */
SIM_MUST_USE bool waits_tell(const struct waits_index *x,
                             const struct trace_info *info,
                             const struct stretch *s,
                             char text[WAITS_TELL_BYTES]);

#endif /* SIM_WAITS_TELL_H */

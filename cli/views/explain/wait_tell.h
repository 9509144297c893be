/* wait_tell.h - a wait as a sentence: for what, how long, who ended it, and who
   had what the VM waited for. */
#ifndef CLI_VIEWS_EXPLAIN_WAIT_TELL_H
#define CLI_VIEWS_EXPLAIN_WAIT_TELL_H

#include "sim/trace/file.h"
#include "sim/waits/index.h"

/* What an idle VM waits for is work; all else keeps it from its work. */
bool wait_is_idle(const struct stretch *s);

/* Prints "web-3", "the kernel for web-3 (switching VMs)", or "nobody". */
void wait_tell_who(const struct trace_info *info, const struct antagonist *a);

/* Prints the wait on a line. False: out of memory. */
SIM_MUST_USE bool wait_tell(const struct waits_index *x,
                            const struct trace_info *info,
                            const struct stretch *s);

#endif /* CLI_VIEWS_EXPLAIN_WAIT_TELL_H */

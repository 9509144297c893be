/* trace_info.h - what a run says of itself in the header of its trace. */
#ifndef CLI_RUN_TRACE_INFO_H
#define CLI_RUN_TRACE_INFO_H

#include "cli/run/session.h"
#include "sim/trace/file.h"

/* Describes a session whose parts but the kernel are built. NULL: out of
   memory. */
struct trace_info *trace_info_of(const struct session *s);
void trace_info_free(struct trace_info *info); /* NULL is allowed. */

#endif /* CLI_RUN_TRACE_INFO_H */

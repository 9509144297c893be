/*
 * outputs.h - the files that `iksim run` writes beside its report. Each is
 * opened before the run, since late surprises cost most, and finished behind
 * it.
 *
 * Another one is a row of the table in outputs.c, and an option of run.c.
 */
#ifndef CLI_RUN_OUTPUTS_H
#define CLI_RUN_OUTPUTS_H

#include <stdio.h>

#include "cli/run/session.h"
#include "cli/views/page/page.h"

enum output {
    OUTPUT_PCAP,
    OUTPUT_TRACE,
    OUTPUT_PAGE,
    OUTPUT_VMS,
    OUTPUT_COUNT
};

struct pcap_writer;
struct trace_writer;

/* All zero: none is asked for. */
struct outputs {
    const char *paths[OUTPUT_COUNT]; /* Borrowed; NULL: not asked for. */

    /* Set by outputs_open. */
    const struct session *session;
    struct pcap_writer *pcap; /* Owned, as the next three; NULL: not open. */
    struct trace_writer *trace;
    FILE *vms;
    struct trace_info *info; /* What the trace and the page say of the run. */
    struct page page;        /* Owns what it has. */
};

/* When the session is built, but for its kernel. False, with a sentence. */
SIM_MUST_USE bool outputs_open(struct outputs *o, struct session *s,
                               char message[SCENARIO_MESSAGE_BYTES]);

/* A packet passes the switch. */
void outputs_packet(struct outputs *o, uint64_t now, const struct packet *p);

/* After the run: each is tried, whatever became of the others. False, having
   complained of those that are not whole. */
SIM_MUST_USE bool outputs_finish(struct outputs *o,
                                 const struct report *report);

/* Before the session is closed; whatever became of the above. */
void outputs_release(struct outputs *o);

#endif /* CLI_RUN_OUTPUTS_H */

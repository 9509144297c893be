/*
 * outputs.h - the files that `iksim run` writes beside its report. Each file is
 * opened before the run, since an error after the run costs most, and finished
 * after the run.
 *
 * A new file is a row of the table in outputs.c, and an option of run.c.
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

/* All zero: no file is asked for. */
struct outputs {
    const char *paths[OUTPUT_COUNT]; /* Borrowed; NULL: no such file. */

    /* Set by outputs_open. */
    const struct session *session;
    struct pcap_writer *pcap; /* Owned, as the next three; NULL: not open. */
    struct trace_writer *trace;
    FILE *vms;
    struct trace_info *info; /* What the trace and the page say of the run. */
    struct page page;
};

/* Called when all of the session but its kernel is built. False: `message` says
   why a file could not be opened. */
SIM_MUST_USE bool outputs_open(struct outputs *o, struct session *s,
                               char message[SCENARIO_MESSAGE_BYTES]);

/* Records a packet that passes the switch. */
void outputs_packet(struct outputs *o, uint64_t now, const struct packet *p);

/* Whether a file cannot be written any more, as when the host's disk is full:
   a run that goes on would measure for nobody. */
bool outputs_have_failed(const struct outputs *o);

/* Finishes every file after the run, whatever became of the others. Returns
   false, having complained of each file that is not whole. */
SIM_MUST_USE bool outputs_finish(struct outputs *o,
                                 const struct report *report);

/* Closes what is still open, before the session is closed. It is allowed
   whatever outputs_open and outputs_finish returned. */
void outputs_release(struct outputs *o);

#endif /* CLI_RUN_OUTPUTS_H */

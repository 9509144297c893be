/*
 * file.h - the event log on disk: what `iksim run --trace FILE` writes and
 * every view reads. docs/trace.md is its legend.
 *
 * A header in JSON says what the run was and what each kind of event means;
 * chunks of events follow, each compressed by itself and with its own check
 * sum, and an end with the fingerprints. A file whose writer was killed has no
 * end, and is read up to its last whole chunk.
 */
#ifndef SIM_TRACE_FILE_H
#define SIM_TRACE_FILE_H

#include <jansson.h>

#include "sim/trace/trace.h"
#include "sim/vocabulary/vm_name.h"

#define TRACE_FILE_VERSION  2
#define TRACE_MESSAGE_BYTES 512

/* What the header says. */
struct trace_info {
    json_t *scenario;    /* The effective one, as an object; NULL: unknown. */
    json_t *images;      /* The guests: names and hashes; NULL: unknown. */
    json_t *reasons;     /* By kind of policy, the texts of those that it may
                            give; NULL: unknown. */
    json_t *root;        /* A reader's: owns texts and the three above. */
    const char *program; /* Name and version of the writer. */
    const char *name;    /* The scenario's file name, without folders. */
    uint64_t seed;
    uint64_t cpu_hz;
    uint64_t quantum_cycles;
    uint32_t frames;   /* Of RAM. */
    uint32_t min_free; /* Frames that the gate keeps free. */
    uint32_t disks;    /* Spindles. */
    uint32_t vm_limit; /* VM numbers are below this; so says the roster. */
    struct vm_roster roster;
};

/* ---- writing ---- */

struct trace_writer; /* Opaque. */

/* Begins the file and writes its header. NULL: `message` says why not. */
struct trace_writer *trace_writer_open(const char *path,
                                       const struct trace_info *info,
                                       char message[TRACE_MESSAGE_BYTES]);

/* A sink; ctx is the writer. A failed write is kept for the close. */
void trace_writer_sink(void *ctx, const struct trace_event *event);

/* Whether something could not be written. */
bool trace_writer_has_failed(const struct trace_writer *w);

/* Writes what is left, and the end with the fingerprints of `t` (NULL: none,
   the run failed). Frees it. False: the file is not whole, and `message` says
   why. */
SIM_MUST_USE bool trace_writer_close(struct trace_writer *w,
                                     const struct trace *t,
                                     char message[TRACE_MESSAGE_BYTES]);

/* ---- reading ---- */

struct trace_file; /* Opaque. */

enum trace_read {
    TRACE_READ_EVENT,
    TRACE_READ_END,       /* After all events of a whole file. */
    TRACE_READ_TRUNCATED, /* The writer was killed: no more, no end. */
    TRACE_READ_CORRUPT,   /* What follows is not what was written. */
};

/* Opens a trace. NULL: the file is no trace, has another version or no header,
   and `message` says which. */
struct trace_file *trace_file_open(const char *path,
                                   char message[TRACE_MESSAGE_BYTES]);
void trace_file_close(struct trace_file *f); /* NULL is allowed. */

const struct trace_info *trace_file_info(const struct trace_file *f);

/* The next event, in order. After another answer, the same one again;
   trace_file_message then says it in a sentence ("" at the end). */
enum trace_read trace_file_next(struct trace_file *f,
                                struct trace_event *event);
const char *trace_file_message(const struct trace_file *f);

/* To the first event at or after cycle `time`; whole chunks are skipped. False:
   it is a pipe, which stays where it is. */
bool trace_file_seek(struct trace_file *f, uint64_t time);

/* The fingerprints in the end; NULL: it has none, or is not reached yet. By
   layer, TRACE_LAYER_COUNT of them; the whole run's comes after the last. */
const char (*trace_file_fingerprints(struct trace_file *f))[FINGERPRINT_CHARS];

#endif /* SIM_TRACE_FILE_H */

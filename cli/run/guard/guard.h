/*
 * guard.h - a run outlives the death of the engine that executes its guests.
 *
 * The run happens in a child process. If the child dies within the engine, or
 * the engine takes too long over one block, the block is listed, and the run is
 * made again from its beginning with that block refused: the VM that comes to
 * it ends, and no other has lost anything. All that the run does outside the
 * process has to bear being done again; what was shown is not shown twice.
 */
#ifndef CLI_RUN_GUARD_GUARD_H
#define CLI_RUN_GUARD_GUARD_H

#include <stdio.h>

#include "cli/plugin/plugin.h"
#include "isa/cpu.h"

/* The engine may be this long over one block of a guest's, at most a lap of
   the processor's, of the host's processor time. */
#define GUARD_TRANSLATION_NS UINT64_C(10000000000)

/* How the engine ended over a listed block: a signal, or this. */
#define GUARD_TOO_LONG 0

struct guard_block {
    struct cpu_listed at;
    uint32_t owner; /* The VM that came to it. */
    int how;
};

struct guard_options {
    uint64_t translation_ns; /* 0: GUARD_TRANSLATION_NS. */
    /* SIGINT and SIGTERM ask the run to stop, see guard_is_stopped; a second
       one ends it. Else they end it. */
    bool stops_on_signals;
    const struct guard_block *listed; /* From the beginning; at most
                                         CPU_LISTED_LIMIT. */
    uint32_t listed_count;
};

/* Shared by the guard and each of its runs. */
struct guard;

/*
 * Returns in the process that is to make the run: once, and again in another
 * process after each death. The calling process becomes the guard, and ends as
 * the last run ended; it writes nothing that is in the buffers of streams. NULL: the host has no room for it, and the caller is as it
 * was.
 */
struct guard *guard_enter(const struct guard_options *options);

/*
 * Without a guard: from here on the process ends, with code 1, when the engine
 * dies or takes too long. NULL: that cannot be had.
 */
struct guard *guard_watch_alone(void);

/* The processor's note. */
struct cpu_note *guard_note(struct guard *g);

/* The run has that policy in it, which is C: if the run dies outside the
   engine, that is said; and if a call of the policy's takes as much processor
   time as the engine may take over a block, the run ends, and says so. */
void guard_trust(struct guard *g, const char *name,
                 const struct plugin_note *note);

/* What is listed, and how much of it has been found by the guard. */
const struct guard_block *guard_listed(const struct guard *g, uint32_t *count,
                                       uint32_t *found);

bool guard_is_stopped(const struct guard *g);

/*
 * A stream to where `out` goes that does not repeat what an earlier run has
 * shown. NULL: there is no memory for it. To be closed with guard_close_stream;
 * false: something could not be written.
 */
FILE *guard_open_stream(struct guard *g, FILE *out);
bool guard_close_stream(FILE *stream);

#endif /* CLI_RUN_GUARD_GUARD_H */

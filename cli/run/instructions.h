/*
 * instructions.h - `iksim run --instructions`: prints every retired instruction
 * of one VM, a line each, with what the instruction changed.
 *
 * Lines that begin with '#' are not instructions: they are the heading, and
 * what the kernel changed between two instructions (results of virtual
 * instructions, delivered interrupts).
 */
#ifndef CLI_RUN_INSTRUCTIONS_H
#define CLI_RUN_INSTRUCTIONS_H

#include <stdio.h>

#include "cli/run/session.h"
#include "isa/cpu.h"
#include "isa/symbols.h"

#define INSTRUCTIONS_NAME_BYTES 128

struct disasm;
struct instructions_text; /* The cached text of an instruction. */

struct instructions {
    /* Set by instructions_parse. */
    char vm[INSTRUCTIONS_NAME_BYTES]; /* As vm_name_read reads it; "": no
                                         VM is followed. */
    const char *path;                 /* Borrowed; NULL: none was named. */

    /* Set by instructions_open. */
    FILE *out; /* Owned if there is a path. */
    uint64_t cpu_hz;
    struct symbols symbols;
    struct disasm *disasm;          /* Owned. */
    struct instructions_text *kept; /* Owned. */

    bool has_regs;        /* An instruction has been seen. */
    struct cpu_regs regs; /* The registers after the last instruction. */
};

/* Reads "VM" or "VM:FILE". False: the value is neither. */
SIM_MUST_USE bool instructions_parse(struct instructions *i, const char *value);

/* Lines go to `otherwise` if no file was named. Returns false, having
   complained, if the file cannot be opened or memory is short. */
SIM_MUST_USE bool instructions_open(struct instructions *i, struct session *s,
                                    FILE *otherwise);

void instructions_step(struct instructions *i, uint64_t at,
                       const struct cpu_step *step);

/* Returns false, having complained, if a line could not be written. */
SIM_MUST_USE bool instructions_close(struct instructions *i);

#endif /* CLI_RUN_INSTRUCTIONS_H */

/*
 * steps.h - what each instruction of a run did, pieced together from the
 * registers that the engine shows before each.
 *
 * An instruction is told when the next one begins or the run ends, as only
 * then is it known that it retired and what it left. So the instructions told
 * of a run are those that cpu_exit.insns counts, and their cycles sum to
 * cpu_exit.cycles.
 */
#ifndef ISA_STEPS_H
#define ISA_STEPS_H

#include "isa/cpu.h"

struct insn_costs;
struct text;

struct steps {
    cpu_step_fn *fn; /* NULL: nobody wants to know. */
    void *ctx;
    const struct insn_costs *costs; /* Borrowed. */
    const struct text *text;        /* Of the run; borrowed. */
    uint64_t cycles;                /* Of what was told in this run. */
    bool has_begun;                 /* An instruction, at before.eip. */
    struct cpu_regs before;
};

void steps_init(struct steps *s, const struct cpu_config *config);

/* A run begins in that text. */
void steps_start(struct steps *s, const struct text *text);

/* The instruction at regs->eip begins; the one before it has retired. */
void steps_begin(struct steps *s, const struct cpu_regs *regs);

/* The run came out with `exit` and these registers. */
void steps_finish(struct steps *s, const struct cpu_exit *exit,
                  const struct cpu_regs *regs);

#endif /* ISA_STEPS_H */

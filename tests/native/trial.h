/*
 * trial.h - a trial: a few instructions of the subset, and the states that
 * they start from.
 *
 * A trial is a small program, the same bytes for both processors. It stands in
 * a slot of its own of a text, and is made to run once for each of its states:
 *
 *     loop:   load the operand's 8 bytes, all registers and flags from the state
 *             [service: no page of the data is there]
 *             THE INSTRUCTIONS
 *     resume: store all of these over the state
 *             next state, loop
 *             end
 *
 * Service and end are virtual instructions (`int`), which on hardware are
 * general protection faults. All that a trial is follows from its kind and its
 * seed, or its place among the exhaustive ones.
 */
#ifndef TESTS_NATIVE_TRIAL_H
#define TESTS_NATIVE_TRIAL_H

#include "isa/abi.h"
#include "isa/cpu.h"
#include "sim/base.h"

/* ---- The address space --------------------------------------------------- */

#define SLOT_BYTES 512u
#define SLOT_LIMIT 512u
/* The first slot holds what interrupts run. */
#define SLOT_VA(i) (ABI_TEXT_BASE + SLOT_BYTES * ((i) + 1))
#define TEXT_BYTES (SLOT_BYTES * (SLOT_LIMIT + 1))

#define RAM_BASE    0x00600000u
#define CELL_CURSOR (RAM_BASE + 0) /* Address of the state. */
#define CELL_COUNT  (RAM_BASE + 4) /* States left. */
#define CELL_SAVED  (RAM_BASE + 8)
#define DATA_BASE   (RAM_BASE + 0x2000)
#define DATA_PAGES  4u
#define DATA_BYTES  (DATA_PAGES * ABI_PAGE_BYTES)
#define STATES_BASE (RAM_BASE + 0x8000)
#define STATE_LIMIT 0x20000u
#define RAM_BYTES   (0x8000u + STATE_LIMIT * 48u)

#define VI_SERVICE ABI_VI_FIRST
#define VI_END     ABI_VI_TERMINATE

/* In the order in which a trial pops it. */
struct state {
    uint32_t operand[2]; /* At trial.operand. */
    uint32_t eax, ecx, edx, ebx, ebp, esi, edi;
    uint32_t flags;
    uint32_t esp;
};

/* ---- A trial ------------------------------------------------------------- */

enum trial_kind {
    TRIAL_SINGLE,   /* One instruction. */
    TRIAL_STRAIGHT, /* Several, in one block. */
    TRIAL_BROKEN,   /* Several, a block each. */
    TRIAL_FAULTING, /* One or two, with no page there. */
    TRIAL_BYTES,    /* One on AL and CL: all their values. */
    TRIAL_KIND_COUNT
};

#define TRIAL_INSN_LIMIT 6u
#define TRIAL_NO_REG     8u

struct trial {
    enum trial_kind kind;
    uint64_t seed; /* TRIAL_BYTES: its number. */
    uint8_t text[SLOT_BYTES];
    uint32_t size; /* Of the text. */
    uint32_t entry, first, resume;
    uint32_t operand; /* Address. */
    uint32_t state_count;
    uint32_t insn_count; /* Drawn ones. */
    uint32_t pushed;     /* Where PUSHF stored the flags; 0: nowhere. */

    /* Of the last instruction; see flags.h. */
    const char *name;
    unsigned bits, count; /* FLAG_COUNT_UNKNOWN: by CL of the state. */
    bool is_repeated;
    /* Registers, by number, with its result and with its operand by ModRM;
       TRIAL_NO_REG: it is in memory, or there is none. */
    unsigned result_reg, operand_reg;
    /* What is undefined in the end, whatever the state. */
    unsigned undefined;
};

extern const char *const trial_kind_names[TRIAL_KIND_COUNT];

/*
 * Makes a trial for slot number `slot`: `insn_limit` instructions at most,
 * which are the first of those that a higher limit gives. False: there is no
 * TRIAL_BYTES of this number.
 */
bool trial_make(struct trial *t, enum trial_kind kind, uint64_t seed,
                uint32_t slot, uint32_t insn_limit);

/* The states that it starts from: t->state_count. */
void trial_states(const struct trial *t, struct state *states);

/* What the data are before it. */
void trial_data(const struct trial *t, uint8_t data[DATA_BYTES]);

/* Flags that are undefined when it has run from `before`. */
unsigned trial_undefined(const struct trial *t, const struct state *before);

/* ---- What a processor makes of it ---------------------------------------- */

#define FAULT_LIMIT  512u
#define FAULT_DIVIDE 0xffffu /* As `page`: a division error. */

struct fault {
    uint32_t page; /* Of the data, from 0. */
    bool is_write;
    struct cpu_regs regs; /* Then, EIP and flags among them. */
};

struct ending {
    struct state *states; /* STATE_LIMIT. */
    uint8_t data[DATA_BYTES];
    struct fault faults[FAULT_LIMIT]; /* The first of them. */
    uint32_t fault_count;
    char failure[96]; /* It ended otherwise: why. */
};

/* Puts the trial and its states into RAM, whose first byte is RAM_BASE's. */
void trial_load(const struct trial *t, const struct state *states,
                uint8_t *ram);

/* Takes what the trial made of RAM. */
void trial_store(const struct trial *t, const uint8_t *ram, struct ending *out);

/* A fault that the processor reports. */
void ending_add_fault(struct ending *out, const struct fault *fault);

#endif /* TESTS_NATIVE_TRIAL_H */

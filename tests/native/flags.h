/*
 * flags.h - what instructions do to the status flags, by Intel's manual.
 *
 * The decoder does not need to know; whoever compares two processors does:
 * a flag that is undefined behind an instruction may differ. An instruction
 * that has no row reads none, leaves all as they were, and so is compared
 * whole.
 */
#ifndef TESTS_NATIVE_FLAGS_H
#define TESTS_NATIVE_FLAGS_H

#include "sim/base.h"

enum flag {
    FLAG_CF = 0x001,
    FLAG_PF = 0x004,
    FLAG_AF = 0x010,
    FLAG_ZF = 0x040,
    FLAG_SF = 0x080,
    FLAG_DF = 0x400,
    FLAG_OF = 0x800,
    FLAGS_STATUS = 0x8d5,
    FLAGS_ALL = 0xcd5, /* All that a guest has. */
};

struct flag_facts {
    uint16_t reads;
    uint16_t defines;   /* Sets, whatever the operands are. */
    uint16_t undefined; /* Behind it, for some operands at least. */
};

/* How often a shift or rotation is made; FLAG_COUNT_UNKNOWN: by CL. */
#define FLAG_COUNT_UNKNOWN 256u

/*
 * The facts of the instruction called `name` in isa/subset.c, with an operand
 * of `bits`. `count` matters to shifts and rotations, for which it is the low
 * byte of the count. Repeated: a string instruction with F2 or F3.
 */
struct flag_facts flags_of(const char *name, unsigned bits, unsigned count,
                           bool is_repeated);

/* Its flags depend on a count. */
bool flags_depend_on_count(const char *name);

/* "OF AF", in this order; "none". `text` has room for FLAGS_TEXT_BYTES. */
#define FLAGS_TEXT_BYTES 32
void flags_write(unsigned flags, char *text);

#endif /* TESTS_NATIVE_FLAGS_H */

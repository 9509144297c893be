/*
 * subset.c - the table. It is the definition of the virtual architecture's
 * instruction set; what looks like an omission is a refusal.
 */
#include "isa/subset.h"

#include "isa/abi.h"

/* The reasons that many rows share. */
#define WHY_SEGMENT "touches a segment register; the address space is flat"
#define WHY_FAR     "far transfer; the address space is flat"
#define WHY_STATE   "sensitive: shows or tests the real machine without a trap"
#define WHY_PRIV    "privileged"
#define WHY_IO      "port input and output; devices are virtual instructions"
#define WHY_SYSTEM  "system call of the real machine; use a virtual instruction"
#define WHY_TRAP    "trap to a handler that this architecture does not have"
#define WHY_TIME    "reads the real machine's time or counters"
#define WHY_X87     "x87 floating point; there is no such unit"
#define WHY_SIMD    "MMX or SSE; there is no such unit"
#define WHY_LATER   "later than the i586"
#define WHY_ALIAS   "undocumented alias of another encoding"
#define WHY_UNDEF   "undefined by purpose"
/* Found by the random programs: when ECX runs out, lazily kept flags are not
   stored (2.1.1). */
#define WHY_FLAGS "the engine loses the flags behind it"
#define WHY_PROBE "the engine does not look whether the new stack top is there"
#define WHY_PARTS "moves many words, and cannot be restarted as one"

#define A(map, first, last, digit, imm, reg, mem, flags, name) \
    { SUBSET_##map, first,      last,    digit, IMM_##imm,     \
      INSN_##reg,   INSN_##mem, (flags), name,  NULL }
#define N(map, first, last, digit, imm, flags, name, why) \
    { SUBSET_##map, first,    last,    digit, IMM_##imm,  \
      INSN_ALU,     INSN_ALU, (flags), name,  why }

/* Short names for the columns. */
#define ANY SUBSET_ANY
#define RM  SUBSET_MODRM
#define MEM (SUBSET_MODRM | SUBSET_MEM)
#define O16 SUBSET_OPSIZE
#define LCK SUBSET_LOCK
#define REP SUBSET_REP
#define RNE SUBSET_REPNE
#define IF3 SUBSET_IDLE_F3
#define END SUBSET_END

/* The six forms of an arithmetic instruction: with registers, with memory that
   is changed, and with memory that is read. */
#define ARITHMETIC(base, reg, mem, read, lock, name)                           \
    A(ONE, (base), (base), ANY, NONE, reg, mem, RM | (lock), name),            \
        A(ONE, (base) + 1, (base) + 1, ANY, NONE, reg, mem, RM | O16 | (lock), \
          name),                                                               \
        A(ONE, (base) + 2, (base) + 2, ANY, NONE, reg, read, RM, name),        \
        A(ONE, (base) + 3, (base) + 3, ANY, NONE, reg, read, RM | O16, name),  \
        A(ONE, (base) + 4, (base) + 4, ANY, 8, reg, reg, 0, name),             \
        A(ONE, (base) + 5, (base) + 5, ANY, FULL, reg, reg, O16, name)

/* ... and its place in a group with an immediate. */
#define GROUP_1(op, imm, size)                                           \
    A(ONE, op, op, 0, imm, ALU, MODIFY, RM | LCK | (size), "add"),       \
        A(ONE, op, op, 1, imm, ALU, MODIFY, RM | LCK | (size), "or"),    \
        A(ONE, op, op, 2, imm, CARRY, MODIFY, RM | LCK | (size), "adc"), \
        A(ONE, op, op, 3, imm, CARRY, MODIFY, RM | LCK | (size), "sbb"), \
        A(ONE, op, op, 4, imm, ALU, MODIFY, RM | LCK | (size), "and"),   \
        A(ONE, op, op, 5, imm, ALU, MODIFY, RM | LCK | (size), "sub"),   \
        A(ONE, op, op, 6, imm, ALU, MODIFY, RM | LCK | (size), "xor"),   \
        A(ONE, op, op, 7, imm, ALU, LOAD, RM | (size), "cmp")

/* Shifts and rotations. */
#define GROUP_2(op, imm, size)                                                 \
    A(ONE, op, op, 0, imm, SHIFT, MODIFY, RM | (size), "rol"),                 \
        A(ONE, op, op, 1, imm, SHIFT, MODIFY, RM | (size), "ror"),             \
        A(ONE, op, op, 2, imm, SHIFT, SHIFT, RM | SUBSET_REG | (size), "rcl"), \
        A(ONE, op, op, 3, imm, SHIFT, SHIFT, RM | SUBSET_REG | (size), "rcr"), \
        A(ONE, op, op, 4, imm, SHIFT, MODIFY, RM | (size), "shl"),             \
        A(ONE, op, op, 5, imm, SHIFT, MODIFY, RM | (size), "shr"),             \
        N(ONE, op, op, 6, imm, RM, "sal", WHY_ALIAS),                          \
        A(ONE, op, op, 7, imm, SHIFT, MODIFY, RM | (size), "sar")

#define GROUP_3(op, imm, size)                                             \
    A(ONE, op, op, 0, imm, ALU, LOAD, RM | (size), "test"),                \
        N(ONE, op, op, 1, imm, RM, "test", WHY_ALIAS),                     \
        A(ONE, op, op, 2, NONE, ALU, MODIFY, RM | LCK | (size), "not"),    \
        A(ONE, op, op, 3, NONE, ALU, MODIFY, RM | SUBSET_NO_LOCK | (size), \
          "neg"),                                                          \
        A(ONE, op, op, 4, NONE, MUL, MUL, RM | (size), "mul"),             \
        A(ONE, op, op, 5, NONE, MUL, MUL, RM | (size), "imul"),            \
        A(ONE, op, op, 6, NONE, DIV, DIV, RM | (size), "div"),             \
        A(ONE, op, op, 7, NONE, DIV, DIV, RM | SUBSET_IDIV | (size), "idiv")

/* clang-format off: one row a line reads as the table it is. */
static const struct subset_row rows[] = {
    ARITHMETIC(0x00, ALU, MODIFY, LOAD, LCK, "add"),
    N(ONE, 0x06, 0x07, ANY, NONE, 0, "push/pop es", WHY_SEGMENT),
    ARITHMETIC(0x08, ALU, MODIFY, LOAD, LCK, "or"),
    N(ONE, 0x0e, 0x0e, ANY, NONE, 0, "push cs", WHY_SEGMENT),
    ARITHMETIC(0x10, CARRY, MODIFY, CARRY, LCK, "adc"),
    N(ONE, 0x16, 0x17, ANY, NONE, 0, "push/pop ss", WHY_SEGMENT),
    ARITHMETIC(0x18, CARRY, MODIFY, CARRY, LCK, "sbb"),
    N(ONE, 0x1e, 0x1f, ANY, NONE, 0, "push/pop ds", WHY_SEGMENT),
    ARITHMETIC(0x20, ALU, MODIFY, LOAD, LCK, "and"),
    A(ONE, 0x27, 0x27, ANY, NONE, FLAGS, FLAGS, 0, "daa"),
    ARITHMETIC(0x28, ALU, MODIFY, LOAD, LCK, "sub"),
    A(ONE, 0x2f, 0x2f, ANY, NONE, FLAGS, FLAGS, 0, "das"),
    ARITHMETIC(0x30, ALU, MODIFY, LOAD, LCK, "xor"),
    A(ONE, 0x37, 0x37, ANY, NONE, FLAGS, FLAGS, 0, "aaa"),
    ARITHMETIC(0x38, ALU, LOAD, LOAD, 0, "cmp"),
    A(ONE, 0x3f, 0x3f, ANY, NONE, FLAGS, FLAGS, 0, "aas"),
    A(ONE, 0x40, 0x47, ANY, NONE, ALU, ALU, O16, "inc"),
    A(ONE, 0x48, 0x4f, ANY, NONE, ALU, ALU, O16, "dec"),
    A(ONE, 0x50, 0x57, ANY, NONE, STORE, STORE, O16, "push"),
    A(ONE, 0x58, 0x5f, ANY, NONE, LOAD, LOAD, O16, "pop"),
    N(ONE, 0x60, 0x61, ANY, NONE, 0, "pusha/popa", WHY_PARTS),
    N(ONE, 0x62, 0x62, ANY, NONE, RM, "bound", WHY_TRAP),
    N(ONE, 0x63, 0x63, ANY, NONE, RM, "arpl", WHY_STATE),
    A(ONE, 0x68, 0x68, ANY, FULL, STORE, STORE, O16, "push"),
    A(ONE, 0x69, 0x69, ANY, FULL, MUL, MUL, RM | O16, "imul"),
    A(ONE, 0x6a, 0x6a, ANY, 8, STORE, STORE, O16, "push"),
    A(ONE, 0x6b, 0x6b, ANY, 8, MUL, MUL, RM | O16, "imul"),
    N(ONE, 0x6c, 0x6d, ANY, NONE, 0, "ins", WHY_IO),
    N(ONE, 0x6e, 0x6f, ANY, NONE, 0, "outs", WHY_IO),
    A(ONE, 0x70, 0x7f, ANY, 8, BRANCH, BRANCH, END, "jcc"),
    GROUP_1(0x80, 8, 0),
    GROUP_1(0x81, FULL, O16),
    N(ONE, 0x82, 0x82, ANY, 8, RM, "add...", WHY_ALIAS),
    GROUP_1(0x83, 8, O16),
    A(ONE, 0x84, 0x84, ANY, NONE, ALU, LOAD, RM, "test"),
    A(ONE, 0x85, 0x85, ANY, NONE, ALU, LOAD, RM | O16, "test"),
    A(ONE, 0x86, 0x86, ANY, NONE, ALU, LOCKED, RM | LCK, "xchg"),
    A(ONE, 0x87, 0x87, ANY, NONE, ALU, LOCKED, RM | LCK | O16, "xchg"),
    A(ONE, 0x88, 0x88, ANY, NONE, ALU, STORE, RM, "mov"),
    A(ONE, 0x89, 0x89, ANY, NONE, ALU, STORE, RM | O16, "mov"),
    A(ONE, 0x8a, 0x8a, ANY, NONE, ALU, LOAD, RM, "mov"),
    A(ONE, 0x8b, 0x8b, ANY, NONE, ALU, LOAD, RM | O16, "mov"),
    N(ONE, 0x8c, 0x8c, ANY, NONE, RM, "mov from segment", WHY_SEGMENT),
    A(ONE, 0x8d, 0x8d, ANY, NONE, ALU, ALU, MEM | O16 | SUBSET_CS, "lea"),
    N(ONE, 0x8e, 0x8e, ANY, NONE, RM, "mov to segment", WHY_SEGMENT),
    A(ONE, 0x8f, 0x8f, 0, NONE, LOAD, MODIFY, RM | O16, "pop"),
    A(ONE, 0x90, 0x90, ANY, NONE, ALU, ALU, O16, "nop"),
    A(ONE, 0x91, 0x97, ANY, NONE, ALU, ALU, O16, "xchg"),
    A(ONE, 0x98, 0x98, ANY, NONE, ALU, ALU, O16, "cwde"),
    A(ONE, 0x99, 0x99, ANY, NONE, ALU, ALU, O16, "cdq"),
    N(ONE, 0x9a, 0x9a, ANY, FAR, 0, "far call", WHY_FAR),
    N(ONE, 0x9b, 0x9b, ANY, NONE, 0, "fwait", WHY_X87),
    A(ONE, 0x9c, 0x9c, ANY, NONE, STORE, STORE, 0, "pushf"),
    A(ONE, 0x9d, 0x9d, ANY, NONE, FLAGS, FLAGS, END | SUBSET_POPF, "popf"),
    A(ONE, 0x9e, 0x9e, ANY, NONE, FLAGS, FLAGS, 0, "sahf"),
    A(ONE, 0x9f, 0x9f, ANY, NONE, FLAGS, FLAGS, 0, "lahf"),
    A(ONE, 0xa0, 0xa0, ANY, ADDRESS, LOAD, LOAD, 0, "mov"),
    A(ONE, 0xa1, 0xa1, ANY, ADDRESS, LOAD, LOAD, O16, "mov"),
    A(ONE, 0xa2, 0xa2, ANY, ADDRESS, STORE, STORE, 0, "mov"),
    A(ONE, 0xa3, 0xa3, ANY, ADDRESS, STORE, STORE, O16, "mov"),
    A(ONE, 0xa4, 0xa4, ANY, NONE, STRING, STRING, REP, "movs"),
    A(ONE, 0xa5, 0xa5, ANY, NONE, STRING, STRING, REP | O16, "movs"),
    A(ONE, 0xa6, 0xa6, ANY, NONE, STRING, STRING, REP | RNE, "cmps"),
    A(ONE, 0xa7, 0xa7, ANY, NONE, STRING, STRING, REP | RNE | O16, "cmps"),
    A(ONE, 0xa8, 0xa8, ANY, 8, ALU, ALU, 0, "test"),
    A(ONE, 0xa9, 0xa9, ANY, FULL, ALU, ALU, O16, "test"),
    A(ONE, 0xaa, 0xaa, ANY, NONE, STRING, STRING, REP, "stos"),
    A(ONE, 0xab, 0xab, ANY, NONE, STRING, STRING, REP | O16, "stos"),
    A(ONE, 0xac, 0xac, ANY, NONE, STRING, STRING, REP, "lods"),
    A(ONE, 0xad, 0xad, ANY, NONE, STRING, STRING, REP | O16, "lods"),
    A(ONE, 0xae, 0xae, ANY, NONE, STRING, STRING, REP | RNE, "scas"),
    A(ONE, 0xaf, 0xaf, ANY, NONE, STRING, STRING, REP | RNE | O16, "scas"),
    A(ONE, 0xb0, 0xb7, ANY, 8, ALU, ALU, 0, "mov"),
    A(ONE, 0xb8, 0xbf, ANY, FULL, ALU, ALU, O16, "mov"),
    GROUP_2(0xc0, 8, 0),
    GROUP_2(0xc1, 8, O16),
    A(ONE, 0xc2, 0xc2, ANY, 16, BRANCH, BRANCH, END, "ret"),
    A(ONE, 0xc3, 0xc3, ANY, NONE, BRANCH, BRANCH, END, "ret"),
    N(ONE, 0xc4, 0xc4, ANY, NONE, RM, "les", WHY_SEGMENT),
    N(ONE, 0xc5, 0xc5, ANY, NONE, RM, "lds", WHY_SEGMENT),
    A(ONE, 0xc6, 0xc6, 0, 8, ALU, STORE, RM, "mov"),
    A(ONE, 0xc7, 0xc7, 0, FULL, ALU, STORE, RM | O16, "mov"),
    N(ONE, 0xc8, 0xc8, ANY, ENTER, 0, "enter", WHY_PROBE),
    A(ONE, 0xc9, 0xc9, ANY, NONE, LOAD, LOAD, 0, "leave"),
    N(ONE, 0xca, 0xca, ANY, 16, 0, "far ret", WHY_FAR),
    N(ONE, 0xcb, 0xcb, ANY, NONE, 0, "far ret", WHY_FAR),
    N(ONE, 0xcc, 0xcc, ANY, NONE, 0, "int3", WHY_TRAP),
    A(ONE, 0xcd, 0xcd, ANY, 8, VIRTUAL, VIRTUAL, END | SUBSET_VIRTUAL, "int"),
    N(ONE, 0xce, 0xce, ANY, NONE, 0, "into", WHY_TRAP),
    N(ONE, 0xcf, 0xcf, ANY, NONE, 0, "iret", WHY_FAR),
    GROUP_2(0xd0, NONE, 0),
    GROUP_2(0xd1, NONE, O16),
    GROUP_2(0xd2, NONE, 0),
    GROUP_2(0xd3, NONE, O16),
    A(ONE, 0xd4, 0xd4, ANY, 8, DIV, DIV, 0, "aam"),
    A(ONE, 0xd5, 0xd5, ANY, 8, MUL, MUL, 0, "aad"),
    N(ONE, 0xd6, 0xd6, ANY, NONE, 0, "salc", "undocumented"),
    A(ONE, 0xd7, 0xd7, ANY, NONE, LOAD, LOAD, 0, "xlat"),
    N(ONE, 0xd8, 0xdf, ANY, NONE, RM, "x87", WHY_X87),
    N(ONE, 0xe0, 0xe1, ANY, 8, 0, "loopne/loope", WHY_FLAGS),
    A(ONE, 0xe2, 0xe2, ANY, 8, BRANCH, BRANCH, END, "loop"),
    A(ONE, 0xe3, 0xe3, ANY, 8, BRANCH, BRANCH, END, "jecxz"),
    N(ONE, 0xe4, 0xe5, ANY, 8, 0, "in", WHY_IO),
    N(ONE, 0xe6, 0xe7, ANY, 8, 0, "out", WHY_IO),
    A(ONE, 0xe8, 0xe8, ANY, FULL, BRANCH, BRANCH, END, "call"),
    A(ONE, 0xe9, 0xe9, ANY, FULL, BRANCH, BRANCH, END, "jmp"),
    N(ONE, 0xea, 0xea, ANY, FAR, 0, "far jmp", WHY_FAR),
    A(ONE, 0xeb, 0xeb, ANY, 8, BRANCH, BRANCH, END, "jmp"),
    N(ONE, 0xec, 0xed, ANY, NONE, 0, "in", WHY_IO),
    N(ONE, 0xee, 0xef, ANY, NONE, 0, "out", WHY_IO),
    N(ONE, 0xf1, 0xf1, ANY, NONE, 0, "int1", WHY_TRAP),
    N(ONE, 0xf4, 0xf4, ANY, NONE, 0, "hlt", WHY_PRIV),
    A(ONE, 0xf5, 0xf5, ANY, NONE, CARRY, CARRY, 0, "cmc"),
    GROUP_3(0xf6, 8, 0),
    GROUP_3(0xf7, FULL, O16),
    A(ONE, 0xf8, 0xf8, ANY, NONE, CARRY, CARRY, 0, "clc"),
    A(ONE, 0xf9, 0xf9, ANY, NONE, CARRY, CARRY, 0, "stc"),
    N(ONE, 0xfa, 0xfa, ANY, NONE, 0, "cli", WHY_PRIV),
    N(ONE, 0xfb, 0xfb, ANY, NONE, 0, "sti", WHY_PRIV),
    A(ONE, 0xfc, 0xfc, ANY, NONE, FLAGS, FLAGS, 0, "cld"),
    A(ONE, 0xfd, 0xfd, ANY, NONE, FLAGS, FLAGS, 0, "std"),
    A(ONE, 0xfe, 0xfe, 0, NONE, ALU, MODIFY, RM | LCK, "inc"),
    A(ONE, 0xfe, 0xfe, 1, NONE, ALU, MODIFY, RM | LCK, "dec"),
    A(ONE, 0xff, 0xff, 0, NONE, ALU, MODIFY, RM | LCK | O16, "inc"),
    A(ONE, 0xff, 0xff, 1, NONE, ALU, MODIFY, RM | LCK | O16, "dec"),
    A(ONE, 0xff, 0xff, 2, NONE, BRANCH, BRANCH, RM | END, "call"),
    N(ONE, 0xff, 0xff, 3, NONE, RM, "far call", WHY_FAR),
    A(ONE, 0xff, 0xff, 4, NONE, BRANCH, BRANCH, RM | END, "jmp"),
    N(ONE, 0xff, 0xff, 5, NONE, RM, "far jmp", WHY_FAR),
    A(ONE, 0xff, 0xff, 6, NONE, STORE, STORE, RM | O16, "push"),

    N(0F, 0x00, 0x00, 0, NONE, RM, "sldt", WHY_STATE),
    N(0F, 0x00, 0x00, 1, NONE, RM, "str", WHY_STATE),
    N(0F, 0x00, 0x00, 2, NONE, RM, "lldt", WHY_PRIV),
    N(0F, 0x00, 0x00, 3, NONE, RM, "ltr", WHY_PRIV),
    N(0F, 0x00, 0x00, 4, NONE, RM, "verr", WHY_STATE),
    N(0F, 0x00, 0x00, 5, NONE, RM, "verw", WHY_STATE),
    N(0F, 0x01, 0x01, 0, NONE, RM, "sgdt", WHY_STATE),
    N(0F, 0x01, 0x01, 1, NONE, RM, "sidt", WHY_STATE),
    N(0F, 0x01, 0x01, 2, NONE, RM, "lgdt", WHY_PRIV),
    N(0F, 0x01, 0x01, 3, NONE, RM, "lidt", WHY_PRIV),
    N(0F, 0x01, 0x01, 4, NONE, RM, "smsw", WHY_STATE),
    N(0F, 0x01, 0x01, 5, NONE, RM, "0f 01 /5", WHY_LATER),
    N(0F, 0x01, 0x01, 6, NONE, RM, "lmsw", WHY_PRIV),
    N(0F, 0x01, 0x01, 7, NONE, RM, "invlpg", WHY_PRIV),
    N(0F, 0x02, 0x02, ANY, NONE, RM, "lar", WHY_STATE),
    N(0F, 0x03, 0x03, ANY, NONE, RM, "lsl", WHY_STATE),
    N(0F, 0x05, 0x05, ANY, NONE, 0, "syscall", WHY_SYSTEM),
    N(0F, 0x06, 0x06, ANY, NONE, 0, "clts", WHY_PRIV),
    N(0F, 0x07, 0x07, ANY, NONE, 0, "sysret", WHY_SYSTEM),
    N(0F, 0x08, 0x08, ANY, NONE, 0, "invd", WHY_PRIV),
    N(0F, 0x09, 0x09, ANY, NONE, 0, "wbinvd", WHY_PRIV),
    N(0F, 0x0b, 0x0b, ANY, NONE, 0, "ud2", WHY_UNDEF),
    N(0F, 0x0d, 0x0d, ANY, NONE, RM, "prefetchw", WHY_LATER),
    N(0F, 0x0e, 0x0e, ANY, NONE, 0, "femms", WHY_SIMD),
    N(0F, 0x0f, 0x0f, ANY, 8, RM, "3DNow!", WHY_SIMD),
    N(0F, 0x10, 0x17, ANY, NONE, RM, "SSE", WHY_SIMD),
    N(0F, 0x18, 0x1f, ANY, NONE, RM, "long nop or hint", WHY_LATER),
    N(0F, 0x20, 0x23, ANY, NONE, RM | SUBSET_REG, "mov control/debug",
      WHY_PRIV),
    N(0F, 0x24, 0x27, ANY, NONE, RM | SUBSET_REG, "mov test", WHY_PRIV),
    N(0F, 0x28, 0x2f, ANY, NONE, RM, "SSE", WHY_SIMD),
    N(0F, 0x30, 0x30, ANY, NONE, 0, "wrmsr", WHY_PRIV),
    N(0F, 0x31, 0x31, ANY, NONE, 0, "rdtsc", WHY_TIME),
    N(0F, 0x32, 0x32, ANY, NONE, 0, "rdmsr", WHY_PRIV),
    N(0F, 0x33, 0x33, ANY, NONE, 0, "rdpmc", WHY_TIME),
    N(0F, 0x34, 0x34, ANY, NONE, 0, "sysenter", WHY_SYSTEM),
    N(0F, 0x35, 0x35, ANY, NONE, 0, "sysexit", WHY_SYSTEM),
    N(0F, 0x37, 0x37, ANY, NONE, 0, "getsec", WHY_PRIV),
    N(0F, 0x38, 0x38, ANY, NONE, 0, "0f 38 map", WHY_LATER),
    N(0F, 0x3a, 0x3a, ANY, NONE, 0, "0f 3a map", WHY_LATER),
    N(0F, 0x40, 0x4f, ANY, NONE, RM, "cmovcc", WHY_LATER),
    N(0F, 0x50, 0x6f, ANY, NONE, RM, "MMX or SSE", WHY_SIMD),
    N(0F, 0x70, 0x73, ANY, 8, RM, "MMX or SSE", WHY_SIMD),
    N(0F, 0x74, 0x76, ANY, NONE, RM, "MMX or SSE", WHY_SIMD),
    N(0F, 0x77, 0x77, ANY, NONE, 0, "emms", WHY_SIMD),
    N(0F, 0x78, 0x79, ANY, NONE, RM, "vmread/vmwrite", WHY_PRIV),
    N(0F, 0x7c, 0x7f, ANY, NONE, RM, "MMX or SSE", WHY_SIMD),
    A(0F, 0x80, 0x8f, ANY, FULL, BRANCH, BRANCH, END, "jcc"),
    A(0F, 0x90, 0x9f, 0, NONE, ALU, STORE, RM | SUBSET_SETCC, "setcc"),
    N(0F, 0xa0, 0xa1, ANY, NONE, 0, "push/pop fs", WHY_SEGMENT),
    N(0F, 0xa2, 0xa2, ANY, NONE, 0, "cpuid", WHY_STATE),
    A(0F, 0xa3, 0xa3, ANY, NONE, BITS, BITS, RM | O16 | SUBSET_ABORTS, "bt"),
    A(0F, 0xa4, 0xa4, ANY, 8, SHIFT, MODIFY, RM | O16, "shld"),
    A(0F, 0xa5, 0xa5, ANY, NONE, SHIFT, MODIFY, RM | O16, "shld"),
    N(0F, 0xa8, 0xa9, ANY, NONE, 0, "push/pop gs", WHY_SEGMENT),
    N(0F, 0xaa, 0xaa, ANY, NONE, 0, "rsm", WHY_PRIV),
    A(0F, 0xab, 0xab, ANY, NONE, BITS, MODIFY, RM | O16 | LCK | SUBSET_ABORTS,
      "bts"),
    A(0F, 0xac, 0xac, ANY, 8, SHIFT, MODIFY, RM | O16, "shrd"),
    A(0F, 0xad, 0xad, ANY, NONE, SHIFT, MODIFY, RM | O16, "shrd"),
    N(0F, 0xae, 0xae, ANY, NONE, RM, "fxsave, fence...", WHY_LATER),
    A(0F, 0xaf, 0xaf, ANY, NONE, MUL, MUL, RM | O16, "imul"),
    A(0F, 0xb0, 0xb0, ANY, NONE, ALU, MODIFY, RM | LCK, "cmpxchg"),
    A(0F, 0xb1, 0xb1, ANY, NONE, ALU, MODIFY, RM | LCK | O16, "cmpxchg"),
    N(0F, 0xb2, 0xb2, ANY, NONE, RM, "lss", WHY_SEGMENT),
    A(0F, 0xb3, 0xb3, ANY, NONE, BITS, MODIFY, RM | O16 | LCK | SUBSET_ABORTS,
      "btr"),
    N(0F, 0xb4, 0xb4, ANY, NONE, RM, "lfs", WHY_SEGMENT),
    N(0F, 0xb5, 0xb5, ANY, NONE, RM, "lgs", WHY_SEGMENT),
    A(0F, 0xb6, 0xb7, ANY, NONE, ALU, LOAD, RM | O16, "movzx"),
    N(0F, 0xb8, 0xb8, ANY, NONE, RM, "popcnt", WHY_LATER),
    N(0F, 0xb9, 0xb9, ANY, NONE, RM, "ud1", WHY_UNDEF),
    A(0F, 0xba, 0xba, 4, 8, BITS, BITS, RM | O16 | SUBSET_ABORTS, "bt"),
    A(0F, 0xba, 0xba, 5, 8, BITS, MODIFY, RM | O16 | LCK | SUBSET_ABORTS,
      "bts"),
    A(0F, 0xba, 0xba, 6, 8, BITS, MODIFY, RM | O16 | LCK | SUBSET_ABORTS,
      "btr"),
    A(0F, 0xba, 0xba, 7, 8, BITS, MODIFY, RM | O16 | LCK | SUBSET_ABORTS,
      "btc"),
    A(0F, 0xbb, 0xbb, ANY, NONE, BITS, MODIFY, RM | O16 | LCK | SUBSET_ABORTS,
      "btc"),
    /* With F3 later processors run TZCNT. Compilers write it for both kinds:
       the results are the same where the operand is not 0. */
    A(0F, 0xbc, 0xbc, ANY, NONE, BITS, BITS, RM | O16 | IF3, "bsf"),
    A(0F, 0xbd, 0xbd, ANY, NONE, BITS, BITS, RM | O16, "bsr"),
    A(0F, 0xbe, 0xbf, ANY, NONE, ALU, LOAD, RM | O16, "movsx"),
    A(0F, 0xc0, 0xc0, ANY, NONE, ALU, MODIFY, RM | LCK, "xadd"),
    A(0F, 0xc1, 0xc1, ANY, NONE, ALU, MODIFY, RM | LCK | O16, "xadd"),
    N(0F, 0xc2, 0xc2, ANY, 8, RM, "SSE", WHY_SIMD),
    N(0F, 0xc3, 0xc3, ANY, NONE, RM, "movnti", WHY_SIMD),
    N(0F, 0xc4, 0xc6, ANY, 8, RM, "SSE", WHY_SIMD),
    N(0F, 0xc7, 0xc7, 1, NONE, RM, "cmpxchg8b", WHY_FLAGS),
    N(0F, 0xc7, 0xc7, 6, NONE, RM, "rdrand or vmptrld", WHY_LATER),
    N(0F, 0xc7, 0xc7, 7, NONE, RM, "rdseed or vmptrst", WHY_LATER),
    A(0F, 0xc8, 0xcf, ANY, NONE, BITS, BITS, 0, "bswap"),
    N(0F, 0xd0, 0xfe, ANY, NONE, RM, "MMX or SSE", WHY_SIMD),
    N(0F, 0xff, 0xff, ANY, NONE, RM, "ud0", WHY_UNDEF),
};
/* clang-format on */

const struct subset_row *subset_rows(size_t *count)
{
    *count = sizeof(rows) / sizeof(rows[0]);
    return rows;
}

/* The first row that ends at or after the opcode. */
static size_t lower_bound(unsigned map, unsigned opcode)
{
    size_t low = 0;
    size_t high = sizeof(rows) / sizeof(rows[0]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct subset_row *row = &rows[middle];
        if (row->map < map || (row->map == map && row->last < opcode)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct subset_row *subset_find(enum subset_map map, uint8_t opcode,
                                     int digit)
{
    size_t count = sizeof(rows) / sizeof(rows[0]);
    for (size_t i = lower_bound(map, opcode); i < count; i++) {
        const struct subset_row *row = &rows[i];
        if (row->map != map || row->first > opcode) {
            return NULL;
        }
        if (digit == SUBSET_ANY || row->digit == SUBSET_ANY ||
            row->digit == digit) {
            return row;
        }
    }
    return NULL;
}

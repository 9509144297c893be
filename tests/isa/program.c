/* program.c - the generator. */
#include "tests/isa/program.h"

#include <string.h>

#include "isa/subset.h"
#include "tests/isa/fixture.h"

/* Loop counters and saved stack pointers, out of reach of the rest. */
#define CELLS (PROGRAM_DATA + 0x100)
/* Where operands are; wide enough for any bit offset and repeat. */
#define OPERANDS 0x00438000u

enum { LEAF_COUNT = 3, REP_LIMIT = 20, DEPTH_LIMIT = 2 };

struct maker {
    struct program *p;
    uint32_t leaves[LEAF_COUNT];
    uint32_t cell; /* The next free one. */
};

struct loop { /* That is being emitted. */
    uint32_t cell, start, units_left;
};

static uint32_t draw(struct maker *m, uint32_t below)
{
    return next_random(&m->p->random) % below;
}

static void emit(struct maker *m, unsigned byte)
{
    SIM_ASSERT(m->p->size < PROGRAM_TEXT_LIMIT);
    m->p->text[m->p->size++] = (uint8_t)byte;
}

static void emit_bytes(struct maker *m, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        emit(m, (uint8_t)bytes[i]);
    }
}

static void emit32(struct maker *m, uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8) {
        emit(m, value >> shift & 0xff);
    }
}

static void put32(struct maker *m, uint32_t at, uint32_t value)
{
    uint32_t size = m->p->size;
    m->p->size = at;
    emit32(m, value);
    m->p->size = size;
}

static uint32_t here(const struct maker *m)
{
    return ABI_TEXT_BASE + m->p->size;
}

static void emit_load(struct maker *m, unsigned reg, uint32_t value)
{
    emit(m, 0xb8 + reg);
    emit32(m, value);
}

static unsigned draw_reg(struct maker *m) /* Not ESP. */
{
    unsigned reg = draw(m, 7);
    return reg < CPU_ESP ? reg : reg + 1;
}

static uint32_t draw_operand(struct maker *m)
{
    /* Often across a page edge. */
    uint32_t low = draw(m, 2) == 0 ? 0x0ff8 + draw(m, 8) : draw(m, 0x1000);
    return OPERANDS + 0x1000 * draw(m, 3) + low;
}

/* ---- One instruction of the table --------------------------------------- */

static bool is_simple(const struct subset_row *row)
{
    unsigned special = SUBSET_END | SUBSET_VIRTUAL;
    return row->refusal == NULL && (row->flags & special) == 0 &&
           row->reg_class != INSN_DIV &&
           !(row->map == SUBSET_ONE && row->first == 0xc9); /* leave */
}

static bool is_string(const struct subset_row *row)
{
    return row->reg_class == INSN_STRING;
}

/* Its ModRM byte and what follows, with what they need set up before. */
struct operand {
    unsigned modrm, sib, disp_bytes;
    uint32_t disp;
    bool is_mem, has_sib;
};

static struct operand draw_memory(struct maker *m, unsigned reg)
{
    struct operand o = { .is_mem = true };
    unsigned base = draw_reg(m);
    while (base == reg) { /* As a bit offset it would reach too far. */
        base = draw_reg(m);
    }
    unsigned mod = 1 + draw(m, 2);
    uint32_t address = draw_operand(m);
    o.disp = draw(m, 64);
    o.disp_bytes = mod == 1 ? 1 : 4;
    o.has_sib = draw(m, 3) == 0;
    o.modrm = mod << 6 | reg << 3 | (o.has_sib ? 4 : base);
    if (o.has_sib) {
        unsigned index = draw_reg(m);
        while (index == base) {
            index = draw_reg(m);
        }
        emit_load(m, index, draw(m, 256));
        o.sib = draw(m, 4) << 6 | index << 3 | base;
    }
    emit_load(m, base, address);
    return o;
}

static struct operand draw_rm(struct maker *m, const struct subset_row *row)
{
    unsigned reg =
        row->digit == SUBSET_ANY ? draw_reg(m) : (unsigned)row->digit;
    bool may_be_mem = (row->flags & SUBSET_REG) == 0;
    bool must_be_mem = (row->flags & SUBSET_MEM) != 0;
    if (must_be_mem || (may_be_mem && draw(m, 2) == 0)) {
        if (row->digit == SUBSET_ANY && (row->flags & SUBSET_ABORTS) != 0) {
            emit(m, 0x81); /* and $0x3ff: it is a bit offset. */
            emit(m, 0xe0 + reg);
            emit32(m, 0x3ff);
        }
        return draw_memory(m, reg);
    }
    return (struct operand){ .modrm = 0xc0 | reg << 3 | draw_reg(m) };
}

static void emit_operand(struct maker *m, const struct operand *o)
{
    emit(m, o->modrm);
    if (o->has_sib) {
        emit(m, o->sib);
    }
    for (unsigned i = 0; i < o->disp_bytes; i++) {
        emit(m, o->disp >> (8 * i) & 0xff);
    }
}

static void emit_immediate(struct maker *m, enum subset_imm imm,
                           bool has_opsize)
{
    if (imm == IMM_ADDRESS) {
        emit32(m, draw_operand(m));
    } else if (imm == IMM_8) {
        emit(m, draw(m, 256));
    } else if (imm == IMM_FULL && has_opsize) {
        emit(m, draw(m, 256));
        emit(m, draw(m, 256));
    } else if (imm == IMM_FULL) {
        emit32(m, draw(m, 4) == 0 ? draw(m, 100) : draw(m, 0xffffffff));
    }
}

/* What string instructions and XLAT address. */
static void emit_pointers(struct maker *m)
{
    emit_load(m, CPU_ESI, draw_operand(m));
    emit_load(m, CPU_EDI, draw_operand(m));
    emit_load(m, CPU_EBX, draw_operand(m));
}

static void emit_repeat(struct maker *m, const struct subset_row *row)
{
    if ((row->flags & SUBSET_REP) == 0 || draw(m, 2) == 0) {
        return;
    }
    bool is_repne = (row->flags & SUBSET_REPNE) != 0 && draw(m, 2) == 0;
    emit_load(m, CPU_ECX, draw(m, REP_LIMIT));
    emit(m, is_repne ? 0xf2 : 0xf3);
}

/* Opcodes with a register in them must not write ESP. */
static bool writes_esp(const struct subset_row *row, unsigned opcode)
{
    bool has_reg = row->map == SUBSET_ONE && row->last - row->first == 7 &&
                   (opcode < 0x60 || (opcode >= 0xb8 && opcode < 0xc0));
    return (has_reg && (opcode & 7) == CPU_ESP && (opcode & ~7u) != 0x50) ||
           (row->map == SUBSET_ONE && opcode == 0x94) ||
           (row->map == SUBSET_0F && opcode == 0xcc);
}

static void emit_simple(struct maker *m)
{
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    const struct subset_row *row = &rows[draw(m, (uint32_t)count)];
    unsigned opcode = row->first + draw(m, row->last - row->first + 1u);
    if (!is_simple(row) || writes_esp(row, opcode)) {
        return;
    }
    struct operand o = { 0 };
    bool has_modrm = (row->flags & SUBSET_MODRM) != 0;
    if (has_modrm) {
        o = draw_rm(m, row);
    } else if (is_string(row) || row->first == 0xd7) {
        emit_pointers(m);
        emit_repeat(m, row);
    }
    bool has_opsize = (row->flags & SUBSET_OPSIZE) != 0 && draw(m, 4) == 0;
    if (o.is_mem && (row->flags & SUBSET_LOCK) != 0 && draw(m, 4) == 0) {
        emit(m, 0xf0);
    }
    if (has_opsize) {
        emit(m, 0x66);
    }
    if (row->map == SUBSET_0F) {
        emit(m, 0x0f);
    }
    emit(m, opcode);
    if (has_modrm) {
        emit_operand(m, &o);
    }
    emit_immediate(m, row->imm, has_opsize);
    if ((row->flags & SUBSET_ABORTS) != 0) {
        emit_bytes(m, "\x85\xc0", 2); /* Bit tests leave flags undefined. */
    }
}

/* ---- Units -------------------------------------------------------------- */

static void emit_some(struct maker *m, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        emit_simple(m);
    }
}

static void emit_division(struct maker *m)
{
    if (draw(m, 24) == 0) {
        emit_bytes(m, "\xf7\xfb", 2); /* idiv %ebx, which may well fail */
        return;
    }
    emit_bytes(m, "\x83\xc9\x01", 3); /* or $1, %ecx */
    emit_bytes(m, "\x31\xd2", 2);     /* xor %edx, %edx */
    emit_bytes(m, "\xf7\xf1", 2);     /* div %ecx */
    emit_bytes(m, "\xd4\x0a", 2);     /* aam */
}

static void emit_popf(struct maker *m)
{
    emit(m, 0x68);
    emit32(m, draw(m, 0xffffffff));
    emit(m, 0x9d);
    if (draw(m, 2) == 0) {
        emit(m, 0x9c);
    }
}

static void emit_forward(struct maker *m)
{
    unsigned kind = draw(m, 4);
    uint32_t at = 0;
    if (kind == 0) { /* jmp *%eax */
        emit(m, 0xb8);
        at = m->p->size;
        emit_bytes(m, "\0\0\0\0\xff\xe0", 6);
    } else if (kind == 1) { /* push; ret */
        emit(m, 0x68);
        at = m->p->size;
        emit_bytes(m, "\0\0\0\0\xc3", 5);
    } else {
        emit(m, 0x0f);
        emit(m, 0x80 + draw(m, 16));
        at = m->p->size;
        emit32(m, 0);
    }
    uint32_t from = here(m);
    emit_some(m, 1 + draw(m, 6));
    put32(m, at, kind < 2 ? here(m) : here(m) - from);
}

static void emit_short_loop(struct maker *m)
{
    emit_load(m, CPU_ECX, 1 + draw(m, 9));
    emit_bytes(m, "\x01\xc8", 2); /* add %ecx, %eax */
    emit(m, 0xe2);                /* loop */
    emit(m, 0xfc);
    emit_bytes(m, "\xe3\x01\x40", 3); /* jecxz over inc %eax */
}

static void emit_call(struct maker *m)
{
    uint32_t target = m->leaves[draw(m, LEAF_COUNT)];
    if (draw(m, 2) == 0) {
        emit_load(m, CPU_EDX, target);
        emit_bytes(m, "\xff\xd2", 2);
        return;
    }
    emit(m, 0xe8);
    emit32(m, target - (here(m) + 4));
}

static void emit_stretch(struct maker *m)
{
    static const char cheap[][4] = { "\x01\xd8", "\x31\xf9", "\x8d\x3c",
                                     "\x0f\xc8", "\x11\xc2", "\xd1\xc6" };
    uint32_t count = 530 + draw(m, 100); /* Longer than an engine's block. */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t which = draw(m, 6);
        emit_bytes(m, cheap[which], 2);
        if (which == 2) {
            emit(m, 0x49); /* lea (%ecx, %ecx, 2), %edi */
        }
    }
}

static struct loop begin_loop(struct maker *m)
{
    struct loop loop = { .cell = CELLS + 4 * m->cell++ };
    emit_bytes(m, "\xc7\x05", 2); /* movl $n, cell */
    emit32(m, loop.cell);
    emit32(m, 1 + draw(m, 7));
    loop.start = here(m);
    loop.units_left = 1 + draw(m, 4);
    return loop;
}

static void end_loop(struct maker *m, const struct loop *loop)
{
    emit_bytes(m, "\xff\x0d", 2); /* decl cell */
    emit32(m, loop->cell);
    emit_bytes(m, "\x0f\x85", 2); /* jne start */
    emit32(m, loop->start - (here(m) + 4));
}

/* True: the unit is a loop, which is the caller's to begin. */
static bool emit_unit(struct maker *m, uint32_t depth)
{
    uint32_t kind = draw(m, 20);
    if (kind < 9) {
        emit_some(m, 1 + draw(m, 4));
    } else if (kind < 12) {
        emit_forward(m);
    } else if (kind < 14 && depth < DEPTH_LIMIT) {
        return true;
    } else if (kind == 14) {
        emit_short_loop(m);
    } else if (kind == 15) {
        emit_call(m);
    } else if (kind == 16) {
        emit_division(m);
    } else if (kind == 17) {
        emit_popf(m);
    } else if (kind == 18 && depth == 0 && draw(m, 16) == 0) {
        emit_stretch(m);
    }
    return false;
}

static void emit_units(struct maker *m, uint32_t count)
{
    /* The program is as a loop around all others, that runs once. */
    struct loop loops[1 + DEPTH_LIMIT] = { { .units_left = count } };
    uint32_t depth = 0;
    while (depth > 0 || loops[0].units_left > 0) {
        if (loops[depth].units_left == 0) {
            end_loop(m, &loops[depth--]);
            continue;
        }
        loops[depth].units_left--;
        if (emit_unit(m, depth)) {
            loops[++depth] = begin_loop(m);
        }
    }
}

static void emit_leaf(struct maker *m)
{
    uint32_t cell = CELLS + 4 * m->cell++;
    emit_bytes(m, "\x89\x25", 2); /* mov %esp, cell */
    emit32(m, cell);
    emit_bytes(m, "\x83\xec\x40", 3); /* sub $64, %esp: room for pops */
    emit_some(m, 1 + draw(m, 6));
    emit_bytes(m, "\x8b\x25", 2); /* mov cell, %esp */
    emit32(m, cell);
    emit(m, 0xc3);
}

void program_make(struct program *p, uint64_t seed)
{
    struct maker m = { .p = p };
    memset(p, 0, sizeof(*p));
    p->random = seed;
    emit(&m, 0xe9); /* jmp over the leaves */
    emit32(&m, 0);
    for (int i = 0; i < LEAF_COUNT; i++) {
        m.leaves[i] = here(&m);
        emit_leaf(&m);
    }
    put32(&m, 1, here(&m) - (ABI_TEXT_BASE + 5));
    emit_units(&m, 20 + draw(&m, 60));
    emit(&m, 0xcd);
    emit(&m, ABI_VI_TERMINATE);
}

struct cpu_regs program_regs(uint64_t seed)
{
    struct cpu_regs regs = { .eip = ABI_TEXT_BASE, .eflags = 2 };
    for (int i = 0; i < CPU_GPR_COUNT; i++) {
        regs.gpr[i] = next_random(&seed);
    }
    regs.gpr[CPU_ESP] = PROGRAM_STACK - 0x8000;
    return regs;
}

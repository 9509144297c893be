/*
 * draw.c - one instruction, drawn from the table of isa/subset.c.
 *
 * What a row says of its operands is enough to encode it. An instruction finds
 * its operand in memory at or near trial.operand, since the registers of its
 * address are loaded right before it, by moves that touch no flag. So a new
 * row is drawn, run and compared without a change here, unless its memory
 * operand is named by no ModRM byte: then `implicit` must say by which
 * registers.
 */
#include "tests/native/draw.h"

#include <string.h>

#include "isa/decode.h"
#include "tests/native/flags.h"

#define BIT(n) (1u << (n))

/* ---- Values -------------------------------------------------------------- */

static uint32_t next(struct drawing *d)
{
    uint64_t z = (d->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) >> 16);
}

uint32_t draw_below(struct drawing *d, uint32_t limit)
{
    return next(d) % limit;
}

uint32_t draw_value(struct drawing *d)
{
    static const uint32_t edges[] = {
        0,      0,      0,      1,          0xff,       0x7f,       0x80,
        0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xffffff80,
        0x100,  0x1f,   0x20,   0x10000,    0x0f0f0f0f, 0x99999999, 0x00ff00ff,
    };
    const uint32_t count = sizeof(edges) / sizeof(edges[0]);
    switch (draw_below(d, 8)) {
    case 0:
    case 1:
    case 2:
        return edges[draw_below(d, count)];
    case 3:
        return edges[draw_below(d, count)] + draw_below(d, 3) - 1;
    case 4:
        return BIT(draw_below(d, 32));
    case 5:
        return draw_below(d, 64);
    default:
        return next(d);
    }
}

/* ---- Bytes --------------------------------------------------------------- */

void emit(struct drawing *d, const char *bytes, size_t size)
{
    struct trial *t = d->trial;
    SIM_ASSERT(t->size + size <= SLOT_BYTES);
    memcpy(t->text + t->size, bytes, size);
    t->size += (uint32_t)size;
}

void emit32(struct drawing *d, uint32_t value)
{
    char bytes[4];
    memcpy(bytes, &value, 4);
    emit(d, bytes, 4);
}

static void emit_byte(struct drawing *d, unsigned byte)
{
    char value = (char)byte;
    emit(d, &value, 1);
}

static void pin(struct drawing *d, unsigned reg, uint32_t value)
{
    d->pinned |= (uint8_t)BIT(reg);
    d->pins[reg] = value;
}

/* An address at which the operand is, or near it. */
static uint32_t draw_address(struct drawing *d)
{
    return d->trial->operand + draw_below(d, 5);
}

/* ---- One encoding -------------------------------------------------------- */

struct encoding {
    const struct subset_row *row;
    unsigned opcode;
    bool has_opsize, has_lock, is_repeated, is_mem;
    unsigned reg;    /* ModRM's reg field. */
    unsigned rm;     /* Of a register operand. */
    uint32_t imm;    /* Its low byte. */
    uint32_t filler; /* Bytes that a branch may jump over. */
    size_t size;
    uint8_t bytes[24];
};

static void put(struct encoding *e, uint32_t value, size_t size)
{
    memcpy(e->bytes + e->size, &value, size);
    e->size += size;
}

static bool is_named(const struct encoding *e, const char *name)
{
    return strcmp(e->row->name, name) == 0;
}

/* Registers by which an instruction finds memory without naming it. */
static unsigned implicit(const struct encoding *e)
{
    static const struct {
        const char *name;
        unsigned regs;
    } rows[] = {
        { "push", BIT(CPU_ESP) },
        { "pop", BIT(CPU_ESP) },
        { "pushf", BIT(CPU_ESP) },
        { "popf", BIT(CPU_ESP) },
        { "call", BIT(CPU_ESP) },
        { "ret", BIT(CPU_ESP) },
        { "enter", BIT(CPU_ESP) },
        { "leave", BIT(CPU_EBP) },
        { "xlat", BIT(CPU_EBX) },
        { "lods", BIT(CPU_ESI) },
        { "stos", BIT(CPU_EDI) },
        { "scas", BIT(CPU_EDI) },
        { "movs", BIT(CPU_ESI) | BIT(CPU_EDI) },
        { "cmps", BIT(CPU_ESI) | BIT(CPU_EDI) },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (is_named(e, rows[i].name)) {
            return rows[i].regs;
        }
    }
    return 0;
}

static void draw_prefixes(struct drawing *d, struct encoding *e)
{
    unsigned flags = e->row->flags;
    e->has_opsize = (flags & SUBSET_OPSIZE) != 0 && draw_below(d, 3) == 0;
    e->has_lock =
        e->is_mem && (flags & SUBSET_LOCK) != 0 && draw_below(d, 4) == 0;
    bool has_repeat = (flags & (SUBSET_REP | SUBSET_REPNE)) != 0;
    e->is_repeated = has_repeat && draw_below(d, 2) == 0;
    uint8_t all[4];
    uint32_t count = 0;
    if (e->has_opsize) {
        all[count++] = 0x66;
    }
    if (e->has_lock) {
        all[count++] = 0xf0;
    }
    if (e->is_repeated) {
        bool is_ne = (flags & SUBSET_REPNE) != 0 && draw_below(d, 2) == 0;
        all[count++] = is_ne ? 0xf2 : 0xf3;
    }
    if ((flags & SUBSET_CS) != 0 && draw_below(d, 4) == 0) {
        all[count++] = 0x2e;
    }
    bool is_turned = draw_below(d, 2) == 0;
    for (uint32_t i = 0; i < count; i++) {
        put(e, all[is_turned ? count - 1 - i : i], 1);
    }
}

/* A base that has its value already, or none, needs a displacement of 32 bits
   to get to `target`; any other is given a value. */
static void draw_memory(struct drawing *d, struct encoding *e, uint32_t target)
{
    unsigned mod = draw_below(d, 3);
    unsigned rm = draw_below(d, 8);
    bool has_sib = rm == 4;
    unsigned scale = draw_below(d, 4);
    unsigned index = draw_below(d, 8);
    unsigned base = has_sib ? draw_below(d, 8) : rm;
    uint32_t at = 0;
    if (has_sib && index != 4) {
        if ((d->pinned & BIT(index)) == 0) {
            pin(d, index, draw_value(d));
        }
        at = d->pins[index] << scale;
    }
    bool has_base = mod != 0 || base != 5;
    if (has_base && (d->pinned & BIT(base)) != 0) {
        mod = 2;
    }
    uint32_t disp = mod == 1   ? (uint32_t)(int8_t)next(d)
                    : mod == 2 ? draw_value(d)
                               : 0;
    if (!has_base) {
        disp = target - at;
    } else if ((d->pinned & BIT(base)) != 0) {
        disp = target - at - d->pins[base];
    } else {
        pin(d, base, target - at - disp);
    }
    put(e, mod << 6 | e->reg << 3 | rm, 1);
    if (has_sib) {
        put(e, scale << 6 | index << 3 | base, 1);
    }
    put(e, disp, mod == 1 ? 1 : mod == 2 || !has_base ? 4 : 0);
}

/* JMP or CALL to an address in a register or in memory. */
static bool is_indirect(const struct encoding *e)
{
    return (e->row->flags & (SUBSET_END | SUBSET_MODRM)) ==
           (SUBSET_END | SUBSET_MODRM);
}

static void draw_modrm(struct drawing *d, struct encoding *e)
{
    if (!e->is_mem) {
        put(e, 0xc0 | e->reg << 3 | e->rm, 1);
        return;
    }
    /* Of a bit test with a register for the number, the register counts. */
    if (strncmp(e->row->name, "bt", 2) == 0 && e->row->digit == SUBSET_ANY) {
        pin(d, e->reg, draw_below(d, 8192) - 4096);
    }
    draw_memory(d, e, is_indirect(e) ? d->trial->operand : draw_address(d));
}

static bool is_relative(const struct encoding *e)
{
    return (e->row->flags & SUBSET_END) != 0 &&
           (e->row->imm == IMM_8 || e->row->imm == IMM_FULL);
}

static void draw_immediate(struct drawing *d, struct encoding *e)
{
    uint32_t value = draw_value(d);
    if (d->trial->kind == TRIAL_BYTES) {
        value = d->imm;
    } else if (is_relative(e)) {
        value = e->filler;
    } else if (flags_depend_on_count(e->row->name) && e->has_opsize &&
               e->row->map == SUBSET_0F) {
        value &= 15; /* A double shift by more is undefined. */
    } else if (e->row->imm == IMM_ADDRESS) {
        value = draw_address(d);
    } else if (e->row->imm == IMM_ENTER) {
        value &= 0xffff;
    }
    e->imm = value & 0xff;
    switch ((enum subset_imm)e->row->imm) {
    case IMM_NONE:
    case IMM_FAR:
        break;
    case IMM_8:
        put(e, value, 1);
        break;
    case IMM_16:
        put(e, value, 2);
        break;
    case IMM_FULL:
        put(e, value, e->has_opsize ? 2 : 4);
        break;
    case IMM_ENTER:
        put(e, value, 3);
        break;
    case IMM_ADDRESS:
        put(e, value, 4);
        break;
    }
}

/* ---- One instruction ----------------------------------------------------- */

/* What is by no operand, but the instruction looks at it. */
static void pin_implicit(struct drawing *d, struct encoding *e)
{
    unsigned regs = implicit(e);
    for (unsigned reg = 0; reg < CPU_GPR_COUNT; reg++) {
        if ((regs & BIT(reg)) != 0) {
            pin(d, reg, draw_address(d));
        }
    }
    if (e->is_repeated) {
        pin(d, CPU_ECX, draw_below(d, draw_below(d, 16) == 0 ? 64 : 5));
    }
    bool shifts_double = flags_depend_on_count(e->row->name) &&
                         e->row->map == SUBSET_0F && e->has_opsize;
    if (shifts_double && e->row->imm == IMM_NONE) {
        pin(d, CPU_ECX, (next(d) & ~0x1fu) | draw_below(d, 17));
    }
}

/* The next 32 bits are the address behind the instruction. */
static void emit_landing(struct drawing *d)
{
    d->landing = d->trial->size;
    emit32(d, 0);
}

/* Where a branch goes that is not relative: to what is behind it. */
static void emit_target(struct drawing *d, const struct encoding *e)
{
    bool is_return = is_named(e, "ret");
    if (is_return || (is_indirect(e) && e->is_mem)) {
        EMIT(d, "\xc7\x05"); /* mov $landing, address */
        emit32(d, is_return ? d->pins[CPU_ESP] : d->trial->operand);
        emit_landing(d);
    } else if (is_indirect(e)) {
        emit_byte(d, 0xb8 + e->rm);
        emit_landing(d);
    }
}

static void emit_pins(struct drawing *d)
{
    for (unsigned reg = 0; reg < CPU_GPR_COUNT; reg++) {
        if ((d->pinned & BIT(reg)) != 0) {
            emit_byte(d, 0xb8 + reg);
            emit32(d, d->pins[reg]);
        }
    }
}

static unsigned bits_of(const struct encoding *e)
{
    return (e->row->flags & SUBSET_OPSIZE) == 0 ? 8 : e->has_opsize ? 16 : 32;
}

static unsigned count_of(const struct drawing *d, const struct encoding *e)
{
    if (e->row->imm == IMM_8) {
        return e->imm;
    }
    if (e->row->map == SUBSET_ONE && e->opcode <= 0xd1) {
        return 1;
    }
    return (d->pinned & BIT(CPU_ECX)) != 0 ? d->pins[CPU_ECX] & 0xff
                                           : FLAG_COUNT_UNKNOWN;
}

/* Defines all flags if one that is undefined would be looked at; what faults
   shows them all. */
static void define_flags(struct drawing *d, const struct encoding *e,
                         unsigned reads)
{
    bool may_fault =
        d->trial->kind == TRIAL_FAULTING || e->row->reg_class == INSN_DIV;
    if ((d->undefined & (may_fault ? FLAGS_STATUS : reads)) != 0) {
        emit_byte(d, 0x39); /* cmp */
        emit_byte(d, 0xc0 | next(d) % 64);
        d->undefined = 0;
    }
}

static void emit_insn(struct drawing *d, const struct encoding *e)
{
    struct trial *t = d->trial;
    if (is_named(e, "popf")) { /* Of the flags that a guest has. */
        EMIT(d, "\xc7\x05");
        emit32(d, d->pins[CPU_ESP]);
        emit32(d, next(d) & FLAGS_ALL);
    }
    emit_pins(d);
    emit_target(d, e);
    emit(d, (const char *)e->bytes, e->size);
    if (is_named(e, "pushf")) {
        t->pushed = d->pins[CPU_ESP] - 4;
    }
    if (e->filler != 0) {
        EMIT(d, "\xb0\x55"); /* mov $0x55, %al */
    }
    if (d->landing != 0) {
        uint32_t va = t->entry + t->size;
        memcpy(t->text + d->landing, &va, 4);
    }
}

static void draw_encoding(struct drawing *d, struct encoding *e)
{
    const struct subset_row *row = e->row;
    bool has_modrm = (row->flags & SUBSET_MODRM) != 0;
    bool wants_memory =
        (row->flags & SUBSET_MEM) != 0 || d->trial->kind == TRIAL_FAULTING;
    bool wants_register =
        (row->flags & SUBSET_REG) != 0 || d->trial->kind == TRIAL_BYTES;
    e->is_mem =
        has_modrm && !wants_register && (wants_memory || draw_below(d, 2) == 0);
    e->reg = row->digit == SUBSET_ANY ? draw_below(d, 8) : (unsigned)row->digit;
    e->rm = draw_below(d, 8);
    if (is_indirect(e) && e->rm == CPU_ESP) {
        e->rm = CPU_EDX; /* CALL needs the stack. */
    }
    if ((row->flags & SUBSET_END) != 0) {
        e->filler = draw_below(d, 4) == 0 ? 0 : 2;
    }
    if (d->trial->kind == TRIAL_BYTES) {
        e->reg = row->digit == SUBSET_ANY ? CPU_ECX : e->reg;
        e->rm = CPU_EAX;
    } else {
        draw_prefixes(d, e);
    }
    if (row->map == SUBSET_0F) {
        put(e, 0x0f, 1);
    }
    put(e, e->opcode, 1);
    pin_implicit(d, e);
    if (has_modrm) {
        draw_modrm(d, e);
    }
    draw_immediate(d, e);
}

/* Of a product the low half. */
static unsigned result_reg(const struct encoding *e)
{
    bool is_product = is_named(e, "mul") || is_named(e, "imul");
    if (is_product && e->row->digit != SUBSET_ANY) {
        return CPU_EAX;
    }
    if (is_product || is_named(e, "bsf") || is_named(e, "bsr")) {
        return e->reg;
    }
    return e->is_mem ? TRIAL_NO_REG : e->rm;
}

static void note_last(struct drawing *d, const struct encoding *e)
{
    struct trial *t = d->trial;
    t->name = e->row->name;
    t->bits = bits_of(e);
    t->count = flags_depend_on_count(t->name) ? count_of(d, e) : 0;
    t->is_repeated = e->is_repeated;
    t->result_reg = result_reg(e);
    t->operand_reg = e->is_mem ? TRIAL_NO_REG : e->rm;
    t->insn_count++;
}

bool draw_insn(struct drawing *d, const struct subset_row *row, unsigned opcode)
{
    struct encoding e = { .row = row, .opcode = opcode };
    struct insn insn;
    d->pinned = 0;
    d->landing = 0;
    draw_encoding(d, &e);
    if (row->refusal != NULL || (row->flags & SUBSET_VIRTUAL) != 0 ||
        insn_decode(e.bytes, e.size, &insn) != INSN_OK) {
        return false;
    }
    SIM_ASSERT(insn.size_bytes == e.size);
    note_last(d, &e);
    const struct trial *t = d->trial;
    struct flag_facts f = flags_of(t->name, t->bits, t->count, t->is_repeated);
    define_flags(d, &e, f.reads);
    d->undefined = (d->undefined & ~(unsigned)f.defines) | f.undefined;
    emit_insn(d, &e);
    return true;
}

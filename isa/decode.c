/*
 * decode.c - reads one instruction by the table of isa/subset.c.
 *
 *     prefixes  opcode  [ModRM [SIB] [displacement]]  [immediate]
 *
 * Prefixes are a whitelist: 66 where it selects 16-bit operands, F2 and F3 on
 * string instructions, F0 on lockable memory operands, and 2E on LEA, where it
 * means nothing and assemblers use it as padding. Each at most once.
 */
#include "isa/decode.h"

#include <string.h>

#include "isa/abi.h"
#include "isa/subset.h"

/*
 * `pentium` is round figures from the manual of the processor on which the
 * subset is modelled: they show the mix of instructions, not its pipeline.
 *
 * The two of the Pentium 4 are measurements of others: I1 in
 * docs/experiments/costs.md, which says of each figure where it comes from.
 * `netburst` is latencies, as if nothing overlapped; `netburst-throughput` is
 * what is left if all else overlaps. Rounded to whole cycles, 1 at least.
 */
const struct insn_costs insn_cost_models[] = {
    { "unit", { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
    { "pentium",
      { [INSN_ALU] = 1,
        [INSN_SHIFT] = 1,
        [INSN_CARRY] = 1,
        [INSN_BITS] = 1,
        [INSN_FLAGS] = 2,
        [INSN_LOAD] = 2,
        [INSN_STORE] = 2,
        [INSN_MODIFY] = 2,
        [INSN_BRANCH] = 2,
        [INSN_MUL] = 10,
        [INSN_DIV] = 41,
        [INSN_STRING] = 4,
        [INSN_LOCKED] = 20,
        [INSN_VIRTUAL] = 1 } },
    { "netburst",
      { [INSN_ALU] = 1,
        [INSN_SHIFT] = 4,
        [INSN_CARRY] = 7,
        [INSN_BITS] = 7,
        [INSN_FLAGS] = 50,
        [INSN_LOAD] = 2,
        [INSN_STORE] = 2,
        [INSN_MODIFY] = 9,
        [INSN_BRANCH] = 1,
        [INSN_MUL] = 15,
        [INSN_DIV] = 57,
        [INSN_STRING] = 1,
        [INSN_LOCKED] = 124,
        [INSN_VIRTUAL] = 1 } },
    { "netburst-throughput",
      { [INSN_ALU] = 1,
        [INSN_SHIFT] = 1,
        [INSN_CARRY] = 7,
        [INSN_BITS] = 6,
        [INSN_FLAGS] = 50,
        [INSN_LOAD] = 1,
        [INSN_STORE] = 2,
        [INSN_MODIFY] = 2,
        [INSN_BRANCH] = 1,
        [INSN_MUL] = 5,
        [INSN_DIV] = 57,
        [INSN_STRING] = 1,
        [INSN_LOCKED] = 124,
        [INSN_VIRTUAL] = 1 } },
    { NULL, { 0 } },
};

const struct insn_costs *insn_costs_find(const char *name)
{
    for (const struct insn_costs *c = insn_cost_models; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

/* What the instruction under the eye is made of, so far. */
struct reading {
    const uint8_t *bytes;
    size_t room_bytes;
    size_t at; /* The next byte; may pass room_bytes, then it is truncated. */
    bool has_opsize, has_addrsize, has_lock, has_rep, has_repne;
    bool has_cs, has_segment, has_repeated;
    bool has_modrm, is_mem;
    uint8_t digit;
    uint8_t imm_first, imm_last; /* Bytes of the immediate, if any. */
};

/* The next byte; 0 past the end, which the caller finds out from `at`. */
static uint8_t next_byte(struct reading *r)
{
    uint8_t byte = r->at < r->room_bytes ? r->bytes[r->at] : 0;
    r->at++;
    return byte;
}

static void mark_prefix(struct reading *r, bool *flag)
{
    r->has_repeated = r->has_repeated || *flag;
    *flag = true;
}

static bool take_prefix(struct reading *r, uint8_t byte)
{
    switch (byte) {
    case 0x66:
        mark_prefix(r, &r->has_opsize);
        return true;
    case 0x67:
        mark_prefix(r, &r->has_addrsize);
        return true;
    case 0xf0:
        mark_prefix(r, &r->has_lock);
        return true;
    case 0xf2:
        mark_prefix(r, &r->has_repne);
        return true;
    case 0xf3:
        mark_prefix(r, &r->has_rep);
        return true;
    case 0x2e:
        mark_prefix(r, &r->has_cs);
        return true;
    case 0x26:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
        mark_prefix(r, &r->has_segment);
        return true;
    default:
        return false;
    }
}

/* The bytes after ModRM that belong to a memory operand. */
static size_t operand_bytes(struct reading *r, unsigned mod, unsigned rm)
{
    if (r->has_addrsize) {
        return mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 6) ? 2 : 0;
    }
    if (rm == 4) {
        unsigned base = next_byte(r) & 7;
        if (mod == 0 && base == 5) {
            return 4;
        }
    }
    if (mod == 0) {
        return rm == 5 ? 4 : 0;
    }
    return mod == 1 ? 1 : 4;
}

static void read_modrm(struct reading *r, const struct subset_row *row)
{
    uint8_t modrm = next_byte(r);
    unsigned mod = modrm >> 6;
    r->has_modrm = true;
    r->digit = (modrm >> 3) & 7;
    bool is_register = row->refusal != NULL && (row->flags & SUBSET_REG) != 0;
    r->is_mem = mod != 3 && !is_register;
    if (r->is_mem) {
        r->at += operand_bytes(r, mod, modrm & 7);
    }
}

static size_t immediate_bytes(const struct reading *r, enum subset_imm imm)
{
    size_t full = r->has_opsize ? 2 : 4;
    switch (imm) {
    case IMM_NONE:
        return 0;
    case IMM_8:
        return 1;
    case IMM_16:
        return 2;
    case IMM_FULL:
        return full;
    case IMM_ENTER:
        return 3;
    case IMM_FAR:
        return full + 2;
    case IMM_ADDRESS:
        return r->has_addrsize ? 2 : 4;
    }
    return 0;
}

static void read_immediate(struct reading *r, enum subset_imm imm)
{
    size_t bytes = immediate_bytes(r, imm);
    for (size_t i = 0; i < bytes; i++) {
        r->imm_last = next_byte(r);
        r->imm_first = i == 0 ? r->imm_last : r->imm_first;
    }
}

static const char *refuse_lock(const struct reading *r,
                               const struct subset_row *row)
{
    if (r->is_mem && (row->flags & SUBSET_LOCK) != 0) {
        return NULL;
    }
    if (!r->is_mem && (row->flags & SUBSET_ABORTS) != 0) {
        return "lock on a register's bit test, which aborts the engine";
    }
    if (r->is_mem && (row->flags & SUBSET_NO_LOCK) != 0) {
        return "lock on an instruction of which the engine then gets the flags "
               "wrong";
    }
    return r->is_mem ? "lock on an instruction that cannot be locked"
                     : "lock on a register operand";
}

static const char *refuse_prefixes(const struct reading *r,
                                   const struct subset_row *row)
{
    if (r->has_lock) {
        const char *why = refuse_lock(r, row);
        if (why != NULL) {
            return why;
        }
    }
    if (r->has_addrsize) {
        return "16-bit addressing";
    }
    if (r->has_segment || (r->has_cs && (row->flags & SUBSET_CS) == 0)) {
        return "segment override; the address space is flat";
    }
    if ((r->has_rep && (row->flags & (SUBSET_REP | SUBSET_IDLE_F3)) == 0) ||
        (r->has_repne && (row->flags & SUBSET_REPNE) == 0) ||
        (r->has_rep && r->has_repne)) {
        return "repeat prefix on an instruction that it does not repeat";
    }
    if (r->has_opsize && (row->flags & SUBSET_OPSIZE) == 0) {
        return "operand-size prefix on an instruction that has no 16-bit form";
    }
    if (r->has_repeated) {
        return "the same prefix twice";
    }
    return NULL;
}

static const char *refuse_operands(const struct reading *r,
                                   const struct subset_row *row)
{
    if ((row->flags & SUBSET_MEM) != 0 && !r->is_mem) {
        return "undefined with a register operand";
    }
    if ((row->flags & SUBSET_REG) != 0 && r->is_mem) {
        return "rotates memory through the carry, and cannot be restarted";
    }
    if ((row->flags & SUBSET_VIRTUAL) != 0 &&
        (r->imm_first < ABI_VI_FIRST || r->imm_first > ABI_VI_LAST)) {
        return "software interrupt that is not a virtual instruction";
    }
    if (row->imm == IMM_16 && r->imm_last > 0x7f) {
        return "return that takes more than 32,767 bytes off the stack, which "
               "the engine puts on it";
    }
    return NULL;
}

/* Everything up to the end of the instruction, as far as it is known. */
static const struct subset_row *read_all(struct reading *r)
{
    uint8_t byte = next_byte(r);
    while (r->at < INSN_MAX_BYTES + 1 && take_prefix(r, byte)) {
        byte = next_byte(r);
    }
    enum subset_map map = SUBSET_ONE;
    if (byte == 0x0f) {
        map = SUBSET_0F;
        byte = next_byte(r);
    }
    const struct subset_row *row = subset_find(map, byte, SUBSET_ANY);
    if (row == NULL) {
        return NULL;
    }
    if ((row->flags & SUBSET_MODRM) != 0) {
        read_modrm(r, row);
        row = subset_find(map, byte, r->digit);
    }
    if (row != NULL) {
        read_immediate(r, row->imm);
    }
    return row;
}

static enum insn_class class_of(const struct reading *r,
                                const struct subset_row *row)
{
    if (r->has_lock) {
        return INSN_LOCKED;
    }
    return r->is_mem ? row->mem_class : row->reg_class;
}

enum insn_result insn_decode(const uint8_t *bytes, size_t room_bytes,
                             struct insn *insn)
{
    struct reading r = { .bytes = bytes, .room_bytes = room_bytes };
    const struct subset_row *row = read_all(&r);
    memset(insn, 0, sizeof(*insn));
    if (r.at > INSN_MAX_BYTES) {
        if (room_bytes < INSN_MAX_BYTES) {
            return INSN_TRUNCATED;
        }
        insn->size_bytes = INSN_MAX_BYTES;
        insn->refusal = "longer than 15 bytes";
        return INSN_REFUSED;
    }
    if (r.at > room_bytes) {
        return INSN_TRUNCATED;
    }
    insn->size_bytes = (uint8_t)r.at;
    insn->refusal = "undefined, or not in the subset";
    if (row == NULL) {
        return INSN_REFUSED;
    }
    insn->name = row->name;
    insn->refusal =
        row->refusal != NULL ? row->refusal : refuse_prefixes(&r, row);
    if (insn->refusal == NULL) {
        insn->refusal = refuse_operands(&r, row);
    }
    if (insn->refusal != NULL) {
        return INSN_REFUSED;
    }
    insn->class = class_of(&r, row);
    insn->is_popf = (row->flags & SUBSET_POPF) != 0;
    insn->loses_flags = r.is_mem && (row->flags & SUBSET_SETCC) != 0;
    if ((row->flags & SUBSET_IDIV) != 0 && (row->flags & SUBSET_OPSIZE) != 0) {
        insn->dividend_bits = r.has_opsize ? 32 : 64;
    }
    bool repeats = (r.has_rep && (row->flags & SUBSET_REP) != 0) || r.has_repne;
    insn->ends_block = (row->flags & SUBSET_END) != 0 || repeats;
    return INSN_OK;
}

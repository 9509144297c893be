/* trial.c - the program around the instructions, its states and its data. */
#include "tests/native/trial.h"

#include <string.h>

#include "isa/image.h"
#include "isa/verify.h"
#include "tests/native/draw.h"
#include "tests/native/flags.h"

const char *const trial_kind_names[TRIAL_KIND_COUNT] = {
    [TRIAL_SINGLE] = "single", [TRIAL_STRAIGHT] = "straight",
    [TRIAL_BROKEN] = "broken", [TRIAL_FAULTING] = "faulting",
    [TRIAL_BYTES] = "bytes",
};

/* ---- The program --------------------------------------------------------- */

static void emit_entry(struct drawing *d)
{
    struct trial *t = d->trial;
    EMIT(d, "\x8b\x25"); /* mov cursor, %esp */
    emit32(d, CELL_CURSOR);
    for (uint32_t i = 0; i < 2; i++) {
        EMIT(d, "\x8f\x05"); /* pop operand */
        emit32(d, t->operand + 4 * i);
    }
    /* pop eax, ecx, edx, ebx, ebp, esi, edi; popf; pop esp */
    EMIT(d, "\x58\x59\x5a\x5b\x5d\x5e\x5f\x9d\x5c");
    if (t->kind == TRIAL_FAULTING) {
        EMIT(d, "\xcd");
        char service = VI_SERVICE;
        emit(d, &service, 1);
    }
    t->first = t->entry + t->size;
}

/* The flags that hardware has beside those of a guest are taken out. */
static void emit_mask(struct drawing *d)
{
    if (d->trial->pushed != 0) {
        EMIT(d, "\x81\x25"); /* and $flags, pushed */
        emit32(d, d->trial->pushed);
        emit32(d, FLAGS_ALL | 2);
    }
}

static void emit_resume(struct drawing *d)
{
    struct trial *t = d->trial;
    t->resume = t->entry + t->size;
    EMIT(d, "\x89\x25"); /* mov %esp, saved */
    emit32(d, CELL_SAVED);
    EMIT(d, "\x8b\x25"); /* mov cursor, %esp */
    emit32(d, CELL_CURSOR);
    EMIT(d, "\x8d\x64\x24"); /* lea 44(%esp), %esp */
    char size = sizeof(struct state);
    emit(d, &size, 1);
    EMIT(d, "\xff\x35"); /* push saved */
    emit32(d, CELL_SAVED);
    /* pushf; push edi, esi, ebp, ebx, edx, ecx, eax */
    EMIT(d, "\x9c\x57\x56\x55\x53\x52\x51\x50");
    emit_mask(d);
    for (uint32_t i = 2; i-- > 0;) {
        EMIT(d, "\xff\x35"); /* push operand */
        emit32(d, t->operand + 4 * i);
    }
    EMIT(d, "\x83\x05"); /* add $44, cursor */
    emit32(d, CELL_CURSOR);
    emit(d, &size, 1);
    EMIT(d, "\xff\x0d"); /* decl count */
    emit32(d, CELL_COUNT);
    EMIT(d, "\x0f\x85"); /* jnz entry */
    emit32(d, 0u - (t->size + 4));
    EMIT(d, "\xcd");
    char end = VI_END;
    emit(d, &end, 1);
}

/* ---- What is drawn ------------------------------------------------------- */

static void draw_any(struct drawing *d)
{
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    for (;;) {
        const struct subset_row *row = &rows[draw_below(d, (uint32_t)count)];
        unsigned span = row->last - row->first + 1u;
        unsigned opcode = row->first + draw_below(d, span);
        bool is_last = strcmp(row->name, "pushf") == 0;
        if (row->refusal == NULL &&
            !(is_last && d->trial->kind != TRIAL_SINGLE) &&
            draw_insn(d, row, opcode)) {
            return;
        }
    }
}

static void draw_insns(struct drawing *d, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && d->trial->kind == TRIAL_BROKEN) {
            EMIT(d, "\xeb\x00"); /* A block of ours ends. */
        }
        draw_any(d);
    }
    if (d->trial->kind == TRIAL_BROKEN) {
        EMIT(d, "\xeb\x00");
    }
}

/* The byte instruction of this number: of each row without a 16-bit form, and
   of each of its immediates. */
static bool draw_bytes(struct drawing *d, uint64_t number)
{
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const struct subset_row *row = &rows[i];
        const unsigned out = SUBSET_OPSIZE | SUBSET_END | SUBSET_MEM;
        bool has_bytes = row->refusal == NULL && (row->flags & out) == 0 &&
                         (row->imm == IMM_NONE || row->imm == IMM_8) &&
                         row->reg_class != INSN_STRING &&
                         row->reg_class != INSN_LOAD &&
                         row->reg_class != INSN_STORE;
        uint64_t opcodes = has_bytes ? row->last - row->first + 1u : 0;
        uint64_t each = row->imm == IMM_8 ? 256 : 1;
        if (number < opcodes * each) {
            d->imm = (uint32_t)(number % each);
            d->trial->state_count = row->imm == IMM_8 ? 512 : STATE_LIMIT;
            bool is_drawn =
                draw_insn(d, row, row->first + (unsigned)(number / each));
            SIM_ASSERT(is_drawn);
            return true;
        }
        number -= opcodes * each;
    }
    return false;
}

static bool draw_kind(struct drawing *d, uint32_t limit)
{
    struct trial *t = d->trial;
    uint32_t count = 1;
    switch (t->kind) {
    case TRIAL_SINGLE:
        t->state_count = 64;
        break;
    case TRIAL_STRAIGHT:
    case TRIAL_BROKEN:
        t->state_count = 32;
        count = 2 + draw_below(d, TRIAL_INSN_LIMIT - 1);
        break;
    case TRIAL_FAULTING:
        t->state_count = 4;
        count = 1 + draw_below(d, 2);
        break;
    case TRIAL_BYTES:
        return draw_bytes(d, t->seed);
    case TRIAL_KIND_COUNT:
        break;
    }
    draw_insns(d, count < limit ? count : limit);
    return true;
}

/* An image with such bytes at any offset would not be run; isa/verify.h. */
static bool would_abort(const struct trial *t)
{
    struct image image = {
        .text_va = t->entry,
        .text = t->text,
        .text_bytes = t->size,
    };
    uint32_t va = t->entry;
    return image_find_abort(&image, &va);
}

static bool make(struct trial *t, uint32_t insn_limit, uint64_t random)
{
    struct drawing d = { .trial = t, .random = random };
    /* Most lie across the edge of two pages. */
    uint32_t edge = DATA_BASE + DATA_BYTES / 2;
    t->operand = draw_below(&d, 2) == 0 ? edge - 12 + draw_below(&d, 12)
                                        : edge + 4 * draw_below(&d, 64);
    emit_entry(&d);
    if (!draw_kind(&d, insn_limit)) {
        return false;
    }
    t->undefined = d.undefined;
    emit_resume(&d);
    return true;
}

bool trial_make(struct trial *t, enum trial_kind kind, uint64_t seed,
                uint32_t slot, uint32_t insn_limit)
{
    uint64_t random = seed * TRIAL_KIND_COUNT + kind;
    do {
        *t = (struct trial){
            .kind = kind,
            .seed = seed,
            .entry = SLOT_VA(slot),
        };
        if (!make(t, insn_limit, random)) {
            return false;
        }
        random = ~random * 3;
    } while (would_abort(t));
    return true;
}

/* ---- States and data ----------------------------------------------------- */

static uint32_t draw_register(struct drawing *d, const uint32_t *earlier,
                              uint32_t count)
{
    if (count > 0 && draw_below(d, 4) == 0) {
        return earlier[draw_below(d, count)] + draw_below(d, 3) - 1;
    }
    return draw_value(d);
}

static void draw_state(struct drawing *d, struct state *s)
{
    uint32_t values[10];
    for (uint32_t i = 0; i < 10; i++) {
        values[i] = draw_register(d, values, i);
    }
    bool has_stack = draw_below(d, 4) != 0;
    *s = (struct state){
        .operand = { values[0], values[1] },
        .eax = values[2],
        .ecx = values[3],
        .edx = draw_below(d, 3) == 0 ? 0 : values[4],
        .ebx = values[5],
        .ebp = values[6],
        .esi = values[7],
        .edi = values[8],
        .flags = (draw_value(d) & FLAGS_ALL) | 2,
        .esp = has_stack ? d->trial->operand + 8 : values[9],
    };
}

void trial_states(const struct trial *t, struct state *states)
{
    struct trial scratch = *t;
    struct drawing d = { .trial = &scratch, .random = ~t->seed };
    for (uint32_t i = 0; i < t->state_count; i++) {
        struct state *s = &states[i];
        draw_state(&d, s);
        if (t->kind == TRIAL_BYTES) {
            uint32_t carry = t->state_count == STATE_LIMIT ? i >> 16 : i >> 8;
            s->eax = (s->eax & ~0xffu) | (i & 0xff);
            s->ecx = (s->ecx & ~0xffu) | (i >> 8 & 0xff);
            s->flags = (s->flags & ~(unsigned)FLAG_CF) | carry;
        }
    }
}

void trial_data(const struct trial *t, uint8_t data[DATA_BYTES])
{
    uint64_t word = t->seed | 1;
    for (uint32_t i = 0; i < DATA_BYTES; i += sizeof(word)) {
        word = word * UINT64_C(6364136223846793005) + 1442695040888963407u;
        memcpy(data + i, &word, sizeof(word));
    }
}

unsigned trial_undefined(const struct trial *t, const struct state *before)
{
    if (t->insn_count == 1 && t->count == FLAG_COUNT_UNKNOWN) {
        unsigned count = before->ecx & 0xff;
        return flags_of(t->name, t->bits, count, t->is_repeated).undefined;
    }
    return t->undefined;
}

/* ---- Running ------------------------------------------------------------- */

static void put32(uint8_t *ram, uint32_t va, uint32_t value)
{
    memcpy(ram + (va - RAM_BASE), &value, sizeof(value));
}

void trial_load(const struct trial *t, const struct state *states, uint8_t *ram)
{
    put32(ram, CELL_CURSOR, STATES_BASE);
    put32(ram, CELL_COUNT, t->state_count);
    put32(ram, CELL_SAVED, 0);
    trial_data(t, ram + (DATA_BASE - RAM_BASE));
    memcpy(ram + (STATES_BASE - RAM_BASE), states,
           t->state_count * sizeof(*states));
}

void trial_store(const struct trial *t, const uint8_t *ram, struct ending *out)
{
    memcpy(out->data, ram + (DATA_BASE - RAM_BASE), DATA_BYTES);
    memcpy(out->states, ram + (STATES_BASE - RAM_BASE),
           t->state_count * sizeof(*out->states));
}

void ending_add_fault(struct ending *out, const struct fault *fault)
{
    if (out->fault_count < FAULT_LIMIT) {
        out->faults[out->fault_count] = *fault;
    }
    out->fault_count++;
}

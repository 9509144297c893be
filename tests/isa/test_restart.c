/*
 * test_restart.c - an instruction that faults has done nothing.
 *
 * Every encoding of the subset's table with an operand in memory, with every
 * allowed prefix, works on operands that straddle a page edge. It runs with
 * every page missing at first; at each fault the registers, flags and memory
 * must be what they were before it, and in the end what they are when every
 * page was there from the start. The engine keeps flags lazily, so each
 * encoding stands behind instructions that set them in different ways.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/subset.h"
#include "tests/isa/fixture.h"

/* Operands lie from 0 to 4 bytes below these page edges. */
#define EDGE_A       0x00452000u
#define EDGE_B       0x00454000u
#define EDGE_SP      0x00456000u
#define WINDOW       0x00451000u
#define WINDOW_BYTES 0x8000u

/* Each encoding stands in a slot of its own, before an `int`. */
#define SLOT_BYTES 32u
#define SLOT_LIMIT 1000u
#define END_SLOT   1u /* The setter alone. */

/* Set flags from registers that no encoding has for its operand. */
static const uint8_t setters[][5] = {
    { 0 },                   /* As loaded. */
    { 2, 0x39, 0xd1 },       /* cmp %edx, %ecx */
    { 2, 0x85, 0xc9 },       /* test %ecx, %ecx */
    { 2, 0x84, 0xd2 },       /* test %dl, %dl */
    { 2, 0x01, 0xc0 },       /* add %eax, %eax */
    { 2, 0x11, 0xc0 },       /* adc %eax, %eax */
    { 2, 0x19, 0xc0 },       /* sbb %eax, %eax */
    { 2, 0x34, 0x80 },       /* xor $0x80, %al */
    { 1, 0x40 },             /* inc %eax */
    { 1, 0x4a },             /* dec %edx */
    { 2, 0xf7, 0xd8 },       /* neg %eax */
    { 3, 0xc1, 0xe0, 0x05 }, /* shl $5, %eax */
    { 2, 0xd3, 0xe8 },       /* shr %cl, %eax */
    { 2, 0xd1, 0xf8 },       /* sar %eax */
    { 3, 0xc1, 0xc0, 0x03 }, /* rol $3, %eax */
    { 2, 0xd1, 0xd8 },       /* rcr %eax */
    { 3, 0x0f, 0xaf, 0xc1 }, /* imul %ecx, %eax */
    { 3, 0x0f, 0xbd, 0xc1 }, /* bsr %ecx, %eax */
    { 3, 0x0f, 0xa3, 0xc8 }, /* bt %ecx, %eax */
    { 1, 0xf9 },             /* stc */
};
#define SETTER_COUNT (sizeof(setters) / sizeof(setters[0]))

/* The encodings, and one text with each of them behind each setter. */
struct slots {
    uint32_t count;
    uint8_t bytes[SLOT_LIMIT][16]; /* The last one is the size. */
    uint8_t text[SLOT_BYTES * SLOT_LIMIT];
};

/* Whatever an instruction may change. */
struct picture {
    struct cpu_regs regs;
    uint8_t window[WINDOW_BYTES];
};

struct scene {
    struct slots slots;
    struct machine machine;
    struct picture before, after, now;
};

/* ---- The encodings ------------------------------------------------------ */

static void add_slot(struct slots *s, const uint8_t *bytes, size_t size)
{
    SIM_ASSERT(s->count < SLOT_LIMIT);
    SIM_ASSERT(size < 15);
    memcpy(s->bytes[s->count], bytes, size);
    s->bytes[s->count++][15] = (uint8_t)size;
}

/* With a jump between the two, so that the engine's block ends there? */
static void fill_text(struct slots *s, const uint8_t *setter, bool has_jump)
{
    memset(s->text, 0x90, sizeof(s->text));
    for (uint32_t i = 0; i < s->count; i++) {
        uint8_t *slot = s->text + SLOT_BYTES * i;
        if (i > 0) {
            memcpy(slot, setter + 1, setter[0]);
            slot += setter[0];
            if (has_jump) {
                *slot++ = 0xeb;
                *slot++ = 0;
            }
        }
        memcpy(slot, s->bytes[i], s->bytes[i][15]);
        slot = s->text + SLOT_BYTES * i;
        slot[SLOT_BYTES - 2] = 0xcd;
        slot[SLOT_BYTES - 1] = ABI_VI_TERMINATE;
    }
}

/* Adds the encoding if it is in the subset, with [ebx] for its operand. */
static void add_encoding(struct slots *s, const struct subset_row *row,
                         unsigned opcode, const char *prefixes)
{
    uint8_t bytes[16] = { 0 };
    size_t at = 0;
    for (; prefixes[at] != '\0'; at++) {
        bytes[at] = (uint8_t)prefixes[at];
    }
    if (row->map == SUBSET_0F) {
        bytes[at++] = 0x0f;
    }
    bytes[at++] = (uint8_t)opcode;
    if ((row->flags & SUBSET_MODRM) != 0) {
        unsigned digit = row->digit == SUBSET_ANY ? 1 : (unsigned)row->digit;
        bytes[at++] = (uint8_t)(digit << 3 | 3);
    }
    bytes[at] = 3; /* The immediate, or a short jump ahead. */
    if (row->imm == IMM_ADDRESS) {
        uint32_t address = EDGE_A - 2;
        memcpy(bytes + at, &address, 4);
    }
    struct insn insn;
    if (insn_decode(bytes, sizeof(bytes), &insn) == INSN_OK) {
        add_slot(s, bytes, insn.size_bytes);
    }
}

static void add_all_encodings(struct slots *s)
{
    static const char *const prefixes[] = {
        "", "\x66", "\xf0", "\xf0\x66", "\xf2", "\xf3", "\x66\xf3", "\xf2\x66",
    };
    static const uint8_t others[][8] = {
        { 4, 0x8f, 0x44, 0x24, 0x02 }, /* pop 2(%esp) */
        { 3, 0x8f, 0x04, 0x24 },       /* pop (%esp) */
        { 3, 0xff, 0x34, 0x24 },       /* push (%esp) */
        { 2, 0xfd, 0xa5 },             /* std; movsl */
        { 3, 0xfd, 0xf3, 0xa5 },       /* std; rep movsl */
        { 3, 0xfd, 0xf3, 0xab },       /* std; rep stosl */
        { 3, 0x91, 0xf7, 0x33 },       /* xchg; divl (%ebx) */
        { 3, 0xf9, 0x11, 0x0b },       /* stc; adc %ecx, (%ebx) */
        { 4, 0x41, 0x0f, 0xb1, 0x0b }, /* inc %ecx; cmpxchg */
    };
    static const uint8_t end[] = { 0xcd, ABI_VI_TERMINATE };
    add_slot(s, end, sizeof(end)); /* Where `ret` and the jumps go. */
    add_slot(s, end, sizeof(end)); /* END_SLOT */
    size_t count = 0;
    const struct subset_row *row = subset_rows(&count);
    for (size_t i = 0; i < count * 8; i++) {
        for (unsigned op = row[i / 8].first; op <= row[i / 8].last; op++) {
            add_encoding(s, &row[i / 8], op, prefixes[i % 8]);
        }
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        add_slot(s, others[i] + 1, others[i][0]);
    }
}

/* ---- One encoding ------------------------------------------------------- */

static void set_scene(struct machine *m, uint32_t slot, uint32_t below)
{
    m->regs = (struct cpu_regs){ .eip = ABI_TEXT_BASE + slot * SLOT_BYTES,
                                 .eflags = 0x8d7 };
    uint32_t *r = m->regs.gpr;
    r[CPU_EAX] = 0x00000044;
    r[CPU_ECX] = 6;
    r[CPU_EDX] = 0x00000001;
    r[CPU_EBX] = EDGE_A - below;
    r[CPU_ESP] = EDGE_SP - below;
    r[CPU_EBP] = EDGE_B + 0x1000 - below;
    r[CPU_ESI] = EDGE_A - below;
    r[CPU_EDI] = EDGE_B - below;
    uint8_t *window = machine_at(m, WINDOW);
    for (uint32_t i = 0; i < WINDOW_BYTES; i++) {
        window[i] = (uint8_t)(0x91 + i * 7);
    }
    uint32_t end = ABI_TEXT_BASE;
    memcpy(machine_at(m, EDGE_SP - below), &end, 4);
    memcpy(machine_at(m, EDGE_A - below), &end, 4);
}

static void take_picture(struct picture *p, struct machine *m)
{
    p->regs = m->regs;
    memcpy(p->window, machine_at(m, WINDOW), sizeof(p->window));
}

/* BT and its kind leave all flags but CF and ZF undefined, and what the engine
   makes of them depends on how it kept the flags before. */
static void forget_undefined(const struct scene *s, uint32_t slot,
                             struct picture *p)
{
    const uint8_t *b = s->slots.bytes[slot];
    while (*b == 0x66 || *b == 0xf0) {
        b++;
    }
    if (b[0] == 0x0f && (b[1] == 0xa3 || b[1] == 0xab || b[1] == 0xb3 ||
                         b[1] == 0xba || b[1] == 0xbb)) {
        p->regs.eflags &= 0x441;
    }
}

static bool is_like(const struct picture *a, const struct picture *b)
{
    return memcmp(&a->regs, &b->regs, sizeof(a->regs)) == 0 &&
           memcmp(a->window, b->window, sizeof(a->window)) == 0;
}

static void fail_slot(const struct scene *s, uint32_t slot, uint32_t below,
                      const char *what)
{
    const uint8_t *b = s->slots.text + slot * SLOT_BYTES;
    fail_msg("%02x %02x %02x %02x %02x %02x %02x %02x, %u below the edge: %s",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], below, what);
}

/* Only the text is there. */
static void unmap_data(struct machine *m)
{
    uint32_t first = (WINDOW - ABI_MEM_BASE) / ABI_PAGE_BYTES;
    memset(m->state + first, PAGE_MISSING, WINDOW_BYTES / ABI_PAGE_BYTES);
    machine_remap(m);
}

/* Maps the page of a fault, as far as was asked for. */
static bool map_fault(struct machine *m, const struct cpu_exit *e)
{
    uint32_t page = (e->va - ABI_MEM_BASE) / ABI_PAGE_BYTES;
    uint8_t wanted = e->access == CPU_WRITE ? PAGE_WRITABLE : PAGE_READ_ONLY;
    if (page >= MACHINE_PAGES || m->state[page] >= wanted) {
        return false;
    }
    m->state[page] = wanted;
    return true;
}

/* What is there when the setter has run and the encoding has not. */
static void run_setter(struct scene *s, uint32_t below)
{
    struct machine *m = &s->machine;
    struct cpu_exit e;
    set_scene(m, END_SLOT, below);
    cpu_run(m->cpu, &m->regs, 1u << 20, &e);
    SIM_ASSERT(e.kind == CPU_EXIT_VINSN);
    take_picture(&s->before, m);
}

static uint64_t try_slot(struct scene *s, uint32_t slot, uint32_t below,
                         uint32_t setter_insns)
{
    struct machine *m = &s->machine;
    struct cpu_exit e;
    memset(m->state, PAGE_WRITABLE, sizeof(m->state));
    machine_remap(m);
    set_scene(m, slot, below);
    machine_go(m, 1u << 20, &e);
    take_picture(&s->after, m);
    enum cpu_exit_kind kind = e.kind;

    run_setter(s, below);
    unmap_data(m);
    set_scene(m, slot, below);
    uint64_t retired = 0;
    uint64_t faults = 0;
    for (;;) {
        cpu_run(m->cpu, &m->regs, 1u << 20, &e);
        retired += e.insns;
        take_picture(&s->now, m);
        if (e.kind != CPU_EXIT_PAGE_FAULT || !map_fault(m, &e)) {
            break;
        }
        faults++;
        s->before.regs.eip = m->regs.eip;
        if (retired == setter_insns && !is_like(&s->before, &s->now)) {
            fail_slot(s, slot, below, "not as before");
        }
    }
    forget_undefined(s, slot, &s->after);
    forget_undefined(s, slot, &s->now);
    if (e.kind != kind || retired != m->insns || !is_like(&s->after, &s->now)) {
        fail_slot(s, slot, below, "another result");
    }
    return faults;
}

static uint64_t try_all(struct scene *s, uint32_t setter, bool has_jump)
{
    uint64_t faults = 0;
    uint32_t setter_insns = setters[setter][0] > 0;
    fill_text(&s->slots, setters[setter], has_jump);
    machine_open(&s->machine, s->slots.text, SLOT_BYTES * s->slots.count);
    for (uint32_t slot = END_SLOT + 1; slot < s->slots.count; slot++) {
        /* All the ways to straddle; one will do for the flags. */
        for (uint32_t below = setter > 0 ? 2 : 0; below <= 4;
             below += 1 + setter) {
            faults += try_slot(s, slot, below, setter_insns + has_jump);
        }
    }
    machine_close(&s->machine);
    return faults;
}

static void a_faulting_instruction_has_done_nothing(void **state)
{
    struct scene *s = *state;
    uint64_t faults = 0;
    for (uint32_t i = 0; i < SETTER_COUNT; i++) {
        faults += try_all(s, i, false);
        faults += try_all(s, i, true);
    }
    print_message("%u encodings, %llu faults\n", s->slots.count,
                  (unsigned long long)faults);
    assert_true(s->slots.count > 500);
    assert_true(faults > 30000);
}

static int open_scene(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return -1;
    }
    add_all_encodings(&s->slots);
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_faulting_instruction_has_done_nothing,
                                        open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_refused.c - one VM for each row of the subset's table that is refused,
 * all beside two that compute: each dies at its instruction for the reason in
 * the table, before any instruction of that block has run.
 */
#include "tests/ik/fixture.h"

#include <string.h>

#include "cli/run/inspect/ending.h"
#include "isa/decode.h"
#include "isa/subset.h"

#define SLOT_BYTES 64
#define SLOTS_AT   (ABI_TEXT_BASE + 0x1000)
#define CASE_LIMIT 300

struct attack {
    uint32_t size_bytes;
    uint8_t bytes[8];
};

struct attacks {
    uint32_t count;
    struct attack list[CASE_LIMIT];
};

/* The row's first and last opcode, with a register and with memory. */
static void add_opcode(struct attacks *all, const struct subset_row *row,
                       uint8_t opcode)
{
    static const uint8_t modrms[] = { 0xc0, 0x00 };
    for (int form = 0; form < 2; form++) {
        assert_true(all->count < CASE_LIMIT);
        struct attack *a = &all->list[all->count++];
        uint8_t digit = row->digit == SUBSET_ANY ? 0 : (uint8_t)row->digit;
        if (row->map == SUBSET_0F) {
            a->bytes[a->size_bytes++] = 0x0f;
        }
        a->bytes[a->size_bytes++] = opcode;
        if (!(row->flags & SUBSET_MODRM)) {
            return;
        }
        a->bytes[a->size_bytes++] = (uint8_t)(modrms[form] | digit << 3);
    }
}

static void collect(struct attacks *all)
{
    size_t count;
    const struct subset_row *rows = subset_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].refusal) {
            continue;
        }
        add_opcode(all, &rows[i], rows[i].first);
        if (rows[i].last != rows[i].first) {
            add_opcode(all, &rows[i], rows[i].last);
        }
    }
    /* What is refused for its prefix or immediate, not by a row. */
    static const struct attack others[] = {
        { 2, { 0xcd, 0x80 } },                /* int $0x80 */
        { 2, { 0xcd, 0x3f } },                /* before the first */
        { 2, { 0xcd, 0x49 } },                /* after the last */
        { 6, { 0x65, 0x8b, 0x05, 0, 0, 0 } }, /* mov %gs:0, %eax */
        { 2, { 0x67, 0xac } },                /* lodsb (%si) */
        { 2, { 0xf3, 0x90 } },                /* pause */
        { 3, { 0xf0, 0x01, 0xc0 } },          /* lock add %eax, %eax */
        { 2, { 0x66, 0xc3 } },                /* a 16-bit ret */
        { 2, { 0x66, 0x9d } },                /* a 16-bit popf */
        { 3, { 0xf0, 0xf7, 0x1b } },          /* lock negl (%ebx) */
        { 3, { 0xc2, 0, 0x80 } },             /* ret $0x8000 */
        { 1, { 0x0f } },                      /* 0f 00 /0: what follows is 0 */
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        all->list[all->count++] = others[i];
    }
    assert_in_range(all->count, 150, CASE_LIMIT);
}

/* VM n goes to slot n: a store, then its instruction. */
static void assemble(struct guest_asm *a, const struct attacks *all)
{
    asm_init(a);
    asm_load_from(a, CPU_EAX, GUEST_REG(VM_NUMBER));
    ASM(a, 0xc1, 0xe0, 0x06, 0x05); /* shl $6, %eax; add $SLOTS_AT, %eax */
    ASM(a, (uint8_t)SLOTS_AT, (uint8_t)(SLOTS_AT >> 8),
        (uint8_t)(SLOTS_AT >> 16), (uint8_t)(SLOTS_AT >> 24));
    ASM(a, 0xff, 0xe0); /* jmp *%eax */
    asm_pad_to(a, SLOTS_AT);
    for (uint32_t i = 0; i < all->count; i++) {
        asm_pad_to(a, SLOTS_AT + i * SLOT_BYTES);
        asm_store(a, GUEST_WORD(0), 1);
        asm_bytes(a, all->list[i].bytes, all->list[i].size_bytes);
        for (int zeroes = 0; zeroes < 8; zeroes++) {
            ASM(a, 0);
        }
    }
    asm_pad_to(a, SLOTS_AT + all->count * SLOT_BYTES);
}

static void summing_guest(struct guest_asm *a)
{
    asm_init(a);
    asm_mov(a, CPU_EAX, 0);
    asm_mov(a, CPU_ECX, 300000);
    ASM(a, 0x01, 0xc8, 0xd1, 0xc0, 0xe2, 0xfa); /* add, rol, loop */
    asm_terminate_eax(a);
}

static uint32_t sum_expected(void)
{
    uint32_t eax = 0;
    for (uint32_t ecx = 300000; ecx > 0; ecx--) {
        eax += ecx;
        eax = eax << 1 | eax >> 31;
    }
    return eax;
}

static void every_refused_instruction_ends_its_vm_alone(void **state)
{
    (void)state;
    static struct attacks all;
    collect(&all);
    struct guest_asm attacker;
    assemble(&attacker, &all);
    struct guest_asm summing;
    summing_guest(&summing);
    struct bench *b = bench_create();
    b->whole_audit_period = 64;
    uint32_t image = bench_add_image(b, &attacker);
    bench_add_vms(b, image, all.count, "");
    vmid_t neighbours = bench_add_vms(b, bench_add_image(b, &summing), 2, "");
    for (uint32_t g = 0; g < b->scenario.group_count; g++) {
        b->groups[g].memory_bytes = 0x30000;
    }
    bench_boot(b);
    bench_run(b, 20000000);
    for (uint32_t i = 0; i < all.count; i++) {
        const struct vm *vm = bench_vm(b, i);
        uint32_t start = SLOTS_AT + i * SLOT_BYTES;
        if (vm->end != VM_END_REFUSED || vm->end_detail != start + 10 ||
            vm->end_eip != start || !vm->end_text) {
            char text[200];
            ending_describe(vm, text, sizeof(text));
            const uint8_t *bytes = all.list[i].bytes;
            fail_msg("%02x %02x %02x %02x: %s", bytes[0], bytes[1], bytes[2],
                     bytes[3], text);
        }
        /* The dispatch and the jump; nothing of the block. */
        assert_int_equal(vm->insns, 4);
    }
    for (vmid_t vm = neighbours; vm < neighbours + 2; vm++) {
        bench_expect_end(b, vm, VM_END_TERMINATE, sum_expected());
    }
    assert_int_equal(b->stats.vms.faulted, all.count);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refused_instruction_ends_its_vm_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_cuts.c - where the processor makes the engine stop within a block: it
 * does so for any number of places, and again after the engine forgot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/fixture.h"

/* Each site sets the carry flag from EAX and stores it at [EBX + ESI]. */
static const uint8_t site[] = {
    0x83, 0xf8, 0x07,       /* cmp $7, %eax */
    0x0f, 0x92, 0x04, 0x33, /* setb (%ebx, %esi) */
    0x11, 0xd2,             /* adc %edx, %edx: carry is still there */
    0x46,                   /* inc %esi */
    0x40,                   /* inc %eax */
};

static const uint8_t end[] = { 0xcd, ABI_VI_TERMINATE };

/* `sites` of them, `per_block` to a block of ours. */
static uint8_t *text_of_sites(uint32_t sites, uint32_t per_block, size_t *bytes)
{
    size_t room = (size_t)sites * (sizeof(site) + 2) + sizeof(end);
    room = (room + ABI_PAGE_BYTES - 1) / ABI_PAGE_BYTES * ABI_PAGE_BYTES;
    uint8_t *text = calloc(room, 1);
    assert_non_null(text);
    uint8_t *at = text;
    for (uint32_t i = 0; i < sites; i++) {
        memcpy(at, site, sizeof(site));
        at += sizeof(site);
        if (i % per_block == per_block - 1) {
            *at++ = 0xeb; /* jmp to the next. */
            *at++ = 0;
        }
    }
    memcpy(at, end, sizeof(end));
    *bytes = room;
    return text;
}

#define SITES      20000u
#define DATA_PAGE  100u
#define DATA_BASE  (ABI_MEM_BASE + DATA_PAGE * ABI_PAGE_BYTES)
#define DATA_PAGES (SITES / ABI_PAGE_BYTES + 1)

/* One pass over all sites from a fresh state, with the data missing. */
static void pass(struct machine *m, uint64_t budget, uint64_t blocks)
{
    memset(m->ram + (size_t)DATA_PAGE * ABI_PAGE_BYTES, 0xff, SITES);
    memset(m->state + DATA_PAGE, PAGE_MISSING, DATA_PAGES);
    machine_remap(m);
    memset(m->regs.gpr, 0, sizeof(m->regs.gpr));
    m->regs.gpr[CPU_EBX] = DATA_BASE;
    m->regs.eip = ABI_TEXT_BASE;
    struct cpu_exit out;
    machine_go(m, budget, &out);
    assert_int_equal(out.kind, CPU_EXIT_VINSN);
    assert_int_equal(m->faults, DATA_PAGES);
    assert_int_equal(m->blocks, blocks);
    assert_int_equal(m->regs.gpr[CPU_EAX], SITES);
    uint32_t edx = 0;
    for (uint32_t i = 0; i < SITES; i++) {
        bool is_carry = i < 7;
        edx = edx * 2 + is_carry;
        assert_int_equal(*machine_at(m, DATA_BASE + i), is_carry);
    }
    assert_int_equal(m->regs.gpr[CPU_EDX], edx);
}

/* The sites' instructions and what ends the blocks of ours. */
static void hold(uint32_t per_block)
{
    size_t bytes;
    uint8_t *text = text_of_sites(SITES, per_block, &bytes);
    struct machine m;
    machine_open(&m, text, bytes);
    uint64_t jumps = SITES / per_block;
    uint64_t blocks = jumps + 1;
    if (per_block * sizeof(site) >= 4096) { /* One is cut into so many. */
        blocks += jumps * (per_block * sizeof(site) / 4096);
    }
    static const uint64_t budgets[] = { UINT64_MAX, 1, 1000, UINT64_MAX };
    for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
        pass(&m, budgets[i], blocks);
        assert_int_equal(m.insns, SITES * 5 + jumps + 1);
    }
    machine_close(&m);
    free(text);
}

static void flags_survive_at_any_number_of_sites(void **state)
{
    (void)state;
    hold(1);
    hold(4);
}

static void long_runs_are_cut_between_sites_or_within(void **state)
{
    (void)state;
    hold(1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_survive_at_any_number_of_sites),
        cmocka_unit_test(long_runs_are_cut_between_sites_or_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

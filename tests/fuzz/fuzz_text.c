/*
 * fuzz_text.c - any bytes as the text of an image, run on the processor. What
 * ends it is an exit, and what the exit says holds.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/isa/fixture.h"

enum { RUNS = 64, BUDGET = 200 };

/* False: it is not to go on. */
static bool judge(struct machine *m, const struct cpu_exit *e)
{
    SIM_ASSERT(e->insns <= e->cycles && e->blocks <= e->insns);
    switch (e->kind) {
    case CPU_EXIT_BUDGET:
        SIM_ASSERT(e->blocks > 0 && e->cycles >= BUDGET);
        return true;
    case CPU_EXIT_VINSN:
        SIM_ASSERT(e->vector >= ABI_VI_FIRST && e->vector <= ABI_VI_LAST);
        return e->vector != ABI_VI_TERMINATE;
    case CPU_EXIT_REFUSED:
        SIM_ASSERT(e->refusal != NULL);
        return false;
    case CPU_EXIT_EXCEPTION:
        SIM_ASSERT(e->vector == 0 || e->vector == 6);
        return false;
    case CPU_EXIT_PAGE_FAULT:
        m->regs.gpr[CPU_EBX] = ABI_MEM_BASE; /* Perhaps it finds memory. */
        return e->access != CPU_FETCH;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct machine m;
    if (size == 0 || size > 4096 || !machine_try_open(&m, data, size)) {
        return 0;
    }
    for (uint32_t reg = 0; reg < CPU_GPR_COUNT; reg++) {
        m.regs.gpr[reg] = ABI_MEM_BASE + 0x20000 + 0x1000 * reg;
    }
    struct cpu_exit exit;
    for (uint32_t i = 0; i < RUNS; i++) {
        cpu_run(m.cpu, &m.regs, BUDGET, &exit);
        if (!judge(&m, &exit)) {
            break;
        }
    }
    machine_close(&m);
    return 0;
}

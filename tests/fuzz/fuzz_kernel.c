/*
 * fuzz_kernel.c - bytes as guests: sequences of virtual instructions, registers
 * and jumps, or the instructions themselves, on a machine that bytes decide,
 * too. All invariants are audited, and a replay of the events must show the
 * same machine.
 */
#include "tests/fuzz/fuzz.h"

#include "ik/policy/policies.h"
#include "tests/ik/drawn_guest.h"
#include "tests/ik/drawn_machine.h"

#define RUN_CYCLES 400000
#define RAW_BYTES  2000

static void write_raw(struct guest_asm *a, struct draws *d)
{
    asm_init_with_handler(a);
    uint32_t count = draw(d, RAW_BYTES);
    for (uint32_t i = 0; i < count && d->count > 0; i++) {
        ASM(a, (uint8_t)draw(d, 256));
    }
    asm_jmp(a, a->entry);
}

static void choose_policies(struct bench *b, struct draws *d)
{
    uint32_t count = 0;
    while (sched_policies[count]) {
        count++;
    }
    b->sched = sched_policies[draw(d, count)];
    for (count = 0; gate_policies[count];) {
        count++;
    }
    b->gate = gate_policies[draw(d, count)];
    for (count = 0; replace_policies[count];) {
        count++;
    }
    b->replace = replace_policies[draw(d, count)];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct guest_asm a;
    struct draws d = { .at = data, .count = size };
    struct bench *b = bench_create();
    drawn_machine(b, &d);
    choose_policies(b, &d);
    b->scenario.interrupts = (enum scenario_interrupts)draw(&d, 3);
    uint32_t images = 1 + draw(&d, 3);
    for (uint32_t i = 0; i < images; i++) {
        if (draw(&d, 4) == 0) {
            write_raw(&a, &d);
        } else {
            drawn_guest(&a, &d);
        }
        bench_add_vms(b, bench_add_image(b, &a), 1 + draw(&d, 2), "");
    }
    b->whole_audit_period += 8;
    if (bench_try_boot(b)) {
        enum kernel_stop stop = bench_try_run(b, RUN_CYCLES);
        /* Only what the machine is too small for may end a run: "RAM...". */
        SIM_ASSERT(stop != KERNEL_FAILED || b->kernel->failure[0] == 'R');
    }
    bench_release(b);
    return 0;
}

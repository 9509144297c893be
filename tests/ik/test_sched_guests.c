/* test_sched_guests.c - schedulers with guests that run: who gets how much,
   who waits how long, and what one that games them gains. */
#include <string.h>

#include "ik/policy/policies.h"
#include "tests/ik/fixture.h"

#define QUANTUM 10000

/* Computes for ever, in blocks of two instructions. */
static void spinner(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_spin(a, 1000);
    asm_jmp(a, again);
}

/* Computes for 2 * `rounds` cycles, then idles until `away` cycles after it
   was dispatched, and so on. */
static void napper(struct guest_asm *a, uint32_t rounds, uint8_t away_kilo)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_load_from(a, CPU_EBX, GUEST_REG(TIME_LOW));
    asm_spin(a, rounds);
    ASM(a, 0x89, 0xd8); /* mov %ebx, %eax */
    uint32_t away = away_kilo * 1000u;
    ASM(a, 0x05, (uint8_t)away, (uint8_t)(away >> 8), (uint8_t)(away >> 16),
        0); /* add $away, %eax */
    asm_mov(a, CPU_EDX, 0);
    asm_int(a, ABI_VI_IDLE);
    asm_jmp(a, again);
}

/* Sleeps until an alarm, `away` cycles after it was dispatched, comes with an
   interrupt; then computes for 2 * `rounds` cycles, and so on. */
static void alarmed(struct guest_asm *a, uint32_t rounds, uint32_t away)
{
    asm_init(a);
    uint32_t handler = asm_handler(a);
    asm_entry(a);
    asm_use_handler(a, handler);
    uint32_t again = asm_here(a);
    asm_load_from(a, CPU_EAX, GUEST_REG(TIME_LOW));
    ASM(a, 0x05, (uint8_t)away, (uint8_t)(away >> 8), (uint8_t)(away >> 16),
        0); /* add $away, %eax */
    asm_mov(a, CPU_EDX, 0);
    asm_int(a, ABI_VI_ALARM);
    asm_idle(a, ABI_TIME_NEVER);
    asm_spin(a, rounds);
    asm_jmp(a, again);
}

static struct bench *make(const struct sched_policy *policy)
{
    struct bench *b = bench_create();
    b->sched = policy;
    b->whole_audit_period = 256;
    return b;
}

static uint64_t guest_cycles(const struct bench *b, vmid_t vm)
{
    return bench_vm(b, vm)->cpu[CPU_GUEST];
}

static void processor_time_goes_by_shares(void **state)
{
    (void)state;
    static const uint32_t shares[] = { 100, 200, 300, 400 };
    for (size_t p = 0; sched_policies[p]; p++) {
        enum sched_shares promised = sched_policies[p]->promises.shares;
        if (promised == SCHED_SHARES_NONE) {
            continue;
        }
        struct bench *b = make(sched_policies[p]);
        struct guest_asm a;
        spinner(&a);
        uint32_t image = bench_add_image(b, &a);
        for (uint32_t i = 0; i < 4; i++) {
            bench_add_vms(b, image, 1, "");
            b->groups[i].shares = shares[i];
        }
        bench_boot(b);
        bench_run(b, 2000 * QUANTUM);
        double all = 0;
        for (vmid_t vm = 0; vm < 4; vm++) {
            all += (double)guest_cycles(b, vm);
        }
        print_message("%-8s", sched_policies[p]->facts.name);
        for (vmid_t vm = 0; vm < 4; vm++) {
            double part = shares[vm] / 1000.0;
            double off = ((double)guest_cycles(b, vm) - part * all) / QUANTUM;
            print_message(" %6.2f", off);
            /* Lottery: five standard deviations of 2000 draws. */
            double bound = promised == SCHED_SHARES_EXPECTED
                               ? 25 * 2000 * part * (1 - part)
                               : 2 * 2;
            assert_true(off * off <= bound);
        }
        print_message(" quanta off, of 2000\n");
        bench_release(b);
    }
}

/* ---- Starvation --------------------------------------------------------- */

struct waits {
    uint64_t last[16];
    uint64_t longest; /* From one choice of a VM to its next. */
};

static void on_pick(void *ctx, const struct trace_event *e)
{
    struct waits *w = ctx;
    if (e->kind == TRACE_PICK) {
        uint64_t wait = e->time - w->last[e->vm];
        w->longest = wait > w->longest ? wait : w->longest;
        w->last[e->vm] = e->time;
    }
}

/* Six that compute, two that nap, and two that are woken by alarms. In quanta:
   mlfq's bound is the longest here; lottery has none, but 15 times its mean
   has a chance of e^-15. */
static void nobody_starves_but_by_fifo(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        for (int i = 0; i < 2; i++) {
            struct bench *b = make(sched_policies[p]);
            b->scenario.interrupts =
                i ? INTERRUPTS_SYNCHRONOUS : INTERRUPTS_BATCHED;
            struct guest_asm a;
            napper(&a, 300, 3);
            bench_add_vms(b, bench_add_image(b, &a), 2, "");
            alarmed(&a, 500, 7000);
            bench_add_vms(b, bench_add_image(b, &a), 2, "");
            spinner(&a);
            bench_add_vms(b, bench_add_image(b, &a), 6, "");
            bench_boot(b);
            struct waits waits = { 0 };
            trace_add_sink(b->trace, on_pick, &waits);
            bench_run(b, 1000 * QUANTUM);
            uint32_t served = 0;
            for (vmid_t vm = 0; vm < 10; vm++) {
                uint64_t wait = 1000 * QUANTUM - waits.last[vm];
                waits.longest = wait > waits.longest ? wait : waits.longest;
                served += guest_cycles(b, vm) > 0;
            }
            print_message("%-20s longest wait %5.1f quanta, %4u summons\n",
                          sched_policies[p]->facts.name,
                          (double)waits.longest / QUANTUM,
                          (unsigned)b->stats.sched.summons);
            const struct sched_promises *promises =
                &sched_policies[p]->promises;
            if (sched_policies[p] == &sched_fifo) {
                assert_int_equal(served, 5);
            } else {
                assert_int_equal(served, 10);
                bool draws = promises->shares == SCHED_SHARES_EXPECTED;
                assert_true(draws || promises->bound);
                uint64_t bound = draws ? 15 * 10 : 75;
                assert_true(waits.longest <= bound * QUANTUM);
            }
            bench_release(b);
        }
    }
}

/* ---- The boost's bound, at each event ----------------------------------- */

/* Round robin, with every wait held to the bound that its file states. */
struct checked {
    struct sched base;
    struct sched *inner;
    uint32_t limit[16];  /* Choices that may come before its own. */
    uint32_t waited[16]; /* Choices since it was ready. */
    uint64_t cycles[16]; /* Used by others meanwhile. */
    bool is_ready[16];
    bool is_preferred[16];
    uint32_t preferred_waits; /* How many were checked. */
    uint32_t longest;         /* Of those, in choices. */
};

static const struct sched_policy checked_rr;

static struct checked *checked_of(struct sched *s)
{
    return CONTAINER_OF(s, struct checked, base);
}

static struct sched *checked_create(const struct sched_policy *self,
                                    struct arena *arena,
                                    const struct sched_config *config)
{
    assert_true(config->vm_limit <= 16);
    struct checked *c = arena_alloc(arena, sizeof(*c), 16);
    assert_non_null(c);
    c->base.policy = self;
    c->inner = sched_rr.create(&sched_rr, arena, config);
    return &c->base;
}

static struct sched_place checked_ready(struct sched *s, vmid_t vm)
{
    struct checked *c = checked_of(s);
    uint32_t before = 0;
    for (vmid_t i = 0; i < 16; i++) {
        before += c->is_ready[i] && c->is_preferred[i] == c->is_preferred[vm];
    }
    c->is_ready[vm] = true;
    c->waited[vm] = 0;
    c->cycles[vm] = 0;
    /* The one that runs now is not counted here. */
    c->limit[vm] =
        c->is_preferred[vm] ? before + before / 16 + 1 : 17 * (before + 1) - 1;
    return sched_rr.ready(c->inner, vm);
}

static void checked_remove(struct sched *s, vmid_t vm)
{
    checked_of(s)->is_ready[vm] = false;
    sched_rr.remove(checked_of(s)->inner, vm);
}

static struct sched_choice checked_pick(struct sched *s)
{
    struct checked *c = checked_of(s);
    struct sched_choice choice = sched_rr.pick(c->inner);
    for (vmid_t i = 0; i < 16; i++) {
        c->waited[i] += c->is_ready[i] && i != choice.vm;
        assert_true(!c->is_ready[i] || c->waited[i] <= c->limit[i]);
    }
    if (choice.vm != VM_NONE) {
        assert_true(c->is_ready[choice.vm]);
        c->is_ready[choice.vm] = false;
        /* The overrun of a quantum is a block's: two instructions. */
        assert_true(c->cycles[choice.vm] <=
                    (c->limit[choice.vm] + 1ull) * (QUANTUM + 8));
        if (c->is_preferred[choice.vm]) {
            uint32_t waited = c->waited[choice.vm];
            c->preferred_waits++;
            c->longest = waited > c->longest ? waited : c->longest;
        }
    }
    return choice;
}

static struct sched_choice checked_take(struct sched *s, vmid_t vm)
{
    checked_of(s)->is_ready[vm] = false;
    return sched_rr.take(checked_of(s)->inner, vm);
}

static void checked_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                         uint64_t granted, uint64_t used)
{
    struct checked *c = checked_of(s);
    c->is_preferred[vm] = why == SCHED_STOP_IDLE && used < granted;
    for (vmid_t i = 0; i < 16; i++) {
        c->cycles[i] += c->is_ready[i] ? used : 0;
    }
    sched_rr.stop(c->inner, vm, why, granted, used);
}

static const struct sched_policy checked_rr = {
    .facts = { .name = "round-robin, checked" },
    .create = checked_create,
    .ready = checked_ready,
    .remove = checked_remove,
    .pick = checked_pick,
    .take = checked_take,
    .stop = checked_stop,
};

static void the_boost_keeps_its_bound_at_each_wake(void **state)
{
    (void)state;
    for (uint8_t away = 1; away < 40; away = (uint8_t)(away * 3)) {
        struct bench *b = make(&checked_rr);
        struct guest_asm a;
        napper(&a, 200, away);
        bench_add_vms(b, bench_add_image(b, &a), 5, "");
        napper(&a, 4000, 9);
        bench_add_vms(b, bench_add_image(b, &a), 3, "");
        spinner(&a);
        bench_add_vms(b, bench_add_image(b, &a), 8, "");
        bench_boot(b);
        bench_run(b, 1000 * QUANTUM);
        const struct checked *c = checked_of(b->kernel->sched);
        print_message("%u preferred waits, the longest behind %u choices\n",
                      c->preferred_waits, c->longest);
        assert_true(c->preferred_waits > 500);
        bench_release(b);
    }
}

/* ---- Gaming ------------------------------------------------------------- */

/* Uses nine tenths of each quantum, idles for a moment, and is back before
   the next one's quantum ends. Thousandths of all guest cycles. */
static uint64_t gain_of_gaming(const struct sched_policy *policy)
{
    struct bench *b = make(policy);
    struct guest_asm a;
    napper(&a, 4500, 10);
    bench_add_vms(b, bench_add_image(b, &a), 1, "");
    spinner(&a);
    bench_add_vms(b, bench_add_image(b, &a), 3, "");
    bench_boot(b);
    bench_run(b, 2000 * QUANTUM);
    uint64_t all = 0;
    for (vmid_t vm = 0; vm < 4; vm++) {
        all += guest_cycles(b, vm);
    }
    uint64_t gain = guest_cycles(b, 0) * 1000 / all;
    bench_release(b);
    return gain;
}

/* A fair share is 250. */
static void the_boost_can_be_gamed_and_nothing_else(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        uint64_t gain = gain_of_gaming(sched_policies[p]);
        print_message("%-20s %3u of 1000 cycles for the one that games\n",
                      sched_policies[p]->facts.name, (unsigned)gain);
        if (sched_policies[p] == &sched_rr) {
            assert_in_range(gain, 450, 500); /* As its file says. */
        }
        if (!sched_policies[p]->promises.can_be_gamed) {
            assert_in_range(gain, 0, 265);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processor_time_goes_by_shares),
        cmocka_unit_test(nobody_starves_but_by_fifo),
        cmocka_unit_test(the_boost_keeps_its_bound_at_each_wake),
        cmocka_unit_test(the_boost_can_be_gamed_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

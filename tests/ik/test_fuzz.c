/*
 * test_fuzz.c - guests drawn from a seed: hostile arguments, registers, jumps
 * and bytes in any order, on machines drawn from it too. No guest bytes may
 * trip an assertion, and all invariants hold between any two steps.
 *
 *   ik.fuzz [FIRST_SEED COUNT]
 */
#include "tests/ik/drawn_guest.h"
#include "tests/ik/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "ik/policy/policies.h"
#include "sim/random.h"

#define IMAGES 8

static uint32_t draw(struct rng *r, uint32_t bound)
{
    return (uint32_t)rng_below(r, bound);
}

static void draw_machine(struct bench *b, struct rng *r)
{
    static const char *const profiles[] = { "denali-2002", "ideal", "modern" };
    struct scenario *s = &b->scenario;
    b->machine = *machine_find(profiles[draw(r, 3)]);
    s->ram_bytes = (uint64_t)(400 + draw(r, 6000)) * 4096;
    s->min_free_bytes = (uint64_t)draw(r, 64) * 4096;
    s->quantum_ns = 1 + draw(r, 200000);
    s->lease_ns = 1 + draw(r, 1000000);
    s->rx_queue = 1 + draw(r, 8);
    s->tx_queue = 1 + draw(r, 8);
    s->rx_pool = 1 + draw(r, 40);
    s->text = draw(r, 2) ? TEXT_SHARED : TEXT_PRIVATE;
    s->page_tables = draw(r, 2) ? TABLES_EAGER : TABLES_ON_DEMAND;
    s->swap = draw(r, 2) ? SWAP_SPARSE : SWAP_STATIC;
    s->link.bits_per_second = 1000000ull << draw(r, 10);
    b->whole_audit_period = 1 + draw(r, 40);
    b->receive = rx_policies[draw(r, 2)];
    b->transmit = tx_policies[draw(r, 2)];
}

/* Returns the VMs that are still alive. */
static uint32_t run_seed(uint64_t seed, char hex[FINGERPRINT_CHARS])
{
    static struct guest_asm a;
    struct rng r;
    rng_init(&r, seed, "fuzz", 0);
    struct bench *b = bench_create();
    draw_machine(b, &r);
    for (uint32_t i = 0; i < IMAGES; i++) {
        drawn_guest(&a, &r);
        bench_add_vms(b, bench_add_image(b, &a), 1 + draw(&r, 2), "");
    }
    uint32_t alive = 0;
    if (bench_try_boot(b)) {
        for (uint64_t n = 0; n < 50; n++) {
            uint8_t frame[60] = { 0 };
            frame_head(frame, ABI_VM_NET + 1 + draw(&r, 20), ABI_CLIENT_NET + 1,
                       draw(&r, 4) ? 0x800 : 0x806);
            bench_send(b, draw(&r, 4000000), frame, 14 + draw(&r, 46));
        }
        enum kernel_stop stop = bench_try_run(b, 4000000);
        alive = b->kernel->alive;
        if (stop == KERNEL_FAILED && b->kernel->failure[0] != 'R') {
            fail_msg("seed %llu: %s", (unsigned long long)seed,
                     b->kernel->failure);
        }
    }
    trace_fingerprint(b->trace, hex);
    bench_release(b);
    return alive;
}

static uint64_t first_seed = 1;
static uint64_t seed_count = 24;

static void no_guest_breaks_the_kernel(void **state)
{
    (void)state;
    uint64_t alive = 0;
    for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
        char hex[FINGERPRINT_CHARS];
        char again[FINGERPRINT_CHARS];
        alive += run_seed(seed, hex);
        if (seed % 4 == 0) { /* Audits and addresses change nothing. */
            run_seed(seed, again);
            assert_string_equal(hex, again);
        }
    }
    /* Otherwise the seeds draw nothing but sudden deaths. */
    assert_true(alive > seed_count);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seed_count = strtoull(argv[2], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_guest_breaks_the_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

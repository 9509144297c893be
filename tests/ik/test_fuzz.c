/*
 * test_fuzz.c - guests drawn from a seed, on machines drawn from it too. No guest
 * bytes may trip an assertion, and all invariants hold between any two steps.
 *
 *   ik.fuzz [FIRST_SEED COUNT]
 */
#include "tests/ik/drawn_guest.h"
#include "tests/ik/drawn_machine.h"

#include <stdio.h>
#include <stdlib.h>

#define IMAGES 8

/* Returns the VMs that are still alive. */
static uint32_t run_seed(uint64_t seed, char hex[FINGERPRINT_CHARS])
{
    static struct guest_asm a;
    struct rng r;
    struct draws d = { .rng = &r };
    rng_init(&r, seed, "fuzz", 0);
    struct bench *b = bench_create();
    drawn_machine(b, &d);
    for (uint32_t i = 0; i < IMAGES; i++) {
        drawn_guest(&a, &d);
        bench_add_vms(b, bench_add_image(b, &a), 1 + draw(&d, 2), "");
    }
    uint32_t alive = 0;
    if (bench_try_boot(b)) {
        for (uint64_t n = 0; n < 50; n++) {
            uint8_t frame[60] = { 0 };
            frame_head(frame, ABI_VM_NET + 1 + draw(&d, 20), ABI_CLIENT_NET + 1,
                       draw(&d, 4) ? 0x800 : 0x806);
            bench_send(b, draw(&d, 4000000), frame, 14 + draw(&d, 46));
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

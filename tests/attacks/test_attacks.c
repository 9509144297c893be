/*
 * test_attacks.c - real guests that attack, each in a VM of its own, beside
 * neighbours that must come to the same results as when they are alone.
 */
#include "tests/attacks/attack_list.h"
#include "tests/ik/fixture.h"

#include <stdio.h>
#include <string.h>

#define PAIRS 4
#define SPINS 2
#define MS    1000000ull

static uint32_t load(struct bench *b, const char *build, const char *name)
{
    static char path[4096];
    snprintf(path, sizeof(path), "%s/%s.elf", build, name);
    return bench_load_image(b, path);
}

/* The neighbours come first: their results depend on their numbers. */
static vmid_t add_neighbours(struct bench *b, const char *build)
{
    b->machine = *machine_find("denali-2002");
    b->scenario.ram_bytes = 256u << 20;
    b->scenario.quantum_ns = MS;
    b->scenario.rx_queue = 64;
    b->scenario.tx_queue = 16;
    b->scenario.rx_pool = 16384;
    b->whole_audit_period = 1u << 14;
    bench_add_vms(b, load(b, build, "tests/attacks/neighbour"), 2 * PAIRS, "");
    bench_add_vms(b, load(b, build, "guests/spin"), SPINS, "iterations=300");
    return bench_add_vms(b, load(b, build, "guests/hello"), 1, "") + 1;
}

static bool are_done(const struct bench *b, vmid_t count)
{
    for (vmid_t vm = 0; vm < count; vm++) {
        if (bench_vm(b, vm)->state != VM_DEAD) {
            return false;
        }
    }
    return true;
}

/* Until all neighbours have ended, which they must by themselves. Returns the
   time. */
static uint64_t run_neighbours(struct bench *b, vmid_t count)
{
    uint64_t until = 0;
    uint64_t step = cycles_from_ns(50 * MS, b->machine.cpu_hz);
    while (!are_done(b, count)) {
        until += step;
        bench_run(b, until);
        assert_true(until < 400 * step);
    }
    for (vmid_t vm = 0; vm < count; vm++) {
        bench_expect_end(b, vm, VM_END_TERMINATE, 0);
    }
    return until;
}

/* The same for those attackers that come to an end, who share the processor with
   all that do not. */
static void run_attackers(struct bench *b, vmid_t first, uint64_t until)
{
    uint64_t step = cycles_from_ns(50 * MS, b->machine.cpu_hz);
    uint64_t last = until + 400 * step;
    for (size_t i = 0; i < ATTACKS; i++) {
        while (attacks[i].end != VM_END_NONE &&
               bench_vm(b, first + (vmid_t)i)->state != VM_DEAD) {
            until += step;
            bench_run(b, until);
            assert_true(until < last);
        }
    }
}

static void check_attack(const struct bench *b, vmid_t number,
                         const struct attack *attack)
{
    const struct vm *vm = bench_vm(b, number);
    uint32_t detail = attack->detail == ANY ? vm->end_detail : attack->detail;
    bench_expect_end(b, number, attack->end, detail);
    if (attack->end == VM_END_REFUSED) {
        assert_non_null(vm->end_text);
    }
    /* On the way down to the text, whose last page they met. */
    if (attack->end == VM_END_ADDRESS && attack->detail == ANY) {
        assert_in_range(vm->end_detail, ABI_TEXT_BASE, DATA);
    }
}

/* What the neighbours say when they are alone. */
static void record_alone(const char *build, vmid_t *count,
                         struct console_log *logs)
{
    struct bench *b = bench_create();
    *count = add_neighbours(b, build);
    bench_boot(b);
    run_neighbours(b, *count);
    memcpy(logs, b->consoles, *count * sizeof(*logs));
    bench_release(b);
}

static void attackers_end_as_documented_and_alone(void **state)
{
    const char *build = *state;
    static struct console_log alone[64];
    vmid_t count;
    record_alone(build, &count, alone);
    struct bench *b = bench_create();
    assert_int_equal(add_neighbours(b, build), count);
    uint32_t image = load(b, build, "guests/attackers/attacks");
    vmid_t first = count;
    for (size_t i = 0; i < ATTACKS; i++) {
        bench_add_vms(b, image, 1, attacks[i].name);
    }
    vmid_t arguments =
        bench_add_vms(b, load(b, build, "guests/attackers/arguments"), 1, "");
    bench_boot(b);
    run_attackers(b, first, run_neighbours(b, count));
    for (vmid_t vm = 0; vm < count; vm++) {
        assert_true(alone[vm].bytes > 0);
        assert_string_equal(b->consoles[vm].text, alone[vm].text);
        assert_int_equal(b->consoles[vm].bytes, alone[vm].bytes);
    }
    uint32_t faulted = 0;
    for (size_t i = 0; i < ATTACKS; i++) {
        check_attack(b, first + (vmid_t)i, &attacks[i]);
        faulted += vm_has_faulted(bench_vm(b, first + (vmid_t)i));
    }
    assert_int_equal(b->stats.vms.faulted, faulted);
    /* The floods were floods. */
    assert_true(b->stats.net.rx_drops_by_cause.vm_full > 1000);
    assert_true(b->stats.net.tx_drops > 1000);
    assert_true(b->stats.virq.raised > 10000);
    if (bench_vm(b, arguments)->end_detail != 0) {
        fail_msg("arguments: %s", b->consoles[arguments].text);
    }
    bench_expect_end(b, arguments, VM_END_TERMINATE, 0);
    bench_release(b);
}

/* Each kind of fault by a crowd, one after another. */
static void a_crowd_that_faults_changes_nothing_for_the_next(void **state)
{
    const char *build = *state;
    struct bench *b = bench_create();
    vmid_t count = add_neighbours(b, build);
    uint32_t image = load(b, build, "guests/attackers/attacks");
    static const struct attack crowd[] = {
        { "divide-by-zero", EXCEPTION(0) },
        { "hidden-cli", REFUSED },
        { "write-text", ADDRESS(ABI_TEXT_BASE) },
        { "stack-null", DELIVERY(0) },
    };
    for (uint32_t i = 0; i < 200; i++) {
        bench_add_vms(b, image, 1, crowd[i % 4].name);
    }
    bench_boot(b);
    (void)run_neighbours(b, count);
    for (uint32_t i = 0; i < 200; i++) {
        check_attack(b, count + i, &crowd[i % 4]);
    }
    bench_release(b);
}

static void fingerprint_of(const char *build, enum scenario_text text,
                           char hex[FINGERPRINT_CHARS])
{
    struct bench *b = bench_create();
    vmid_t count = add_neighbours(b, build);
    b->scenario.text = text;
    uint32_t image = load(b, build, "guests/attackers/attacks");
    for (size_t i = 0; i < ATTACKS; i++) {
        bench_add_vms(b, image, 1, attacks[i].name);
    }
    bench_boot(b);
    bench_run(b, cycles_from_ns(100 * MS, b->machine.cpu_hz));
    assert_true(count > 0);
    trace_fingerprint(b->trace, hex);
    bench_release(b);
}

static void attacks_repeat_to_the_bit(void **state)
{
    char first[FINGERPRINT_CHARS];
    char again[FINGERPRINT_CHARS];
    fingerprint_of(*state, TEXT_SHARED, first);
    fingerprint_of(*state, TEXT_SHARED, again);
    assert_string_equal(first, again);
    fingerprint_of(*state, TEXT_PRIVATE, again);
    assert_string_equal(first, again);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s BUILD_FOLDER\n", argv[0]);
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(attackers_end_as_documented_and_alone,
                                  argv[1]),
        cmocka_unit_test_prestate(
            a_crowd_that_faults_changes_nothing_for_the_next, argv[1]),
        cmocka_unit_test_prestate(attacks_repeat_to_the_bit, argv[1]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

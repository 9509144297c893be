/*
 * test_attacks.c - real guests that attack, each in a VM of its own, beside
 * neighbours that must come to the same results as when they are alone.
 */
#include "tests/ik/fixture.h"

#include <stdio.h>
#include <string.h>

#define MEM_END 0x00500000u /* With 1 MiB of memory. */
#define ANY     0x0badf00du /* Of details. */
#define DATA    0x00480000u
#define PAIRS   4
#define SPINS   2
#define MS      1000000ull

/* How an attack ends; VM_END_NONE: it goes on for ever, or sleeps. */
struct attack {
    const char *name; /* In attacks.S. */
    enum vm_end end;
    uint32_t detail;
};

#define ADDRESS(va)     VM_END_ADDRESS, (va)
#define EXCEPTION(v)    VM_END_EXCEPTION, (v)
#define DELIVERY(esp)   VM_END_DELIVERY, (esp)
#define REFUSED         VM_END_REFUSED, ANY
#define TERMINATE(code) VM_END_TERMINATE, (code)
#define GOES_ON         VM_END_NONE, 0

static const struct attack attacks[] = {
    { "jump-null", ADDRESS(0) },
    { "jump-below", ADDRESS(0x3fffff) },
    { "jump-registers", ADDRESS(0x400000) },
    { "jump-data", ADDRESS(DATA + 4) },
    { "jump-stack", ADDRESS(MEM_END - 4) },
    { "jump-end", ADDRESS(MEM_END) },
    { "jump-kernel", ADDRESS(0xc0000000) },
    { "jump-top", ADDRESS(0xffffffff) },
    { "call-null", ADDRESS(0) },
    { "return-to-data", ADDRESS(DATA) },
    { "jump-through-null", ADDRESS(0) },
    { "jump-middle-refused", REFUSED },
    { "jump-middle-legal", TERMINATE(0) },
    { "jump-own-middle", TERMINATE(0) },
    { "jump-itself", GOES_ON },
    { "unknown-int", REFUSED },
    { "int-before-first", REFUSED },
    { "int-after-last", REFUSED },
    { "int-3", REFUSED },
    { "hidden-cli", REFUSED },
    { "code-on-stack", ADDRESS(MEM_END - 4) },
    /* Of data, the page's first byte. */
    { "read-null", ADDRESS(0) },
    { "read-below", ADDRESS(0x3ff000) },
    { "read-across-base", ADDRESS(0x3ff000) },
    { "read-end", ADDRESS(MEM_END) },
    { "read-across-end", ADDRESS(MEM_END) },
    { "read-kernel", ADDRESS(0xc0000000) },
    { "read-top", ADDRESS(0xfffff000) },
    { "read-wrapping", ADDRESS(0xfffff000) },
    { "write-null", ADDRESS(0) },
    { "write-below", ADDRESS(0x3ff000) },
    { "write-across-base", ADDRESS(0x3ff000) },
    { "write-end", ADDRESS(MEM_END) },
    { "write-across-end", ADDRESS(MEM_END) },
    { "write-kernel", ADDRESS(0xc0000000) },
    { "write-wrapping", ADDRESS(0xfffff000) },
    { "write-text", ADDRESS(ABI_TEXT_BASE) },
    { "write-into-text", ADDRESS(ABI_TEXT_BASE) },
    { "push-to-text", ADDRESS(ABI_TEXT_BASE) },
    { "call-with-null-stack", ADDRESS(0xfffff000) },
    { "exchange-text", ADDRESS(ABI_TEXT_BASE) },
    { "locked-text", ADDRESS(ABI_TEXT_BASE) },
    { "fill-everything", ADDRESS(MEM_END) },
    { "fill-downward", VM_END_ADDRESS, ANY }, /* Its last page of text. */
    { "copy-from-outside", ADDRESS(MEM_END) },
    { "recursion", VM_END_ADDRESS, ANY },
    { "odd-addresses", TERMINATE(0) },
    { "many-setcc", TERMINATE(0) },
    { "straight-line", GOES_ON },
    { "divide-by-zero", EXCEPTION(0) },
    { "divide-too-much", EXCEPTION(0) },
    { "divide-byte", EXCEPTION(0) },
    { "aam-zero", EXCEPTION(0) },
    { "popf-everything", TERMINATE(0) },
    { "handler-null", ADDRESS(0) },
    { "handler-registers", ADDRESS(0x400000) },
    { "handler-data", ADDRESS(DATA) },
    { "handler-end", ADDRESS(MEM_END) },
    { "handler-top", ADDRESS(0xffffffff) },
    { "handler-refused", REFUSED },
    { "stack-null", DELIVERY(0) },
    { "stack-wrapping", DELIVERY(5) },
    { "stack-text", DELIVERY(ABI_TEXT_BASE + 64) },
    { "stack-base", DELIVERY(ABI_MEM_BASE) },
    { "stack-below", DELIVERY(ABI_MEM_BASE - 4) },
    { "stack-end", DELIVERY(MEM_END + 4) },
    { "stack-top", DELIVERY(0xffffffff) },
    { "stack-in-registers", TERMINATE(0) },
    { "return-everything", TERMINATE(0) },
    { "nested-handlers", VM_END_DELIVERY, ANY },
    { "alarm-storm", GOES_ON },
    { "packet-storm", GOES_ON },
    { "scribble-registers", TERMINATE(0) },
    { "idle-extremes", GOES_ON },
    { "idle-storm", GOES_ON },
    { "hoard", GOES_ON },
    { "flood-everyone", GOES_ON },
    { "flood-as-another", GOES_ON },
    { "flood-as-another-inside", GOES_ON },
    { "flood-outside", GOES_ON },
    { "flood-broadcast", GOES_ON },
    { "console-flood", GOES_ON },
    { "tiny-blocks", GOES_ON },
    { "huge-rep", GOES_ON },
    { "bad-addresses", GOES_ON },
    { "scribble-on", GOES_ON },
    { "dma-to-text", GOES_ON },
    { "end-in-flight", TERMINATE(0) },
    { "terminate-0", TERMINATE(0) },
    { "terminate-panic", TERMINATE(ABI_EXIT_PANIC) },
    { "terminate-minus-1", TERMINATE(UINT32_MAX) },
};
#define ATTACKS (sizeof(attacks) / sizeof(attacks[0]))

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

/* test_endings.c - VMs that are created and ended while the system runs: all
   that they held is given back, whatever they were waiting for. */
#include "tests/ik_paging/machines.h"

#include "ik/supervisor.h"

#define VM_PAGES   64
#define DATA       0x00410000
#define DATA_PAGES 44

/* A machine in which five VMs walk through more memory than there is. */
static struct bench *busy_machine(uint32_t block_pages)
{
    struct guest_asm a;
    asm_init(&a);
    asm_pattern(&a, &(struct pattern){ DATA, DATA_PAGES, 7, 100000000 });
    struct bench *b = small_machine(11 + 10 + 40);
    b->scenario.paging_block_bytes = block_pages * ABI_PAGE_BYTES;
    b->scenario.page_tables = TABLES_ON_DEMAND;
    b->scenario.boot = BOOT_MODELLED;
    b->scenario.quantum_ns = 2000;
    b->scenario.min_free_bytes = 0;
    b->gate = &gate_open;
    bench_add_vms(b, bench_add_image(b, &a), 5, "");
    b->groups[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
    return b;
}

struct seen {
    uint32_t reads;   /* Ended while waiting for a read, */
    uint32_t frames;  /* for a frame, */
    uint32_t writes;  /* while a page of its own was being written, */
    uint32_t orphans; /* with a spindle writing to its frames. */
};

static void end_one(struct bench *b, vmid_t number, struct seen *seen)
{
    struct kernel *k = b->kernel;
    struct vm *vm = kernel_vm(k, number);
    seen->reads += vm->state == VM_PAGING && vm->wait == VM_WAIT_READ;
    seen->frames += vm->state == VM_PAGING && vm->wait == VM_WAIT_FRAME;
    for (const struct transfer *x = k->transfers.flying; x; x = x->next) {
        seen->writes += x->vm == number && x->kind == TRANSFER_PAGE_OUT;
    }
    uint32_t before = k->frames.orphans;
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    lifecycle_end(k, vm, &ending);
    audit_whole(k);
    seen->orphans += k->frames.orphans - before;
    assert_int_equal(vm->resident, 0);
    assert_int_equal(vm->first_frame, FRAME_NONE);
    assert_null(vm->ptes);
}

/* One after another, at many moments; those left go on undisturbed. */
static void a_vm_ends_whatever_it_waits_for(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    for (uint32_t n = 0; n < 90; n++) {
        struct bench *b = busy_machine(n % 3 == 0 ? 4 : 1);
        b->machine.disk =
            n % 2 ? b->machine.disk : machine_find("denali-2002")->disk;
        uint64_t pause = n % 2 ? 3000 + 53 * n : 900000ull * (1 + n);
        b->whole_audit_period = 8;
        bench_boot(b);
        uint64_t at = 10 * pause;
        for (vmid_t vm = 0; vm < 4; vm++) {
            small_run(b, at);
            end_one(b, (vm + n) % 5, &seen);
            at += pause;
        }
        small_run(b, at);
        vmid_t last = (4 + n) % 5;
        assert_true(bench_vm(b, last)->state != VM_DEAD);
        uint64_t before = bench_vm(b, last)->insns;
        /* Its read may have to wait for all those writes. */
        for (uint64_t end = at + 5000000000;
             at < end && bench_vm(b, last)->insns == before; at += 100000) {
            small_run(b, at);
        }
        assert_true(bench_vm(b, last)->insns > before);
        assert_int_equal(b->kernel->frames.orphans, 0);
        bench_release(b);
    }
    print_message("ended: %u waiting to read, %u for a frame, %u writing, %u "
                  "orphans\n",
                  seen.reads, seen.frames, seen.writes, seen.orphans);
    assert_true(seen.reads > 0);
    assert_true(seen.frames > 0);
    assert_true(seen.writes > 0);
    assert_true(seen.orphans > 0);
}

/* ---- By the scenario ----------------------------------------------------- */

/* The bytes a VM finds in memory that it did not write: none. */
static void sniffer(struct guest_asm *a)
{
    asm_init(a);
    asm_pattern_rounds(a, &(struct pattern){ DATA, DATA_PAGES, 1, 3 });
    asm_idle_for_ever(a);
}

/* So many are created and destroyed that each region is used many times. */
static void regions_change_hands_and_tell_nothing(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 2 * REPLACE_COUNT; n++) {
        struct guest_asm a;
        sniffer(&a);
        struct bench *b = small_machine(24 + 40);
        b->replace = replace_policies[n % REPLACE_COUNT];
        b->scenario.page_tables =
            n < REPLACE_COUNT ? TABLES_EAGER : TABLES_ON_DEMAND;
        b->scenario.min_free_bytes = 0;
        b->gate = &gate_open;
        b->whole_audit_period = 8;
        bench_add_vms(b, bench_add_image(b, &a), 3, "");
        b->groups[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
        b->groups[0].vm_total = 43;
        b->scenario.vm_count = 43;
        struct scenario_event events[40];
        for (uint32_t i = 0; i < 40; i++) {
            events[i] = (struct scenario_event){
                .at_ns = 50000 + i / 2 * 60000,
                .kind = i % 2 ? EVENT_CREATE : EVENT_DESTROY,
                .count = 2,
            };
        }
        b->scenario.events = events;
        b->scenario.event_count = 40;
        bench_boot(b);
        small_end_boot(b);
        small_run(b, 2000000);
        assert_int_equal(b->stats.vms.created, 43);
        assert_int_equal(b->kernel->alive, 3);
        for (vmid_t vm = 0; vm < 43; vm++) {
            /* Numbers are not given again; the oldest go first. */
            bench_expect_end(b, vm, vm < 40 ? VM_END_SUPERVISOR : VM_END_NONE,
                             0);
            assert_true(vm < 40 || bench_vm(b, vm)->state == VM_IDLE);
        }
        bench_release(b);
    }
}

/* A VM created while all RAM is in use gets what it needs all the same. */
static void a_vm_is_created_while_ram_is_full(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 2 * REPLACE_COUNT * 6; n++) {
        struct guest_asm a;
        asm_init(&a);
        asm_pattern(&a, &(struct pattern){ DATA, DATA_PAGES, 7, 20 });
        /* Five at first, three more: 17 frames and 16 tables in the end. */
        struct bench *b = small_machine(17 + 16 + PAGING_MIN_FRAMES +
                                        n / (2 * REPLACE_COUNT));
        b->replace = replace_policies[n % REPLACE_COUNT];
        b->scenario.page_tables =
            n / REPLACE_COUNT % 2 ? TABLES_ON_DEMAND : TABLES_EAGER;
        b->scenario.quantum_ns = 2000;
        b->scenario.min_free_bytes = 0;
        b->gate = &gate_open;
        b->whole_audit_period = 8;
        bench_add_vms(b, bench_add_image(b, &a), 5, "");
        b->groups[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
        b->groups[0].vm_total = 8;
        b->scenario.vm_count = 8;
        struct scenario_event events[3];
        for (uint32_t i = 0; i < 3; i++) {
            events[i] = (struct scenario_event){ .at_ns = 40000 + i * 20000,
                                                 .kind = EVENT_CREATE,
                                                 .count = 1 };
        }
        b->scenario.events = events;
        b->scenario.event_count = 3;
        bench_boot(b);
        small_end_boot(b);
        small_run(b, 200000000);
        for (vmid_t vm = 0; vm < 8; vm++) {
            bench_expect_end(b, vm, VM_END_TERMINATE, PATTERN_OK);
        }
        bench_release(b);
    }
}

/* Of two groups one is replaced; what its disks hold stays. */
static void disks_outlive_their_vms(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    for (int i = 0; i < 2; i++) {
        /* Reads block 0 into the word, adds one, writes it back. */
        asm_mov(&a, CPU_EAX, 0);
        asm_mov(&a, CPU_ECX, 0);
        asm_mov(&a, CPU_EDX, DATA);
        asm_int(&a, i ? ABI_VI_DISK_WRITE : ABI_VI_DISK_READ);
        asm_idle(&a, i ? ABI_TIME_NEVER : 0);
        uint32_t again = asm_here(&a);
        asm_alarm(&a, ABI_TIME_NEVER);
        asm_load_from(&a, CPU_EAX, GUEST_REG(DISK_DONE));
        ASM(&a, 0x83, 0xf8, (uint8_t)(i + 1)); /* cmp $n, %eax */
        asm_jump_if(&a, 5, again);
        asm_store(&a, GUEST_REG(DISK_TAKEN), (uint32_t)i + 1);
        asm_inc(&a, DATA);
    }
    asm_idle_for_ever(&a);
    struct bench *b = small_machine(64);
    bench_add_vms(b, bench_add_image(b, &a), 2, "");
    b->groups[0].vm_total = 12;
    b->scenario.vm_count = 12;
    struct scenario_disk disk = { .size_bytes = 4 * ABI_BLOCK_BYTES };
    b->scenario.disks = &disk;
    b->scenario.disk_count = 1;
    struct scenario_event events[10];
    for (uint32_t i = 0; i < 10; i++) {
        events[i] = (struct scenario_event){
            .at_ns = 100000 + i * 50000,
            .kind = i % 2 ? EVENT_CREATE : EVENT_DESTROY,
            .count = 2,
        };
    }
    b->scenario.events = events;
    b->scenario.event_count = 10;
    bench_boot(b);
    small_end_boot(b);
    bench_run(b, 1000000);
    assert_int_equal(b->kernel->alive, 2);
    for (vmid_t vm = 10; vm < 12; vm++) {
        /* The sixth to hold its disk found 5, wrote 6, and has 7. */
        assert_int_equal(bench_peek(b, vm, DATA), 7);
    }
    bench_release(b);
}

/* Its image's pages are written one transfer after another, and only then does
   it arrive at the gate. */
static void creation_is_charged_as_disk_writes(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_pad_to(&a, ABI_TEXT_BASE + 5 * ABI_PAGE_BYTES - 100);
    asm_entry(&a);
    asm_idle_for_ever(&a);
    for (uint32_t unit = 1; unit <= 16; unit *= 4) {
        struct bench *b = small_machine(64);
        b->scenario.paging_block_bytes = unit * ABI_PAGE_BYTES;
        bench_add_vms(b, bench_add_image(b, &a), 1, "");
        b->groups[0].vm_total = 2;
        b->scenario.vm_count = 2;
        struct scenario_event event = { .at_ns = 50000,
                                        .kind = EVENT_CREATE,
                                        .count = 1 };
        b->scenario.events = &event;
        b->scenario.event_count = 1;
        bench_boot(b);
        small_run(b, 10000);
        small_end_boot(b);
        small_run(b, 61000);
        assert_int_equal(bench_vm(b, 1)->state, VM_CREATED);
        small_run(b, 200000);
        /* Text from page 1 to page 5. */
        uint64_t writes = unit == 1 ? 5 : unit == 4 ? 2 : 1;
        assert_int_equal(b->stats.disk.writes, writes);
        assert_true(bench_vm(b, 1)->state == VM_IDLE);
        bench_release(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vm_ends_whatever_it_waits_for),
        cmocka_unit_test(regions_change_hands_and_tell_nothing),
        cmocka_unit_test(a_vm_is_created_while_ram_is_full),
        cmocka_unit_test(disks_outlive_their_vms),
        cmocka_unit_test(creation_is_charged_as_disk_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

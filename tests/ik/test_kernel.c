/* test_kernel.c - the whole kernel: life and death, quanta, leases, memory,
   and where the processor's time goes. */
#include "tests/ik/fixture.h"

#include <string.h>

#include "ik/gate.h"
#include "ik/memory/eviction.h"
#include "ik/memory/paging.h"
#include "ik/policy/policies.h"
#include "sim/bytes.h"

#define MIB 1048576ull

static void spinner(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_jmp(a, again);
}

/* Touches one page after another, for ever, within the VM's memory. */
static void toucher(struct guest_asm *a)
{
    asm_init(a);
    asm_mov(a, CPU_EBX, 0x00410000);
    ASM(a, 0xff, 0x03);                /* again: incl (%ebx) */
    ASM(a, 0x81, 0xc3, 0, 0x10, 0, 0); /* add $4096, %ebx */
    ASM(a, 0xeb, 0xf6);                /* jmp again */
}

static uint64_t sum_of_time(const uint64_t cpu[CPU_CATEGORY_COUNT])
{
    uint64_t sum = 0;
    for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
        sum += cpu[c];
    }
    return sum;
}

/* ---- Life and death ----------------------------------------------------- */

static void terminate_gives_back_every_frame(void **state)
{
    (void)state;
    static const uint32_t codes[] = { 0, 1, ABI_EXIT_PANIC, UINT32_MAX };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        struct guest_asm a;
        asm_init(&a);
        for (uint32_t page = 0; page < 20; page++) {
            asm_store(&a, 0x00410000 + page * 4096, 1);
        }
        asm_idle(&a, 5000);
        asm_terminate(&a, codes[i]);
        struct bench *b = bench_of(&a);
        const struct frames *f = &b->kernel->frames;
        bench_run(b, 4000);
        /* 20 data pages, text, registers; directory and leaf; 3 pinned. */
        assert_int_equal(f->count - f->free_count,
                         b->kernel->paging.pinned_base + 3 + 2 + 22);
        assert_int_equal(b->stats.memory.resident_peak,
                         b->kernel->paging.pinned_base + 3 + 2 + 22);
        bench_run(b, 10000);
        bench_expect_end(b, 0, VM_END_TERMINATE, codes[i]);
        assert_int_equal(f->free_count,
                         f->count - b->kernel->paging.pinned_base);
        assert_int_equal(b->stats.vms.terminated, 1);
        bench_release(b);
    }
}

static void a_vm_can_be_ended_in_every_state(void **state)
{
    (void)state;
    struct guest_asm spin;
    spinner(&spin);
    struct guest_asm sleep;
    asm_init(&sleep);
    asm_alarm(&sleep, 900000);
    asm_idle(&sleep, 800000);
    asm_idle_for_ever(&sleep);
    bool seen[VM_STATE_COUNT] = { false };
    for (vmid_t victim = 0; victim < 4; victim++) {
        for (uint64_t at = 0; at < 60000; at += 15000) {
            struct bench *b = bench_create();
            bench_add_vms(b, bench_add_image(b, &spin), 3, "");
            bench_add_vms(b, bench_add_image(b, &sleep), 1, "");
            bench_boot(b);
            bench_run(b, at);
            seen[bench_vm(b, victim)->state] = true;
            struct vm_ending ending = { .end = VM_END_SUPERVISOR };
            lifecycle_end(b->kernel, &b->kernel->vms[victim], &ending);
            bench_expect_end(b, victim, VM_END_SUPERVISOR, 0);
            bench_run(b, 2000000);
            bench_expect_end(b, victim, VM_END_SUPERVISOR, 0);
            assert_int_equal(b->kernel->alive, 3);
            bench_release(b);
        }
    }
    assert_true(seen[VM_WAITING]);
    assert_true(seen[VM_READY]);
    assert_true(seen[VM_RUNNING]);
    assert_true(seen[VM_IDLE]);
}

static void a_vm_that_ends_while_its_timers_expire_is_left_alone(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_alarm(&a, 5000);
    asm_idle(&a, 5000);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 4000);
    /* Fired, and not yet served. */
    while (events_fire_next(&b->events, 5000)) {
    }
    assert_int_equal(b->kernel->timers.expired.head, 0);
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    lifecycle_end(b->kernel, &b->kernel->vms[0], &ending);
    bench_run(b, 10000);
    assert_int_equal(b->kernel->timers.expired.head, VM_NONE);
    bench_expect_end(b, 0, VM_END_SUPERVISOR, 0);
    assert_int_equal(b->stats.virq.raised, 0);
    bench_release(b);
}

/* ---- The processor's time ----------------------------------------------- */

static void spinners_share_the_processor_evenly(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    struct bench *b = bench_create();
    bench_add_vms(b, bench_add_image(b, &a), 3, "");
    bench_boot(b);
    bench_run(b, 3000000);
    for (vmid_t vm = 0; vm < 3; vm++) {
        assert_in_range(bench_vm(b, vm)->insns, 980000, 1010000);
        assert_int_equal(bench_vm(b, vm)->insns,
                         bench_vm(b, vm)->cpu[CPU_GUEST]);
    }
    assert_in_range(b->stats.sched.preemptions, 295, 300);
    assert_int_equal(b->stats.sched.switches, b->stats.sched.preemptions + 1);
    bench_release(b);
}

static void virtual_instructions_count_against_the_quantum(void **state)
{
    (void)state;
    struct guest_asm vi;
    asm_init(&vi);
    uint32_t again = asm_here(&vi);
    asm_alarm(&vi, ABI_TIME_NEVER);
    asm_jmp(&vi, again);
    struct guest_asm spin;
    spinner(&spin);
    struct bench *b = bench_create();
    b->machine.costs.trap = 997;
    b->whole_audit_period = 16;
    bench_add_vms(b, bench_add_image(b, &vi), 1, "");
    bench_add_vms(b, bench_add_image(b, &spin), 1, "");
    bench_boot(b);
    bench_run(b, 2000000);
    uint64_t caller = sum_of_time(bench_vm(b, 0)->cpu);
    uint64_t neighbour = sum_of_time(bench_vm(b, 1)->cpu);
    assert_in_range(neighbour, 970000, 1030000);
    assert_in_range(caller, 970000, 1030000);
    bench_release(b);
}

/* Only one fits through the gate at a time. */
static void a_lease_ends_when_others_wait(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    for (int others = 0; others < 2; others++) {
        struct bench *b = bench_create();
        b->scenario.lease_ns = 50000;
        uint32_t frames = (uint32_t)(b->scenario.ram_bytes / 4096);
        uint32_t used = 256 + 32 + EVICTION_WRITE_LIMIT + 5 + 4;
        b->scenario.min_free_bytes = (uint64_t)(frames - used - 10) * 4096;
        bench_add_vms(b, bench_add_image(b, &a), others ? 2 : 1, "");
        bench_boot(b);
        bench_run(b, 1000000);
        assert_int_equal(b->kernel->admission.admitted, 1);
        if (others) {
            assert_in_range(bench_vm(b, 0)->insns, 480000, 520000);
            assert_in_range(bench_vm(b, 1)->insns, 480000, 520000);
            assert_int_equal(b->kernel->admission.waiting, 1);
            assert_in_range(b->stats.gate.admissions, 18, 22);
        } else {
            assert_int_equal(b->stats.gate.admissions, 1);
        }
        bench_release(b);
    }
}

/* Everything at once, on a machine on which everything costs. */
static void every_cycle_is_in_one_category(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    uint32_t handler = asm_handler(&a);
    asm_entry(&a);
    asm_use_handler(&a, handler);
    uint32_t again = asm_here(&a);
    asm_spin(&a, 3000);
    uint8_t frame[16] = { 0 };
    frame_head(frame, ABI_VM_NET + 2, ABI_VM_NET + 1, FRAME_TYPE_OTHER);
    for (uint32_t i = 0; i < sizeof(frame); i += 4) {
        asm_store(&a, GUEST_WORD(200) + i, get_le32(frame + i));
    }
    asm_buffer(&a, ABI_VI_PACKET_SEND, GUEST_WORD(200), 100);
    asm_buffer(&a, ABI_VI_PACKET_RECV, GUEST_WORD(300), 1514);
    asm_print(&a, "beat");
    asm_load_from(&a, CPU_EAX, GUEST_REG(TIME_LOW));
    ASM(&a, 0x05, 0x40, 0x9c, 0, 0); /* add $40000, %eax */
    asm_mov(&a, CPU_EDX, 0);
    asm_int(&a, ABI_VI_IDLE);
    asm_jmp(&a, again);
    struct guest_asm spin;
    spinner(&spin);
    static const char *const profiles[] = { "denali-2002", "ideal", "modern" };
    for (int i = 0; i < 3; i++) {
        struct bench *b = bench_create();
        b->machine = *machine_find(profiles[i]);
        b->whole_audit_period = 32;
        bench_add_vms(b, bench_add_image(b, &a), 4, "");
        bench_add_vms(b, bench_add_image(b, &spin), i == 1, "");
        b->window_start = 100000;
        b->window_end = 3100000;
        bench_boot(b);
        for (uint64_t n = 0; n < 100; n++) {
            uint8_t head[60] = { 0 };
            frame_head(head, ABI_VM_NET + 3, ABI_CLIENT_NET + 1, 0x800);
            bench_send(b, n * 30000, head, sizeof(head));
        }
        bench_run(b, 5000000);
        assert_int_equal(sum_of_time(b->stats.cpu_whole), b->kernel->now);
        assert_int_equal(sum_of_time(b->stats.cpu), 3000000);
        uint64_t charged = b->stats.cpu_whole[CPU_IDLE];
        for (vmid_t vm = 0; vm < b->kernel->vm_count; vm++) {
            charged += sum_of_time(bench_vm(b, vm)->cpu);
            assert_int_equal(bench_vm(b, vm)->cpu[CPU_IDLE], 0);
        }
        /* Each cycle that is not idle served some VM. */
        assert_int_equal(charged, b->kernel->now);
        assert_true(b->stats.virq.deliveries > 0);
        bench_release(b);
    }
}

/* No way into the kernel is free, or many deaths would take no time. */
static void a_fault_costs_what_a_trap_costs(void **state)
{
    (void)state;
    for (int refused = 0; refused < 2; refused++) {
        struct guest_asm a;
        asm_init(&a);
        ASM(&a, 0x31, 0xc9); /* xor %ecx, %ecx */
        if (refused) {
            ASM(&a, 0xf4); /* hlt */
        } else {
            ASM(&a, 0xf7, 0xf1, 0xeb, 0xfe); /* div %ecx; jmp . */
        }
        struct bench *b = bench_create();
        b->machine.costs.trap = 77;
        bench_add_vms(b, bench_add_image(b, &a), 1, "");
        bench_boot(b);
        bench_run(b, 1000);
        bench_expect_end(b, 0, refused ? VM_END_REFUSED : VM_END_EXCEPTION,
                         refused ? ABI_TEXT_BASE + 2 : 0);
        assert_int_equal(bench_vm(b, 0)->cpu[CPU_INTERRUPT], 77);
        bench_release(b);
    }
}

static void copying_costs_by_the_byte(void **state)
{
    (void)state;
    static const struct {
        uint8_t vector;
        uint32_t bytes;
        uint64_t cycles;
    } rows[] = {
        { ABI_VI_CONSOLE_WRITE, 0, 0 },
        { ABI_VI_CONSOLE_WRITE, 1, 40 },
        { ABI_VI_CONSOLE_WRITE, 64, 40 },
        { ABI_VI_CONSOLE_WRITE, 4096, 64 * 40 },
        { ABI_VI_PACKET_SEND, 65, 2 * 40 },
        { ABI_VI_PACKET_RECV, 64, 108 },
        { ABI_VI_PACKET_RECV, 65, 2 * 108 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct guest_asm a;
        bool receives = rows[i].vector == ABI_VI_PACKET_RECV;
        asm_init(&a);
        if (receives) {
            asm_spin(&a, 5000); /* Until the frame is there. */
        }
        asm_buffer(&a, rows[i].vector, GUEST_DATA,
                   receives ? 2048 : rows[i].bytes);
        asm_terminate(&a, 0);
        struct bench *b = bench_create();
        b->machine.costs.pio = 2000;
        b->machine.costs.copy_from_guest = 40;
        b->machine.costs.copy_to_guest = 108;
        bench_add_vms(b, bench_add_image(b, &a), 1, "");
        bench_boot(b);
        if (receives) {
            uint8_t frame[128] = { 0 };
            frame_head(frame, ABI_VM_NET + 1, ABI_CLIENT_NET + 1, 0x800);
            bench_send(b, 0, frame, rows[i].bytes);
        }
        bench_run(b, 30000);
        assert_int_equal(bench_vm(b, 0)->cpu[CPU_PIO],
                         2000 + b->machine.costs.trap + rows[i].cycles);
        bench_release(b);
    }
}

/* Touches the register page, the text, and `pages` of data, `times` times; it
   idles in between until 4 ms, 8 ms ... */
static void touch_and_idle(struct guest_asm *a, uint32_t pages, uint32_t times)
{
    asm_init(a);
    for (uint32_t n = 1; n <= times; n++) {
        for (uint32_t page = 0; page < pages; page++) {
            asm_store(a, 0x00410000 + page * 4096, n);
        }
        asm_idle(a, n * 4000000);
    }
    asm_idle_for_ever(a);
}

/* 196 cycles for each of the first 66 pages that a VM touches after a switch,
   and nothing for the others. The next switch begins anew. */
static void a_switch_costs_by_the_pages_that_caches_hold(void **state)
{
    (void)state;
    static const struct {
        uint32_t data;   /* Pages, beside the register page and the text. */
        uint64_t cycles; /* Of a switch. */
    } rows[] = {
        { 0, 2380 + 2 * 196 },    { 1, 2380 + 3 * 196 },
        { 64, 2380 + 66 * 196 },  { 65, 2380 + 66 * 196 },
        { 254, 2380 + 66 * 196 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (uint32_t vms = 1; vms <= 2; vms++) {
            struct guest_asm a;
            touch_and_idle(&a, rows[i].data, 2);
            struct bench *b = bench_create();
            b->machine.costs = machine_find("denali-2002")->costs;
            b->machine.costs.resume = 0;
            b->scenario.quantum_ns = 1000000000;
            b->whole_audit_period = 64;
            bench_add(b, &a, vms);
            b->groups[0].memory_bytes = 4 * (uint32_t)MIB;
            bench_boot(b);
            bench_run(b, 12000000);
            for (vmid_t vm = 0; vm < vms; vm++) {
                /* Alone it keeps the address space. Of two each comes twice
                   with all pages, and for its last `idle` with two. */
                uint64_t last = 2380 + 2 * 196;
                uint64_t want = rows[i].cycles * vms + (vms > 1 ? last : 0);
                assert_int_equal(bench_vm(b, vm)->cpu[CPU_SWITCH], want);
            }
            bench_release(b);
        }
    }
}

/* Once for each idle, if nobody else's address space was loaded meanwhile. */
static void going_on_after_an_idle_costs_a_cold_first_cache(void **state)
{
    (void)state;
    for (uint32_t idles = 0; idles <= 3; idles++) {
        for (uint32_t vms = 1; vms <= 2; vms++) {
            struct guest_asm a;
            touch_and_idle(&a, 0, idles);
            struct bench *b = bench_create();
            b->machine.costs.switch_base = 10;
            b->machine.costs.resume = 2048;
            bench_add(b, &a, vms);
            bench_boot(b);
            bench_run(b, 20000000);
            for (vmid_t vm = 0; vm < vms; vm++) {
                uint64_t want = vms == 1 ? 10 + idles * 2048 : (1 + idles) * 10;
                assert_int_equal(bench_vm(b, vm)->cpu[CPU_SWITCH], want);
            }
            bench_release(b);
        }
    }
}

/* A VM that goes on after the end of its quantum has not idled. */
static void the_end_of_a_quantum_is_no_idle(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    struct bench *b = bench_create();
    b->machine.costs.switch_base = 10;
    b->machine.costs.resume = 2048;
    bench_add(b, &a, 1);
    bench_boot(b);
    bench_run(b, 50 * b->scenario.quantum_ns);
    assert_true(b->stats.sched.preemptions > 40);
    assert_int_equal(bench_vm(b, 0)->cpu[CPU_SWITCH], 10);
    bench_release(b);
}

/* ---- Memory ------------------------------------------------------------- */

/* Writes one page after another to the end of its memory, and then again. */
static void walker(struct guest_asm *a)
{
    asm_init(a);
    for (uint32_t round = 0; round < 2; round++) {
        asm_mov(a, CPU_EBX, 0x00410000);
        uint32_t again = asm_here(a);
        ASM(a, 0xff, 0x03);                /* incl (%ebx) */
        ASM(a, 0x81, 0xc3, 0, 0x10, 0, 0); /* add $4096, %ebx */
        ASM(a, 0x81, 0xfb, 0, 0, 0x50, 0); /* cmp $0x500000, %ebx */
        ASM(a, 0x72, (uint8_t)(again - asm_here(a) - 2));
    }
    asm_load_from(a, CPU_EAX, 0x004ff000);
    asm_terminate_eax(a);
}

/* Three VMs of 1 MiB where there is less than one: what they do not use now
   lies on the disks, and none of it is lost. */
static void with_less_ram_than_memory_vms_run_to_their_end(void **state)
{
    (void)state;
    struct guest_asm a;
    walker(&a);
    for (int tables = 0; tables < 2; tables++) {
        struct bench *b = bench_create();
        b->scenario.page_tables = tables ? TABLES_ON_DEMAND : TABLES_EAGER;
        b->scenario.ram_bytes = 3 * MIB;
        b->scenario.min_free_bytes = 16 * 4096;
        b->whole_audit_period = 16;
        bench_add_vms(b, bench_add_image(b, &a), 3, "");
        bench_boot(b);
        kernel_end_boot(b->kernel);
        kernel_start_events(b->kernel, TIME_NEVER);
        bench_run(b, 100000000);
        for (vmid_t vm = 0; vm < 3; vm++) {
            bench_expect_end(b, vm, VM_END_TERMINATE, 2);
        }
        assert_true(b->stats.memory.page_ins > 0);
        assert_true(b->stats.memory.page_outs > 0);
        bench_release(b);
    }
}

/* No VM can ever pass the gate. */
static void an_impossible_min_free_ends_the_run_with_a_sentence(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    for (size_t g = 0; gate_policies[g]; g++) {
        struct bench *b = bench_create();
        b->gate = gate_policies[g];
        b->scenario.min_free_bytes = b->scenario.ram_bytes;
        bench_add_vms(b, bench_add_image(b, &a), 2, "");
        bench_boot(b);
        enum kernel_stop stop = bench_try_run(b, 1000000);
        if (b->gate == &gate_fifo) {
            assert_int_equal(stop, KERNEL_FAILED);
            assert_non_null(strstr(b->kernel->failure, "kernel.min_free"));
            /* It stays so. */
            assert_int_equal(bench_try_run(b, 2000000), KERNEL_FAILED);
        } else {
            /* The others let somebody in when nobody is. */
            assert_int_equal(stop, KERNEL_REACHED);
            assert_true(bench_vm(b, 0)->insns > 0);
        }
        bench_release(b);
    }
}

/* Around each need there is: no crash, and either a boot or a sentence. */
static void ram_too_small_to_boot_is_refused_with_a_sentence(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    bool booted = false;
    static const uint32_t sizes[] = { 1,   16,  255, 256, 287, 288, 289, 300,
                                      543, 544, 545, 551, 557, 588, 589, 590 };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct bench *b = bench_create();
        uint32_t frames = sizes[i];
        b->scenario.ram_bytes = (uint64_t)frames * 4096;
        bench_add_vms(b, bench_add_image(b, &a), 3, "");
        booted = bench_try_boot(b);
        if (!booted) {
            assert_non_null(strstr(b->message, "too small"));
        } else {
            /* 256 + 32 + 256 pinned, 7 for three VMs, 2 tables each. */
            assert_true(frames >= 544 + 7 + 6 + PAGING_MIN_FRAMES);
        }
        bench_release(b);
    }
    assert_true(booted); /* With the most. */
}

static void ram_too_large_is_refused_with_a_sentence(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    struct bench *b = bench_create();
    b->scenario.ram_bytes = (uint64_t)FRAME_LIMIT * 4096 + 4096;
    bench_add_vms(b, bench_add_image(b, &a), 1, "");
    assert_false(bench_try_boot(b));
    assert_non_null(strstr(b->message, "machine.ram"));
    bench_release(b);
}

static void nobody_finds_what_another_left_in_memory(void **state)
{
    (void)state;
    struct guest_asm writer;
    asm_init(&writer);
    asm_mov(&writer, CPU_EDI, 0x00410000);
    asm_mov(&writer, CPU_ECX, 0x3c000);
    asm_mov(&writer, CPU_EAX, 0x5ec3e700);
    ASM(&writer, 0xf3, 0xab); /* rep stosl: to the end of memory. */
    asm_terminate(&writer, 1);
    struct guest_asm reader;
    asm_init(&reader);
    asm_idle(&reader, 10000000);
    asm_mov(&reader, CPU_EDI, 0x00410000);
    asm_mov(&reader, CPU_ECX, 0x3c000);
    asm_mov(&reader, CPU_EAX, 0);
    ASM(&reader, 0xf3, 0xaf);       /* repe scasl */
    ASM(&reader, 0x0f, 0x94, 0xc0); /* sete %al */
    asm_terminate_eax(&reader);
    for (int text = 0; text < 2; text++) {
        struct bench *b = bench_create();
        b->scenario.ram_bytes = 3 * MIB;
        b->scenario.text = text ? TEXT_PRIVATE : TEXT_SHARED;
        b->whole_audit_period = 16;
        bench_add_vms(b, bench_add_image(b, &writer), 1, "");
        bench_add_vms(b, bench_add_image(b, &reader), 1, "");
        bench_boot(b);
        bench_run(b, 100000000);
        bench_expect_end(b, 0, VM_END_TERMINATE, 1);
        bench_expect_end(b, 1, VM_END_TERMINATE, 1);
        bench_release(b);
    }
}

static void tables_on_demand_take_fewer_frames(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_store(&a, 0x00400000 + 20 * (uint32_t)MIB, 1);
    asm_idle_for_ever(&a);
    static const uint32_t expected[] = { 1 + 16, 1 + 3 };
    for (int tables = 0; tables < 2; tables++) {
        struct bench *b = bench_create();
        b->scenario.page_tables = tables ? TABLES_ON_DEMAND : TABLES_EAGER;
        bench_add_vms(b, bench_add_image(b, &a), 1, "");
        b->groups[0].memory_bytes = 64 * (uint32_t)MIB;
        bench_boot(b);
        bench_run(b, 100000);
        /* Registers and text, the store, and the stack: none. */
        assert_int_equal(b->kernel->frames.tables,
                         tables ? expected[1] - 1 : expected[0]);
        bench_release(b);
    }
}

/* ---- The register page -------------------------------------------------- */

static void a_rewritten_register_page_fools_nobody(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    for (uint32_t offset = 0; offset < 0x200; offset += 4) {
        asm_store(&a, ABI_VREGS_BASE + offset, 0x61616161);
    }
    asm_store(&a, GUEST_REG(IRQ_ENABLED), 0);
    /* The frame it now believes to be its own is another's. */
    uint8_t frame[16] = { 0 };
    frame_head(frame, ABI_VM_NET + 2, 0x61616161, FRAME_TYPE_OTHER);
    for (uint32_t i = 0; i < sizeof(frame); i += 4) {
        asm_store(&a, GUEST_WORD(200) + i, get_le32(frame + i));
    }
    asm_buffer(&a, ABI_VI_PACKET_SEND, GUEST_WORD(200), 60);
    asm_load_from(&a, CPU_EAX, GUEST_REG(IRQ_PENDING));
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_load_from(&a, CPU_EAX, GUEST_REG(TIME_HIGH));
    asm_save_to(&a, GUEST_WORD(1), CPU_EAX);
    /* Beyond the memory it really has. */
    asm_idle(&a, 5000);
    asm_save_to(&a, GUEST_WORD(2), CPU_EAX);
    asm_print(&a, "here");
    asm_store(&a, ABI_MEM_BASE + (uint32_t)MIB, 1);
    asm_terminate(&a, 0);
    struct bench *b = bench_create();
    bench_add_vms(b, bench_add_image(b, &a), 2, "");
    bench_boot(b);
    bench_run(b, 4000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)), 0);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 0);
    assert_int_equal(b->stats.net.tx_drops, 2);
    bench_run(b, 100000);
    for (vmid_t vm = 0; vm < 2; vm++) {
        bench_expect_end(b, vm, VM_END_ADDRESS, ABI_MEM_BASE + (uint32_t)MIB);
        assert_string_equal(b->consoles[vm].text, "here");
        assert_int_equal(bench_vm(b, vm)->id, vm);
    }
    bench_release(b);
}

/* ---- The same again ----------------------------------------------------- */

static void fingerprint_of(enum scenario_text text, uint32_t audit_period,
                           char hex[FINGERPRINT_CHARS])
{
    struct guest_asm a;
    asm_init(&a);
    uint32_t handler = asm_handler(&a);
    asm_entry(&a);
    asm_use_handler(&a, handler);
    uint32_t again = asm_here(&a);
    asm_inc(&a, GUEST_WORD(5));
    asm_spin(&a, 7000);
    asm_alarm(&a, 0);
    asm_print(&a, "tick");
    asm_load_from(&a, CPU_EAX, GUEST_WORD(5));
    ASM(&a, 0xc1, 0xe0, 0x10); /* shl $16, %eax */
    asm_mov(&a, CPU_EDX, 0);
    asm_int(&a, ABI_VI_IDLE);
    asm_jmp(&a, again);
    struct guest_asm touch;
    toucher(&touch);
    struct bench *b = bench_create();
    b->machine = *machine_find("denali-2002");
    b->scenario.text = text;
    b->whole_audit_period = audit_period;
    uint32_t image = bench_add_image(b, &a);
    uint32_t touching = bench_add_image(b, &touch);
    bench_add_vms(b, image, 3, "");
    bench_add_vms(b, touching, 2, ""); /* These two die. */
    bench_add_vms(b, image, 3, "");
    bench_boot(b);
    bench_run(b, 3000000);
    bench_expect_end(b, 3, VM_END_ADDRESS, ABI_MEM_BASE + (uint32_t)MIB);
    trace_fingerprint(b->trace, hex);
    bench_release(b);
}

static void the_same_run_has_the_same_fingerprint(void **state)
{
    (void)state;
    char first[FINGERPRINT_CHARS];
    char again[FINGERPRINT_CHARS];
    fingerprint_of(TEXT_SHARED, 64, first);
    fingerprint_of(TEXT_SHARED, 50000, again);
    assert_string_equal(first, again);
    fingerprint_of(TEXT_PRIVATE, 64, again);
    assert_string_equal(first, again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminate_gives_back_every_frame),
        cmocka_unit_test(a_vm_can_be_ended_in_every_state),
        cmocka_unit_test(a_vm_that_ends_while_its_timers_expire_is_left_alone),
        cmocka_unit_test(spinners_share_the_processor_evenly),
        cmocka_unit_test(virtual_instructions_count_against_the_quantum),
        cmocka_unit_test(a_lease_ends_when_others_wait),
        cmocka_unit_test(every_cycle_is_in_one_category),
        cmocka_unit_test(a_fault_costs_what_a_trap_costs),
        cmocka_unit_test(copying_costs_by_the_byte),
        cmocka_unit_test(a_switch_costs_by_the_pages_that_caches_hold),
        cmocka_unit_test(going_on_after_an_idle_costs_a_cold_first_cache),
        cmocka_unit_test(the_end_of_a_quantum_is_no_idle),
        cmocka_unit_test(with_less_ram_than_memory_vms_run_to_their_end),
        cmocka_unit_test(an_impossible_min_free_ends_the_run_with_a_sentence),
        cmocka_unit_test(ram_too_small_to_boot_is_refused_with_a_sentence),
        cmocka_unit_test(ram_too_large_is_refused_with_a_sentence),
        cmocka_unit_test(nobody_finds_what_another_left_in_memory),
        cmocka_unit_test(tables_on_demand_take_fewer_frames),
        cmocka_unit_test(a_rewritten_register_page_fools_nobody),
        cmocka_unit_test(the_same_run_has_the_same_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_vdisk.c - virtual disks, as their guests see them. */
#include "tests/ik_paging/machines.h"

#include <string.h>

#include "sim/bytes.h"

#define MIB          1048576u
#define WRITE_BUFFER 0x00411800u /* Each lies in two pages. */
#define READ_BUFFER  0x00415c00u
#define CROWD        0x00424000u
#define CROWD_PAGES  40u
#define DONE         9u

struct request {
    uint32_t disk, block, va, tag;
};

static void asm_disk(struct guest_asm *a, uint8_t vector,
                     const struct request *r)
{
    asm_mov(a, CPU_EAX, r->disk);
    asm_mov(a, CPU_ECX, r->block);
    asm_mov(a, CPU_EDX, r->va);
    asm_mov(a, CPU_EBX, r->tag);
    asm_int(a, vector);
}

/* Until something is done that was not taken; all of it is, then. */
static void asm_take(struct guest_asm *a)
{
    uint32_t again = asm_here(a);
    asm_load_from(a, CPU_EAX, GUEST_REG(DISK_DONE));
    ASM(a, 0x3b, 0x05); /* cmp DISK_TAKEN, %eax */
    asm_word(a, GUEST_REG(DISK_TAKEN));
    uint32_t over = asm_here(a) + 6 + 12 + 5;
    asm_jump_if(a, 5, over);
    asm_idle(a, ABI_TIME_NEVER);
    asm_jmp(a, again);
    SIM_ASSERT(asm_here(a) == over);
    asm_save_to(a, GUEST_REG(DISK_TAKEN), CPU_EAX);
}

static void add_disk(struct bench *b, struct scenario_disk *disk,
                     uint32_t group, uint32_t blocks)
{
    *disk = (struct scenario_disk){ .group = group,
                                    .size_bytes =
                                        (uint64_t)blocks * ABI_BLOCK_BYTES };
    b->scenario.disk_count++;
}

/* ---- What is refused ----------------------------------------------------- */

static void a_bad_request_is_an_error_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        struct request r;
        int32_t read, write;
    } rows[] = {
        { { 0, 0, READ_BUFFER, 1 }, 0, 0 },
        { { 1, 6, READ_BUFFER, 1 }, 0, 0 },
        { { 2, 0, READ_BUFFER, 1 }, ABI_ENODEV, ABI_ENODEV },
        { { UINT32_MAX, 0, 0, 1 }, ABI_ENODEV, ABI_ENODEV },
        { { 0, 5, READ_BUFFER, 1 }, ABI_EINVAL, ABI_EINVAL },
        { { 1, 7, 0, 1 }, ABI_EINVAL, ABI_EINVAL },
        { { 0, UINT32_MAX, READ_BUFFER, 1 }, ABI_EINVAL, ABI_EINVAL },
        { { 0, 0, 0, 1 }, ABI_EFAULT, ABI_EFAULT },
        { { 0, 0, ABI_TEXT_BASE, 1 }, ABI_EFAULT, 0 },
        { { 0, 0, ABI_MEM_BASE + MIB - 4095, 1 }, ABI_EFAULT, ABI_EFAULT },
        { { 0, 0, ABI_MEM_BASE + MIB - 4096, 1 }, 0, 0 },
        { { 0, 0, UINT32_MAX - 4, 1 }, ABI_EFAULT, ABI_EFAULT },
        { { 0, 0, ABI_VREGS_BASE, 1 }, 0, 0 },
    };
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_write = i % 2;
        struct guest_asm a;
        asm_init(&a);
        asm_disk(&a, is_write ? ABI_VI_DISK_WRITE : ABI_VI_DISK_READ,
                 &rows[i / 2].r);
        asm_terminate_eax(&a);
        struct scenario_disk disks[2];
        struct bench *b = small_machine(64);
        bench_add_vms(b, bench_add_image(b, &a), 1, "");
        b->scenario.disks = disks;
        add_disk(b, &disks[0], 0, 5);
        add_disk(b, &disks[1], 0, 7);
        b->scenario.boot = BOOT_MODELLED;
        bench_boot(b);
        small_run(b, 1000000);
        int32_t wanted = is_write ? rows[i / 2].write : rows[i / 2].read;
        bench_expect_end(b, 0, VM_END_TERMINATE, (uint32_t)wanted);
        bench_release(b);
    }
}

static void a_vm_without_disks_has_none(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_disk(&a, ABI_VI_DISK_READ, &(struct request){ 0, 0, READ_BUFFER, 1 });
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_load_from(&a, CPU_EAX, GUEST_REG(DISK_COUNT));
    asm_terminate_eax(&a);
    struct scenario_disk disk;
    struct bench *b = small_machine(64);
    uint32_t image = bench_add_image(b, &a);
    bench_add_vms(b, image, 1, "");
    bench_add_vms(b, image, 1, "");
    b->scenario.disks = &disk;
    add_disk(b, &disk, 1, 3); /* Its neighbour has one. */
    bench_boot(b);
    small_run(b, 1000000);
    bench_expect_end(b, 0, VM_END_TERMINATE, 0);
    bench_expect_end(b, 1, VM_END_TERMINATE, 1);
    bench_release(b);
}

/* Eight may be outstanding, or done and not taken; a ninth has to wait. */
static void a_ninth_request_waits_until_one_is_taken(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    struct request r = { 0, 0, READ_BUFFER, 0 };
    for (uint32_t i = 0; i < 9; i++) {
        r.tag = 100 + i;
        asm_disk(&a, ABI_VI_DISK_WRITE, &r);
        asm_save_to(&a, GUEST_WORD(i), CPU_EAX);
    }
    asm_idle(&a, 500000); /* All are done, none is taken. */
    asm_idle(&a, 500000);
    uint32_t again = asm_here(&a);
    asm_alarm(&a, ABI_TIME_NEVER); /* Brings the registers up to date. */
    asm_load_from(&a, CPU_EAX, GUEST_REG(DISK_DONE));
    ASM(&a, 0x83, 0xf8, 8); /* cmp $8, %eax */
    asm_jump_if(&a, 5, again);
    asm_disk(&a, ABI_VI_DISK_READ, &r);
    asm_save_to(&a, GUEST_WORD(9), CPU_EAX);
    asm_store(&a, GUEST_REG(DISK_TAKEN), 1);
    asm_disk(&a, ABI_VI_DISK_READ, &r); /* In the place of the first. */
    asm_save_to(&a, GUEST_WORD(10), CPU_EAX);
    asm_disk(&a, ABI_VI_DISK_READ, &r);
    asm_save_to(&a, GUEST_WORD(11), CPU_EAX);
    asm_idle_for_ever(&a);
    struct scenario_disk disk;
    struct bench *b = small_machine(64);
    bench_add_vms(b, bench_add_image(b, &a), 1, "");
    b->scenario.disks = &disk;
    add_disk(b, &disk, 0, 3);
    b->scenario.boot = BOOT_MODELLED;
    bench_boot(b);
    small_run(b, 1000000);
    for (uint32_t i = 0; i < 12; i++) {
        bool is_full = i == 8 || i == 9 || i == 11;
        assert_int_equal(bench_peek(b, 0, GUEST_WORD(i)),
                         is_full ? (uint32_t)ABI_EAGAIN : 0);
    }
    /* The ring: number n at n % 8; number 8 took the place of number 0. */
    uint32_t tags = 0;
    for (uint32_t i = 0; i < ABI_DISK_RING; i++) {
        uint32_t at = GUEST_REG(DISK_RING) + 8 * i;
        tags |= 1u << (bench_peek(b, 0, at) - 100);
        assert_int_equal(bench_peek(b, 0, at + 4), 0);
    }
    assert_int_equal(bench_peek(b, 0, GUEST_REG(DISK_RING)), 108);
    assert_true(tags & 1u << 8);
    assert_int_equal(bench_vm(b, 0)->disk_done, 9);
    bench_release(b);
}

/* ---- What is kept -------------------------------------------------------- */

/* EAX: what the VM's block holds in the round of EBP. */
static void asm_word_of_round(struct guest_asm *a)
{
    asm_load_from(a, CPU_EAX, GUEST_REG(VM_NUMBER));
    ASM(a, 0xc1, 0xe0, 24, 0x01, 0xe8); /* shl $24; add %ebp, %eax */
    ASM(a, 0x69, 0xc0);                 /* imul $..., %eax, %eax */
    asm_word(a, 0x9e3779b1);
}

static void asm_request_of_round(struct guest_asm *a, uint8_t vector,
                                 uint32_t va)
{
    asm_mov(a, CPU_EAX, 0);
    ASM(a, 0x89, 0xe9, 0x83, 0xe1, 7, 0x89, 0xeb); /* ECX: EBP & 7; EBX: EBP */
    asm_mov(a, CPU_EDX, va);
    asm_int(a, vector);
}

/* Goes on at `bad`, with that code, unless the flags say equal. */
static void asm_or_bad(struct guest_asm *a, uint32_t bad, uint32_t code)
{
    asm_mov(a, CPU_EDX, code);
    asm_jump_if(a, 5, bad);
}

/* Writes blocks and reads them back, with all of memory in the way. */
static void keeper(struct guest_asm *a, uint32_t rounds)
{
    asm_init(a);
    uint32_t bad = asm_here(a);
    ASM(a, 0x89, 0xd0); /* mov %edx, %eax */
    asm_terminate_eax(a);
    asm_entry(a);
    asm_mov(a, CPU_EBP, rounds);
    uint32_t again = asm_here(a);
    asm_word_of_round(a);
    asm_mov(a, CPU_EDI, WRITE_BUFFER);
    asm_mov(a, CPU_ECX, 1024);
    ASM(a, 0xf3, 0xab); /* rep stosl */
    asm_request_of_round(a, ABI_VI_DISK_WRITE, WRITE_BUFFER);
    ASM(a, 0x85, 0xc0); /* test %eax, %eax */
    asm_or_bad(a, bad, 101);
    asm_store(a, WRITE_BUFFER, 0); /* It was copied. */
    asm_take(a);
    ASM(a, 0x48, 0x83, 0xe0, 7, 0x39, 0x2c, 0xc5); /* dec; and $7; cmp */
    asm_word(a, GUEST_REG(DISK_RING));
    asm_or_bad(a, bad, 102);
    /* The pages beside the buffer are dirty: they are written back, and what
       lies in the buffer's own pages with them. */
    asm_inc(a, READ_BUFFER & ~0xfffu);
    asm_inc(a, (READ_BUFFER & ~0xfffu) - ABI_PAGE_BYTES);
    asm_inc(a, (READ_BUFFER & ~0xfffu) + 2 * ABI_PAGE_BYTES);
    asm_request_of_round(a, ABI_VI_DISK_READ, READ_BUFFER);
    ASM(a, 0x85, 0xc0);
    asm_or_bad(a, bad, 103);
    asm_crowd(a, CROWD, CROWD_PAGES);
    asm_take(a);
    asm_crowd(a, CROWD, CROWD_PAGES);
    asm_word_of_round(a);
    asm_mov(a, CPU_EDI, READ_BUFFER);
    asm_mov(a, CPU_ECX, 1024);
    ASM(a, 0xf3, 0xaf); /* repe scasl */
    asm_or_bad(a, bad, 104);
    ASM(a, 0x4d); /* dec %ebp */
    asm_jump_if(a, 5, again);
    asm_terminate(a, DONE);
}

/* Three VMs, each with a disk of its own: they share spindles and RAM. */
static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct guest_asm a;
    keeper(&a, 24);
    for (uint32_t n = 0; n < REPLACE_COUNT * 5 * 2; n++) {
        struct bench *b = small_machine(7 + 6 + PAGING_MIN_FRAMES);
        b->replace = replace_policies[n % REPLACE_COUNT];
        b->scenario.paging_block_bytes = (uint32_t)ABI_PAGE_BYTES
                                         << n / REPLACE_COUNT % 5;
        b->scenario.boot = n < REPLACE_COUNT * 5 ? BOOT_MODELLED : BOOT_IDEAL;
        b->scenario.quantum_ns = 3000;
        b->scenario.min_free_bytes = 0;
        b->whole_audit_period = 4;
        bench_add_vms(b, bench_add_image(b, &a), 3, b->replace->facts.name);
        b->groups[0].memory_bytes = 96 * ABI_PAGE_BYTES;
        struct scenario_disk disk;
        b->scenario.disks = &disk;
        add_disk(b, &disk, 0, 8);
        bench_boot(b);
        small_run(b, 1000000000);
        for (vmid_t vm = 0; vm < 3; vm++) {
            bench_expect_end(b, vm, VM_END_TERMINATE, DONE);
            assert_int_equal(bench_vm(b, vm)->disk_done, 2 * 24);
        }
        bench_release(b);
    }
}

static void a_block_never_written_reads_as_zeros(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_mov(&a, CPU_EDI, READ_BUFFER);
    asm_mov(&a, CPU_ECX, 1024);
    asm_mov(&a, CPU_EAX, 0x5ec3e700);
    ASM(&a, 0xf3, 0xab); /* rep stosl: on its way, the frame is not zero. */
    asm_disk(&a, ABI_VI_DISK_WRITE, &(struct request){ 0, 1, READ_BUFFER, 1 });
    asm_take(&a);
    asm_disk(&a, ABI_VI_DISK_READ, &(struct request){ 0, 0, READ_BUFFER, 1 });
    asm_take(&a);
    asm_mov(&a, CPU_EDI, READ_BUFFER);
    asm_mov(&a, CPU_ECX, 1024);
    asm_mov(&a, CPU_EAX, 0);
    ASM(&a, 0xf3, 0xaf, 0x0f, 0x94, 0xc0); /* repe scasl; sete %al */
    asm_terminate_eax(&a);
    struct scenario_disk disk;
    struct bench *b = small_machine(64);
    bench_add_vms(b, bench_add_image(b, &a), 2, "");
    b->scenario.disks = &disk;
    add_disk(b, &disk, 0, 2);
    b->scenario.boot = BOOT_MODELLED;
    bench_boot(b);
    small_run(b, 1000000);
    bench_expect_end(b, 0, VM_END_TERMINATE, 1);
    bench_expect_end(b, 1, VM_END_TERMINATE, 1);
    bench_release(b);
}

/* Whatever the number of blocks, which is in no byte's eighths. */
static void what_is_written_is_on_one_disk_only(void **state)
{
    (void)state;
    static const uint8_t bytes[ABI_BLOCK_BYTES] = { 0x5e };
    for (uint32_t blocks = 1; blocks < 140; blocks += 9) {
        struct guest_asm a;
        asm_init(&a);
        asm_terminate(&a, 1);
        struct scenario_disk disks[3];
        struct bench *b = small_machine(64);
        bench_add_vms(b, bench_add_image(b, &a), 1, "");
        b->scenario.disks = disks;
        for (uint32_t i = 0; i < 3; i++) {
            add_disk(b, &disks[i], 0, blocks);
        }
        bench_boot(b);
        struct kernel *k = b->kernel;
        struct vdisk *middle = &k->vdisks.table[1];
        for (uint32_t block = 0; block < blocks; block++) {
            assert_null(vdisk_block(k, middle, block));
            assert_true(vdisk_put_block(k, middle, block, bytes));
            assert_memory_equal(vdisk_block(k, middle, block), bytes,
                                sizeof(bytes));
        }
        for (uint32_t block = 0; block < blocks; block++) {
            assert_null(vdisk_block(k, &k->vdisks.table[0], block));
            assert_null(vdisk_block(k, &k->vdisks.table[2], block));
        }
        bench_release(b);
    }
}

/* ---- The end ------------------------------------------------------------- */

/* Eight reads at once into the same two pages: ended at any moment, the pages
   are nobody's until no spindle writes to them any more. */
static void a_vm_ends_with_its_reads_under_way(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    uint32_t again = asm_here(&a);
    for (uint32_t i = 0; i < 8; i++) {
        asm_disk(&a, i % 4 == 3 ? ABI_VI_DISK_WRITE : ABI_VI_DISK_READ,
                 &(struct request){ 0, i, READ_BUFFER + i % 2, i });
    }
    asm_take(&a);
    asm_jmp(&a, again);
    uint32_t orphans = 0;
    for (uint64_t at = 0; at < 40000; at += 331) {
        struct scenario_disk disk;
        struct bench *b = small_machine(64);
        b->scenario.boot = BOOT_MODELLED;
        bench_add_vms(b, bench_add_image(b, &a), 2, "");
        b->scenario.disks = &disk;
        add_disk(b, &disk, 0, 8);
        bench_boot(b);
        small_run(b, at);
        struct vm_ending ending = { .end = VM_END_SUPERVISOR };
        lifecycle_end(b->kernel, &b->kernel->vms[0], &ending);
        audit_whole(b->kernel);
        orphans += b->kernel->frames.orphans;
        small_run(b, at + 20000);
        assert_int_equal(b->kernel->frames.orphans, 0);
        assert_int_equal(bench_vm(b, 1)->state != VM_DEAD, 1);
        bench_release(b);
    }
    assert_true(orphans > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_request_is_an_error_and_nothing_else),
        cmocka_unit_test(a_vm_without_disks_has_none),
        cmocka_unit_test(a_ninth_request_waits_until_one_is_taken),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_block_never_written_reads_as_zeros),
        cmocka_unit_test(what_is_written_is_on_one_disk_only),
        cmocka_unit_test(a_vm_ends_with_its_reads_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_restart.c - one instruction, or one delivery, that needs several pages
 * at once: each is restarted until it has them all, and then does what it
 * would have done at once.
 */
#include "tests/ik_paging/machines.h"

#include "sim/bytes.h"

#define FRAME_BYTES 1512u
#define HEAD_BYTES  14u
/* Each begins in one page and ends in the next. */
#define SEND_BUFFER  0x00411ff2u
#define RECV_BUFFER  0x00414ffau
#define PRINT_BUFFER 0x00417801u
#define MOVE_FROM    0x0041affeu
#define MOVE_TO      0x0041cffdu
#define STACK        0x00422006u
#define CROWD        0x00424000u /* Pages whose only use is to be in the way. */
#define CROWD_PAGES  24u
#define DONE         9u

static void asm_copy(struct guest_asm *a, uint32_t to, uint32_t from,
                     uint32_t bytes)
{
    asm_mov(a, CPU_ESI, from);
    asm_mov(a, CPU_EDI, to);
    asm_mov(a, CPU_ECX, bytes);
    ASM(a, 0xf3, 0xa4); /* rep movsb */
}

/* A frame from the VM to itself, whose words follow from EBP. */
static void asm_make_frame(struct guest_asm *a)
{
    ASM(a, 0x69, 0xc5); /* imul $..., %ebp, %eax */
    asm_word(a, 0x9e3779b1);
    asm_mov(a, CPU_EDI, SEND_BUFFER);
    asm_mov(a, CPU_ECX, FRAME_BYTES / 4);
    ASM(a, 0xf3, 0xab); /* rep stosl */
    asm_copy(a, SEND_BUFFER, GUEST_REG(MAC), 6);
    asm_copy(a, SEND_BUFFER + 6, GUEST_REG(MAC), 6);
    ASM(a, 0x66, 0xc7, 0x05); /* movw: its type */
    asm_word(a, SEND_BUFFER + 12);
    ASM(a, FRAME_TYPE_OTHER >> 8, FRAME_TYPE_OTHER & 0xff);
}

/* Goes to `bad`, with a code of its own, unless EAX is `value`. */
static void asm_expect(struct guest_asm *a, uint32_t bad, uint32_t value,
                       uint32_t code)
{
    asm_mov(a, CPU_EDX, code);
    ASM(a, 0x3d); /* cmp $value, %eax */
    asm_word(a, value);
    asm_jump_if(a, 5, bad);
}

static void asm_round(struct guest_asm *a, uint32_t bad)
{
    asm_make_frame(a);
    asm_crowd(a, CROWD, CROWD_PAGES);
    asm_buffer(a, ABI_VI_PACKET_SEND, SEND_BUFFER, FRAME_BYTES);
    asm_expect(a, bad, 0, 101);
    asm_buffer(a, ABI_VI_CONSOLE_WRITE, PRINT_BUFFER, 4096);
    asm_expect(a, bad, 4096, 102);
    asm_alarm(a, 0);
    asm_crowd(a, CROWD, CROWD_PAGES);
    /* With interrupts disabled no wake-up is lost. */
    asm_store(a, GUEST_REG(IRQ_ENABLED), 0);
    uint32_t again = asm_here(a);
    asm_buffer(a, ABI_VI_PACKET_RECV, RECV_BUFFER, 1514);
    ASM(a, 0x85, 0xc0); /* test %eax, %eax */
    uint32_t over = asm_here(a) + 6 + 12 + 5;
    asm_jump_if(a, 5, over);
    asm_idle(a, ABI_TIME_NEVER);
    asm_jmp(a, again);
    SIM_ASSERT(asm_here(a) == over);
    asm_store(a, GUEST_REG(IRQ_ENABLED), 1);
    asm_expect(a, bad, FRAME_BYTES, 103);
    asm_crowd(a, CROWD, CROWD_PAGES);
    asm_mov(a, CPU_ESI, SEND_BUFFER);
    asm_mov(a, CPU_EDI, RECV_BUFFER);
    asm_mov(a, CPU_ECX, FRAME_BYTES);
    ASM(a, 0xf3, 0xa6); /* repe cmpsb */
    asm_mov(a, CPU_EDX, 104);
    asm_jump_if(a, 5, bad);
    /* One that needs a page of text, of stack, and four of data. */
    asm_mov(a, CPU_ESI, MOVE_FROM);
    asm_mov(a, CPU_EDI, MOVE_TO);
    ASM(a, 0x89, 0x2e, 0xa5); /* mov %ebp, (%esi); movsl */
    asm_crowd(a, CROWD, CROWD_PAGES);
    ASM(a, 0xff, 0x35); /* pushl MOVE_TO */
    asm_word(a, MOVE_TO);
    asm_crowd(a, CROWD, CROWD_PAGES);
    ASM(a, 0x58, 0x29, 0xe8); /* pop %eax; sub %ebp, %eax */
    asm_expect(a, bad, 0, 105);
}

static void restarter(struct guest_asm *a, uint32_t rounds)
{
    asm_init(a);
    uint32_t bad = asm_here(a);
    ASM(a, 0x89, 0xd0); /* mov %edx, %eax */
    asm_terminate_eax(a);
    uint32_t handler = asm_handler(a);
    asm_entry(a);
    asm_use_handler(a, handler);
    asm_mov(a, CPU_ESP, STACK);
    asm_mov(a, CPU_EBP, rounds);
    uint32_t again = asm_here(a);
    asm_round(a, bad);
    ASM(a, 0x4d); /* dec %ebp */
    asm_jump_if(a, 5, again);
    asm_terminate(a, DONE);
}

struct setting {
    const struct replace_policy *replace;
    const struct gate_policy *gate;
    uint32_t block_pages;
    uint32_t vms;
    uint32_t rounds;
    uint32_t frames; /* Beyond those of kernel and page tables. */
    enum scenario_boot boot;
};

static void run_setting(const struct setting *s)
{
    struct guest_asm a;
    restarter(&a, s->rounds);
    struct bench *b = small_machine(
        (s->vms * VM_PINNED_BYTES + ABI_PAGE_BYTES - 1) / ABI_PAGE_BYTES +
        2 * s->vms + s->frames);
    b->scenario.quantum_ns = 5000;
    b->scenario.min_free_bytes = 0;
    b->replace = s->replace;
    b->gate = s->gate;
    b->scenario.boot = s->boot;
    b->scenario.paging_block_bytes = s->block_pages * ABI_PAGE_BYTES;
    bench_add_vms(b, bench_add_image(b, &a), s->vms, s->replace->facts.name);
    b->groups[0].memory_bytes = 64 * ABI_PAGE_BYTES;
    bench_boot(b);
    b->whole_audit_period = s->vms; /* The more there is to look at. */
    small_run(b, 100000000);
    for (vmid_t vm = 0; vm < s->vms; vm++) {
        bench_expect_end(b, vm, VM_END_TERMINATE, DONE);
        assert_int_equal(b->consoles[vm].bytes, s->rounds * 4096);
    }
    bench_release(b);
}

/* ---- Pages that were there at first -------------------------------------- */

/* Touches `filling` pages, from CROWD on, so that others have to go. */
static void asm_fill(struct guest_asm *a, uint32_t filling)
{
    for (uint32_t i = 0; i < filling; i++) {
        asm_inc(a, CROWD + i * ABI_PAGE_BYTES);
    }
}

/* A machine in which some filling makes a page go while the next comes. */
static struct bench *tight_machine(const struct guest_asm *a,
                                   const struct replace_policy *replace,
                                   uint32_t block_pages)
{
    struct bench *b = small_machine(3 + 2 + PAGING_MIN_FRAMES);
    b->replace = replace;
    b->scenario.min_free_bytes = 0;
    b->scenario.paging_block_bytes = block_pages * ABI_PAGE_BYTES;
    bench_add_vms(b, bench_add_image(b, a), 1, replace->facts.name);
    b->groups[0].memory_bytes = 128 * ABI_PAGE_BYTES;
    bench_boot(b);
    return b;
}

/* Of a buffer's two pages the first is in core and the second never was. */
static void a_page_in_core_stays_while_its_neighbour_comes(void **state)
{
    (void)state;
    for (size_t r = 0; replace_policies[r]; r++) {
        for (uint32_t filling = 16; filling < 48; filling++) {
            struct guest_asm a;
            asm_init(&a);
            asm_store(&a, 0x00411ffc, 0x64636261);
            asm_fill(&a, filling);
            asm_buffer(&a, ABI_VI_CONSOLE_WRITE, 0x00411ffc, 8);
            asm_terminate_eax(&a);
            struct bench *b = tight_machine(&a, replace_policies[r], 1);
            small_run(b, 100000000);
            bench_expect_end(b, 0, VM_END_TERMINATE, 8);
            assert_int_equal(b->consoles[0].bytes, 8);
            assert_string_equal(b->consoles[0].text, "abcd");
            bench_release(b);
        }
    }
}

/* The same of what a delivery needs: the register page and two of stack. */
static void a_delivery_has_all_its_pages_at_once(void **state)
{
    (void)state;
    for (size_t r = 0; replace_policies[r]; r++) {
        for (uint32_t filling = 16; filling < 48; filling++) {
            struct guest_asm a;
            asm_init(&a);
            uint32_t handler = asm_handler(&a);
            asm_entry(&a);
            asm_use_handler(&a, handler);
            asm_store(&a, 0x00412000, 1); /* The frame's upper page. */
            asm_mov(&a, CPU_ESP, 0x00412004);
            asm_fill(&a, filling);
            asm_alarm(&a, 0);
            asm_idle(&a, 0);
            asm_idle(&a, 1000000);
            asm_load_from(&a, CPU_EAX, GUEST_WORD(1));
            asm_terminate_eax(&a);
            struct bench *b = tight_machine(&a, replace_policies[r], 1);
            small_run(b, 100000000);
            bench_expect_end(b, 0, VM_END_TERMINATE, 1);
            bench_release(b);
        }
    }
}

/*
 * The kernel writes to two pages. While the second comes in, a page beside the
 * first is written back, and the first with it, as it is dirty; what is written
 * after that must not be lost when the page goes.
 */
static void what_the_kernel_writes_is_not_lost(void **state)
{
    (void)state;
    static const uint8_t typed[] = "0123456789abcdef";
    for (uint32_t n = 0; n < REPLACE_COUNT * 8 * 16; n += 3) {
        struct guest_asm a;
        asm_init(&a);
        for (uint32_t i = 0; i < n / REPLACE_COUNT % 8; i++) {
            asm_inc(&a, 0x00404000 + i * ABI_PAGE_BYTES);
        }
        asm_inc(&a, 0x00410000); /* In the same block as the next. */
        asm_inc(&a, 0x00411000);
        asm_fill(&a, 18 + n / (REPLACE_COUNT * 8));
        asm_buffer(&a, ABI_VI_CONSOLE_READ, 0x00411ff8, 16);
        asm_fill(&a, 60);
        asm_fill(&a, 60);
        asm_buffer(&a, ABI_VI_CONSOLE_WRITE, 0x00411ff8, 16);
        asm_terminate_eax(&a);
        struct bench *b =
            tight_machine(&a, replace_policies[n / 3 % REPLACE_COUNT], 2);
        b->whole_audit_period = 8;
        console_type(b->kernel, &b->kernel->vms[0], typed, 16);
        small_run(b, 100000000);
        bench_expect_end(b, 0, VM_END_TERMINATE, 16);
        assert_string_equal(b->consoles[0].text, (const char *)typed);
        bench_release(b);
    }
}

/* ---- All at once --------------------------------------------------------- */

static void every_instruction_is_restarted_until_it_is_done(void **state)
{
    (void)state;
    for (size_t r = 0; replace_policies[r]; r++) {
        for (uint32_t block = 1; block <= 16; block *= 2) {
            for (int boot = 0; boot < 2; boot++) {
                struct setting s = {
                    .replace = replace_policies[r],
                    .gate = gate_policies[0],
                    .block_pages = block,
                    .vms = 4,
                    .rounds = 12,
                    .frames = 48,
                    .boot = boot ? BOOT_MODELLED : BOOT_IDEAL,
                };
                run_setting(&s);
            }
        }
    }
}

/* The fewest frames a boot accepts, and everybody admitted at once: what some
   have pinned, others wait for. */
static void with_the_fewest_frames_nobody_waits_for_ever(void **state)
{
    (void)state;
    for (size_t r = 0; replace_policies[r]; r++) {
        for (uint32_t vms = 1; vms <= 33; vms += 16) {
            struct setting s = {
                .replace = replace_policies[r],
                .gate = &gate_open,
                .block_pages = vms == 17 ? 4 : 1,
                .vms = vms,
                .rounds = 2,
                .frames = PAGING_MIN_FRAMES,
                .boot = BOOT_MODELLED,
            };
            run_setting(&s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_in_core_stays_while_its_neighbour_comes),
        cmocka_unit_test(a_delivery_has_all_its_pages_at_once),
        cmocka_unit_test(what_the_kernel_writes_is_not_lost),
        cmocka_unit_test(every_instruction_is_restarted_until_it_is_done),
        cmocka_unit_test(with_the_fewest_frames_nobody_waits_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* machines.c - see machines.h. */
#include "tests/ik_paging/machines.h"

#define ROUND_SALT 0x01000193u
#define LAST_WORD  (ABI_PAGE_BYTES - 4)

/* Two microseconds a page: programs as short as ours still overlap. */
static const struct disk_model quick_disk = {
    .name = "quick",
    .capacity_bytes = 1ull << 30,
    .cylinders = 1,
    .overhead_ns = 2000,
};

struct bench *small_machine(uint32_t frames)
{
    struct bench *b = bench_create();
    b->machine.disk = &quick_disk;
    b->scenario.rx_pool = SMALL_RX_POOL;
    b->scenario.ram_bytes = (uint64_t)(SMALL_PINNED + frames) * ABI_PAGE_BYTES;
    b->scenario.min_free_bytes = 4 * ABI_PAGE_BYTES;
    return b;
}

void small_end_boot(struct bench *b)
{
    kernel_end_boot(b->kernel);
    kernel_start_events(b->kernel, TIME_NEVER);
}

static bool all_are_dead(void *ctx)
{
    struct bench *b = ctx;
    bench_audit(b);
    return b->kernel->alive == 0;
}

void small_run(struct bench *b, uint64_t until)
{
    kernel_advance(b->kernel, until, all_are_dead, b);
    audit_whole(b->kernel);
    if (b->kernel->failure[0] != '\0') {
        fail_msg("%s", b->kernel->failure);
    }
}

/* ---- Guests ------------------------------------------------------------- */

void asm_jump_if(struct guest_asm *a, uint8_t condition, uint32_t va)
{
    uint32_t next = asm_here(a) + 6;
    ASM(a, 0x0f, (uint8_t)(0x80 | condition));
    asm_word(a, va - next);
}

void asm_crowd(struct guest_asm *a, uint32_t va, uint32_t pages)
{
    asm_mov(a, CPU_EBX, va);
    uint32_t again = asm_here(a);
    ASM(a, 0xff, 0x03, 0x81, 0xc3, 0, 0x10, 0, 0); /* incl; add $4096 */
    ASM(a, 0x81, 0xfb);                            /* cmp $end, %ebx */
    asm_word(a, va + pages * ABI_PAGE_BYTES);
    asm_jump_if(a, 2, again);
}

/* EBX: page, ECX: pages left, ESI: the round's salt, EDI: 0 in round 1. */
void asm_pattern_rounds(struct guest_asm *a, const struct pattern *p)
{
    uint32_t bytes = p->count * ABI_PAGE_BYTES;
    uint32_t over_bad = asm_here(a) + 5 + 4;
    asm_jmp(a, over_bad);
    uint32_t bad = asm_here(a);
    ASM(a, 0x89, 0xd8); /* mov %ebx, %eax */
    asm_terminate_eax(a);
    asm_load_from(a, CPU_ESI, GUEST_REG(VM_NUMBER));
    ASM(a, 0xc1, 0xe6, 23); /* shl $23, %esi */
    asm_mov(a, CPU_EDI, 0);
    asm_mov(a, CPU_EBP, p->rounds);
    uint32_t round = asm_here(a);
    asm_mov(a, CPU_EBX, p->first);
    asm_mov(a, CPU_ECX, p->count);
    uint32_t page = asm_here(a);
    /* lea (%ebx, %esi), %eax; and %edi, %eax; cmp %eax, (%ebx) */
    ASM(a, 0x8d, 0x04, 0x33, 0x21, 0xf8, 0x39, 0x03);
    asm_jump_if(a, 5, bad);
    ASM(a, 0x39, 0x83); /* cmp %eax, LAST_WORD(%ebx) */
    asm_word(a, LAST_WORD);
    asm_jump_if(a, 5, bad);
    ASM(a, 0x8d, 0x84, 0x33); /* lea ROUND_SALT(%ebx, %esi), %eax */
    asm_word(a, ROUND_SALT);
    ASM(a, 0x89, 0x03, 0x89, 0x83); /* mov %eax, (%ebx); the last word */
    asm_word(a, LAST_WORD);
    ASM(a, 0x81, 0xc3); /* add $stride, %ebx */
    asm_word(a, p->stride * ABI_PAGE_BYTES);
    ASM(a, 0x81, 0xfb); /* cmp $end, %ebx */
    asm_word(a, p->first + bytes);
    ASM(a, 0x72, 6, 0x81, 0xeb); /* jb over; sub $bytes, %ebx */
    asm_word(a, bytes);
    ASM(a, 0x49); /* dec %ecx */
    asm_jump_if(a, 5, page);
    ASM(a, 0x81, 0xc6); /* add $ROUND_SALT, %esi */
    asm_word(a, ROUND_SALT);
    ASM(a, 0x83, 0xcf, 0xff, 0x4d); /* or $-1, %edi; dec %ebp */
    asm_jump_if(a, 5, round);
}

void asm_pattern(struct guest_asm *a, const struct pattern *p)
{
    asm_pattern_rounds(a, p);
    asm_terminate(a, PATTERN_OK);
}

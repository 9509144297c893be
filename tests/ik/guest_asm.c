/* guest_asm.c - see guest_asm.h. */
#include "tests/ik/guest_asm.h"

#include <string.h>

#include "sim/bytes.h"

void asm_init(struct guest_asm *a)
{
    memset(a, 0, sizeof(*a));
    a->entry = ABI_TEXT_BASE;
}

uint32_t asm_here(const struct guest_asm *a)
{
    return ABI_TEXT_BASE + a->size_bytes;
}

void asm_entry(struct guest_asm *a)
{
    a->entry = asm_here(a);
}

void asm_bytes(struct guest_asm *a, const uint8_t *bytes, uint32_t count)
{
    SIM_ASSERT(count <= GUEST_TEXT_BYTES - a->size_bytes);
    memcpy(a->text + a->size_bytes, bytes, count);
    a->size_bytes += count;
}

void asm_pad_to(struct guest_asm *a, uint32_t va)
{
    SIM_ASSERT(va >= asm_here(a));
    while (asm_here(a) < va) {
        ASM(a, 0x90);
    }
}

void asm_word(struct guest_asm *a, uint32_t value)
{
    uint8_t bytes[4];
    put_le32(bytes, value);
    asm_bytes(a, bytes, sizeof(bytes));
}

/* ModRM of a register and an absolute address. */
static uint8_t absolute(enum cpu_reg reg)
{
    return (uint8_t)(reg << 3 | 5);
}

void asm_mov(struct guest_asm *a, enum cpu_reg reg, uint32_t value)
{
    ASM(a, (uint8_t)(0xb8 + reg));
    asm_word(a, value);
}

void asm_store(struct guest_asm *a, uint32_t va, uint32_t value)
{
    ASM(a, 0xc7, 0x05);
    asm_word(a, va);
    asm_word(a, value);
}

void asm_load_from(struct guest_asm *a, enum cpu_reg reg, uint32_t va)
{
    ASM(a, 0x8b, absolute(reg));
    asm_word(a, va);
}

void asm_save_to(struct guest_asm *a, uint32_t va, enum cpu_reg reg)
{
    ASM(a, 0x89, absolute(reg));
    asm_word(a, va);
}

void asm_inc(struct guest_asm *a, uint32_t va)
{
    ASM(a, 0xff, 0x05);
    asm_word(a, va);
}

void asm_jmp(struct guest_asm *a, uint32_t va)
{
    uint32_t next = asm_here(a) + 5;
    ASM(a, 0xe9);
    asm_word(a, va - next);
}

void asm_int(struct guest_asm *a, uint8_t vector)
{
    ASM(a, 0xcd, vector);
}

void asm_spin(struct guest_asm *a, uint32_t rounds)
{
    asm_mov(a, CPU_ECX, rounds);
    ASM(a, 0x49, 0x75, 0xfd); /* dec %ecx; jnz back to it */
}

static void move_time(struct guest_asm *a, uint64_t time_ns)
{
    asm_mov(a, CPU_EAX, (uint32_t)time_ns);
    asm_mov(a, CPU_EDX, (uint32_t)(time_ns >> 32));
}

void asm_idle(struct guest_asm *a, uint64_t deadline_ns)
{
    move_time(a, deadline_ns);
    asm_int(a, ABI_VI_IDLE);
}

void asm_alarm(struct guest_asm *a, uint64_t deadline_ns)
{
    move_time(a, deadline_ns);
    asm_int(a, ABI_VI_ALARM);
}

void asm_buffer(struct guest_asm *a, uint8_t vector, uint32_t va,
                uint32_t bytes)
{
    asm_mov(a, CPU_EAX, va);
    asm_mov(a, CPU_ECX, bytes);
    asm_int(a, vector);
}

void asm_print(struct guest_asm *a, const char *text)
{
    asm_store(a, GUEST_WORD(100), get_le32((const uint8_t *)text));
    asm_buffer(a, ABI_VI_CONSOLE_WRITE, GUEST_WORD(100), 4);
}

void asm_terminate(struct guest_asm *a, uint32_t code)
{
    asm_mov(a, CPU_EAX, code);
    asm_int(a, ABI_VI_TERMINATE);
}

void asm_terminate_eax(struct guest_asm *a)
{
    asm_int(a, ABI_VI_TERMINATE);
}

void asm_idle_for_ever(struct guest_asm *a)
{
    uint32_t again = asm_here(a);
    asm_idle(a, ABI_TIME_NEVER);
    asm_jmp(a, again);
}

uint32_t asm_handler(struct guest_asm *a)
{
    uint32_t start = asm_here(a);
    ASM(a, 0x50, 0x8b, 0x44, 0x24, 0x04); /* push %eax; mov 4(%esp), %eax */
    ASM(a, 0x09, absolute(CPU_EAX));      /* or %eax, word 0 */
    asm_word(a, GUEST_WORD(0));
    asm_inc(a, GUEST_WORD(1));
    ASM(a, 0x58); /* pop %eax */
    asm_store(a, GUEST_REG(IRQ_ENABLED), 1);
    SIM_ASSERT(asm_here(a) - start <= HANDLER_RETURN_OFFSET);
    asm_pad_to(a, start + HANDLER_RETURN_OFFSET);
    ASM(a, 0x8d, 0x64, 0x24, 0x04, 0x9d, 0xc3); /* lea 4(%esp); popf; ret */
    SIM_ASSERT(asm_here(a) - start ==
               HANDLER_RETURN_OFFSET + HANDLER_RETURN_BYTES);
    return start;
}

void asm_use_handler(struct guest_asm *a, uint32_t handler)
{
    uint32_t ret = handler + HANDLER_RETURN_OFFSET;
    asm_store(a, GUEST_REG(IRQ_HANDLER), handler);
    asm_store(a, GUEST_REG(IRQ_RET_START), ret);
    asm_store(a, GUEST_REG(IRQ_RET_END), ret + HANDLER_RETURN_BYTES);
    asm_store(a, GUEST_REG(IRQ_ENABLED), 1);
}

void asm_init_with_handler(struct guest_asm *a)
{
    asm_init(a);
    uint32_t handler = asm_handler(a);
    asm_entry(a);
    asm_use_handler(a, handler);
}

static void put_half(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

uint32_t asm_elf(const struct guest_asm *a, uint8_t file[GUEST_ELF_BYTES])
{
    static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
    memset(file, 0, GUEST_HEAD_BYTES);
    memcpy(file, ident, sizeof(ident));
    put_half(file + 16, 2); /* An executable */
    put_half(file + 18, 3); /* for the i386. */
    put_le32(file + 20, 1);
    put_le32(file + 24, a->entry);
    put_le32(file + 28, 52); /* Program headers: one, */
    put_half(file + 40, 52);
    put_half(file + 42, 32);
    put_half(file + 44, 1);
    uint8_t *p = file + 52; /* text. */
    put_le32(p, 1);
    put_le32(p + 4, GUEST_HEAD_BYTES);
    put_le32(p + 8, ABI_TEXT_BASE);
    put_le32(p + 12, ABI_TEXT_BASE);
    put_le32(p + 16, a->size_bytes);
    put_le32(p + 20, a->size_bytes);
    put_le32(p + 24, 5);
    put_le32(p + 28, ABI_PAGE_BYTES);
    memcpy(file + GUEST_HEAD_BYTES, a->text, a->size_bytes);
    return GUEST_HEAD_BYTES + a->size_bytes;
}

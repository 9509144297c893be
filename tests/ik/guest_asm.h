/*
 * guest_asm.h - small guests, written byte by byte in the test that runs them.
 *
 * Text begins at ABI_TEXT_BASE and is the image's only segment; everything
 * else of a VM's memory is zero. Addresses are guest addresses.
 */
#ifndef TESTS_IK_GUEST_ASM_H
#define TESTS_IK_GUEST_ASM_H

#include "isa/abi.h"
#include "isa/cpu.h"

#define GUEST_TEXT_BYTES 0x8000
#define GUEST_HEAD_BYTES 0x1000
#define GUEST_ELF_BYTES  (GUEST_HEAD_BYTES + GUEST_TEXT_BYTES)

/* Words that guests and tests agree on; far from the text. */
#define GUEST_DATA     0x00420000
#define GUEST_WORD(n)  (GUEST_DATA + 4 * (n))
#define GUEST_REG(reg) (ABI_VREGS_BASE + ABI_VR_##reg)

struct guest_asm {
    uint32_t size_bytes;
    uint32_t entry; /* ABI_TEXT_BASE, unless asm_entry says otherwise. */
    uint8_t text[GUEST_TEXT_BYTES];
};

void asm_init(struct guest_asm *a);
uint32_t asm_here(const struct guest_asm *a);
void asm_entry(struct guest_asm *a);

/* Bytes as they are. */
void asm_bytes(struct guest_asm *a, const uint8_t *bytes, uint32_t count);
void asm_word(struct guest_asm *a, uint32_t value);
#define ASM(a, ...)                                  \
    asm_bytes((a), (const uint8_t[]){ __VA_ARGS__ }, \
              sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* Fills up with NOPs until `va`. */
void asm_pad_to(struct guest_asm *a, uint32_t va);

void asm_mov(struct guest_asm *a, enum cpu_reg reg, uint32_t value);
void asm_store(struct guest_asm *a, uint32_t va, uint32_t value);
void asm_load_from(struct guest_asm *a, enum cpu_reg reg, uint32_t va);
void asm_save_to(struct guest_asm *a, uint32_t va, enum cpu_reg reg);
void asm_inc(struct guest_asm *a, uint32_t va);
void asm_jmp(struct guest_asm *a, uint32_t va);
void asm_int(struct guest_asm *a, uint8_t vector);

/* Counts down from `rounds`: two instructions a round, a block each. */
void asm_spin(struct guest_asm *a, uint32_t rounds);

/* With the arguments in the registers that the ABI says. */
void asm_idle(struct guest_asm *a, uint64_t deadline_ns);
void asm_alarm(struct guest_asm *a, uint64_t deadline_ns);
void asm_buffer(struct guest_asm *a, uint8_t vector, uint32_t va,
                uint32_t bytes);
/* Writes `text`, 4 bytes, to its console, by way of GUEST_WORD(100). */
void asm_print(struct guest_asm *a, const char *text);
void asm_terminate(struct guest_asm *a, uint32_t code);
void asm_terminate_eax(struct guest_asm *a);
void asm_idle_for_ever(struct guest_asm *a);

/*
 * An interrupt handler: ors the mask into GUEST_WORD(0), counts itself in
 * GUEST_WORD(1), keeps every register and returns as the ABI says. Returns
 * its address. asm_use_handler registers and enables it.
 */
uint32_t asm_handler(struct guest_asm *a);
void asm_use_handler(struct guest_asm *a, uint32_t handler);
/* asm_init, and a program that begins with that handler in use. */
void asm_init_with_handler(struct guest_asm *a);
#define HANDLER_RETURN_OFFSET 32 /* Of the return sequence in it. */
#define HANDLER_RETURN_BYTES  6

/* Writes the image's file; returns its size. */
uint32_t asm_elf(const struct guest_asm *a, uint8_t file[GUEST_ELF_BYTES]);

#endif /* TESTS_IK_GUEST_ASM_H */

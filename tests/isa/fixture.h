/*
 * fixture.h - a processor with an address space that tests can edit.
 *
 * Virtual pages [0, MACHINE_PAGES) from ABI_MEM_BASE on, each with a frame of
 * its own, and flags that say what is mapped. The image has one text segment
 * at ABI_TEXT_BASE.
 */
#ifndef TESTS_ISA_FIXTURE_H
#define TESTS_ISA_FIXTURE_H

#include "isa/abi.h"
#include "isa/cpu.h"
#include "isa/decode.h"
#include "isa/image.h"
#include "sim/arena.h"

#define MACHINE_PAGES 128

enum page_state { PAGE_MISSING, PAGE_READ_ONLY, PAGE_WRITABLE };

struct machine {
    struct arena arena; /* Owned. */
    struct image image;
    uint8_t *ram; /* MACHINE_PAGES frames; page i is in frame i. */
    struct isa_cpu *cpu;
    struct cpu_regs regs;
    /* By page of the address space, text included. */
    uint8_t state[MACHINE_PAGES];
    bool is_text_private; /* Text comes from frames, not from the store. */
    bool wraps;           /* The pages 0xfffff000 and 0 are frames 1 and 2. */
    /* What the last `machine_go` did, summed. */
    uint64_t insns, cycles, blocks, faults;
    cpu_step_fn *step; /* NULL: runs are not followed. */
    void *step_ctx;
    const struct cpu_listed *listed; /* While it is opened. */
    uint32_t listed_count;
};

/* Writes an ELF file with one text segment; returns its size. */
#define ELF_HEAD_BYTES 4096
size_t elf_of_text(uint8_t *file, const uint8_t *text, size_t text_bytes);

/* All pages mapped and zero; EIP at the start of the text. */
void machine_open(struct machine *m, const uint8_t *text, size_t text_bytes);
void machine_open_costs(struct machine *m, const uint8_t *text,
                        size_t text_bytes, const struct insn_costs *costs);
/* The same with its runs followed, by `step`. */
void machine_open_followed(struct machine *m, const uint8_t *text,
                           size_t text_bytes, const struct insn_costs *costs,
                           cpu_step_fn *step, void *ctx);
/* The same; false: the image is refused, since it would abort the engine, and
   nothing is left to close. */
bool machine_try_open(struct machine *m, const uint8_t *text,
                      size_t text_bytes);
/* The same with blocks listed. */
void machine_open_listed(struct machine *m, const uint8_t *text,
                         size_t text_bytes, const struct cpu_listed *listed,
                         uint32_t listed_count);
/* The same for a file, which must be an image. */
void machine_open_file(struct machine *m, const char *path);
void machine_close(struct machine *m);

/* Forgets what is cached, after `state` was changed. */
void machine_remap(struct machine *m);

uint8_t *machine_at(struct machine *m, uint32_t va);

/* Runs with `budget` for each entry, maps what is missing, and goes on until
   something else happens. */
void machine_go(struct machine *m, uint64_t budget, struct cpu_exit *out);

/* A small generator, so that tests need no other. */
uint32_t next_random(uint64_t *state);

#endif /* TESTS_ISA_FIXTURE_H */

/*
 * programs.h - the images that a processor runs: what is known of their texts,
 * and where these are in the engine's physical memory.
 *
 * Each text is there once, behind the RAM, however many VMs run it.
 */
#ifndef ISA_PROGRAMS_H
#define ISA_PROGRAMS_H

#include "isa/cpu.h"
#include "isa/text.h"

struct program {
    struct text text;
    uint64_t physical; /* Address of its first byte. */
};

/* config->image_count of them, in the order of the images. NULL, with the
   reason: one of them would abort the engine, or the arena is full. */
struct program *programs_create(struct arena *arena,
                                const struct cpu_config *config,
                                const char **why);

#endif /* ISA_PROGRAMS_H */

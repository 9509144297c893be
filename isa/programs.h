/*
 * programs.h - the images that a processor runs: what is known of their texts,
 * and where these are in the engine's physical memory.
 *
 * Each text is there once, behind the RAM, however many VMs run it. All texts
 * are one region of the engine's: it aborts when it has some 4,090.
 */
#ifndef ISA_PROGRAMS_H
#define ISA_PROGRAMS_H

#include "isa/cpu.h"
#include "isa/text.h"

struct program {
    struct text text;
    uint64_t physical; /* Address of its first byte. */
};

struct programs {
    struct program *table; /* config->image_count, in the order of images. */
    uint8_t *store;        /* The texts, one after another. */
    size_t store_bytes;    /* Whole pages; 0: there is no image. */
    uint64_t physical;     /* Address of the store. */
};

/* False, with the reason: an image would abort the engine, or the arena is
   full. */
SIM_MUST_USE bool programs_init(struct programs *p, struct arena *arena,
                                const struct cpu_config *config,
                                const char **why);

#endif /* ISA_PROGRAMS_H */

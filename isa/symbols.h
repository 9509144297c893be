/*
 * symbols.h - names for addresses of an image's text, for people.
 *
 * They come from the ELF file's symbol table, which loading does not look at
 * and which an image need not have. Nothing is decided by them, so a table
 * that makes no sense is as none.
 */
#ifndef ISA_SYMBOLS_H
#define ISA_SYMBOLS_H

#include "sim/base.h"

struct arena;
struct image;

struct symbol {
    uint32_t va;
    const char *name; /* Borrowed from the image. */
};

struct symbols {
    struct symbol *all; /* Ascending by va, one for each address. */
    uint32_t count;     /* 0: none are known. */
};

/* Takes the names of functions and labels in text. False: the arena is full. */
SIM_MUST_USE bool symbols_read(struct symbols *s, struct arena *arena,
                               const struct image *image);

/* The last symbol at or before `va`; NULL: none. */
const struct symbol *symbols_find(const struct symbols *s, uint32_t va);

#endif /* ISA_SYMBOLS_H */

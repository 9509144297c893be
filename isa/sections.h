/*
 * sections.h - the sections of an image's file: what is not loaded. They may
 * be missing or broken; loading does not look at them.
 */
#ifndef ISA_SECTIONS_H
#define ISA_SECTIONS_H

#include "sim/base.h"

struct image;

/* By the System V ABI. */
enum section_type {
    SECTION_PROGBITS = 1,
    SECTION_SYMTAB = 2,
    SECTION_STRTAB = 3,
};

/* Bytes of the file; NULL: there is no such section. */
struct section {
    const uint8_t *bytes; /* Borrowed from the image. */
    uint32_t size_bytes;
    uint32_t link; /* The index of the section that goes with it. */
};

/* Section `index`, if it is of that type and lies within the file. */
struct section section_at(const struct image *image, uint32_t index,
                          enum section_type type);

/* The first one of that type. */
struct section section_of_type(const struct image *image,
                               enum section_type type);

/* The first of type SECTION_PROGBITS that has this name. */
struct section section_named(const struct image *image, const char *name);

#endif /* ISA_SECTIONS_H */

/*
 * undefined.h - what is undefined, by form, and what our processor answers: a
 * table for docs/isa-subset.md, measured.
 */
#ifndef TESTS_NATIVE_UNDEFINED_H
#define TESTS_NATIVE_UNDEFINED_H

#include "sim/base.h"

#define UNDEFINED_BYTES 16384

/* Writes the Markdown, of less than UNDEFINED_BYTES. */
void undefined_write(char *text);

#endif /* TESTS_NATIVE_UNDEFINED_H */

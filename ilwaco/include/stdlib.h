/*
 * stdlib.h - of Ilwaco's libc: memory (libc/malloc.c), numbers and the random
 * generator (libc/stdlib.c), the end (start.c).
 */
#ifndef ILWACO_STDLIB_H
#define ILWACO_STDLIB_H

#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX     0x7fffffff

void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *old, size_t bytes);
void free(void *block);

/* Saturate when out of range; there is no errno. */
unsigned long strtoul(const char *restrict s, char **restrict end, int base);
unsigned long long strtoull(const char *restrict s, char **restrict end,
                            int base);

int atoi(const char *s);

/* Seeded from this VM's seed register, unless by srand(). */
int rand(void);
void srand(unsigned int seed);
uint32_t random_u32(void);

/* Write out the console, then `terminate`. */
noreturn void exit(int code);

#endif /* ILWACO_STDLIB_H */

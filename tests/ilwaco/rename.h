/*
 * rename.h - other names for those functions of Ilwaco's libc that the host
 * has too. Include it after the host's own headers.
 */
#ifndef TESTS_ILWACO_RENAME_H
#define TESTS_ILWACO_RENAME_H

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#undef memcpy
#undef memmove
#undef memset
#undef strchr
#define memcpy   guest_memcpy
#define memmove  guest_memmove
#define memset   guest_memset
#define memcmp   guest_memcmp
#define memchr   guest_memchr
#define strlen   guest_strlen
#define strcmp   guest_strcmp
#define strncmp  guest_strncmp
#define strchr   guest_strchr
#define strrchr  guest_strrchr
#define strstr   guest_strstr
#define strtoul  guest_strtoul
#define strtoull guest_strtoull
#define atoi     guest_atoi

void *guest_memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *guest_memmove(void *to, const void *from, size_t bytes);
void *guest_memset(void *to, int value, size_t bytes);
int guest_memcmp(const void *a, const void *b, size_t bytes);
void *guest_memchr(const void *in, int value, size_t bytes);
size_t guest_strlen(const char *s);
int guest_strcmp(const char *a, const char *b);
int guest_strncmp(const char *a, const char *b, size_t limit);
char *guest_strchr(const char *s, int c);
char *guest_strrchr(const char *s, int c);
char *guest_strstr(const char *s, const char *what);
unsigned long guest_strtoul(const char *restrict s, char **restrict end,
                            int base);
unsigned long long guest_strtoull(const char *restrict s, char **restrict end,
                                  int base);
int guest_atoi(const char *s);

#endif /* TESTS_ILWACO_RENAME_H */

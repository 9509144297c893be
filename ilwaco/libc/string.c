/*
 * string.c - <string.h>. Copying and filling go a word at a time without the
 * string instructions: each of their iterations counts as a block, here and in
 * the simulator.
 */
#include <stdint.h>
#include <string.h>

#define WORD_BYTES sizeof(uint32_t)

/* A word at any address and of any type: x86 does not mind. */
typedef uint32_t __attribute__((may_alias, aligned(1))) any_word;

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    for (; bytes >= 4 * WORD_BYTES; bytes -= 4 * WORD_BYTES) {
        any_word *tw = (any_word *)t;
        const any_word *fw = (const any_word *)f;
        tw[0] = fw[0];
        tw[1] = fw[1];
        tw[2] = fw[2];
        tw[3] = fw[3];
        t += 4 * WORD_BYTES;
        f += 4 * WORD_BYTES;
    }
    for (; bytes >= WORD_BYTES; bytes -= WORD_BYTES) {
        *(any_word *)t = *(const any_word *)f;
        t += WORD_BYTES;
        f += WORD_BYTES;
    }
    for (; bytes > 0; bytes--) {
        *t++ = *f++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    if ((uintptr_t)t - (uintptr_t)f >= bytes &&
        (uintptr_t)f - (uintptr_t)t >= bytes) {
        return memcpy(to, from, bytes);
    }
    if ((uintptr_t)t < (uintptr_t)f) {
        for (; bytes > 0; bytes--) {
            *t++ = *f++;
        }
    } else {
        for (; bytes > 0; bytes--) {
            t[bytes - 1] = f[bytes - 1];
        }
    }
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    char *t = to;
    uint32_t word = (uint8_t)value * UINT32_C(0x01010101);
    for (; bytes >= 4 * WORD_BYTES; bytes -= 4 * WORD_BYTES) {
        any_word *tw = (any_word *)t;
        tw[0] = word;
        tw[1] = word;
        tw[2] = word;
        tw[3] = word;
        t += 4 * WORD_BYTES;
    }
    for (; bytes > 0; bytes--) {
        *t++ = (char)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    for (size_t i = 0; i < bytes; i++) {
        if (x[i] != y[i]) {
            return x[i] - y[i];
        }
    }
    return 0;
}

/* C's search functions take const and give it away; so must these. */
static char *unconst(const char *s)
{
    return (char *)(uintptr_t)s;
}

void *memchr(const void *in, int value, size_t bytes)
{
    const char *s = in;
    for (size_t i = 0; i < bytes; i++) {
        if (s[i] == (char)value) {
            return unconst(s + i);
        }
    }
    return NULL;
}

size_t strlen(const char *s)
{
    const char *end = s;
    while (*end != '\0') {
        end++;
    }
    return (size_t)(end - s);
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t limit)
{
    for (size_t i = 0; i < limit; i++) {
        if (a[i] != b[i]) {
            return (unsigned char)a[i] - (unsigned char)b[i];
        }
        if (a[i] == '\0') {
            return 0;
        }
    }
    return 0;
}

char *strchr(const char *s, int c)
{
    return memchr(s, c, strlen(s) + 1);
}

char *strrchr(const char *s, int c)
{
    for (size_t i = strlen(s) + 1; i > 0; i--) {
        if (s[i - 1] == (char)c) {
            return unconst(s + i - 1);
        }
    }
    return NULL;
}

char *strstr(const char *s, const char *what)
{
    size_t length = strlen(what);
    for (; strlen(s) >= length; s++) {
        if (memcmp(s, what, length) == 0) {
            return unconst(s);
        }
    }
    return NULL;
}

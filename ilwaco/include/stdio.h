/*
 * stdio.h - of Ilwaco's libc: formatted output to the console, a line at a
 * time, and to strings. Conversions: d i u o x X c s p %, with flags, width,
 * precision and the lengths hh h l ll j z t. No floating point.
 */
#ifndef ILWACO_STDIO_H
#define ILWACO_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

int putchar(int c);
int puts(const char *line);
int printf(const char *restrict format, ...)
    __attribute__((format(printf, 1, 2)));
int vprintf(const char *restrict format, va_list arguments)
    __attribute__((format(printf, 1, 0)));
int snprintf(char *restrict to, size_t room, const char *restrict format, ...)
    __attribute__((format(printf, 3, 4)));
int vsnprintf(char *restrict to, size_t room, const char *restrict format,
              va_list arguments) __attribute__((format(printf, 3, 0)));

#endif /* ILWACO_STDIO_H */

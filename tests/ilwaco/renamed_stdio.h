/*
 * renamed_stdio.h - other names for the functions of Ilwaco's <stdio.h>. Include
 * it after the host's own headers.
 */
#ifndef TESTS_ILWACO_RENAMED_STDIO_H
#define TESTS_ILWACO_RENAMED_STDIO_H

#include <stdarg.h>
#include <stdio.h>

#undef putchar
#undef puts
#undef vprintf
#undef printf
#undef vsnprintf
#undef snprintf
#define putchar   guest_putchar
#define puts      guest_puts
#define vprintf   guest_vprintf
#define printf    guest_printf
#define vsnprintf guest_vsnprintf
#define snprintf  guest_snprintf

int guest_putchar(int c);
int guest_puts(const char *line);
int guest_vprintf(const char *restrict text, va_list arguments)
    __attribute__((format(__printf__, 1, 0)));
int guest_printf(const char *restrict text, ...)
    __attribute__((format(__printf__, 1, 2)));
int guest_vsnprintf(char *restrict to, size_t room, const char *restrict text,
                    va_list arguments)
    __attribute__((format(__printf__, 3, 0)));
int guest_snprintf(char *restrict to, size_t room, const char *restrict text,
                   ...) __attribute__((format(__printf__, 3, 4)));

#endif /* TESTS_ILWACO_RENAMED_STDIO_H */

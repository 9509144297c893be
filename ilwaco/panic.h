/* panic.h - the end of a guest that found itself wrong. */
#ifndef ILWACO_PANIC_H
#define ILWACO_PANIC_H

#include <stdnoreturn.h>

/* Say why on the console; `terminate` with ABI_EXIT_PANIC. */
noreturn void panic(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif /* ILWACO_PANIC_H */

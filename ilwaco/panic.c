/* panic.c - see panic.h. A panic while panicking only terminates. */
#include "ilwaco/panic.h"

#include "ilwaco/console.h"
#include "ilwaco/vi.h"
#include "isa/abi.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

noreturn void panic(const char *format, ...)
{
    static bool panicking;
    if (!panicking) {
        panicking = true;
        va_list arguments;
        va_start(arguments, format);
        console_flush();
        printf("panic: ");
        vprintf(format, arguments);
        putchar('\n');
        va_end(arguments);
    }
    vi_terminate(ABI_EXIT_PANIC);
}

/* fake_panic.c - a panic() for the host: the test fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ilwaco/panic.h"

noreturn void panic(const char *format, ...)
{
    (void)fprintf(stderr, "panic: %s\n", format);
    mock_assert(0, format, __FILE__, __LINE__);
    abort();
}

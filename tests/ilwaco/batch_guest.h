/* batch_guest.h - the guest `batch` on the host. */
#ifndef TESTS_ILWACO_BATCH_GUEST_H
#define TESTS_ILWACO_BATCH_GUEST_H

#include <stdio.h>

/* The guest's main() and its output, which the test defines. */
int batch_main(void);
int batch_printf(const char *format, ...)
    __attribute__((format(__printf__, 1, 2)));

#endif /* TESTS_ILWACO_BATCH_GUEST_H */

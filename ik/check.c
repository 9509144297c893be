/* check.c - see check.h. */
#include "ik/check.h"

void check_failed(struct kernel *k, const char *what, uint64_t is,
                  uint64_t should_be)
{
    kernel_fail(k,
                "audit at cycle %llu: %s is %llu and should be %llu; this is a "
                "bug of iksim",
                (unsigned long long)k->now, what, (unsigned long long)is,
                (unsigned long long)should_be);
}

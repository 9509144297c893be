/* check.h - what an audit finds: a number that is not what it should be. */
#ifndef IK_CHECK_H
#define IK_CHECK_H

#include "ik/state.h"

/* kernel_fail, with both numbers. */
void check_failed(struct kernel *k, const char *what, uint64_t is,
                  uint64_t should_be);

/* An audit asks for each page: so both are inline. */
static inline void check(struct kernel *k, bool holds, const char *what,
                         uint64_t is, uint64_t should_be)
{
    if (!holds) {
        check_failed(k, what, is, should_be);
    }
}

static inline void check_equal(struct kernel *k, const char *what, uint64_t is,
                               uint64_t should_be)
{
    check(k, is == should_be, what, is, should_be);
}

#endif /* IK_CHECK_H */

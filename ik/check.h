/* check.h - what an audit finds: a number that is not what it should be. */
#ifndef IK_CHECK_H
#define IK_CHECK_H

#include "ik/state.h"

/* kernel_fail, with both numbers, unless it holds. */
void check(struct kernel *k, bool holds, const char *what, uint64_t is,
           uint64_t should_be);
void check_equal(struct kernel *k, const char *what, uint64_t is,
                 uint64_t should_be);

#endif /* IK_CHECK_H */

/* assert.h - of Ilwaco's libc: a false claim is a panic, in every build. */
#ifndef ILWACO_ASSERT_H
#define ILWACO_ASSERT_H

#include "ilwaco/panic.h"

#define static_assert _Static_assert
#define assert(claim) \
    ((claim)          \
         ? (void)0    \
         : panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #claim))

#endif /* ILWACO_ASSERT_H */

/* single.c - the helpers of `float` on a processor without a floating point unit. */
#define FLOATING            float
#define BITS                uint32_t
#define FORMAT              soft_single
#define NAME(before, after) __##before##sf##after
#include "ilwaco/libc/float/arithmetic.inc"

/* double.c - the helpers of `double` on a processor without a floating point unit. */
#define FLOATING            double
#define BITS                uint64_t
#define FORMAT              soft_double
#define NAME(before, after) __##before##df##after
#include "ilwaco/libc/float/arithmetic.inc"

double __extendsfdf2(float a)
{
    uint32_t bits;
    memcpy(&bits, &a, sizeof(bits));
    return pack(soft_unpack(bits, &soft_single));
}

float __truncdfsf2(double a)
{
    struct soft x = unpack(a);
    uint32_t bits = (uint32_t)soft_pack(&x, &soft_single);
    float packed;
    memcpy(&packed, &bits, sizeof(packed));
    return packed;
}

/*
 * single.c - what a compiler calls for arithmetic of `float` on a processor
 * without a floating point unit, by the names that libgcc gave it.
 */
#include "ilwaco/libc/float/helpers.h"

#include "ilwaco/libc/float/soft_float.h"

#include <string.h>

static struct soft unpack(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return soft_unpack(bits, &soft_single);
}

static float pack(struct soft value)
{
    uint32_t bits = (uint32_t)soft_pack(&value, &soft_single);
    float packed;
    memcpy(&packed, &bits, sizeof(packed));
    return packed;
}

static enum soft_order compare(float a, float b)
{
    uint32_t a_bits;
    uint32_t b_bits;
    memcpy(&a_bits, &a, sizeof(a_bits));
    memcpy(&b_bits, &b, sizeof(b_bits));
    return soft_compare(a_bits, b_bits, &soft_single);
}

float __addsf3(float a, float b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    return pack(soft_add(&x, &y));
}

float __mulsf3(float a, float b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    return pack(soft_multiply(&x, &y));
}

float __divsf3(float a, float b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    return pack(soft_divide(&x, &y));
}

float __subsf3(float a, float b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    if (y.class != SOFT_NAN) {
        y.is_negative = !y.is_negative;
    }
    return pack(soft_add(&x, &y));
}

float __negsf2(float a)
{
    uint32_t bits;
    memcpy(&bits, &a, sizeof(bits));
    bits ^= (uint32_t)1 << (8 * sizeof(bits) - 1);
    memcpy(&a, &bits, sizeof(a));
    return a;
}

int __cmpsf2(float a, float b)
{
    return (int)compare(a, b) - SOFT_EQUAL;
}

int __eqsf2(float a, float b)
{
    return __cmpsf2(a, b);
}

int __nesf2(float a, float b)
{
    return __cmpsf2(a, b);
}

int __ltsf2(float a, float b)
{
    return __cmpsf2(a, b);
}

int __lesf2(float a, float b)
{
    return __cmpsf2(a, b);
}

int __gtsf2(float a, float b)
{
    enum soft_order order = compare(a, b);
    return order == SOFT_UNORDERED ? -1 : (int)order - SOFT_EQUAL;
}

int __gesf2(float a, float b)
{
    enum soft_order order = compare(a, b);
    return order == SOFT_UNORDERED ? -1 : (int)order - SOFT_EQUAL;
}

int __unordsf2(float a, float b)
{
    return compare(a, b) == SOFT_UNORDERED;
}

int32_t __fixsfsi(float a)
{
    struct soft x = unpack(a);
    return (int32_t)soft_to_integer(&x, 32, true);
}

uint32_t __fixunssfsi(float a)
{
    struct soft x = unpack(a);
    return (uint32_t)soft_to_integer(&x, 32, false);
}

float __floatsisf(int32_t a)
{
    return pack(soft_of_integer(a < 0 ? 0 - (uint64_t)a : (uint64_t)a, a < 0));
}

float __floatunsisf(uint32_t a)
{
    return pack(soft_of_integer(a, false));
}

int64_t __fixsfdi(float a)
{
    struct soft x = unpack(a);
    return (int64_t)soft_to_integer(&x, 64, true);
}

uint64_t __fixunssfdi(float a)
{
    struct soft x = unpack(a);
    return soft_to_integer(&x, 64, false);
}

float __floatdisf(int64_t a)
{
    return pack(soft_of_integer(a < 0 ? 0 - (uint64_t)a : (uint64_t)a, a < 0));
}

float __floatundisf(uint64_t a)
{
    return pack(soft_of_integer(a, false));
}

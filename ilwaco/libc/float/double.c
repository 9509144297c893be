/*
 * double.c - what a compiler calls for arithmetic of `double` on a processor
 * without a floating point unit, by the names that libgcc gave it.
 */
#include "ilwaco/libc/float/helpers.h"

#include "ilwaco/libc/float/soft_float.h"

#include <string.h>

static struct soft unpack(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return soft_unpack(bits, &soft_double);
}

static double pack(struct soft value)
{
    uint64_t bits = soft_pack(&value, &soft_double);
    double packed;
    memcpy(&packed, &bits, sizeof(packed));
    return packed;
}

static enum soft_order compare(double a, double b)
{
    uint64_t a_bits;
    uint64_t b_bits;
    memcpy(&a_bits, &a, sizeof(a_bits));
    memcpy(&b_bits, &b, sizeof(b_bits));
    return soft_compare(a_bits, b_bits, &soft_double);
}

double __adddf3(double a, double b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    return pack(soft_add(&x, &y));
}

double __muldf3(double a, double b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    return pack(soft_multiply(&x, &y));
}

double __divdf3(double a, double b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    return pack(soft_divide(&x, &y));
}

double __subdf3(double a, double b)
{
    struct soft x = unpack(a);
    struct soft y = unpack(b);
    if (y.class != SOFT_NAN) {
        y.is_negative = !y.is_negative;
    }
    return pack(soft_add(&x, &y));
}

double __negdf2(double a)
{
    uint64_t bits;
    memcpy(&bits, &a, sizeof(bits));
    bits ^= (uint64_t)1 << (8 * sizeof(bits) - 1);
    memcpy(&a, &bits, sizeof(a));
    return a;
}

int __cmpdf2(double a, double b)
{
    return (int)compare(a, b) - SOFT_EQUAL;
}

int __eqdf2(double a, double b)
{
    return __cmpdf2(a, b);
}

int __nedf2(double a, double b)
{
    return __cmpdf2(a, b);
}

int __ltdf2(double a, double b)
{
    return __cmpdf2(a, b);
}

int __ledf2(double a, double b)
{
    return __cmpdf2(a, b);
}

int __gtdf2(double a, double b)
{
    enum soft_order order = compare(a, b);
    return order == SOFT_UNORDERED ? -1 : (int)order - SOFT_EQUAL;
}

int __gedf2(double a, double b)
{
    enum soft_order order = compare(a, b);
    return order == SOFT_UNORDERED ? -1 : (int)order - SOFT_EQUAL;
}

int __unorddf2(double a, double b)
{
    return compare(a, b) == SOFT_UNORDERED;
}

int32_t __fixdfsi(double a)
{
    struct soft x = unpack(a);
    return (int32_t)soft_to_integer(&x, 32, true);
}

uint32_t __fixunsdfsi(double a)
{
    struct soft x = unpack(a);
    return (uint32_t)soft_to_integer(&x, 32, false);
}

double __floatsidf(int32_t a)
{
    return pack(soft_of_integer(a < 0 ? 0 - (uint64_t)a : (uint64_t)a, a < 0));
}

double __floatunsidf(uint32_t a)
{
    return pack(soft_of_integer(a, false));
}

int64_t __fixdfdi(double a)
{
    struct soft x = unpack(a);
    return (int64_t)soft_to_integer(&x, 64, true);
}

uint64_t __fixunsdfdi(double a)
{
    struct soft x = unpack(a);
    return soft_to_integer(&x, 64, false);
}

double __floatdidf(int64_t a)
{
    return pack(soft_of_integer(a < 0 ? 0 - (uint64_t)a : (uint64_t)a, a < 0));
}

double __floatundidf(uint64_t a)
{
    return pack(soft_of_integer(a, false));
}

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

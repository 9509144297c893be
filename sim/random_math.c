/*
 * random_math.c - logarithm, exponential and power from + - * / alone.
 *
 * IEEE 754 fixes those four to the last bit, and no libm its logarithm. The
 * build forbids fusing a product and a sum, which would round once, not twice.
 */
#include <float.h>
#include <string.h>

#include "sim/random.h"

#include "sim/banned.h"

_Static_assert(FLT_EVAL_METHOD == 0, "doubles are computed as doubles");

/* ln 2 in two parts; a multiple of the first below 2^21 is exact. */
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW  1.90821492927058770002e-10
#define INV_LN2  1.44269504088896338700e+00
#define SQRT2    1.41421356237309504880

#define MANTISSA_BITS 52
#define EXPONENT_MASK 0x7ffu
#define EXPONENT_BIAS 1023

static double double_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

static uint64_t bits_from_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

/* 2 to the power of n, for a normal result. */
static double power_of_two(int n)
{
    return double_from_bits((uint64_t)(n + EXPONENT_BIAS) << MANTISSA_BITS);
}

/* ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 ...), s = (m - 1) / (m + 1). */
static double log_near_one(double m)
{
    double s = (m - 1.0) / (m + 1.0);
    double square = s * s; /* At most 0.0295 for m up to the root of 2. */
    double sum = 0.0;
    for (int n = 25; n >= 3; n -= 2) {
        sum = (sum + 1.0 / n) * square;
    }
    return 2.0 * (s + s * sum);
}

double det_log(double x)
{
    SIM_ASSERT(x > 0 && x <= DBL_MAX);
    int exponent = 0;
    if (x < DBL_MIN) {
        x *= 0x1p54;
        exponent = -54;
    }
    uint64_t bits = bits_from_double(x);
    exponent += (int)(bits >> MANTISSA_BITS & EXPONENT_MASK) - EXPONENT_BIAS;
    bits &= (1ull << MANTISSA_BITS) - 1;
    double m = double_from_bits(bits | 0x3ffull << MANTISSA_BITS);
    if (m > SQRT2) {
        m *= 0.5;
        exponent++;
    }
    return exponent * LN2_HIGH + (log_near_one(m) + exponent * LN2_LOW);
}

/* x = n ln 2 + rest; the rest, below 0.35, by the power series. */
static double det_exp(double x)
{
    if (x > 709.78) {
        return DBL_MAX;
    }
    if (x < -745.0) {
        return 0.0;
    }
    int n = (int)(x * INV_LN2 + (x < 0 ? -0.5 : 0.5));
    double rest = (x - n * LN2_HIGH) - n * LN2_LOW;
    double sum = 0.0;
    for (int k = 16; k >= 1; k--) {
        sum = (sum + 1.0) * rest / k;
    }
    /* In two halves, since neither 2^1024 nor 2^-1074 is normal. */
    int half = n / 2;
    return (1.0 + sum) * power_of_two(half) * power_of_two(n - half);
}

double det_pow(double x, double y)
{
    return det_exp(y * det_log(x));
}

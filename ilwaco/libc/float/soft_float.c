/* soft_float.c - see soft_float.h. */
#include "ilwaco/libc/float/soft_float.h"

const struct soft_type soft_single = { 23, 127 };
const struct soft_type soft_double = { 52, 1023 };

#define LEAD (UINT64_C(1) << SOFT_LEAD_BIT)
/* The highest bit of a fraction that is not a number: it is quiet. */
#define QUIET (LEAD >> 1)

/* Shifted right; what is lost is remembered in bit 0. */
static uint64_t shift_sticky(uint64_t value, int count)
{
    if (count >= 64) {
        return value != 0;
    }
    uint64_t lost = value & ((UINT64_C(1) << count) - 1);
    return (value >> count) | (lost != 0);
}

/* The leading 1, of bit 0 to 63, is brought to its place; value is not 0. */
static void normalize(struct soft *value)
{
    if (value->mantissa >> (SOFT_LEAD_BIT + 1) != 0) {
        value->mantissa = shift_sticky(value->mantissa, 1);
        value->exponent++;
        return;
    }
    int count = __builtin_clzll(value->mantissa) - (63 - SOFT_LEAD_BIT);
    value->mantissa <<= count;
    value->exponent -= count;
}

static struct soft not_a_number(void)
{
    return (struct soft){ SOFT_NAN, true, 0, QUIET };
}

/* The first that is not a number. */
static struct soft pick_nan(const struct soft *a, const struct soft *b)
{
    struct soft nan = a->class == SOFT_NAN ? *a : *b;
    nan.mantissa |= QUIET;
    return nan;
}

struct soft soft_unpack(uint64_t bits, const struct soft_type *type)
{
    int width = type->exponent_max == 127 ? 32 : 64;
    int exponent =
        (int)(bits >> type->fraction_bits) & (2 * type->exponent_max + 1);
    uint64_t fraction = bits & ((UINT64_C(1) << type->fraction_bits) - 1);
    struct soft value = {
        .class = SOFT_FINITE,
        .is_negative = (bits >> (width - 1) & 1) != 0,
        .exponent = exponent - type->exponent_max,
        .mantissa = fraction << (SOFT_LEAD_BIT - type->fraction_bits),
    };
    if (exponent == 2 * type->exponent_max + 1) {
        value.class = fraction == 0 ? SOFT_INFINITE : SOFT_NAN;
    } else if (exponent != 0) {
        value.mantissa |= LEAD;
    } else if (fraction != 0) {
        value.exponent++;
        normalize(&value);
    } else {
        value.class = SOFT_ZERO;
    }
    return value;
}

/* The bits of a finite number's magnitude, rounded. */
static uint64_t pack_finite(const struct soft *value,
                            const struct soft_type *type, uint64_t infinite)
{
    int exponent = value->exponent + type->exponent_max;
    uint64_t mantissa = value->mantissa;
    if (exponent > 2 * type->exponent_max) {
        return infinite;
    }
    if (exponent <= 0) { /* Subnormal: as if the exponent were 1. */
        mantissa = shift_sticky(mantissa, 1 - exponent);
        exponent = 1;
    }
    int drop = SOFT_LEAD_BIT - type->fraction_bits;
    uint64_t half = UINT64_C(1) << (drop - 1);
    uint64_t rest = mantissa & (2 * half - 1);
    uint64_t kept = mantissa >> drop;
    if (rest > half || (rest == half && (kept & 1) != 0)) {
        kept++;
    }
    /* The leading 1, if it is there, and a carry add to the exponent. */
    return kept + ((uint64_t)(exponent - 1) << type->fraction_bits);
}

uint64_t soft_pack(const struct soft *value, const struct soft_type *type)
{
    int width = type->exponent_max == 127 ? 32 : 64;
    uint64_t infinite = (uint64_t)(2 * type->exponent_max + 1)
                        << type->fraction_bits;
    uint64_t bits = 0;
    switch (value->class) {
    case SOFT_ZERO:
        break;
    case SOFT_FINITE:
        bits = pack_finite(value, type, infinite);
        break;
    case SOFT_INFINITE:
        bits = infinite;
        break;
    case SOFT_NAN:
        bits = infinite | ((value->mantissa | QUIET) >>
                           (SOFT_LEAD_BIT - type->fraction_bits));
        break;
    }
    return bits | (uint64_t)value->is_negative << (width - 1);
}

/* a + b, both finite, a's magnitude not below b's. */
static struct soft add_finite(const struct soft *a, const struct soft *b)
{
    struct soft sum = *a;
    uint64_t small = shift_sticky(b->mantissa, a->exponent - b->exponent);
    if (a->is_negative == b->is_negative) {
        sum.mantissa += small;
    } else {
        sum.mantissa -= small;
    }
    if (sum.mantissa == 0) {
        return (struct soft){ SOFT_ZERO, false, 0, 0 };
    }
    normalize(&sum);
    return sum;
}

struct soft soft_add(const struct soft *a, const struct soft *b)
{
    if (a->class == SOFT_NAN || b->class == SOFT_NAN) {
        return pick_nan(a, b);
    }
    if (a->class == SOFT_INFINITE || b->class == SOFT_INFINITE) {
        if (a->class == b->class && a->is_negative != b->is_negative) {
            return not_a_number();
        }
        return a->class == SOFT_INFINITE ? *a : *b;
    }
    if (a->class == SOFT_ZERO && b->class == SOFT_ZERO) {
        return (struct soft){ SOFT_ZERO, a->is_negative && b->is_negative, 0,
                              0 };
    }
    if (a->class == SOFT_ZERO || b->class == SOFT_ZERO) {
        return a->class == SOFT_ZERO ? *b : *a;
    }
    bool is_swapped = a->exponent < b->exponent ||
                      (a->exponent == b->exponent && a->mantissa < b->mantissa);
    return is_swapped ? add_finite(b, a) : add_finite(a, b);
}

/* The product of two mantissas, over 2^62, with what is lost in bit 0. */
static uint64_t multiply_mantissas(uint64_t a, uint64_t b)
{
    uint64_t a_high = a >> 32;
    uint64_t a_low = (uint32_t)a;
    uint64_t b_high = b >> 32;
    uint64_t b_low = (uint32_t)b;
    uint64_t low = a_low * b_low;
    uint64_t middle = a_high * b_low + (low >> 32);
    uint64_t other = a_low * b_high + (uint32_t)middle;
    uint64_t high = a_high * b_high + (middle >> 32) + (other >> 32);
    low = other << 32 | (uint32_t)low;
    return high << 2 | low >> 62 | (low << 2 != 0);
}

struct soft soft_multiply(const struct soft *a, const struct soft *b)
{
    if (a->class == SOFT_NAN || b->class == SOFT_NAN) {
        return pick_nan(a, b);
    }
    struct soft product = { SOFT_FINITE, a->is_negative != b->is_negative, 0,
                            0 };
    if (a->class == SOFT_INFINITE || b->class == SOFT_INFINITE) {
        if (a->class == SOFT_ZERO || b->class == SOFT_ZERO) {
            return not_a_number();
        }
        product.class = SOFT_INFINITE;
    } else if (a->class == SOFT_ZERO || b->class == SOFT_ZERO) {
        product.class = SOFT_ZERO;
    } else {
        product.exponent = a->exponent + b->exponent;
        product.mantissa = multiply_mantissas(a->mantissa, b->mantissa);
        normalize(&product);
    }
    return product;
}

/* a / b with 62 bits behind the point, and what is left over in bit 0. */
static uint64_t divide_mantissas(uint64_t a, uint64_t b)
{
    uint64_t quotient = 0;
    for (int i = 0; i <= SOFT_LEAD_BIT; i++) {
        quotient <<= 1;
        if (a >= b) {
            a -= b;
            quotient |= 1;
        }
        a <<= 1;
    }
    return quotient | (a != 0);
}

struct soft soft_divide(const struct soft *a, const struct soft *b)
{
    if (a->class == SOFT_NAN || b->class == SOFT_NAN) {
        return pick_nan(a, b);
    }
    struct soft quotient = { SOFT_FINITE, a->is_negative != b->is_negative, 0,
                             0 };
    if (a->class == b->class && a->class != SOFT_FINITE) {
        return not_a_number();
    }
    if (a->class == SOFT_INFINITE || b->class == SOFT_ZERO) {
        quotient.class = SOFT_INFINITE;
    } else if (a->class == SOFT_ZERO || b->class == SOFT_INFINITE) {
        quotient.class = SOFT_ZERO;
    } else {
        quotient.exponent = a->exponent - b->exponent;
        quotient.mantissa = divide_mantissas(a->mantissa, b->mantissa);
        normalize(&quotient);
    }
    return quotient;
}

enum soft_order soft_compare(uint64_t a, uint64_t b,
                             const struct soft_type *type)
{
    uint64_t infinite = (uint64_t)(2 * type->exponent_max + 1)
                        << type->fraction_bits;
    uint64_t sign = infinite + (UINT64_C(1) << type->fraction_bits);
    uint64_t a_size = a & (sign - 1);
    uint64_t b_size = b & (sign - 1);
    if (a_size > infinite || b_size > infinite) {
        return SOFT_UNORDERED;
    }
    if (a == b || (a_size == 0 && b_size == 0)) {
        return SOFT_EQUAL;
    }
    bool is_below = (a & sign) != (b & sign) ? (a & sign) != 0
                    : (a & sign) != 0        ? a_size > b_size
                                             : a_size < b_size;
    return is_below ? SOFT_LESS : SOFT_GREATER;
}

struct soft soft_of_integer(uint64_t magnitude, bool is_negative)
{
    struct soft value = { SOFT_ZERO, is_negative, SOFT_LEAD_BIT, magnitude };
    if (magnitude != 0) {
        value.class = SOFT_FINITE;
        normalize(&value);
    }
    return value;
}

uint64_t soft_to_integer(const struct soft *value, int bits, bool is_signed)
{
    uint64_t lowest = UINT64_C(1) << (bits - 1);
    if (value->class == SOFT_ZERO ||
        (value->class == SOFT_FINITE && value->exponent < 0)) {
        return 0;
    }
    if (value->class != SOFT_FINITE || value->exponent >= bits ||
        (value->is_negative && !is_signed)) {
        return lowest;
    }
    /* Only an unsigned number of 64 bits has one above the leading 1's place. */
    uint64_t magnitude =
        value->exponent > SOFT_LEAD_BIT
            ? value->mantissa << (value->exponent - SOFT_LEAD_BIT)
            : value->mantissa >> (SOFT_LEAD_BIT - value->exponent);
    if (is_signed && magnitude >= lowest) {
        return lowest;
    }
    return value->is_negative ? 0 - magnitude : magnitude;
}

/*
 * soft_float.h - IEEE 754 arithmetic by integers, for `float` and `double`
 * alike: a number is unpacked, computed with more bits than either type has,
 * and packed by rounding once, to nearest, ties to even. There are no other
 * rounding modes, and no flags. What is not a number comes out as SSE has it:
 * the first operand that is none, quiet; or, if both are numbers, the negative
 * quiet one.
 */
#ifndef ILWACO_LIBC_FLOAT_SOFT_FLOAT_H
#define ILWACO_LIBC_FLOAT_SOFT_FLOAT_H

#include <stdbool.h>
#include <stdint.h>

/* A type: the fraction's bits as they are stored, and its exponents. */
struct soft_type {
    int fraction_bits;
    int exponent_max; /* Also the bias. */
};

extern const struct soft_type soft_single, soft_double;

enum soft_class { SOFT_ZERO, SOFT_FINITE, SOFT_INFINITE, SOFT_NAN };

/* The leading 1 of a finite number's mantissa. */
#define SOFT_LEAD_BIT 62

struct soft {
    enum soft_class class;
    bool is_negative;
    int exponent; /* SOFT_FINITE: the value is mantissa * 2^(exponent - 62). */
    /*
     * SOFT_FINITE: bit 62 is set, bit 63 is not, and bit 0 says, too, whether
     * lower bits were lost. SOFT_NAN: the fraction, from bit 61 downwards.
     */
    uint64_t mantissa;
};

struct soft soft_unpack(uint64_t bits, const struct soft_type *type);
uint64_t soft_pack(const struct soft *value, const struct soft_type *type);

struct soft soft_add(const struct soft *a, const struct soft *b);
struct soft soft_multiply(const struct soft *a, const struct soft *b);
struct soft soft_divide(const struct soft *a, const struct soft *b);

/* What a comparison tells; SOFT_UNORDERED when either is not a number. */
enum soft_order { SOFT_LESS, SOFT_EQUAL, SOFT_GREATER, SOFT_UNORDERED };

/* By the bits of two numbers of one type. */
enum soft_order soft_compare(uint64_t a, uint64_t b,
                             const struct soft_type *type);

struct soft soft_of_integer(uint64_t magnitude, bool is_negative);

/*
 * Cut off to an integer of `bits` bits, signed or not. What does not fit, and
 * what is no number, is the lowest signed one (SSE's answer), unsigned or not.
 */
uint64_t soft_to_integer(const struct soft *value, int bits, bool is_signed);

#endif /* ILWACO_LIBC_FLOAT_SOFT_FLOAT_H */

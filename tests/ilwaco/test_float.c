/*
 * test_float.c - arithmetic by integers against the processor's own, bit for
 * bit: each operation on all pairs of some sixty edges, then on random pairs
 * of a fixed seed, of which half have exponents so close that sums cancel and
 * quotients round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/libc/float/helpers.h"
#include "tests/draws.h"

#define PAIRS 1500000

static const uint64_t double_edges[] = {
    0x0000000000000000, 0x0000000000000001, 0x0000000000000002,
    0x000fffffffffffff, 0x0010000000000000, 0x0010000000000001,
    0x001fffffffffffff, 0x0360000000000000, 0x1ff0000000000000,
    0x36a0000000000000, 0x380fffffffffffff, 0x3810000000000000,
    0x3810000010000000, 0x3c90000000000000, 0x3ca0000000000000,
    0x3fdfffffffffffff, 0x3fe0000000000000, 0x3fefffffffffffff,
    0x3ff0000000000000, 0x3ff0000000000001, 0x3ff0000010000000,
    0x3ff0000030000000, 0x3ff8000000000000, 0x4008000000000000,
    0x41dfffffffc00000, 0x41e0000000000000, 0x41efffffffe00000,
    0x41f0000000000000, 0x4340000000000000, 0x43dfffffffffffff,
    0x43e0000000000000, 0x43efffffffffffff, 0x43f0000000000000,
    0x47efffffe0000000, 0x47efffffefffffff, 0x47effffff0000000,
    0x7fdfffffffffffff, 0x7fe0000000000000, 0x7fefffffffffffff,
    0x7ff0000000000000, 0x7ff0000000000001, 0x7ff4000000000123,
    0x7ff8000000000000, 0x7fffffffffffffff,
};

static const uint32_t single_edges[] = {
    0x00000000, 0x00000001, 0x00000002, 0x007fffff, 0x00800000, 0x00800001,
    0x00ffffff, 0x1f800000, 0x33800000, 0x34000000, 0x3effffff, 0x3f000000,
    0x3f7fffff, 0x3f800000, 0x3f800001, 0x3fc00000, 0x40400000, 0x4b7fffff,
    0x4b800000, 0x4effffff, 0x4f000000, 0x4f7fffff, 0x4f800000, 0x5effffff,
    0x5f000000, 0x5f7fffff, 0x5f800000, 0x7effffff, 0x7f000000, 0x7f7fffff,
    0x7f800000, 0x7f800001, 0x7fa00123, 0x7fc00000, 0x7fffffff,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static double as_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint64_t double_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static float as_single(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint32_t single_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/*
 * The processor's results, each operand in its place: a compiler may exchange
 * those of a sum, and which of two that are no numbers comes out is by place.
 */
#ifdef __x86_64__
#define SINGLE(name) name "ss %1, %0"
#define DOUBLE(name) name "sd %1, %0"
#define HARDWARE(type, verb, instruction, operator)      \
    static type hardware_##type##_##verb(type a, type b) \
    {                                                    \
        __asm__(instruction : "+x"(a) : "x"(b));         \
        return a;                                        \
    }
#else
#define SINGLE(name) name
#define DOUBLE(name) name
#define HARDWARE(type, verb, instruction, operator)      \
    static type hardware_##type##_##verb(type a, type b) \
    {                                                    \
        return a operator b;                             \
    }
#endif
HARDWARE(float, add, SINGLE("add"), +)
HARDWARE(float, sub, SINGLE("sub"), -)
HARDWARE(float, mul, SINGLE("mul"), *)
HARDWARE(float, div, SINGLE("div"), /)
HARDWARE(double, add, DOUBLE("add"), +)
HARDWARE(double, sub, DOUBLE("sub"), -)
HARDWARE(double, mul, DOUBLE("mul"), *)
HARDWARE(double, div, DOUBLE("div"), /)

/* Other processors have other numbers that are none. */
static void expect(const char *what, uint64_t a, uint64_t b, uint64_t got,
                   uint64_t want, bool is_nan)
{
#ifndef __x86_64__
    if (is_nan && got != want) {
        return;
    }
#endif
    (void)is_nan;
    if (got != want) {
        fail_msg("%s of %llx and %llx: %llx, and not %llx", what,
                 (unsigned long long)a, (unsigned long long)b,
                 (unsigned long long)got, (unsigned long long)want);
    }
}

static void expect_double(const char *what, double a, double b, double got,
                          double want)
{
    expect(what, double_bits(a), double_bits(b), double_bits(got),
           double_bits(want), got != got && want != want);
}

static void expect_single(const char *what, float a, float b, float got,
                          float want)
{
    expect(what, single_bits(a), single_bits(b), single_bits(got),
           single_bits(want), got != got && want != want);
}

/* One of the answers that an `if` needs. */
static void expect_truth(const char *what, double a, double b, bool got,
                         bool want)
{
    expect(what, double_bits(a), double_bits(b), got ? 1 : 0, want ? 1 : 0,
           false);
}

static void compare_doubles(double a, double b)
{
    expect_double("+", a, b, __adddf3(a, b), hardware_double_add(a, b));
    expect_double("-", a, b, __subdf3(a, b), hardware_double_sub(a, b));
    expect_double("*", a, b, __muldf3(a, b), hardware_double_mul(a, b));
    expect_double("/", a, b, __divdf3(a, b), hardware_double_div(a, b));
    expect_double("negation", a, b, __negdf2(a), -a);
    expect_truth("==", a, b, __eqdf2(a, b) == 0, a == b);
    expect_truth("!=", a, b, __nedf2(a, b) != 0, a != b);
    expect_truth("<", a, b, __ltdf2(a, b) < 0, a < b);
    expect_truth("<=", a, b, __ledf2(a, b) <= 0, a <= b);
    expect_truth(">", a, b, __gtdf2(a, b) > 0, a > b);
    expect_truth(">=", a, b, __gedf2(a, b) >= 0, a >= b);
    expect_truth("unordered", a, b, __unorddf2(a, b) != 0, a != a || b != b);
    expect_single("to float", as_single(0), 0, __truncdfsf2(a), (float)a);
}

static void compare_singles(float a, float b)
{
    double x = (double)a; /* For a message. */
    double y = (double)b;
    expect_single("+", a, b, __addsf3(a, b), hardware_float_add(a, b));
    expect_single("-", a, b, __subsf3(a, b), hardware_float_sub(a, b));
    expect_single("*", a, b, __mulsf3(a, b), hardware_float_mul(a, b));
    expect_single("/", a, b, __divsf3(a, b), hardware_float_div(a, b));
    expect_single("negation", a, b, __negsf2(a), -a);
    expect_truth("==", x, y, __eqsf2(a, b) == 0, a == b);
    expect_truth("!=", x, y, __nesf2(a, b) != 0, a != b);
    expect_truth("<", x, y, __ltsf2(a, b) < 0, a < b);
    expect_truth("<=", x, y, __lesf2(a, b) <= 0, a <= b);
    expect_truth(">", x, y, __gtsf2(a, b) > 0, a > b);
    expect_truth(">=", x, y, __gesf2(a, b) >= 0, a >= b);
    expect_truth("unordered", x, y, __unordsf2(a, b) != 0, a != a || b != b);
    expect_double("to double", x, y, __extendsfdf2(a), x);
}

/* C defines a conversion only where the integer can be held. */
static void compare_to_integers(double a)
{
    if (a > -0x1p31 - 1 && a < 0x1p31) {
        expect("int", double_bits(a), 0, (uint32_t)__fixdfsi(a),
               (uint32_t)(int32_t)a, false);
    }
    if (a > -1 && a < 0x1p32) {
        expect("unsigned", double_bits(a), 0, __fixunsdfsi(a), (uint32_t)a,
               false);
    }
    if (a >= -0x1p63 && a < 0x1p63) {
        expect("long long", double_bits(a), 0, (uint64_t)__fixdfdi(a),
               (uint64_t)(int64_t)a, false);
    }
    if (a > -1 && a < 0x1p64) {
        expect("unsigned long long", double_bits(a), 0, __fixunsdfdi(a),
               (uint64_t)a, false);
    }
    float f = (float)a;
    if (f >= -0x1p31f && f < 0x1p31f) {
        expect("float to int", single_bits(f), 0, (uint32_t)__fixsfsi(f),
               (uint32_t)(int32_t)f, false);
    }
    if (f > -1 && f < 0x1p32f) {
        expect("float to unsigned", single_bits(f), 0, __fixunssfsi(f),
               (uint32_t)f, false);
    }
    if (f >= -0x1p63f && f < 0x1p63f) {
        expect("float to long long", single_bits(f), 0, (uint64_t)__fixsfdi(f),
               (uint64_t)(int64_t)f, false);
    }
    if (f > -1 && f < 0x1p64f) {
        expect("float to unsigned long long", single_bits(f), 0,
               __fixunssfdi(f), (uint64_t)f, false);
    }
}

static void compare_of_integers(uint64_t n)
{
    int64_t s = (int64_t)n;
    int32_t i = (int32_t)n;
    uint32_t u = (uint32_t)n;
    expect_double("int", as_double(n), 0, __floatsidf(i), (double)i);
    expect_double("unsigned", as_double(n), 0, __floatunsidf(u), (double)u);
    expect_double("long long", as_double(n), 0, __floatdidf(s), (double)s);
    expect_double("unsigned long long", as_double(n), 0, __floatundidf(n),
                  (double)n);
    expect_single("int", as_single(u), 0, __floatsisf(i), (float)i);
    expect_single("unsigned", as_single(u), 0, __floatunsisf(u), (float)u);
    expect_single("long long", as_single(u), 0, __floatdisf(s), (float)s);
    expect_single("unsigned long long", as_single(u), 0, __floatundisf(n),
                  (float)n);
}

static void edges_are_as_the_processor_has_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4 * COUNT(double_edges) * COUNT(double_edges); i++) {
        size_t pair = i / 4;
        uint64_t a = double_edges[pair / COUNT(double_edges)] | i << 63;
        uint64_t b = double_edges[pair % COUNT(double_edges)] | i / 2 << 63;
        compare_doubles(as_double(a), as_double(b));
        compare_to_integers(as_double(a));
    }
    for (size_t i = 0; i < 4 * COUNT(single_edges) * COUNT(single_edges); i++) {
        size_t pair = i / 4;
        uint32_t a = single_edges[pair / COUNT(single_edges)] | (uint32_t)i
                                                                    << 31;
        uint32_t b =
            single_edges[pair % COUNT(single_edges)] | (uint32_t)(i / 2) << 31;
        compare_singles(as_single(a), as_single(b));
    }
    for (uint32_t shift = 0; shift < 64; shift++) {
        for (uint64_t i = 0; i < 5; i++) {
            compare_of_integers((UINT64_C(1) << shift) + i - 2);
            compare_of_integers(0 - (UINT64_C(1) << shift) + i - 2);
        }
    }
}

static void random_pairs_are_as_the_processor_has_them(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 7, "float", 0);
    for (uint32_t i = 0; i < PAIRS; i++) {
        uint64_t a = rng_u64(&rng);
        uint64_t b = rng_u64(&rng);
        uint64_t n = rng_u64(&rng) >> rng_below(&rng, 64);
        if (i % 2 != 0) { /* b's exponent is within 32 of a's. */
            uint64_t near = ((a >> 52) + rng_below(&rng, 64) - 32) & 0x7ff;
            b = (b & ~(UINT64_C(0x7ff) << 52)) | near << 52;
            near = ((a >> 23) + rng_below(&rng, 32) - 16) & 0xff;
            n = (n & ~(UINT64_C(0xff) << 23)) | near << 23;
        }
        compare_doubles(as_double(a), as_double(b));
        compare_singles(as_single((uint32_t)a), as_single((uint32_t)n));
        compare_of_integers(n);
        uint64_t exponent = 0x3ff - 2 + rng_below(&rng, 70);
        compare_to_integers(
            as_double((a & ~(UINT64_C(0x7ff) << 52)) | exponent << 52));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_as_the_processor_has_them),
        cmocka_unit_test(random_pairs_are_as_the_processor_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

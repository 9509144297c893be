/*
 * div64.c - what gcc calls for 64-bit division on a 32-bit machine. Ours
 * instead of libgcc's, so that a guest needs no 32-bit library and no
 * instruction beyond i586. Division by zero is left to `div` (#DE).
 */
#include <stddef.h>
#include <stdint.h>

int64_t __divdi3(int64_t a, int64_t b);
int64_t __moddi3(int64_t a, int64_t b);
uint64_t __udivdi3(uint64_t a, uint64_t b);
uint64_t __umoddi3(uint64_t a, uint64_t b);
uint64_t __udivmoddi4(uint64_t a, uint64_t b, uint64_t *remainder);

/* The quotient of (high:low) / by, high < by: it fits. */
static uint32_t divide(uint32_t high, uint32_t low, uint32_t by,
                       uint32_t *remainder)
{
    uint32_t quotient = 0;
    __asm__("divl %[by]"
            : "=a"(quotient), "=d"(*remainder)
            : "a"(low), "d"(high), [by] "rm"(by)
            : "cc");
    return quotient;
}

/* b >= 2^32: the quotient is below 2^32; shift and subtract. */
static uint64_t divide_wide(uint64_t a, uint64_t b, uint64_t *remainder)
{
    unsigned shift = 0;
    while (b <= a && (b >> 63) == 0) {
        b <<= 1;
        shift++;
    }
    uint64_t quotient = 0;
    for (;; shift--) {
        if (a >= b) {
            a -= b;
            quotient |= UINT64_C(1) << shift;
        }
        if (shift == 0) {
            break;
        }
        b >>= 1;
    }
    *remainder = a;
    return quotient;
}

uint64_t __udivmoddi4(uint64_t a, uint64_t b, uint64_t *remainder)
{
    uint64_t rest = 0;
    uint64_t quotient = 0;
    if (b >> 32 != 0) {
        quotient = divide_wide(a, b, &rest);
    } else {
        uint32_t by = (uint32_t)b;
        uint32_t rest_high = 0;
        uint32_t rest_low = 0;
        uint32_t high = divide(0, (uint32_t)(a >> 32), by, &rest_high);
        uint32_t low = divide(rest_high, (uint32_t)a, by, &rest_low);
        quotient = ((uint64_t)high << 32) | low;
        rest = rest_low;
    }
    if (remainder != NULL) {
        *remainder = rest;
    }
    return quotient;
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
    return __udivmoddi4(a, b, NULL);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
    uint64_t remainder = 0;
    (void)__udivmoddi4(a, b, &remainder);
    return remainder;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static int64_t with_sign(uint64_t value, int is_negative)
{
    return (int64_t)(is_negative ? 0 - value : value);
}

int64_t __divdi3(int64_t a, int64_t b)
{
    return with_sign(__udivdi3(magnitude(a), magnitude(b)), (a < 0) != (b < 0));
}

int64_t __moddi3(int64_t a, int64_t b)
{
    return with_sign(__umoddi3(magnitude(a), magnitude(b)), a < 0);
}

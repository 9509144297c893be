/* test_isn.c - initial sequence numbers as RFC 6528 wants them: a clock of four
   microseconds, and no two connections alike. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "ilwaco/net/hooks.h"
#include "ilwaco/vregs.h"

struct ends {
    uint32_t local, remote;
    uint16_t local_port, remote_port;
};

static const struct ends some = { 0x0a000001, 0x0a0000fe, 80, 49152 };

/* The guest's, drawn once. */
uint32_t random_u32(void)
{
    return 0x2545f491;
}

static void set_time(uint64_t ns)
{
    vreg_write(ABI_VR_TIME_LOW, (uint32_t)ns);
    vreg_write(ABI_VR_TIME_HIGH, (uint32_t)(ns >> 32));
}

static uint32_t number_of(const struct ends *e)
{
    ip_addr_t local = { .addr = e->local };
    ip_addr_t remote = { .addr = e->remote };
    return isn_for(&local, e->local_port, &remote, e->remote_port);
}

static int map_registers(void **state)
{
    (void)state;
    /* The ABI says where. NOLINTNEXTLINE(performance-no-int-to-ptr) */
    void *at = mmap((void *)(uintptr_t)ABI_VREGS_BASE, ABI_PAGE_BYTES,
                    PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return at == MAP_FAILED ? -1 : 0;
}

static void the_clock_ticks_every_four_microseconds(void **state)
{
    (void)state;
    set_time(0);
    uint32_t first = number_of(&some);
    set_time(4095);
    assert_int_equal(number_of(&some), first);
    set_time(4096);
    assert_int_equal(number_of(&some), first + 1);
    /* It wraps after 4 hours 53 minutes. */
    set_time((uint64_t)1 << 44);
    assert_int_equal(number_of(&some), first);
}

/* Whichever bit of an address or a port it is in which they differ. */
static void connections_that_differ_in_a_bit_begin_elsewhere(void **state)
{
    (void)state;
    set_time(123456789);
    uint32_t numbers[97];
    size_t count = 0;
    numbers[count++] = number_of(&some);
    for (uint32_t bit = 0; bit < 32; bit++) {
        struct ends e = some;
        e.local ^= 1u << bit;
        numbers[count++] = number_of(&e);
        e = some;
        e.remote ^= 1u << bit;
        numbers[count++] = number_of(&e);
        e = some;
        e.local_port ^= (uint16_t)(bit < 16 ? 1u << bit : 0);
        e.remote_port ^= (uint16_t)(bit < 16 ? 0 : 1u << (bit - 16));
        numbers[count++] = number_of(&e);
    }
    assert_int_equal(count, 97);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(numbers[i], numbers[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_ticks_every_four_microseconds),
        cmocka_unit_test(connections_that_differ_in_a_bit_begin_elsewhere),
    };
    return cmocka_run_group_tests(tests, map_registers, NULL);
}

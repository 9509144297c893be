/* test_devices.c - the tables of devices together are what the ABI promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/devices/devices.h"

static uint32_t devices_with(uint8_t vector)
{
    uint32_t count = 0;
    for (size_t d = 0; devices[d]; d++) {
        const struct vinsn *insn = devices[d]->insns;
        for (; insn && insn->invoke; insn++) {
            count += insn->vector == vector;
        }
    }
    return count;
}

static void each_virtual_instruction_is_one_devices(void **state)
{
    (void)state;
    for (uint32_t vector = 0; vector <= UINT8_MAX; vector++) {
        bool is_device_s = vector >= ABI_VI_FIRST && vector <= ABI_VI_LAST &&
                           vector != ABI_VI_IDLE && vector != ABI_VI_TERMINATE;
        assert_int_equal(devices_with((uint8_t)vector), is_device_s);
    }
}

static void each_interrupt_is_one_devices(void **state)
{
    (void)state;
    uint32_t all = 0;
    for (size_t d = 0; devices[d]; d++) {
        assert_int_equal(all & devices[d]->irqs, 0);
        all |= devices[d]->irqs;
    }
    assert_int_equal(all, ABI_IRQ_ALL);
}

static void no_two_devices_have_one_name(void **state)
{
    (void)state;
    for (size_t d = 0; devices[d]; d++) {
        for (size_t e = 0; e < d; e++) {
            assert_string_not_equal(devices[d]->name, devices[e]->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_virtual_instruction_is_one_devices),
        cmocka_unit_test(each_interrupt_is_one_devices),
        cmocka_unit_test(no_two_devices_have_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

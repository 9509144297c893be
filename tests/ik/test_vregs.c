/* test_vregs.c - the register page, byte by byte against isa/abi.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/devices/devices.h"
#include "ik/virtual/vregs.h"
#include "sim/bytes.h"

#define HZ 1700000000ull

struct fixture {
    struct scenario scenario;
    struct kernel kernel;
    struct vm vm;
    uint8_t page[ABI_PAGE_BYTES];
};

static void fixture_init(struct fixture *f)
{
    *f = (struct fixture){
        .scenario = { .idle = IDLE_TIMEOUT },
        .kernel = { .cpu_hz = HZ, .now = 5 * HZ + 17 },
        .vm = { .id = 0x1234,
                .page_count = 16,
                .args = "size=7",
                .seed = 0x1122334455667788,
                .pending = ABI_IRQ_ALARM | ABI_IRQ_NET_RX },
    };
    f->kernel.config.scenario = &f->scenario;
    f->kernel.devices = devices;
}

static void the_page_is_as_the_abi_says(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    vregs_fill(&f.kernel, &f.vm, f.page);
    const uint8_t *p = f.page;
    assert_memory_equal(p, "iksm", 4);
    assert_int_equal(get_le32(p + 4), 0x1234);
    assert_int_equal(get_le32(p + 8), 16 * 4096);
    assert_int_equal(get_le32(p + 0xc), 1700000);
    assert_int_equal(get_le32(p + 0x10), 5000000010ull & 0xffffffff);
    assert_int_equal(get_le32(p + 0x14), 5000000010ull >> 32);
    static const uint8_t mac[] = { 2, 0, 10, 16, 0x12, 0x35 };
    assert_memory_equal(p + 0x18, mac, 6);
    assert_int_equal(get_le32(p + 0x20), 0x0a101235);
    assert_int_equal(get_le32(p + 0x24), 0xff000000);
    assert_int_equal(get_le32(p + 0x2c), 5);
    assert_int_equal(get_le32(p + 0x3c), 0);
    assert_int_equal(get_le32(p + 0x40), 0x55667788);
    assert_int_equal(get_le32(p + 0x44), 0x11223344);
    assert_string_equal((const char *)p + 0x100, "size=7");
    for (int offset = 0x28; offset < 0x3c; offset += 4) {
        if (offset != 0x2c) { /* The guest's own begin as 0. */
            assert_int_equal(get_le32(p + offset), 0);
        }
    }
}

static void an_update_writes_time_and_mask_only(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    memset(f.page, 0xee, sizeof(f.page));
    vregs_update(&f.kernel, &f.vm, f.page);
    for (uint32_t i = 0; i < ABI_PAGE_BYTES; i++) {
        bool written = (i >= ABI_VR_TIME_LOW && i < ABI_VR_TIME_LOW + 8) ||
                       (i >= ABI_VR_IRQ_PENDING && i < ABI_VR_IRQ_PENDING + 4);
        if (!written) {
            assert_int_equal(f.page[i], 0xee);
        }
    }
    assert_int_equal(get_le32(f.page + ABI_VR_IRQ_PENDING), 5);
}

static void any_value_but_zero_enables(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    static const uint32_t values[] = { 1, 2, 0x100, 0x80000000, UINT32_MAX };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        put_le32(f.page + ABI_VR_IRQ_ENABLED, values[i]);
        assert_true(vregs_read(f.page).irq_enabled);
        vregs_disable(f.page);
        assert_false(vregs_read(f.page).irq_enabled);
        assert_int_equal(get_le32(f.page + ABI_VR_IRQ_ENABLED), 0);
    }
}

static void the_longest_command_line_fits(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    char line[ABI_CMDLINE_BYTES];
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    f.vm.args = line;
    vregs_fill(&f.kernel, &f.vm, f.page);
    assert_memory_equal(f.page + ABI_VR_CMDLINE, line, sizeof(line));
    assert_int_equal(f.page[ABI_VR_CMDLINE + ABI_CMDLINE_BYTES], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_as_the_abi_says),
        cmocka_unit_test(an_update_writes_time_and_mask_only),
        cmocka_unit_test(any_value_but_zero_enables),
        cmocka_unit_test(the_longest_command_line_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_batch.c - what the guest `batch` computes, beside the same in whole
 * numbers of another language: by a program of ten lines of Python.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/vi.h"
#include "tests/ilwaco/batch_guest.h"
#include "workloads/guests/working_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct {
    uint64_t units, spoil, working_set;
    uint32_t touches;
    char said[1024];
} guest;

/* ---- What Ilwaco would be ------------------------------------------------ */

void cmdline_read(const struct args_rule *rules, struct args_value *values)
{
    for (size_t i = 0; rules[i].name; i++) {
        values[i] = (struct args_value){
            .number = strcmp(rules[i].name, "units") == 0   ? guest.units
                      : strcmp(rules[i].name, "spoil") == 0 ? guest.spoil
                                                            : guest.working_set,
        };
    }
}

int32_t vi_alarm(uint64_t time_ns)
{
    (void)time_ns;
    return 0;
}

void working_set_make(uint32_t size_bytes)
{
    assert_int_equal(size_bytes, guest.working_set);
}

void working_set_touch(void)
{
    guest.touches++;
}

int batch_printf(const char *format, ...)
{
    size_t used = strlen(guest.said);
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(guest.said + used, sizeof(guest.said) - used, format,
                          arguments);
    va_end(arguments);
    assert_true(bytes >= 0 && (size_t)bytes < sizeof(guest.said) - used);
    return bytes;
}

/* ---- Runs ---------------------------------------------------------------- */

static void a_product_is_that_of_whole_numbers(void **state)
{
    (void)state;
    guest.units = 10;
    guest.working_set = 8192;
    assert_int_equal(batch_main(), 0);
    assert_string_equal(guest.said, "batch: 1 of 10 units\n"
                                    "batch: 2 of 10 units\n"
                                    "batch: 3 of 10 units\n"
                                    "batch: 4 of 10 units\n"
                                    "batch: 5 of 10 units\n"
                                    "batch: 6 of 10 units\n"
                                    "batch: 7 of 10 units\n"
                                    "batch: 8 of 10 units\n"
                                    "batch: 9 of 10 units\n"
                                    "batch: 10 units in 0 us, result "
                                    "b8b20488\n");
    assert_int_equal(guest.touches, 10);
}

static void a_wrong_word_is_seen(void **state)
{
    (void)state;
    guest.said[0] = '\0';
    guest.units = 100;
    guest.spoil = 77;
    assert_int_equal(batch_main(), 1);
    assert_non_null(strstr(guest.said, "batch: 70 of 100 units\n"
                                       "batch: unit 77 is computed wrongly\n"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product_is_that_of_whole_numbers),
        cmocka_unit_test(a_wrong_word_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

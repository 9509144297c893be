/* test_units.c - quantities read exactly, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/random.h"
#include "sim/units.h"

typedef const char *read_fn(const char *text, uint64_t *value);
typedef void write_fn(uint64_t value, char text[UNITS_BYTES]);

static void what_is_written_so_means_that(void **state)
{
    (void)state;
    static const struct {
        read_fn *read;
        const char *text;
        uint64_t value;
    } cases[] = {
        { units_read_whole, "0", 0 },
        { units_read_whole, "18446744073709551615", UINT64_MAX },
        { units_read_time, "500ms", 500000000 },
        { units_read_time, "1.5us", 1500 },
        { units_read_time, "2 s", 2000000000 },
        { units_read_time, "0.000000001s", 1 },
        { units_read_size, "16MiB", 16u << 20 },
        { units_read_size, "1.5GiB", 3u << 29 },
        { units_read_size, "4096", 4096 },
        { units_read_size, "7B", 7 },
        { units_read_bitrate, "1Gbit", 1000000000 },
        { units_read_bitrate, "2.5Kbit", 2500 },
        { units_read_fraction, "5%", 50000 },
        { units_read_fraction, "0.05", 50000 },
        { units_read_fraction, "0.000001", 1 },
        { units_read_fraction, "100%", 1000000 },
        { units_read_fraction, "1", 1000000 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t value = 12345;
        assert_null(cases[i].read(cases[i].text, &value));
        assert_int_equal(value, cases[i].value);
    }
}

static void what_is_not_exact_is_refused(void **state)
{
    (void)state;
    static const struct {
        read_fn *read;
        const char *text;
    } cases[] = {
        { units_read_whole, "" },
        { units_read_whole, "-1" },
        { units_read_whole, "1.0" },
        { units_read_whole, "18446744073709551616" },
        { units_read_whole, "1 " },
        { units_read_whole, "0x10" },
        { units_read_time, "5" },
        { units_read_time, "5 minutes" },
        { units_read_time, "0.5ns" },
        { units_read_time, "1.s" },
        { units_read_time, ".5s" },
        { units_read_time, "18446744073.709551616s" },
        { units_read_time, "99999999999s" },
        { units_read_time, "ms" },
        { units_read_size, "16MB" },
        { units_read_size, "0.3B" },
        { units_read_size, "0.3KiB" },
        { units_read_size, "16777216GiB9" },
        { units_read_bitrate, "1000" },
        { units_read_fraction, "101%" },
        { units_read_fraction, "1.000001" },
        { units_read_fraction, "0.0000001" },
        { units_read_fraction, "5 percent" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t value = 12345;
        assert_non_null(cases[i].read(cases[i].text, &value));
        assert_int_equal(value, 12345);
    }
}

static void what_was_written_reads_back(void **state)
{
    (void)state;
    static const struct {
        read_fn *read;
        write_fn *write;
        uint64_t limit;
    } pairs[] = {
        { units_read_whole, units_write_whole, UINT64_MAX },
        { units_read_time, units_write_time, UINT64_MAX },
        { units_read_size, units_write_size, UINT64_MAX },
        { units_read_bitrate, units_write_bitrate, UINT64_MAX },
        { units_read_fraction, units_write_fraction, 1000001 },
    };
    struct rng r;
    rng_init(&r, 1, "test", 0);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        for (int k = 0; k < 10000; k++) {
            uint64_t value = rng_below(&r, pairs[i].limit);
            value >>= rng_below(&r, 64);
            char text[UNITS_BYTES];
            uint64_t back = 0;
            pairs[i].write(value, text);
            assert_null(pairs[i].read(text, &back));
            assert_int_equal(back, value);
        }
    }
}

static void real_numbers_are_short_and_exact(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 0, "0" },       { 1, "1" },          { 0.1, "0.1" },
        { 2000, "2000" }, { 1.0 / 3, NULL },   { 1e300, "1e+300" },
        { 0.7, "0.7" },   { 123456.75, NULL },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[UNITS_BYTES];
        double back = -1;
        units_write_real(cases[i].value, text);
        assert_null(units_read_real(text, &back));
        assert_true(back == cases[i].value);
    }
    static const char *const bad[] = { "",   "nan", "inf",   "0x1p3", "1e",
                                       "1 ", "--1", "1e999", "e",     "." };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        double value = 5;
        assert_non_null(units_read_real(bad[i], &value));
        assert_true(value == 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_so_means_that),
        cmocka_unit_test(what_is_not_exact_is_refused),
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(real_numbers_are_short_and_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_quantity.c - quantities have three digits, whatever their size. */
#include "sim/quantity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void counts_have_all_their_digits(void **state)
{
    (void)state;
    assert_string_equal(quantity_count(0).chars, "0");
    assert_string_equal(quantity_count(999).chars, "999");
    assert_string_equal(quantity_count(1000).chars, "1,000");
    assert_string_equal(quantity_count(1234567).chars, "1,234,567");
    assert_string_equal(quantity_count(UINT64_MAX).chars,
                        "18,446,744,073,709,551,615");
}

static void times_have_three_digits(void **state)
{
    (void)state;
    static const struct {
        double ns;
        const char *text;
    } rows[] = {
        { 0, "0 ns" },          { 0.6, "1 ns" },
        { 276, "276 ns" },      { 999.4, "999 ns" },
        { 999.6, "1.00 us" },   { 1000, "1.00 us" },
        { 9994, "9.99 us" },    { 9996, "10.0 us" },
        { 99960, "100 us" },    { 999499, "999 us" },
        { 999600, "1.00 ms" },  { 46.7e6, "46.7 ms" },
        { 999.6e6, "1.00 s" },  { 3600e9, "3600 s" },
        { 999.5, "1.00 us" },   { 9.996, "10 ns" },
        { 9.996e3, "10.0 us" }, { 9.996e6, "10.0 ms" },
        { 9.994e9, "9.99 s" },  { 9.996e9, "10.0 s" },
        { 99.94e3, "99.9 us" }, { 999.5e3, "1.00 ms" },
        { 999.4e6, "999 ms" },  { 18446744073709551615.0, "18446744074 s" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(quantity_time(rows[i].ns).chars, rows[i].text);
    }
}

static void sizes_have_three_digits(void **state)
{
    (void)state;
    assert_string_equal(quantity_size(0).chars, "0 B");
    assert_string_equal(quantity_size(1023).chars, "1023 B");
    assert_string_equal(quantity_size(1024).chars, "1.00 KiB");
    assert_string_equal(quantity_size(1023.9 * 1024).chars, "1.00 MiB");
    assert_string_equal(quantity_size(1 << 30).chars, "1.00 GiB");
    assert_string_equal(quantity_size(999.6).chars, "1000 B");
    assert_string_equal(quantity_size(999.4 * 1024).chars, "999 KiB");
    assert_string_equal(quantity_size(999.6 * 1024).chars, "0.98 MiB");
    assert_string_equal(quantity_size(0x1p60).chars, "1.00 EiB");
    assert_string_equal(quantity_size(18446744073709551615.0).chars,
                        "16.0 EiB");
}

static void expect_unit(const char *unit, double most, const char *name,
                        double size)
{
    struct quantity_unit u = quantity_axis_unit(unit, most);
    assert_string_equal(u.name, name);
    assert_true(u.size == size);
}

static void an_axis_has_the_largest_unit_that_it_reaches(void **state)
{
    (void)state;
    expect_unit("ns", 0, "ns", 1);
    expect_unit("ns", 999.9, "ns", 1);
    expect_unit("ns", 1000, "us", 1e3);
    expect_unit("ns", 3600e9, "s", 1e9);
    expect_unit("bytes", 1023, "B", 1);
    expect_unit("bytes", 1024, "KiB", 1024);
    expect_unit("bytes", 1.5 * 0x1p30, "GiB", 0x1p30);
    expect_unit("bit/s", 1e9, "Gbit/s", 1e9);
    expect_unit("share", 0.5, "%", 0.01);
    expect_unit("frames", 1e9, "frames", 1);
    expect_unit("", 1e9, "", 1);
}

static void an_axis_is_called_by_its_name_and_its_unit(void **state)
{
    (void)state;
    char label[QUANTITY_LABEL_BYTES];
    quantity_axis_label("latency", "ms", label);
    assert_string_equal(label, "latency (ms)");
    quantity_axis_label("VMs", "", label);
    assert_string_equal(label, "VMs");
}

static void short_counts_have_three_digits(void **state)
{
    (void)state;
    assert_string_equal(quantity_short(0).chars, "0");
    assert_string_equal(quantity_short(999).chars, "999");
    assert_string_equal(quantity_short(1000).chars, "1.00 k");
    assert_string_equal(quantity_short(9994).chars, "9.99 k");
    assert_string_equal(quantity_short(9996).chars, "10.0 k");
    assert_string_equal(quantity_short(999499).chars, "999 k");
    assert_string_equal(quantity_short(999500).chars, "1.00 M");
    assert_string_equal(quantity_short(UINT64_MAX).chars, "18446744 T");
}

static void shares_have_one_decimal(void **state)
{
    (void)state;
    assert_string_equal(quantity_share(1, 3).chars, "33.3 %");
    assert_string_equal(quantity_share(0, 3).chars, "0.0 %");
    assert_string_equal(quantity_share(3, 3).chars, "100.0 %");
    assert_string_equal(quantity_share(0, 0).chars, "0.0 %");
}

static void numbers_have_three_digits_or_are_whole(void **state)
{
    (void)state;
    assert_string_equal(quantity_number(0).chars, "0");
    assert_string_equal(quantity_number(67).chars, "67");
    assert_string_equal(quantity_number(0.98761).chars, "0.988");
    assert_string_equal(quantity_number(0.9996).chars, "1.00");
    assert_string_equal(quantity_number(1.9).chars, "1.90");
    assert_string_equal(quantity_number(43.2).chars, "43.2");
    assert_string_equal(quantity_number(432.6).chars, "433");
    assert_string_equal(quantity_number(999.6).chars, "1,000");
    assert_string_equal(quantity_number(2005.5).chars, "2,006");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_all_their_digits),
        cmocka_unit_test(times_have_three_digits),
        cmocka_unit_test(sizes_have_three_digits),
        cmocka_unit_test(numbers_have_three_digits_or_are_whole),

        cmocka_unit_test(an_axis_is_called_by_its_name_and_its_unit),
        cmocka_unit_test(an_axis_has_the_largest_unit_that_it_reaches),
        cmocka_unit_test(short_counts_have_three_digits),
        cmocka_unit_test(shares_have_one_decimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_student.c - Student's t against its own density, summed up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/student.h"

static double density(double t, double freedom)
{
    double pi = acos(-1);
    double scale = lgamma((freedom + 1) / 2) - lgamma(freedom / 2);
    return exp(scale) / sqrt(freedom * pi) *
           pow(1 + t * t / freedom, -(freedom + 1) / 2);
}

/* How likely t is between -most and most, by Simpson's rule. */
static double within(double most, double freedom)
{
    int pieces = 4000;
    double step = most / pieces;
    double sum = density(0, freedom) + density(most, freedom);
    for (int i = 1; i < pieces; i++) {
        sum += (i % 2 == 0 ? 2 : 4) * density(i * step, freedom);
    }
    return 2 * sum * step / 3;
}

static void ninety_five_per_cent_lie_within_it(void **state)
{
    (void)state;
    for (size_t freedom = 1; freedom <= 300; freedom++) {
        double share = within(student_95(freedom), (double)freedom);
        if (fabs(share - 0.95) > 0.00006) {
            fail_msg("%zu degrees of freedom: %f", freedom, share);
        }
    }
    assert_true(fabs(student_95(100000000) - 1.95996) < 0.00001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ninety_five_per_cent_lie_within_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

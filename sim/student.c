/* student.c - see student.h. */
#include "sim/student.h"

#include "sim/banned.h"

double student_95(size_t freedom)
{
    static const double table[] = {
        0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
        2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069,
        2.064, 2.060,  2.056, 2.052, 2.048, 2.045, 2.042,
    };
    SIM_ASSERT(freedom > 0);
    if (freedom < sizeof(table) / sizeof(table[0])) {
        return table[freedom];
    }
    double n = (double)freedom;
    return 1.95996 + 2.37227 / n + 2.8225 / (n * n); /* Cornish-Fisher. */
}

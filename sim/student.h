/*
 * student.h - Student's t distribution, by which the mean of few values has an
 * interval.
 */
#ifndef SIM_STUDENT_H
#define SIM_STUDENT_H

#include "sim/base.h"

/* What t does not exceed with a probability of 97.5 %, so that an interval of
   95 % takes it on both sides; `freedom` >= 1. Right to three decimals. */
double student_95(size_t freedom);

#endif /* SIM_STUDENT_H */

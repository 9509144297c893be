/*
 * helpers.h - what a compiler calls for arithmetic on a processor without a
 * floating point unit, by the names that libgcc gave it.
 */
#ifndef ILWACO_LIBC_FLOAT_HELPERS_H
#define ILWACO_LIBC_FLOAT_HELPERS_H

#include <stdint.h>

/* NOLINTBEGIN(*-reserved-identifier, cert-dcl*): the names are the compiler's. */

/* `float`. Comparisons are below 0, 0 or above; unordered is the false one. */
float __addsf3(float a, float b);
float __mulsf3(float a, float b);
float __divsf3(float a, float b);
float __subsf3(float a, float b);
float __negsf2(float a);
int __cmpsf2(float a, float b);
int __eqsf2(float a, float b);
int __nesf2(float a, float b);
int __ltsf2(float a, float b);
int __lesf2(float a, float b);
int __gtsf2(float a, float b);
int __gesf2(float a, float b);
int __unordsf2(float a, float b);
int32_t __fixsfsi(float a);
uint32_t __fixunssfsi(float a);
float __floatsisf(int32_t a);
float __floatunsisf(uint32_t a);
int64_t __fixsfdi(float a);
uint64_t __fixunssfdi(float a);
float __floatdisf(int64_t a);
float __floatundisf(uint64_t a);

/* `double`. */
double __adddf3(double a, double b);
double __muldf3(double a, double b);
double __divdf3(double a, double b);
double __subdf3(double a, double b);
double __negdf2(double a);
int __cmpdf2(double a, double b);
int __eqdf2(double a, double b);
int __nedf2(double a, double b);
int __ltdf2(double a, double b);
int __ledf2(double a, double b);
int __gtdf2(double a, double b);
int __gedf2(double a, double b);
int __unorddf2(double a, double b);
int32_t __fixdfsi(double a);
uint32_t __fixunsdfsi(double a);
double __floatsidf(int32_t a);
double __floatunsidf(uint32_t a);
int64_t __fixdfdi(double a);
uint64_t __fixunsdfdi(double a);
double __floatdidf(int64_t a);
double __floatundidf(uint64_t a);
double __extendsfdf2(float a);
float __truncdfsf2(double a);
/* NOLINTEND(*-reserved-identifier, cert-dcl*) */

#endif /* ILWACO_LIBC_FLOAT_HELPERS_H */

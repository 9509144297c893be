/* setjmp.h - of Ilwaco's libc (libc/setjmp.S). A jump stays in its thread. */
#ifndef ILWACO_SETJMP_H
#define ILWACO_SETJMP_H

#include <stdnoreturn.h>

typedef unsigned long jmp_buf[6];

int setjmp(jmp_buf place) __attribute__((returns_twice));
noreturn void longjmp(jmp_buf place, int value);

#define setjmp(place) setjmp(place)

#endif /* ILWACO_SETJMP_H */

/* start.h - where a guest program begins: after crt.S, before main(). */
#ifndef ILWACO_START_H
#define ILWACO_START_H

#include <stdint.h>
#include <stdnoreturn.h>

/* The program's own; what it returns goes to exit(). */
int main(void);

/* Called by crt.S on the main thread's stack. */
noreturn void ilwaco_start(void);

/* The lowest address of the main thread's stack. */
uint32_t start_main_stack_low(void);

#endif /* ILWACO_START_H */

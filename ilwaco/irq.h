/*
 * irq.h - virtual interrupts, as threads see them: a word of bits (ABI_IRQ_...)
 * that the handler in irq.S sets and irq_take() clears. To wait for one, use
 * thread_wait_irq().
 */
#ifndef ILWACO_IRQ_H
#define ILWACO_IRQ_H

#include <stdint.h>

/* The interrupts taken by the handler and by no thread yet. */
extern volatile uint32_t irq_taken;

/* Clear those of `mask` that are taken; return them. */
uint32_t irq_take(uint32_t mask);

/* As if those of `mask` had been taken: a guest's word to its own threads. */
void irq_raise(uint32_t mask);

/* `idle` until `deadline_ns`, unless an interrupt was, or is, taken. */
void irq_idle(uint64_t deadline_ns);

#endif /* ILWACO_IRQ_H */

/*
 * thread.h - cooperative threads: one runs until it waits, yields or ends, so
 * what it does in between is atomic to the others, and to interrupts, which
 * are taken only between threads. The stack that main() runs on is a thread
 * too.
 *
 * When none can run, the guest issues `idle` until the next deadline of any
 * (or spins, as ABI_VR_IDLE_MODE says). When none could ever run again, that
 * is a panic.
 */
#ifndef ILWACO_THREAD_H
#define ILWACO_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

/* Enough for lwIP and printf. Only what is used becomes resident. */
#define THREAD_STACK_BYTES 8192

struct thread;

/* Threads that wait for the same thing, first come first served. */
struct thread_queue {
    struct thread *first, *last;
};

/*
 * A thread that runs `run(argument)`, first when the others wait. NULL when
 * memory is out. `name` is borrowed, for messages. It is to be joined.
 */
struct thread *thread_create(const char *name, void (*run)(void *argument),
                             void *argument, size_t stack_bytes);

/* Wait for the thread's end and free it. Each thread once, by one other. */
void thread_join(struct thread *thread);

/* The running thread. */
struct thread *thread_self(void);
noreturn void thread_exit(void);
void thread_yield(void);
void thread_sleep_until(uint64_t time_ns);

/*
 * Wait in `queue` until woken: true. False if `deadline_ns` came first
 * (ABI_TIME_NEVER: never).
 */
bool thread_wait(struct thread_queue *queue, uint64_t deadline_ns);

/* Returns the thread woken, or NULL when the queue is empty. */
struct thread *thread_wake_first(struct thread_queue *queue);

/*
 * Wait until an interrupt of `mask` (ABI_IRQ_...) was taken that no thread has
 * had yet; return those that were, or 0 if `deadline_ns` came first.
 */
uint32_t thread_wait_irq(uint32_t mask, uint64_t deadline_ns);

#endif /* ILWACO_THREAD_H */

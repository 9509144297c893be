/* thread.c - see thread.h. */
#include "ilwaco/thread.h"

#include "ilwaco/irq.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/timer.h"
#include "ilwaco/vregs.h"

#include <stdlib.h>

struct thread {
    uint32_t sp;             /* Valid while another runs. */
    uint32_t stack_low;      /* Below it, the stack has overflowed. */
    const char *name;        /* Borrowed. */
    struct thread *next;     /* In the queue it is in. */
    struct thread_queue *in; /* That queue while it waits, or NULL. */
    struct timer timer;      /* Ends a wait. */
    bool has_timed_out;      /* The wait ended by the timer. */
    uint32_t irq_wanted;     /* In thread_wait_irq(): the mask, */
    uint32_t irq_got;        /* and what it has. */
    bool has_ended;
    struct thread_queue joiner;
    void (*run)(void *argument);
    void *argument;
    char *stack; /* Owned; NULL for the main thread. */
};

static struct thread main_thread = { .name = "main" };

static struct {
    struct thread *running; /* NULL until the first call: the main thread. */
    struct thread_queue ready;
    struct thread_queue irq_waiters;
    uint32_t irq_held; /* Taken, and waited for by nobody so far. */
    struct timer_list timers;
} threads;

/* switch.S: push the registers, keep ESP in *save, load ESP, pop. */
void thread_switch(uint32_t *save, uint32_t load);

static void queue_add(struct thread_queue *queue, struct thread *thread)
{
    thread->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = thread;
    } else {
        queue->first = thread;
    }
    queue->last = thread;
}

static void queue_remove(struct thread_queue *queue,
                         const struct thread *thread)
{
    struct thread *before = NULL;
    for (struct thread *t = queue->first; t != thread; t = t->next) {
        before = t;
    }
    if (before != NULL) {
        before->next = thread->next;
    } else {
        queue->first = thread->next;
    }
    if (queue->last == thread) {
        queue->last = before;
    }
}

struct thread *thread_self(void)
{
    if (threads.running == NULL) {
        main_thread.stack_low = start_main_stack_low();
        threads.running = &main_thread;
    }
    return threads.running;
}

/* The end of a wait, however it came. */
static void make_ready(struct thread *thread)
{
    queue_remove(thread->in, thread);
    thread->in = NULL;
    timer_stop(&threads.timers, &thread->timer);
    queue_add(&threads.ready, thread);
}

static void time_out(void *argument)
{
    struct thread *thread = argument;
    thread->has_timed_out = true;
    make_ready(thread);
}

/* Hand interrupts to the threads that wait for them. */
static void collect_interrupts(void)
{
    threads.irq_held |= irq_take(ABI_IRQ_ALL);
    struct thread *next = NULL;
    for (struct thread *t = threads.irq_waiters.first;
         t != NULL && threads.irq_held != 0; t = next) {
        next = t->next;
        t->irq_got = threads.irq_held & t->irq_wanted;
        threads.irq_held &= ~t->irq_got;
        if (t->irq_got != 0) {
            make_ready(t);
        }
    }
}

/* No thread can run: wait for an interrupt or the next deadline. */
static void wait_for_machine(void)
{
    uint64_t deadline_ns = timer_next_ns(&threads.timers);
    bool has_timer = deadline_ns != ABI_TIME_NEVER;
    if (!has_timer && threads.irq_waiters.first == NULL) {
        panic("deadlock: all threads wait for each other (\"%s\" the last)",
              threads.running->name);
    }
    if (has_timer && vreg_read(ABI_VR_IDLE_MODE) == ABI_IDLE_MODE_SPIN) {
        while (irq_taken == 0 && vreg_time_ns() < deadline_ns) {
        }
        return;
    }
    irq_idle(deadline_ns);
}

/* Run the next ready thread; return when this one is next. */
static void schedule(void)
{
    struct thread *self = threads.running;
    if ((uintptr_t)__builtin_frame_address(0) < self->stack_low) {
        panic("the stack of thread \"%s\" has overflowed", self->name);
    }
    for (;;) {
        collect_interrupts();
        timer_run(&threads.timers, vreg_time_ns());
        if (threads.ready.first != NULL) {
            break;
        }
        wait_for_machine();
    }
    struct thread *next = threads.ready.first;
    queue_remove(&threads.ready, next);
    if (next != self) {
        threads.running = next;
        thread_switch(&self->sp, next->sp);
    }
}

bool thread_wait(struct thread_queue *queue, uint64_t deadline_ns)
{
    struct thread *self = thread_self();
    self->in = queue;
    self->has_timed_out = false;
    queue_add(queue, self);
    self->timer.fire = time_out;
    self->timer.argument = self;
    timer_start(&threads.timers, &self->timer, deadline_ns);
    schedule();
    return !self->has_timed_out;
}

struct thread *thread_wake_first(struct thread_queue *queue)
{
    struct thread *first = queue->first;
    if (first != NULL) {
        make_ready(first);
    }
    return first;
}

uint32_t thread_wait_irq(uint32_t mask, uint64_t deadline_ns)
{
    struct thread *self = thread_self();
    threads.irq_held |= irq_take(ABI_IRQ_ALL);
    uint32_t got = threads.irq_held & mask;
    if (got != 0) {
        threads.irq_held &= ~got;
        return got;
    }
    self->irq_wanted = mask;
    self->irq_got = 0;
    (void)thread_wait(&threads.irq_waiters, deadline_ns);
    return self->irq_got;
}

void thread_yield(void)
{
    queue_add(&threads.ready, thread_self());
    schedule();
}

void thread_sleep_until(uint64_t time_ns)
{
    struct thread_queue nobody_wakes = { NULL, NULL };
    (void)thread_wait(&nobody_wakes, time_ns);
}

/* Where a new thread's first switch returns to. */
static noreturn void thread_begin(void)
{
    threads.running->run(threads.running->argument);
    thread_exit();
}

struct thread *thread_create(const char *name, void (*run)(void *argument),
                             void *argument, size_t stack_bytes)
{
    /* Above the stack: where an overflow does not reach it, and on a page that
       is resident anyway. */
    stack_bytes &= ~(size_t)15;
    char *stack = malloc(stack_bytes + sizeof(struct thread));
    if (stack == NULL) {
        return NULL;
    }
    struct thread *thread = (struct thread *)(void *)(stack + stack_bytes);
    *thread = (struct thread){ .name = name,
                               .run = run,
                               .argument = argument,
                               .stack = stack,
                               .stack_low = (uint32_t)(uintptr_t)stack };
    /* What thread_switch() pops: four registers, and where to return to. */
    uint32_t *top = (uint32_t *)(void *)thread - 6;
    top[4] = (uint32_t)(uintptr_t)thread_begin;
    top[5] = 0;
    thread->sp = (uint32_t)(uintptr_t)top;
    queue_add(&threads.ready, thread);
    return thread;
}

noreturn void thread_exit(void)
{
    struct thread *self = thread_self();
    if (self == &main_thread) {
        exit(0);
    }
    self->has_ended = true;
    (void)thread_wake_first(&self->joiner);
    schedule();
    panic("thread \"%s\" runs after its end", self->name);
}

void thread_join(struct thread *thread)
{
    while (!thread->has_ended) {
        (void)thread_wait(&thread->joiner, ABI_TIME_NEVER);
    }
    free(thread->stack); /* And the thread with it. */
}

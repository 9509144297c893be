/*
 * stack.c - the call at which a stack overflows. A VM has no page that could be
 * a guard: all of its memory is its own. So a program that is compiled with
 * -finstrument-functions asks at each of its functions' entry whether the stack
 * is still there, before anything beyond it is written, and says who overflowed
 * and where. Without that flag a thread is found out at its next wait only.
 */
#include "ilwaco/panic.h"
#include "ilwaco/posix/wait.h"

/* For functions that are not compiled so: printf, sockets. */
#define MARGIN_BYTES 1024

void __cyg_profile_func_enter(void *function, void *caller);
void __cyg_profile_func_exit(void *function, void *caller);

void __cyg_profile_func_enter(void *function, void *caller)
{
    (void)caller;
    struct pthread *self = posix_self();
    if (self->stack_low != 0 && (uintptr_t)__builtin_frame_address(0) <
                                    self->stack_low + MARGIN_BYTES) {
        self->stack_low = 0; /* The panic needs what is left. */
        panic("the stack of thread \"%s\" overflows in the function at %p",
              self->name, function);
    }
}

void __cyg_profile_func_exit(void *function, void *caller)
{
    (void)function, (void)caller;
}

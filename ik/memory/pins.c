/* pins.c - see pins.h. */
#include "ik/memory/pins.h"

void pins_add(struct kernel *k, struct vm *vm, uint32_t frame)
{
    for (uint32_t i = 0; i < vm->pin_count; i++) {
        if (vm->pins[i] == frame) {
            return;
        }
    }
    SIM_ASSERT(vm->pin_count < VM_PIN_LIMIT);
    vm->pins[vm->pin_count++] = frame;
    k->frames.table[frame].pins++;
}

void pins_release(struct kernel *k, struct vm *vm)
{
    for (; vm->pin_count > 0; vm->pin_count--) {
        struct frame *f = &k->frames.table[vm->pins[vm->pin_count - 1]];
        SIM_ASSERT(f->pins > 0);
        f->pins--;
        k->paging.frame_news |= f->pins == 0;
    }
}

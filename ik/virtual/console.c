/* console.c - see console.h. */
#include "ik/virtual/console.h"

#include "ik/virtual/virq.h"

uint32_t console_type(struct kernel *k, struct vm *vm, const uint8_t *bytes,
                      uint32_t count)
{
    uint32_t taken = 0;
    while (taken < count && vm->typed_count < CONSOLE_TYPED_BYTES &&
           vm->state != VM_DEAD) {
        uint32_t at = (vm->typed_head + vm->typed_count) % CONSOLE_TYPED_BYTES;
        vm->typed[at] = bytes[taken++];
        vm->typed_count++;
    }
    if (taken > 0) {
        virq_raise(k, vm, ABI_IRQ_CONSOLE);
    }
    return taken;
}

uint32_t console_write(struct kernel *k, struct vm *vm, uint32_t va,
                       uint32_t count)
{
    SIM_ASSERT(count <= ABI_CONSOLE_MAX_BYTES);
    uint8_t bytes[ABI_CONSOLE_MAX_BYTES];
    memory_copy_in(k, vm, bytes, va, count);
    kernel_emit(k, TRACE_EVENT(console, vm->id, .bytes = count,
                               .hash = trace_hash(bytes, count)));
    if (k->config.console) {
        k->config.console(k->config.console_ctx, vm, bytes, count);
    }
    memory_charge_copy(k, vm, count);
    return count;
}

uint32_t console_read(struct kernel *k, struct vm *vm, uint32_t va,
                      uint32_t room)
{
    uint8_t bytes[CONSOLE_TYPED_BYTES] = { 0 };
    uint32_t count = vm->typed_count < room ? vm->typed_count : room;
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = vm->typed[(vm->typed_head + i) % CONSOLE_TYPED_BYTES];
    }
    memory_copy_out(k, vm, va, bytes, count);
    vm->typed_head = (vm->typed_head + count) % CONSOLE_TYPED_BYTES;
    vm->typed_count -= count;
    memory_charge_copy(k, vm, count);
    return count;
}

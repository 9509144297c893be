/* ending.c - see ending.h. */
#include "cli/run/inspect/ending.h"

#include <stdio.h>

static const char *exception_name(uint32_t vector)
{
    switch (vector) {
    case 0:
        return "division error";
    case 1:
        return "debug exception";
    case 3:
        return "breakpoint";
    case 4:
        return "overflow";
    case 5:
        return "bound range exceeded";
    case 6:
        return "invalid opcode";
    case 13:
        return "general protection";
    case 17:
        return "misaligned access";
    default:
        return "processor exception";
    }
}

void ending_describe(const struct vm *vm, char *text, size_t bytes)
{
    switch (vm->end) {
    case VM_END_NONE:
        snprintf(text, bytes, "alive");
        break;
    case VM_END_TERMINATE:
        snprintf(text, bytes, "terminated with code %u", vm->end_detail);
        break;
    case VM_END_ADDRESS:
        snprintf(text, bytes, "illegal access to %#x at %#x", vm->end_detail,
                 vm->end_eip);
        break;
    case VM_END_EXCEPTION:
        snprintf(text, bytes, "%s (#%u) at %#x", exception_name(vm->end_detail),
                 vm->end_detail, vm->end_eip);
        break;
    case VM_END_REFUSED:
        snprintf(text, bytes, "refused instruction at %#x: %s", vm->end_detail,
                 vm->end_text ? vm->end_text : "outside the subset");
        break;
    case VM_END_DELIVERY:
        snprintf(text, bytes,
                 "no room for an interrupt's frame at its stack, %#x",
                 vm->end_detail);
        break;
    case VM_END_SUPERVISOR:
        snprintf(text, bytes, "ended by the supervisor");
        break;
    }
}

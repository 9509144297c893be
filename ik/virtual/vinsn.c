/*
 * vinsn.c - see vinsn.h.
 *
 * Those of devices stand in their tables (device.h): each has its arguments
 * checked on a copy of the registers; those with a buffer then have its pages
 * made present. Only after that is anything
 * done, so a refused instruction has had no effect but its result in EAX.
 */
#include "ik/virtual/vinsn.h"

#include "ik/devices/device.h"
#include "ik/lifecycle.h"
#include "ik/memory/pins.h"

#define VINSN_BYTES 2 /* `int imm8` */

/* A device's virtual instruction of that number; NULL: no device has it. */
static const struct vinsn *find(const struct kernel *k, uint8_t vector)
{
    for (size_t d = 0; k->devices[d]; d++) {
        const struct vinsn *insn = k->devices[d]->insns;
        for (; insn && insn->invoke; insn++) {
            if (insn->vector == vector) {
                return insn;
            }
        }
    }
    return NULL;
}

/* What decode says, and whether the buffer may be used so. */
static int32_t check_args(struct kernel *k, const struct vm *vm,
                          const struct vinsn *insn, const struct vinsn_args *a,
                          struct vinsn_buffer *b)
{
    int32_t refusal = insn->decode ? insn->decode(k, vm, a, b) : 0;
    if (refusal != 0) {
        return refusal;
    }
    return memory_is_legal(k, vm, b->va, b->bytes, b->access) ? 0 : ABI_EFAULT;
}

/* False: a page is on its way, and nothing was done. */
static bool execute(struct kernel *k, struct vm *vm, const struct vinsn *insn,
                    const struct vinsn_args *a)
{
    if (insn->reads_registers &&
        memory_ensure(k, vm, ABI_VREGS_BASE, 1, CPU_READ) != MEMORY_OK) {
        return false;
    }
    struct vinsn_buffer b = { .bytes = 0 };
    int32_t value = check_args(k, vm, insn, a, &b);
    if (value == 0) {
        if (memory_ensure(k, vm, b.va, b.bytes, b.access) != MEMORY_OK) {
            return false;
        }
        value = insn->invoke(k, vm, a, &b);
    }
    vm->regs.gpr[CPU_EAX] = (uint32_t)value;
    return true;
}

/* `idle` blocks unless something is pending or its deadline has passed. */
static enum vinsn_result execute_idle(struct kernel *k, struct vm *vm,
                                      uint64_t deadline_ns)
{
    lifecycle_boots(k, vm);
    if (vm->pending != 0) {
        vm->regs.gpr[CPU_EAX] = ABI_IDLE_PENDING;
        return VINSN_DONE;
    }
    if (cycles_from_ns(deadline_ns, k->cpu_hz) <= k->now) {
        vm->regs.gpr[CPU_EAX] = ABI_IDLE_TIMEOUT;
        return VINSN_DONE;
    }
    return VINSN_IDLE;
}

/* A page is on its way: EIP is again at the instruction. */
static enum vinsn_result restart(struct kernel *k, struct vm *vm,
                                 uint64_t charged_before)
{
    vm->regs.eip -= VINSN_BYTES;
    k->turn.used += vm->cpu[CPU_PIO] - charged_before;
    return VINSN_BLOCKED;
}

enum vinsn_result vinsn_execute(struct kernel *k, struct vm *vm, uint8_t vector,
                                uint64_t *deadline_ns)
{
    const uint32_t *gpr = vm->regs.gpr;
    struct vinsn_args a = {
        .eax = gpr[CPU_EAX],
        .ecx = gpr[CPU_ECX],
        .edx = gpr[CPU_EDX],
        .ebx = gpr[CPU_EBX],
        .time_ns = (uint64_t)gpr[CPU_EDX] << 32 | gpr[CPU_EAX],
    };
    const struct vinsn *insn = find(k, vector); /* NULL: idle, terminate. */
    bool is_trap = !insn || insn->entry == VINSN_ENTRY_TRAP;
    uint64_t charged = vm->cpu[CPU_PIO];
    kernel_charge(k, vm, CPU_PIO, is_trap ? k->costs->trap : k->costs->pio);
    enum vinsn_result result = VINSN_DONE;
    if (vector == ABI_VI_TERMINATE) {
        result = VINSN_TERMINATED;
    } else if (vector == ABI_VI_IDLE) {
        *deadline_ns = a.time_ns;
        result = execute_idle(k, vm, a.time_ns);
    } else {
        SIM_ASSERT(insn);
        if (!execute(k, vm, insn, &a)) {
            return restart(k, vm, charged);
        }
    }
    pins_release(k, vm);
    kernel_emit(k, TRACE_EVENT(vinsn, vm->id, .vinsn = vector,
                               .result = vm->regs.gpr[CPU_EAX]));
    k->turn.used += vm->cpu[CPU_PIO] - charged;
    return result;
}

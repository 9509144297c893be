/*
 * vinsn.c - see vinsn.h.
 *
 * Each instruction has its arguments checked on a copy of the registers; those
 * with a buffer then have its pages made present. Only after that is anything
 * done, so a refused instruction has had no effect but its result in EAX.
 */
#include "ik/virtual/vinsn.h"

#include "ik/memory/pins.h"
#include "ik/virtual/alarm.h"
#include "ik/virtual/console.h"
#include "ik/virtual/vdisk_io.h"
#include "ik/virtual/vnic.h"
#include "ik/virtual/vregs.h"

#define VINSN_BYTES 2 /* `int imm8` */

struct args {
    uint32_t eax, ecx, edx, ebx;
    uint64_t time_ns; /* EDX:EAX. */
};

/* A buffer of the guest's, or none when bytes is 0. */
struct buffer {
    uint32_t va;
    uint32_t bytes;
    enum cpu_access access;
};

/* Checks the arguments: 0 and the buffer to be made present, or an error. */
static int32_t decode(const struct kernel *k, const struct vm *vm,
                      uint8_t vector, const struct args *a, struct buffer *b)
{
    *b = (struct buffer){ .va = a->eax };
    switch (vector) {
    case ABI_VI_PACKET_SEND:
        if (a->ecx < ABI_PACKET_MIN_BYTES || a->ecx > ABI_PACKET_MAX_BYTES) {
            return ABI_EINVAL;
        }
        b->bytes = a->ecx;
        b->access = CPU_READ;
        break;
    case ABI_VI_PACKET_RECV:
        b->bytes = vnic_next_bytes(vm);
        b->access = CPU_WRITE;
        if (b->bytes > a->ecx) {
            return ABI_EMSGSIZE;
        }
        break;
    case ABI_VI_CONSOLE_WRITE:
        if (a->ecx > ABI_CONSOLE_MAX_BYTES) {
            return ABI_EINVAL;
        }
        b->bytes = a->ecx;
        b->access = CPU_READ;
        break;
    case ABI_VI_CONSOLE_READ:
        b->bytes = vm->typed_count < a->ecx ? vm->typed_count : a->ecx;
        b->access = CPU_WRITE;
        break;
    case ABI_VI_DISK_READ:
    case ABI_VI_DISK_WRITE: {
        int32_t refusal = vdisk_check(k, vm, a->eax, a->ecx);
        if (refusal != 0) {
            return refusal;
        }
        *b = (struct buffer){
            .va = a->edx,
            .bytes = ABI_BLOCK_BYTES,
            .access = vector == ABI_VI_DISK_READ ? CPU_WRITE : CPU_READ,
        };
        break;
    }
    default:
        break;
    }
    return memory_is_legal(k, vm, b->va, b->bytes, b->access) ? 0 : ABI_EFAULT;
}

/* Does what decode() allowed, all pages being present. */
static int32_t invoke(struct kernel *k, struct vm *vm, uint8_t vector,
                      const struct args *a, const struct buffer *b)
{
    switch (vector) {
    case ABI_VI_PACKET_SEND:
        return vnic_send(k, vm, b->va, b->bytes) == VNIC_OK ? 0 : ABI_EAGAIN;
    case ABI_VI_PACKET_RECV:
        if (b->bytes > 0) {
            vnic_recv(k, vm, b->va);
        }
        return (int32_t)b->bytes;
    case ABI_VI_CONSOLE_WRITE:
        return (int32_t)console_write(k, vm, b->va, b->bytes);
    case ABI_VI_CONSOLE_READ:
        return (int32_t)console_read(k, vm, b->va, b->bytes);
    case ABI_VI_DISK_READ:
    case ABI_VI_DISK_WRITE: {
        struct vdisk_request request = {
            .disk = a->eax,
            .block = a->ecx,
            .va = a->edx,
            .tag = a->ebx,
            .is_write = vector == ABI_VI_DISK_WRITE,
        };
        vdisk_issue(k, vm, &request);
        return 0;
    }
    case ABI_VI_ALARM:
        alarm_set(k, vm, a->time_ns);
        return 0;
    default:
        SIM_ASSERT(false);
        return 0;
    }
}

/* `idle` blocks unless something is pending or its deadline has passed. */
static enum vinsn_result execute_idle(struct kernel *k, struct vm *vm,
                                      uint64_t deadline_ns)
{
    if (!vm->has_idled) {
        vm->has_idled = true;
        k->awaiting_boot -= vm->awaited;
        vm->awaited = false;
    }
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

static uint32_t entry_cost(const struct kernel *k, uint8_t vector)
{
    switch (vector) {
    case ABI_VI_IDLE:
    case ABI_VI_TERMINATE:
    case ABI_VI_ALARM:
        return k->costs->trap;
    default:
        return k->costs->pio;
    }
}

/* Disk instructions need to know which completions the guest has taken. */
static bool read_taken(struct kernel *k, struct vm *vm, uint8_t vector)
{
    if (vector != ABI_VI_DISK_READ && vector != ABI_VI_DISK_WRITE) {
        return true;
    }
    if (memory_ensure(k, vm, ABI_VREGS_BASE, 1, CPU_READ) != MEMORY_OK) {
        return false;
    }
    vm->disk_taken = vregs_read(memory_register_page(k, vm)).disk_taken;
    return true;
}

/* A page is on its way: EIP is again at the instruction. */
static enum vinsn_result restart(struct kernel *k, struct vm *vm,
                                 uint64_t charged_before)
{
    vm->regs.eip -= VINSN_BYTES;
    k->used += vm->cpu[CPU_PIO] - charged_before;
    return VINSN_BLOCKED;
}

enum vinsn_result vinsn_execute(struct kernel *k, struct vm *vm, uint8_t vector,
                                uint64_t *deadline_ns)
{
    const uint32_t *gpr = vm->regs.gpr;
    struct args a = {
        .eax = gpr[CPU_EAX],
        .ecx = gpr[CPU_ECX],
        .edx = gpr[CPU_EDX],
        .ebx = gpr[CPU_EBX],
        .time_ns = (uint64_t)gpr[CPU_EDX] << 32 | gpr[CPU_EAX],
    };
    uint64_t charged = vm->cpu[CPU_PIO];
    kernel_charge(k, vm, CPU_PIO, entry_cost(k, vector));
    enum vinsn_result result = VINSN_DONE;
    if (vector == ABI_VI_TERMINATE) {
        result = VINSN_TERMINATED;
    } else if (vector == ABI_VI_IDLE) {
        *deadline_ns = a.time_ns;
        result = execute_idle(k, vm, a.time_ns);
    } else if (!read_taken(k, vm, vector)) {
        return restart(k, vm, charged);
    } else {
        struct buffer b;
        int32_t value = decode(k, vm, vector, &a, &b);
        if (value == 0) {
            if (memory_ensure(k, vm, b.va, b.bytes, b.access) != MEMORY_OK) {
                return restart(k, vm, charged);
            }
            value = invoke(k, vm, vector, &a, &b);
        }
        vm->regs.gpr[CPU_EAX] = (uint32_t)value;
    }
    pins_release(k, vm);
    kernel_emit(k, TRACE_EVENT(vinsn, vm->id, .vinsn = vector,
                               .result = vm->regs.gpr[CPU_EAX]));
    k->used += vm->cpu[CPU_PIO] - charged;
    return result;
}

/* virq.c - see virq.h. */
#include "ik/virtual/virq.h"

#include "ik/memory/pins.h"
#include "ik/virtual/idle.h"
#include "ik/virtual/vregs.h"
#include "sim/bytes.h"

/* Unless interrupts are batched, it is a target of ik/virtual/summon.h. */
static void note_target(struct kernel *k, struct vm *vm)
{
    if (k->config.scenario->interrupts == INTERRUPTS_BATCHED || vm->is_target) {
        return;
    }
    vm->is_target = true;
    vmlist_push(&k->summons.targets, k->summons.links, vm->id);
}

void virq_raise(struct kernel *k, struct vm *vm, uint32_t bit)
{
    if (vm->state == VM_DEAD) {
        return;
    }
    bool coalesced = (vm->pending & bit) != 0;
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->virq.raised++;
        s->virq.coalesced += coalesced;
    }
    kernel_emit(
        k, TRACE_EVENT(raise, vm->id, .virqs = bit, .coalesced = coalesced));
    if (!coalesced) {
        vm->pending |= bit;
        vm->raised_at[__builtin_ctz(bit)] = k->now;
    }
    if (vm->state == VM_IDLE) {
        idle_wake(k, vm, ABI_IDLE_PENDING);
    }
    note_target(k, vm);
}

static void count_delivery(struct kernel *k, const struct vm *vm)
{
    struct stats *s = k->config.stats;
    if (!s->in_window) {
        return;
    }
    s->virq.deliveries++;
    if (vm->pending & ABI_IRQ_NET_RX) {
        hist_record(&s->virq.batch, vm->rx.count);
    }
    for (uint32_t i = 0; i < VIRQ_COUNT; i++) {
        if (vm->pending & (1u << i)) {
            hist_record(&s->virq.delay, k->now - vm->raised_at[i]);
        }
    }
}

/* Interrupts are on, and it is not on its way out of a handler. */
static bool is_enabled(const struct vm *vm, const struct vregs_guest *r)
{
    bool returning =
        vm->regs.eip >= r->return_start && vm->regs.eip < r->return_end;
    return r->irq_enabled && !returning;
}

bool virq_is_deliverable(struct kernel *k, struct vm *vm)
{
    if (vm->pending == 0 ||
        !memory_is_resident(k, vm, ABI_VREGS_BASE, 1, CPU_READ)) {
        return false;
    }
    struct vregs_guest r = vregs_read(memory_register_page(k, vm));
    uint32_t esp = vm->regs.gpr[CPU_ESP] - ABI_FRAME_BYTES;
    return is_enabled(vm, &r) &&
           memory_is_resident(k, vm, esp, ABI_FRAME_BYTES, CPU_WRITE) &&
           memory_is_resident(k, vm, r.handler, 1, CPU_FETCH);
}

enum virq_result virq_deliver(struct kernel *k, struct vm *vm)
{
    struct vregs_guest r = vregs_read(memory_register_page(k, vm));
    struct cpu_regs *regs = &vm->regs;
    if (vm->pending == 0 || !is_enabled(vm, &r)) {
        return VIRQ_NOT_NOW;
    }
    uint32_t esp = regs->gpr[CPU_ESP] - ABI_FRAME_BYTES;
    if (!memory_is_legal(k, vm, esp, ABI_FRAME_BYTES, CPU_WRITE)) {
        return VIRQ_BAD_STACK;
    }
    if (memory_ensure(k, vm, esp, ABI_FRAME_BYTES, CPU_WRITE) != MEMORY_OK ||
        memory_ensure(k, vm, ABI_VREGS_BASE, 1, CPU_WRITE) != MEMORY_OK) {
        return VIRQ_BLOCKED;
    }
    /* From here on nothing can fail. */
    uint8_t frame[ABI_FRAME_BYTES];
    put_le32(frame, vm->pending);
    put_le32(frame + 4, regs->eflags);
    put_le32(frame + 8, regs->eip);
    memory_copy_out(k, vm, esp, frame, sizeof(frame));
    count_delivery(k, vm);
    kernel_emit(k, TRACE_EVENT(deliver, vm->id, .virqs = vm->pending,
                               .handler = r.handler));
    regs->gpr[CPU_ESP] = esp;
    regs->eip = r.handler;
    regs->eflags = 2;
    vm->pending = 0;
    uint8_t *page = memory_register_page(k, vm);
    vregs_disable(page);
    vregs_update(k, vm, page);
    pins_release(k, vm);
    kernel_charge(k, vm, CPU_INTERRUPT, k->costs->deliver);
    return VIRQ_DELIVERED;
}

/* admission.c - see admission.h. */
#include "ik/admission.h"

#include "ik/memory/pins.h"

bool vm_is_admitted(const struct vm *vm)
{
    return vm->state == VM_READY || vm->state == VM_RUNNING ||
           vm->state == VM_PAGING;
}

static uint32_t unfilled_of(const struct vm *vm)
{
    return vm->reservation > vm->resident ? vm->reservation - vm->resident : 0;
}

/*
 * The frames that an admission promises the VM: its last working set, or the
 * floor, but never more than RAM can give while min_free stay free.
 */
static uint32_t promise_of(const struct kernel *k, const struct vm *vm)
{
    uint32_t wanted =
        vm->working_set > ADMISSION_FLOOR ? vm->working_set : ADMISSION_FLOOR;
    uint64_t kept = k->paging.pinned_base +
                    k->config.scenario->min_free_bytes / ABI_PAGE_BYTES;
    uint64_t most = k->frames.count > kept ? k->frames.count - kept : 0;
    return wanted < most ? wanted : (uint32_t)most;
}

/* Of those, what it does not hold already. */
static uint32_t shortfall_of(const struct kernel *k, const struct vm *vm)
{
    uint32_t promise = promise_of(k, vm);
    return promise > vm->resident ? promise - vm->resident : 0;
}

void admission_resident(struct kernel *k, struct vm *vm, int change)
{
    k->admission.unfilled -= unfilled_of(vm);
    if (change < 0) {
        SIM_ASSERT(vm->resident >= (uint32_t)-change);
        vm->resident -= (uint32_t)-change;
        k->paging.resident -= (uint32_t)-change;
    } else {
        vm->resident += (uint32_t)change;
        k->paging.resident += (uint32_t)change;
    }
    k->admission.unfilled += unfilled_of(vm);
}

void admission_arrive(struct kernel *k, struct vm *vm)
{
    SIM_ASSERT(vm->reservation == 0); /* Its admission, if any, is over. */
    vm_enter(vm, VM_WAITING);
    vm->arrived = k->now;
    k->admission.gate->policy->arrive(k->admission.gate, vm->id,
                                      shortfall_of(k, vm));
    vmlist_push(&k->admission.waiters, k->admission.links, vm->id);
    k->admission.waiting++;
    struct stats *s = k->config.stats;
    if (s->in_window && k->admission.waiting > s->gate.max_waiting) {
        s->gate.max_waiting = k->admission.waiting;
    }
    kernel_emit(k,
                TRACE_EVENT(arrive, vm->id, .waiting = k->admission.waiting));
}

static void admit(struct kernel *k, struct vm *vm)
{
    SIM_ASSERT(vm->state == VM_WAITING);
    k->admission.waiting--;
    vmlist_remove(&k->admission.waiters, k->admission.links, vm->id);
    k->admission.admitted++;
    vm->admitted = k->now;
    vm->reservation =
        vm->working_set > ADMISSION_FLOOR ? vm->working_set : ADMISSION_FLOOR;
    k->admission.unfilled += unfilled_of(vm);
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->gate.admissions++;
        hist_record(&s->gate.wait, k->now - vm->arrived);
    }
    kernel_emit(k, TRACE_EVENT(admit, vm->id, .waited = k->now - vm->arrived,
                               .free_frames = k->frames.free_count,
                               .needed_frames = unfilled_of(vm)));
    kernel_make_ready(k, vm, READY_ADMITTED);
}

bool admission_run(struct kernel *k)
{
    while (k->admission.waiting > 0 && !k->admission.is_crowded) {
        struct gate_view view = {
            .free_frames = k->frames.free_count,
            .unfilled_frames = k->admission.unfilled,
            .admitted = k->admission.admitted,
        };
        vmid_t vm = k->admission.gate->policy->admit(k->admission.gate, &view);
        if (vm == VM_NONE) {
            return false;
        }
        kernel_tell_reason(k, POLICY_GATEKEEPER, kernel_vm(k, vm));
        admit(k, kernel_vm(k, vm));
    }
    return true;
}

void admission_stall(struct kernel *k)
{
    k->admission.is_stalled = true;
    if (k->admission.admitted == 0 && k->transfers.in_flight == 0) {
        kernel_fail(k,
                    "the gate admits nobody: %u of %u frames are free and no "
                    "more can be, but kernel.min_free asks for more; give "
                    "machine.ram more, or lower kernel.min_free",
                    k->frames.free_count, k->frames.count);
    }
}

void admission_end(struct kernel *k, struct vm *vm)
{
    SIM_ASSERT(vm_is_admitted(vm));
    SIM_ASSERT(k->admission.admitted > 0);
    pins_release(k, vm); /* Or nobody could have its frames. */
    k->admission.is_stalled = false;
    k->admission.admitted--;
    k->admission.unfilled -= unfilled_of(vm);
    vm->reservation = 0;
    vm->working_set = vm->resident;
}

void admission_leave(struct kernel *k, struct vm *vm)
{
    SIM_ASSERT(vm->state == VM_WAITING);
    k->admission.gate->policy->leave(k->admission.gate, vm->id);
    vmlist_remove(&k->admission.waiters, k->admission.links, vm->id);
    k->admission.waiting--;
}

bool admission_lease_is_over(const struct kernel *k, const struct vm *vm)
{
    return k->admission.waiting > 0 &&
           k->now - vm->admitted >= k->admission.lease_cycles;
}
